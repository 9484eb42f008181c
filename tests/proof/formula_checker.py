"""An independent checker: would a spreadsheet program calculate this cell, in any disguise?

It shares nothing with ``signoff.web.spreadsheet``: it undresses the text character by character and looks at every way
of folding it.
"""

import unicodedata

BEGINNINGS = ("=", "+", "-", "@", "|", "%")
SEEMS_EMPTY = "\u115f\u1160\u3164\uffa0\u2800\u180e\u17b4\u17b5\u034f"


def is_formula(cell: str) -> bool:
    """Whether any reader, be it never so helpful, could take ``cell`` for a formula."""
    return any(undressed(folded).startswith(BEGINNINGS) for folded in foldings(cell))


def foldings(cell: str) -> set[str]:
    """The text as it is, and as programs rewrite it: composed, decomposed, compatible, without odd bytes."""
    forms = {unicodedata.normalize(form, cell) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    return {cell, cell.encode("utf-8", "ignore").decode(), *forms, *(unicodedata.normalize("NFKC", f) for f in forms)}


def undressed(cell: str) -> str:
    """Without what stands at the beginning and is not seen."""
    while cell and _is_unseen(cell[0]):
        cell = cell[1:]
    return cell


def _is_unseen(mark: str) -> bool:
    if mark.isspace() or mark in SEEMS_EMPTY or unicodedata.combining(mark):
        return True
    return not mark.isprintable() or unicodedata.category(mark) in ("Mn", "Me", "Mc")
