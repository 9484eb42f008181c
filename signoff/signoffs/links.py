"""The signed link in a delivery's message: whoever has it may look into that one parcel and sign for it, nothing else.

It names the parcel and its maker's key proves it; it opens no order, no address and no amount. It lasts as long as a
sign-off may be waited for, pauses included.
"""

from datetime import timedelta

from django.core import signing
from django.urls import reverse

from signoff.models import Parcel

LASTS = timedelta(days=90)
_SALT = "signoff.sign"


class LinkOver(Exception):
    """The link is not ours, or too old. What to do instead is for the page to say."""


def path_for(parcel: Parcel) -> str:
    """The path of the sign-off page, to be put behind ``settings.SITE_URL``."""
    return reverse("signoff:sign-by-link", args=[signing.dumps(parcel.token, salt=_SALT)])


def parcel_of(link: str) -> Parcel:
    """The parcel of a link's last part. Raises ``LinkOver``."""
    try:
        token = signing.loads(link, salt=_SALT, max_age=LASTS)
        return Parcel.objects.select_related("order__shop", "order__customer").get(token=token)
    except (signing.BadSignature, Parcel.DoesNotExist) as trouble:
        raise LinkOver from trouble
