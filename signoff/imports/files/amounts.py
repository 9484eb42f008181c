"""Written amounts: currency codes and signs beside the number, and the decimal mark.

Signs and the marks that their countries use: Unicode CLDR, "Number Elements" and "Currency Symbols".
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Literal, NamedTuple

from babel.numbers import list_currencies

type Mark = Literal["", ".", ",", "?"]
"""The decimal mark; "" reads what has one meaning, "?" also refuses 1.234."""

DOLLARS = frozenset(
    """USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU BRL BSD BBD BZD BMD BND DOP FJD GYD JMD LRD NAD SRD TTD
    XCD""".split()  # noqa: SIM905
)
CURRENCY_ALIASES = {
    "RMB": "CNY", "人民币": "CNY", "人民幣": "CNY", "元": "CNY", "NTD": "TWD", "NT": "TWD", "新台币": "TWD",
    "新臺幣": "TWD", "新台幣": "TWD", "港币": "HKD", "港幣": "HKD", "美元": "USD", "欧元": "EUR", "歐元": "EUR",
    "日元": "JPY", "円": "JPY", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "₽": "RUB", "₺": "TRY", "฿": "THB",
    "₫": "VND", "₱": "PHP", "₪": "ILS", "ZŁ": "PLN", "KČ": "CZK", "FT": "HUF", "US$": "USD", "NT$": "TWD",
    "HK$": "HKD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "S$": "SGD", "SG$": "SGD", "NZ$": "NZD",
    "MX$": "MXN", "R$": "BRL", "FR.": "CHF", "LEI": "RON", "RM": "MYR", "RP": "IDR",
}  # fmt: skip
#: signs of several currencies
SHARED_SIGNS = {
    "$": DOLLARS, "¥": frozenset({"CNY", "JPY"}), "元": frozenset({"CNY", "TWD", "HKD"}),
    "KR": frozenset({"SEK", "NOK", "DKK", "ISK"}),
}  # fmt: skip
#: currencies of countries with a point before decimals, and with a comma
WITH_POINT = frozenset("CNY JPY TWD HKD KRW GBP USD AUD NZD SGD INR THB MYR PHP ILS".split())  # noqa: SIM905
WITH_COMMA = frozenset("BRL IDR VND PLN CZK HUF RON TRY RUB".split())  # noqa: SIM905
NUMBER = r"[+-]?[\d.,' ]*\d[\d.,' ]*"
WRITTEN = re.compile(rf"([+-]?)\s*([^\d+\-().,'\s][^\d+\-()',\s]*)?\s*({NUMBER})\s*([^\d+\-().,'\s][^\d\s]*)?\s*(-?)\Z")
GROUPED = re.compile(r"\d{1,3}([.,])\d{3}\Z", re.ASCII)
SEPARATORS = re.compile(r"[.,]")


class Written(NamedTuple):
    """A number without its currency, and the currencies that its code or sign may mean (none: it has none)."""

    number: str
    currencies: frozenset[str]


def split_currency(text: str) -> Written:
    """Split ``EUR 12,50``, ``US$ 1,234.00``, ``-¥5``, ``12 zł``, ``(3.50)``; an unknown word stays in the number."""
    text = normalise(text)
    if text.startswith("(") and text.endswith(")"):
        text = f"-{text[1:-1]}"
    if not (match := WRITTEN.match(text)):
        return Written(text, frozenset())
    sign, before, number, after, behind = match.groups()
    found = [currencies_of(word) for word in (before, after) if word]
    if any(not currencies for currencies in found):
        return Written(text, frozenset())
    if len(found) > 1:
        found = [found[0] & found[1]]
    minus = "-" if "-" in (sign, behind) else ""
    return Written(f"{minus}{number.strip()}", found[0] if found else frozenset())


def currencies_of(word: str) -> frozenset[str]:
    """The currencies that a code or sign may mean; none for any other word."""
    word = word.upper()
    if word in SHARED_SIGNS:
        return SHARED_SIGNS[word]
    code = CURRENCY_ALIASES.get(word, word)
    return frozenset({code}) if code in currency_codes() else frozenset()


@cache
def currency_codes() -> frozenset[str]:
    return frozenset(list_currencies())


def normalise(text: str) -> str:
    """ASCII digits, apostrophes and minus signs, plain spaces."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("\N{MINUS SIGN}", "-").replace("–", "-")
    return " ".join(text.split())


def mark_of_currencies(currencies: frozenset[str]) -> Mark:
    """The decimal mark of the countries that use these currencies, if they agree."""
    if currencies and currencies <= WITH_POINT:
        return "."
    return "," if currencies and currencies <= WITH_COMMA else ""


def decimal_mark(number: str) -> Mark:
    """The decimal mark that a number shows beyond doubt; "" if it shows none, as ``1,234`` does."""
    number = number.lstrip("+-")
    marks = SEPARATORS.findall(number)
    if not marks or (len(marks) == 1 and GROUPED.match(number) and not number.startswith("0")):
        return ""
    if len(set(marks)) > 1:
        return "." if marks[-1] == "." else ","
    if len(marks) > 1:  # 1.234.567: a mark that is repeated parts the thousands
        return "," if marks[0] == "." else "."
    return "." if marks[0] == "." else ","


class DecimalMarks:
    """Which decimal mark each column of a table has, by the numbers in it; of a column that shows none, the table's."""

    def __init__(self) -> None:
        self._seen: dict[str, set[str]] = {}
        self._marks: dict[str, Mark] = {}

    def add(self, column: str, text: str) -> None:
        if "." in text or "," in text:
            self._marks.clear()
            self._seen.setdefault(column, set()).add(decimal_mark(split_currency(text).number))

    def mark(self, column: str) -> Mark:
        """The mark for ``cells.money``: ``?`` if the numbers contradict each other, or all of them are ambiguous.

        Points before decimals are how most numbers are read anyway; ``1,234`` is still rejected then.
        """
        if column not in self._marks:
            mark = _only(self._seen.get(column, set())) or _only(self._all()) or "?"
            self._marks[column] = "" if mark == "." else mark
        return self._marks[column]

    def _all(self) -> Iterable[str]:
        return set().union(*self._seen.values())


def _only(marks: Iterable[str]) -> Mark:
    found = sorted({mark for mark in marks if mark})
    if len(found) != 1:
        return "?" if found else ""
    return "." if found == ["."] else ","
