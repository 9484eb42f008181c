"""Mentions in words, and the clock of a complaint. Pure."""

import re
from collections.abc import Iterator

_MENTION = re.compile(r"(?<![\w@.+-])@([\w.+-]*\w)")


def mentioned_names(words: str) -> list[str]:
    """The user names after an @, in their order and each once; an e-mail address mentions nobody."""
    return list(dict.fromkeys(name.lower() for name in _MENTION.findall(words)))


def split_mentions(words: str) -> Iterator[tuple[str, bool]]:
    """The parts of ``words``, each with whether it is a mention."""
    place = 0
    for found in _MENTION.finditer(words):
        yield words[place : found.start()], False
        yield found[0], True
        place = found.end()
    yield words[place:], False
