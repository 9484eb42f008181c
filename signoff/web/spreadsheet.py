"""Cells for files that people open in a spreadsheet."""

import unicodedata

TRIGGERS = frozenset("=+-@|%")
BLANK = frozenset("\u115f\u1160\u2800")  # letters and a pattern by category, and nothing to the eye


def safe_cell(text: str) -> str:
    """``text`` with an apostrophe before it where a spreadsheet might take it for a formula.

    Judged by the first character that is seen: after controls, spaces, marks and invisible characters, with
    full-width forms folded (NFKC). The apostrophe is part of the file; whoever reads it back removes it.
    """
    for character in unicodedata.normalize("NFKC", text):
        if unicodedata.category(character)[0] not in "CZM" and character not in BLANK:
            return f"'{text}" if character in TRIGGERS else text
    return text


def original_cell(cell: str) -> str:
    """The text of which ``safe_cell`` has made ``cell``."""
    return cell[1:] if cell.startswith("'") and safe_cell(cell[1:]) == cell else cell
