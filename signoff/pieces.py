"""Chinese texts in pieces: trigrams say nothing about one or two characters, which is what a name or word is there."""

import re

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


class Pieces(Func):
    """The pieces of a text, as an array that a GIN index holds."""

    function = "signoff_pieces"
    output_field = ArrayField(TextField())
