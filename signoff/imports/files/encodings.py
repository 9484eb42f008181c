"""Detects the encoding of a text file, and says whether it is certain or has to be chosen by a person.

UTF-8 and UTF-16 are certain. Any other encoding is a guess: nearly all bytes are valid in several of them, so the
lines that are not ASCII are decoded in each, and the most plausible text wins. Two readings that are about equally
plausible make the guess uncertain.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from signoff.imports.files.sniff import UTF16_MARKS, UnreadableFile

type ReadBlocks = Callable[[], Iterator[bytes]]

#: encodings that a person may choose, with their names; of equally plausible ones the first is taken
ENCODING_NAMES = {
    "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB 18030", "big5hkscs": "Big5", "cp932": "Shift JIS",
    "cp949": "EUC-KR", "cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251",
    "mac_roman": "Mac Roman",
}  # fmt: skip
GUESSED = tuple(name for name in ENCODING_NAMES if not name.startswith("utf"))
ONE_BYTE = frozenset({"cp1252", "cp1250", "cp1251", "mac_roman"})
#: encodings in which every byte is a letter or sign: they must be plausible nearly throughout
RARE = {"cp1251": 0.85, "mac_roman": 0.85}
CYRILLIC = re.compile("[А-яЁёІіЇїЄєҐґ]")
SAMPLE_BYTES = 16 * 1024
LEAST, MARGIN = 0.5, 0.1
LONG_RUN = 4  # accented letters in a row that no language with Latin letters has
ASCII = bytes(range(128))
#: letters of Czech, Slovak and Slovene; in Western languages they are rare
CARONS = frozenset("šžŠŽ")
WORD_SIGNS = frozenset("’‘´`·")


class DetectedEncoding(NamedTuple):
    """``name`` is Python's. ``is_damaged``: some lines have bytes that are not in it; these rows are rejected."""

    name: str
    lines: int
    is_certain: bool = True
    is_damaged: bool = False


def detect_encoding(blocks: ReadBlocks) -> DetectedEncoding:
    """The encoding of the whole file, and its number of lines. Raises ``UnreadableFile``."""
    certain = "utf-16" if next(blocks(), b"").startswith(UTF16_MARKS) else "utf-8-sig"
    try:
        return DetectedEncoding(certain, count_lines(blocks, certain))
    except UnicodeDecodeError:
        if certain == "utf-16":
            raise UnreadableFile(_unreadable_text()) from None
    sample = sample_lines(blocks)
    scores = {name: score for name in GUESSED if (score := _score(sample, name)) > RARE.get(name, 0.0)}
    best = max(scores, key=lambda name: scores[name], default="")
    if _is_mostly_utf8(sample, best, scores):
        return DetectedEncoding("utf-8-sig", count_lines(blocks, "utf-8-sig", errors="replace"), is_damaged=True)
    if not best or scores[best] < LEAST / 2:
        raise UnreadableFile(_unreadable_text())
    is_certain = scores[best] >= LEAST and not _rivals(sample, best, scores)
    try:
        return DetectedEncoding(best, count_lines(blocks, best), is_certain)
    except UnicodeDecodeError:
        return DetectedEncoding(best, count_lines(blocks, best, errors="replace"), is_certain, is_damaged=True)


def chosen_encoding(blocks: ReadBlocks, name: str) -> DetectedEncoding:
    """The encoding that a person has chosen; lines that are not in it are rejected."""
    try:
        return DetectedEncoding(name, count_lines(blocks, name))
    except UnicodeError:
        return DetectedEncoding(name, count_lines(blocks, name, errors="replace"), is_damaged=True)


