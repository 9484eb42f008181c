"""What the pages of a shop show of it."""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath

from django.urls import reverse
from django.utils.translation import gettext as _

from signoff.brands.rules import palettes, stylesheet
from signoff.models import Shop
from signoff.web.colours import Palette

VERSION_DIGITS = 12


@dataclass(frozen=True)
class Link:
    """A page of the shop's own site."""

    label: str
    url: str


@dataclass(frozen=True)
class Brand:
    """The head and the foot of a page: ``initial`` is shown without a ``logo``; without a ``shop`` it is neutral."""

    name: str
    initial: str = ""
    home: str = "/"
    logo: str = ""
    stylesheet: str = ""
    address: str = ""
    links: list[Link] = field(default_factory=list)


def brand_of(shop: Shop) -> Brand:
    """The brand of ``shop``, in the active language, without a query."""
    return Brand(
        name=shop.name,
        initial=shop.name[:1].upper(),
        home=reverse("signoff:find-in-shop", args=[shop.slug]),
        logo=_versioned("signoff:brand-logo", shop, logo_version(shop)),
        stylesheet=_versioned("signoff:brand-css", shop, css_version(shop)),
        address=" · ".join([shop.legal_name or shop.name, *_lines(shop.postal_address)]) if _has_address(shop) else "",
        links=[link for link in _links(shop) if link.url],
    )


def neutral_brand() -> Brand:
    """The brand of pages that may belong to any of several shops."""
    return Brand(name=_("Returns and repairs"))


def css_of(shop: Shop) -> str:
    """The shop's style sheet; "" if it has no colour and keeps those of the product."""
    themes = palettes_of(shop)
    return stylesheet(themes) if themes else ""


def palettes_of(shop: Shop) -> dict[str, Palette]:
    """The shop's colours for each theme; none if it has no colour."""
    chosen = shop.chosen_colours if isinstance(shop.chosen_colours, dict) else {}
    return _palettes(shop.colour, tuple(sorted(chosen.items())))


def css_version(shop: Shop) -> str:
    """A digest of the style sheet, so that its address changes with its content; "" without one."""
    return _digest(css) if (css := css_of(shop)) else ""


def logo_version(shop: Shop) -> str:
    """The random name of the stored logo; "" without one."""
    return PurePosixPath(shop.logo.name or "").stem[:VERSION_DIGITS]


def _links(shop: Shop) -> list[Link]:
    return [
        Link(_("Returns policy"), shop.returns_url),
        Link(_("Accessibility"), shop.accessibility_url),
        Link(_("Privacy"), shop.privacy_url),
    ]


def _has_address(shop: Shop) -> bool:
    return bool(shop.legal_name or shop.postal_address.strip())


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _versioned(name: str, shop: Shop, version: str) -> str:
    return f"{reverse(name, args=[shop.slug])}?v={version}" if version else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:VERSION_DIGITS]


@lru_cache(maxsize=256)
def _palettes(colour: str, chosen: tuple[tuple[str, str], ...]) -> dict[str, Palette]:
    return palettes(colour, dict(chosen))
