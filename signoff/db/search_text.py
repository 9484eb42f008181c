"""Text functions of search indexes: folded text, pieces of Chinese text, numbers in their normal form.

Each has an SQL side, which the indexes store, and a Python side for the words that are looked for.
"""

import re
import unicodedata

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField

_RANGES = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
CHINESE = re.compile(f"[{_RANGES}]")
ALL_CHINESE = re.compile(f"[{_RANGES}]+")

_LETTERS = "łøđðħıς", "loddhiσ"
_PAIRS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_ACCENTS = "[\u0300-\u036f]"
_SPACES_IN_CHINESE = rf"(?<=[{_RANGES}])\s+(?=[{_RANGES}])"


def _replaced_pairs(sql: str) -> str:
    for letter, pair in _PAIRS.items():
        sql = f"replace({sql}, '{letter}', '{pair}')"
    return sql


#: small letters in one width and without accents, Chinese without spaces; plain ASCII takes the short way
FOLD_FUNCTION = f"""
CREATE FUNCTION signoff_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(words) = char_length(words) THEN lower(words) ELSE regexp_replace({
    _replaced_pairs(
        f"translate(lower(regexp_replace(normalize(words, NFKD), '{_ACCENTS}', '', 'g')), "
        f"'{_LETTERS[0]}', '{_LETTERS[1]}')"
    )
}, '{_SPACES_IN_CHINESE}', '', 'g') END
"""


class Fold(Func):
    """Text as people compare it: case, width, accents and spaces between Chinese characters make no difference."""

    function = "signoff_fold"
    output_field = TextField()


def fold(words: str) -> str:
    """The Python side of ``Fold``."""
    words = re.sub(_ACCENTS, "", unicodedata.normalize("NFKD", words)).lower()
    words = words.translate(str.maketrans(*_LETTERS))
    for letter, pair in _PAIRS.items():
        words = words.replace(letter, pair)
    return re.sub(_SPACES_IN_CHINESE, "", words)


#: every character and every pair of neighbours; nothing for a text without Chinese, which most are
FUNCTION = f"""
CREATE FUNCTION signoff_pieces(words text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
    IF words !~ '[{_RANGES}]' THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT array_agg(DISTINCT substr(run[1], first, size))
        FROM regexp_matches(words, '[{_RANGES}]+', 'g') AS run,
            generate_series(1, length(run[1])) AS first, generate_series(1, 2) AS size
    );
END
$$
"""  # noqa: S608 - nothing but the ranges above


class CjkNgrams(Func):
    """Characters and pairs of neighbours of a text, as an array for a GIN index."""

    function = "signoff_pieces"
    output_field = ArrayField(TextField())


PHONE_TEXT = re.compile(r"[+(]?[\d\s()./–-]{4,}")
FEWEST, MOST = 4, 9  # the digits before the last nine are country code or a leading 0

NOT_IN_NUMBERS = re.compile(r"[^0-9A-Za-z]")


#: what is taken out of the capitals of an order number, one after the other: words before it, separators, first zeros
_NOT_IN_KEYS = (
    "^ *((ORDER|BESTELLUNG|BESTELL|AUFTRAGS|AUFTRAG|COMMANDE|PEDIDO|ORDINE)?[^0-9A-Z]*"
    "(NUMBER|NUMMER|NUMERO|NUM|NO|NR|N|ID)?([^0-9A-Z]+|(?=[0-9])))?(?=[^0-9A-Z]*[0-9A-Z])",
    "[^0-9A-Z]",
    "^0+(?=[0-9A-Z])",
)


def _number_key(sql: str) -> str:
    for pattern in _NOT_IN_KEYS:
        sql = f"regexp_replace({sql}, '{pattern}', '', 'g')"
    return sql


NUMBER_KEY_FUNCTION = f"""
CREATE FUNCTION signoff_number_key(number text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN {_number_key("upper(regexp_replace(normalize(replace(number, '№', '#'), NFKC), '[^!-~]', ' ', 'g'))")}
"""


class NumberKey(Func):
    """The normal form of an order number: ``1001`` for ``#1001``, ``Order No. 1001`` and ``0 10-01``.

    Two orders of a shop may share it; a caller decides what that means.
    """

    function = "signoff_number_key"
    output_field = TextField()


def number_key(number: str) -> str:
    """The Python side of ``NumberKey``; "" for a text without ASCII letters and digits.

    Separators in a row become one first: on a long row of them the patterns would take minutes.
    """
    key = re.sub("[^!-~]", " ", unicodedata.normalize("NFKC", number.replace("№", "#"))).upper()
    key = re.sub("[^0-9A-Z]+", lambda row: "-" if row[0].strip(" ") else " ", key)
    for pattern in _NOT_IN_KEYS:
        key = re.sub(pattern, "", key)
    return key


class ReversedDigits(Func):
    """The digits of a telephone number in reverse, so that a prefix index finds its end."""

    template = "REVERSE(REGEXP_REPLACE(%(expressions)s, '[^0-9]', '', 'g'))"
    output_field = TextField()


class Alphanumeric(Func):
    """A tracking number in capitals without separators."""

    template = "UPPER(REGEXP_REPLACE(%(expressions)s, '[^0-9A-Za-z]', '', 'g'))"
    output_field = TextField()


def reversed_digits(words: str) -> str:
    """The prefix of ``ReversedDigits`` for these last digits; "" if ``words`` is no telephone number."""
    words = unicodedata.normalize("NFKC", words).strip()
    digits = re.sub("[^0-9]", "", words) if PHONE_TEXT.fullmatch(words) else ""
    return digits[::-1][:MOST] if len(digits) >= FEWEST else ""


def alphanumeric(words: str) -> str:
    """The Python side of ``Alphanumeric``."""
    return NOT_IN_NUMBERS.sub("", unicodedata.normalize("NFKC", words)).upper()
