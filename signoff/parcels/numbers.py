"""Tracking numbers as people write them: their normal form, several in one cell, words that mean that there is none."""

import re
import unicodedata

from signoff.db.search_text import CHINESE, alphanumeric

#: words for no number, in capitals and without accents; nothing but zeros is none either
PLACEHOLDERS = frozenset(
    """NA NONE NULL NIL NO X XX XXX TBD TBA TBC UNKNOWN PENDING MISSING PICKUP SELFPICKUP STOREPICKUP LOCALPICKUP
    CUSTOMERPICKUP COLLECT COLLECTED COLLECTION CLICKANDCOLLECT INSTORE NOTRACKING NOTRACKINGNUMBER NOTTRACKED
    UNTRACKED NOTAVAILABLE NOTAPPLICABLE WITHOUTTRACKING NONUMBER LETTER DIGITAL DOWNLOAD EMAIL HANDDELIVERY
    HANDDELIVERED BYHAND DELIVEREDBYHAND LOCALDELIVERY ABHOLUNG SELBSTABHOLUNG SELBSTABHOLER KEINE KEIN OHNE ENTFALLT
    AUSSTEHEND AUCUN AUCUNE SANS SANSSUIVI RETRAIT NINGUNO NINGUNA SINNUMERO SINSEGUIMIENTO PENDIENTE RETIRO RECOGIDA
    NENHUM NENHUMA SEMRASTREIO RETIRADA NESSUNO NESSUNA RITIRO GEEN AFHALEN AFGEHAALD BRAK ODBIOR ZITI WU""".split()  # noqa: SIM905
)
LEAST_BESIDE_CHINESE = 5  # characters: "自提点3号" names a place
LEAST_OF_SEVERAL = 10  # characters of each number where only a space parts them
BETWEEN = re.compile(r"[,;|\n\r\t、，；]|\s(?:and|und|et|y|e)\s|\s[&+/]\s")
SLASH = re.compile(r"(?<=\w{6})/(?=\w{6})")


def normal_number(text: str) -> str:
    """Capitals and digits only, as ``Alphanumeric`` makes them in the database; empty for a placeholder."""
    number = alphanumeric(text)
    if not number.strip("0") or (CHINESE.search(text) and len(number) < LEAST_BESIDE_CHINESE):
        return ""
    without_accents = "".join(letter for letter in unicodedata.normalize("NFKD", text) if letter.isascii())
    return "" if alphanumeric(without_accents) in PLACEHOLDERS else number


def split_numbers(text: str) -> list[str]:
    """The tracking numbers in a text, as written and each once; words before a colon ("No:", "顺丰:") are left out."""
    parts = [number for part in _parts(unicodedata.normalize("NFKC", text)) if normal_number(number := _bare(part))]
    return list({normal_number(part): part for part in reversed(parts)}.values())[::-1]


def _parts(text: str) -> list[str]:
    parts = [piece for part in BETWEEN.split(text) for piece in SLASH.split(part)]
    return [word for part in parts for word in (part.split() if _are_whole(part.split()) else [part])]


def _are_whole(words: list[str]) -> bool:
    """Whether each word is long enough to be a number of its own, and not a group of one."""
    bare = [_bare(word) for word in words]
    return len(words) > 1 and all(len(word) >= LEAST_OF_SEVERAL and normal_number(word) for word in bare)


def _bare(part: str) -> str:
    """The part behind a name such as ``No:``."""
    name, colon, number = part.rpartition(":")
    return (number if colon and not any(map(str.isdigit, name)) else part).strip()
