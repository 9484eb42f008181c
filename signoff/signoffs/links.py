"""Signed links in delivery messages: the holder may see and sign for one parcel only.

The link is the parcel's token signed with ``SECRET_KEY``; it shows no order, address or amount. It is valid as long as
a sign-off can be due, pauses included.
"""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from signoff.models import Parcel

LINK_LIFETIME = timedelta(days=90)
_SALT = "signoff.sign"


class LinkOver(Exception):
    """The link has a bad signature or has expired."""


def path_for(parcel: Parcel) -> str:
    """Path of the sign-off page, to be appended to ``settings.SITE_URL``."""
    return reverse("signoff:sign-by-link", args=[signing.dumps(parcel.token, salt=_SALT)])


def parcel_of(link: str) -> Parcel:
    """The parcel of the signed part of a link. Raises ``LinkOver``."""
    try:
        token = signing.loads(link, salt=_SALT, max_age=LINK_LIFETIME)
        return Parcel.objects.select_related("order__shop", "order__customer").get(token=token)
    except (signing.BadSignature, Parcel.DoesNotExist) as trouble:
        raise LinkOver from trouble
