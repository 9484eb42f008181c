"""Pages go out compressed, with padding that hides their true length; pictures do not."""

import gzip
from pathlib import Path

import pytest
from django.http import FileResponse, HttpResponse
from django.test import Client, RequestFactory

from config.web.compression import CompressedPages

PAGE = "<p>Paper lantern, large</p>" * 50


def sent(answer: HttpResponse) -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    return CompressedPages(lambda _request: answer)(request)


@pytest.mark.django_db
def test_a_page_is_compressed(client: Client) -> None:
    answer = client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert b"<html" in gzip.decompress(answer.content)


def test_the_length_says_little() -> None:
    assert len({len(sent(HttpResponse(PAGE)).content) for _again in range(30)}) > 5


def test_pictures_and_files_stay_as_they_are(tmp_path: Path) -> None:
    picture = HttpResponse(PAGE, content_type="image/jpeg")
    assert "Content-Encoding" not in sent(picture).headers
    with (tmp_path / "a.jpg").open("wb+") as file:
        assert "Content-Encoding" not in sent(FileResponse(file, content_type="text/plain")).headers
