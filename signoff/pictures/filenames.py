"""Display names of uploaded files. Stored files never use them."""

import unicodedata

from django.utils.translation import gettext as _

LONGEST = 40
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def display_name(name: str | None) -> str:
    """``name`` in at most 40 visible characters, its end kept; not escaped, templates do that.

    Control, direction and other invisible characters are dropped: they could make ``exe`` look like ``jpg``.
    """
    visible = "".join(mark for mark in unicodedata.normalize("NFC", name or "") if _is_visible(mark))
    words = " ".join(visible.replace("\\", "/").rsplit("/", 1)[-1].split())
    if len(words) > LONGEST:
        words = f"{words[: LONGEST - 13]}…{words[-12:]}"
    return words or _("picture without a name")


def document_name(name: str | None) -> str:
    """The display name of a PDF: whatever endings its sender gave it, it ends in ``.pdf``."""
    words = display_name(name)
    while (ending := words.rpartition("."))[1] and ending[0] and ending[2].isalnum() and len(ending[2]) <= 5:
        words = ending[0]
    return f"{words}.pdf"


def _is_visible(mark: str) -> bool:
    return mark.isspace() or unicodedata.category(mark) not in HIDDEN
