"""Numbers as people say them on the telephone: the end of one, or all of it with whatever stands between."""

import re
import unicodedata

from django.db.models import Func, TextField

SAID = re.compile(r"[+(]?[\d\s()./–-]{4,}")
FEWEST, MOST = 4, 9  # digits; those before the last nine say which country, or begin with a 0 at home

NOT_IN_NUMBERS = re.compile(r"[^0-9A-Za-z]")


class Tail(Func):
    """The digits of a telephone number from behind, so that an index finds it by its end."""

    template = "REVERSE(REGEXP_REPLACE(%(expressions)s, '[^0-9]', '', 'g'))"
    output_field = TextField()


class Bare(Func):
    """A tracking number in capitals, without what people put between its groups."""

    template = "UPPER(REGEXP_REPLACE(%(expressions)s, '[^0-9A-Za-z]', '', 'g'))"
    output_field = TextField()


def tail_of(words: str) -> str:
    """What ``Tail`` of a number with this end begins with; "" where ``words`` are no end of a telephone number."""
    words = unicodedata.normalize("NFKC", words).strip()
    digits = re.sub("[^0-9]", "", words) if SAID.fullmatch(words) else ""
    return digits[::-1][:MOST] if len(digits) >= FEWEST else ""


def bare(words: str) -> str:
    """What ``Bare`` makes of the same number."""
    return NOT_IN_NUMBERS.sub("", unicodedata.normalize("NFKC", words)).upper()
