"""Mentions and numbers of cases in words. Pure."""

import re
from collections.abc import Iterator
from typing import Literal

from stdnum import luhn

type Kind = Literal["", "mention", "case"]
_MENTION = r"(?<![\w@.+-])@(?P<name>[\w.+-]*\w)"
_CASE = r"(?<![A-Za-z0-9-])[Rr]-(?P<serial>[0-9]{1,16})-(?P<digit>[0-9])(?![A-Za-z0-9-])"
_MARKED = re.compile(f"{_MENTION}|{_CASE}")


def mentioned_names(words: str) -> list[str]:
    """The user names after an @, in their order and each once; an e-mail address mentions nobody."""
    return list(dict.fromkeys(found["name"].lower() for found in re.finditer(_MENTION, words)))


def split_words(words: str) -> Iterator[tuple[str, Kind]]:
    """The parts of ``words``, each with what it is: a mention, or the number of a case whose check digit is right."""
    place = 0
    for found in _MARKED.finditer(words):
        if found["serial"] and not luhn.is_valid(found["serial"] + found["digit"]):
            continue
        yield words[place : found.start()], ""
        yield found[0], "mention" if found["name"] else "case"
        place = found.end()
    yield words[place:], ""
