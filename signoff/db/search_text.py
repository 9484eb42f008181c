"""Text functions of search indexes: pieces of Chinese text, ends of telephone numbers, tracking numbers.

Trigrams need three characters; Chinese names and words have one or two.
"""

import re
import unicodedata

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField

_RANGES = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
CHINESE = re.compile(f"[{_RANGES}]")
ALL_CHINESE = re.compile(f"[{_RANGES}]+")

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
