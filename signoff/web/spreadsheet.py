"""Protection of CSV and spreadsheet cells from formula injection."""

import unicodedata

TRIGGERS = frozenset("=+-@|%")
BLANK = frozenset("\u115f\u1160\u2800")  # Hangul fillers and the blank Braille pattern: invisible


def safe_cell(text: str) -> str:
    """``text``, with an apostrophe in front if a spreadsheet might take it for a formula.

    Decided by the first visible character: after controls, spaces, marks and invisible characters, with full-width
    forms folded (NFKC). The apostrophe is part of the file; ``original_cell`` removes it.
    """
    for character in unicodedata.normalize("NFKC", text):
        if unicodedata.category(character)[0] not in "CZM" and character not in BLANK:
            return f"'{text}" if character in TRIGGERS else text
    return text


def original_cell(cell: str) -> str:
    """The text from which ``safe_cell`` made ``cell``."""
    return cell[1:] if cell.startswith("'") and safe_cell(cell[1:]) == cell else cell
