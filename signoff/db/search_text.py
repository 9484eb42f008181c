"""Chinese texts in pieces: trigrams say nothing about one or two characters, which is what a name or word is there."""

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
    """The pieces of a text, as an array that a GIN index holds."""

    function = "signoff_pieces"
    output_field = ArrayField(TextField())


SAID = re.compile(r"[+(]?[\d\s()./–-]{4,}")
FEWEST, MOST = 4, 9  # digits; those before the last nine say which country, or begin with a 0 at home

NOT_IN_NUMBERS = re.compile(r"[^0-9A-Za-z]")


class ReversedDigits(Func):
    """The digits of a telephone number from behind, so that an index finds it by its end."""

    template = "REVERSE(REGEXP_REPLACE(%(expressions)s, '[^0-9]', '', 'g'))"
    output_field = TextField()


class Alphanumeric(Func):
    """A tracking number in capitals, without what people put between its groups."""

    template = "UPPER(REGEXP_REPLACE(%(expressions)s, '[^0-9A-Za-z]', '', 'g'))"
    output_field = TextField()


def reversed_digits(words: str) -> str:
    """What ``Tail`` of a number with this end begins with; "" where ``words`` are no end of a telephone number."""
    words = unicodedata.normalize("NFKC", words).strip()
    digits = re.sub("[^0-9]", "", words) if SAID.fullmatch(words) else ""
    return digits[::-1][:MOST] if len(digits) >= FEWEST else ""


def alphanumeric(words: str) -> str:
    """What ``Bare`` makes of the same number."""
    return NOT_IN_NUMBERS.sub("", unicodedata.normalize("NFKC", words)).upper()
