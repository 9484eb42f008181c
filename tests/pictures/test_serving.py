"""A stored picture leaves the product sealed, from any storage, and only while it exists."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.test import RequestFactory
from PIL import Image

from returns.models import Evidence
from signoff.pictures.clean import clean
from signoff.pictures.models import Picture
from signoff.pictures.serve import picture_response
from tests.pictures.corpus import upload


@pytest.fixture
def picture(settings: Any) -> Picture:
    """Unsaved, on a storage without paths, as S3 is one."""
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    cleaned = clean(upload("orient_landscape_6.jpg"))
    picture = Evidence()
    picture.file.save("", ContentFile(cleaned.picture), save=False)
    picture.thumbnail.save("", ContentFile(cleaned.thumbnail), save=False)
    return picture


def asked(**headers: str) -> HttpRequest:
    return RequestFactory().get("/", headers=headers)


def test_a_picture_is_sealed_and_bears_no_name_of_the_sender(picture: Picture) -> None:
    response = picture_response(picture, size="full")
    assert dict(response.items()) == {
        "Content-Type": "image/jpeg",
        "Content-Length": str(picture.file.size),
        "Content-Disposition": 'inline; filename="picture.jpg"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-cache",
        "ETag": f'"{picture.token.hex}-full"',
    }


def test_the_house_policy_does_not_replace_the_seal(picture: Picture) -> None:
    middleware = ContentSecurityPolicyMiddleware(lambda request: picture_response(picture, size="full"))
    assert middleware(asked())["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_both_sizes_are_served(picture: Picture) -> None:
    sizes = {}
    for size in ("full", "thumbnail"):
        content = b"".join(picture_response(picture, size=size).streaming_content)
        sizes[size] = Image.open(BytesIO(content)).size
    assert sizes == {"full": (1800, 1200), "thumbnail": (480, 320)}


def test_a_browser_that_has_it_is_told_so(picture: Picture) -> None:
    etag = picture_response(picture, size="full")["ETag"]
    again: HttpResponse = picture_response(picture, size="full", request=asked(if_none_match=etag))
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert again["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert picture_response(picture, size="thumbnail", request=asked(if_none_match=etag)).status_code == 200


def test_an_erased_or_lost_picture_is_not_found(picture: Picture) -> None:
    picture.file.storage.delete(picture.file.name)
    with pytest.raises(Http404):
        picture_response(picture, size="full")
    picture.thumbnail = ""
    with pytest.raises(Http404):
        picture_response(picture, size="thumbnail")
