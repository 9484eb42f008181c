"""Number of scans of a JPEG, by its markers alone. No Django here.

A progressive picture is sent in scans, and the decoder runs over the whole picture for each: cameras and programs
write up to eleven, 240 KB can hold thousands. Nothing is decoded, so counting costs as much as reading the file.
"""

import re

SCAN, END = 0xDA, 0xD9
#: a marker: not a stuffed zero, not a restart within a scan, not a byte that fills
MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
ALONE = {0x01, 0xD8, END}  # markers without a length


def count_scans(content: bytes, *, most: int) -> int:
    """The scans of the first picture in ``content``; stops counting at ``most`` + 1.

    Segments are skipped by their length, as a decoder does; what lies between them is searched for the next marker.
    """
    scans = at = 0
    while scans <= most and (found := MARKER.search(content, at)):
        marker, at = found[1][0], found.end()
        if marker == END:
            break
        scans += marker == SCAN
        if marker not in ALONE:
            at += max(2, int.from_bytes(content[at : at + 2]))
    return scans
