"""In what encoding a text file is written, by its bytes."""

import codecs
import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from signoff.imports.files.sniff import UTF16, Unreadable

ASCII = bytes(range(128))
COMMON_HANZI = re.compile(rb"[\xb0-\xd7\xa1-\xa3][\xa1-\xfe]")
"""Level one of GB 2312 and its punctuation: nearly all of Chinese text, and seldom two Latin letters."""

type Blocks = Callable[[], Iterator[bytes]]


def encoding_of(blocks: Blocks) -> tuple[str, int]:
    """The encoding that fits the whole file, and how many lines it has. Raises ``Unreadable``.

    Nearly all bytes are valid Windows-1252 and many are valid GB 18030 too, so where it is not UTF-8 the
    bytes are counted: in Chinese they come in pairs, accents stand alone. GB 18030 reads GBK as well.
    """
    for encoding in _candidates(blocks):
        try:
            return encoding, _lines(blocks, encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The file is text in neither UTF-8, GB 18030 nor Windows-1252. Save it as CSV UTF-8."))


def _candidates(blocks: Blocks) -> Iterator[str]:
    if next(blocks(), b"").startswith(UTF16):
        yield "utf-16"
        return
    yield "utf-8-sig"
    high = paired = 0
    for block in blocks():
        high += len(block.translate(None, ASCII))
        paired += 2 * len(COMMON_HANZI.findall(block))
    yield from ("gb18030", "cp1252") if paired * 2 >= high else ("cp1252", "gb18030")


def _lines(blocks: Blocks, encoding: str) -> int:
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, text = 0, ""
    for block in blocks():
        text = decoder.decode(block) or text
        lines += text.count("\n")
    decoder.decode(b"", final=True)
    return lines + (not text.endswith("\n"))