def count_lines(blocks: ReadBlocks, encoding: str, *, errors: str = "strict") -> int:
    """Lines of the file. Raises ``UnicodeDecodeError`` if it is not in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    lines, text = 0, ""
    for block in blocks():
        text = decoder.decode(block) or text
        lines += text.count("\n")
    decoder.decode(b"", final=True)
    return lines + (not text.endswith("\n"))


def can_decode(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeError:
        return False
    return True


def samples(lines: Sequence[bytes]) -> dict[str, str]:
    """The lines in each encoding in which all of them can be read, the most plausible first."""
    content = b"\n".join(lines)
    texts = {name: content.decode(name) for name in ("utf-8-sig", *GUESSED) if can_decode(content, name)}
    return dict(sorted(texts.items(), key=lambda pair: -plausibility(pair[1])))


def plausibility(text: str) -> float:
    """Which part of the characters beyond ASCII may be in real text, from 0 to 1."""
    good = bad = hangul = ideographs = run = 0
    for place, letter in enumerate(text):
        if letter < "\x80":
            run = 0
            continue
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        run = run + 1 if letter.isalpha() and letter < "\u0250" else 0
        hangul += "\uac00" <= letter <= "\ud7a3"
        ideographs += "\u3400" <= letter <= "\u9fff"
        if run >= LONG_RUN or not _is_plausible(letter, before, after):
            bad += 1
        else:
            good += 1
    if hangul and ideographs:
        bad += min(hangul, ideographs)
    return good / (good + bad) if good + bad else 0.0


def _is_plausible(letter: str, before: str, after: str) -> bool:
    if _is_cjk(letter):
        is_lone = before.isascii() and before.isalpha() and not _is_cjk(after or " ")
        return not is_lone and (letter < "\u3400" or letter > "\u9fff" or letter in _common_ideographs())
    if "\uff61" <= letter <= "\uff9f":
        return False  # half-width kana
    if letter.isalpha():
        is_flipped = letter.isupper() and before.islower()
        has_latin_neighbour = any(other.isalpha() and other < "\u0250" for other in (before, after))
        if "\u0400" <= letter <= "\u04ff" and not CYRILLIC.match(letter):
            return False
        is_latin = letter < "\u0250"
        return not is_flipped and (is_latin or (not has_latin_neighbour and unicodedata.category(letter) != "Lo"))
    if unicodedata.category(letter)[0] == "C":
        return letter in "\u200b\u200e\u200f\ufeff"
    return letter in WORD_SIGNS or unicodedata.category(letter)[0] not in "SNM" or not after.isalpha()


def _is_cjk(letter: str) -> bool:
    """Ideographs, kana, Hangul and full-width letters."""
    ranges = (("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uac00", "\ud7a3"), ("\uff01", "\uff5e"))
    return any(first <= letter <= last for first, last in ranges)


@cache
def _common_ideographs() -> frozenset[str]:
    """The first levels of GB 2312, Big5 and JIS X 0208: what is used every day."""
    levels = (("gb2312", range(0xB0, 0xD8)), ("big5", range(0xA4, 0xC7)), ("euc_jp", range(0xB0, 0xD0)))
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    return frozenset(
        letter
        for encoding, leads in levels
        for lead in leads
        for trail in trails
        for letter in bytes((lead, trail)).decode(encoding, "ignore")
        if letter >= "\u3400"
    )


def sample_lines(blocks: ReadBlocks) -> list[bytes]:
    """The first lines that are not ASCII."""
    lines, size, rest = list[bytes](), 0, b""
    for block in blocks():
        *whole, rest = (rest + block).split(b"\n")
        for line in whole:
            if size < SAMPLE_BYTES and not line.isascii():
                lines.append(line[:SAMPLE_BYTES])
                size += len(line)
        if size >= SAMPLE_BYTES:
            return lines
        rest = rest[-SAMPLE_BYTES:]
    return lines if rest.isascii() else [*lines, rest]


def _score(sample: Sequence[bytes], encoding: str) -> float:
    """Plausibility of the lines in this encoding, each weighted by its bytes beyond ASCII."""
    total = points = 0.0
    for line in sample:
        weight = len(line.translate(None, ASCII))
        total += weight
        if can_decode(line, encoding):
            points += weight * plausibility(line.decode(encoding))
    return points / total if total else 0.0


def _is_mostly_utf8(sample: Sequence[bytes], best: str, scores: dict[str, float]) -> bool:
    """Whether some lines are UTF-8, and the others were added in another encoding."""
    lines = [line for line in sample if can_decode(line, "utf-8")]
    if not lines or _score(lines, "utf-8") < max((_score(lines, name) for name in scores), default=0.0):
        return False
    return best in ONE_BYTE or not best or len(lines) * 2 >= len(sample)


def _rivals(sample: Sequence[bytes], best: str, scores: dict[str, float]) -> list[str]:
    """Encodings in which the sample is another text that is about as plausible."""
    content = b"\n".join(sample)
    text = content.decode(best, "replace")
    # accents and signs are plausible nearly anywhere, so one byte for each letter is no close rival of Chinese
    margins = {name: 0.0 if name in ONE_BYTE and best not in ONE_BYTE else MARGIN for name in scores}
    rivals = [
        name
        for name, score in scores.items()
        if name != best and score >= scores[best] - margins[name] and content.decode(name, "replace") != text
    ]
    if best == "cp1252" and not CARONS & set(text):
        return [name for name in rivals if name not in ONE_BYTE]  # the usual encoding of Western languages
    return rivals


def _unreadable_text() -> str:
    return _("The file is not in UTF-8, GB 18030 or Windows-1252. Save it as CSV UTF-8.")
