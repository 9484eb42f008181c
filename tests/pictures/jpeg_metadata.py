"""An independent checker: what a JPEG carries besides its pixels. It reads the markers and trusts no library."""

JFIF, EXIF, COMMENT = 0xE0, 0xE1, 0xFE
START_OF_SCAN, END = 0xDA, 0xD9
PLAIN = {0xC0, 0xC2, 0xC4, 0xDB, 0xDD, START_OF_SCAN}  # frames, tables, restarts, scans


def traces(jpeg: bytes) -> list[str]:
    """Every segment that is not needed to show the picture, and whatever follows its end; [] for a clean one."""
    assert jpeg.startswith(b"\xff\xd8"), "not a JPEG"
    found, at = [], 2
    while jpeg[at + 1] != END:
        marker, length = jpeg[at + 1], int.from_bytes(jpeg[at + 2 : at + 4])
        body = jpeg[at + 4 : at + 2 + length]
        if not _is_needed(marker, body):
            found.append(f"{marker:02X} {body[:20]!r}")
        at += 2 + length
        if marker == START_OF_SCAN:
            at = _end_of_scan(jpeg, at)
    tail = jpeg[at + 2 :]
    return found + ([f"tail {tail[:20]!r}"] if tail else [])


def _is_needed(marker: int, body: bytes) -> bool:
    """A JFIF header is needed, but one with a thumbnail in it (longer than 14 bytes) is not."""
    return marker in PLAIN or (marker == JFIF and body.startswith(b"JFIF\0") and len(body) == 14)


def _end_of_scan(jpeg: bytes, at: int) -> int:
    """Where the next marker begins: 0xFF followed by neither a stuffed zero nor a restart."""
    while jpeg[at] != 0xFF or jpeg[at + 1] == 0 or 0xD0 <= jpeg[at + 1] <= 0xD7:
        at += 1
    return at
