"""The packing slip of a return: what goes into the parcel, for whom, with a code the bench can scan."""

import io
import json
import re
from importlib.util import find_spec
from pathlib import Path

import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from returns.intake.freight import freight_sentence, slip_rows
from returns.models import Case, Line
from signoff.web.formatting import NONE, exact

TEMPLATE = settings.BASE_DIR / "templates" / "returns" / "slip.typ"
LONG_WORD = re.compile(r"(\S{24})(?=\S)")
#: language → (Typst's language, region, fonts in order)
FONTS = {
    "en": ("en", "GB", ["Noto Sans SC", "Noto Sans TC"]),
    "zh-hans": ("zh", "CN", ["Noto Sans SC", "Noto Sans TC"]),
    "zh-hant": ("zh", "TW", ["Noto Sans TC", "Noto Sans SC"]),
}


def slip_pdf(case: Case, *, language: str) -> bytes:
    """The slip as PDF (A4, fonts embedded) in ``language``. The QR code is the address of the bench's page."""
    with translation.override(language):
        words = _words(case, language)
    return typst.compile(
        TEMPLATE,
        font_paths=[_fonts("pylopdf_fonts_zh_cn"), _fonts("pylopdf_fonts_zh_tw")],
        ignore_system_fonts=True,
        sys_inputs={"slip": json.dumps(words, ensure_ascii=False)},
    )


def qr_svg(case: Case) -> str:
    """The QR code of a case: the address at which the bench receives it."""
    picture = io.BytesIO()
    address = settings.SITE_URL + reverse("returns:case", args=[case.number]) + "receive/"
    segno.make(address, error="m").save(picture, kind="svg", border=0, scale=4, xmldecl=False)
    return picture.getvalue().decode()


def _words(case: Case, language: str) -> dict[str, object]:
    lang, region, fonts = FONTS[language]
    return {
        "lang": lang,
        "region": region,
        "fonts": fonts,
        "shop": _breakable(case.shop.name),
        "title": _("Return slip"),
        "number": case.number,
        "about": _("Order %(number)s") % {"number": _breakable(case.order.number)},
        "qr": qr_svg(case),
        "to_label": _("Send to"),
        "address": _breakable(case.shop.return_address or case.shop.name),
        "by_label": _("Send by"),
        "by": exact(case.due_at, case.shop.time_zone) if case.due_at else NONE,
        "headings": [_("SKU"), _("Item"), _("Reason"), _("Quantity")],
        "rows": [_row(line) for line in case.lines.select_related("order_line", "reason")],
        "facts": [[_breakable(label), _breakable(value)] for label, value in _facts(case)],
        "steps": [
            _("Put the items into the parcel, with everything that came with them."),
            _("Put this slip on top so that the code can be scanned."),
            _("Then enter the tracking number on your request page."),
        ],
        "foot": _("Questions? %(email)s") % {"email": case.shop.email} if case.shop.email else "",
    }


def _facts(case: Case) -> list[tuple[str, str]]:
    """Who pays the way back, and what upper apps know of the refund."""
    freight = freight_sentence(line.reason for line in case.lines.all())
    return [(_("Return shipping"), freight), *slip_rows(case)] if freight else slip_rows(case)


def _row(line: Line) -> list[str]:
    article = line.order_line
    return [*map(_breakable, (article.sku, article.title, line.reason.title)), str(line.authorised or line.requested)]


def _breakable(words: str) -> str:
    """Insert zero-width spaces, so that a word longer than a column can wrap."""
    return LONG_WORD.sub("\\1\u200b", words)


def _fonts(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"The package {package} is missing; install requirements.txt")
    return Path(spec.origin).parent
