"""An independent reader: which kinds of data a JPEG carries besides its picture. It trusts no library."""

from tests.pictures.jpeg_metadata import traces

COMMENT, APP1, APP2 = "FE", "E1", "E2"
GPS_TAG = (b"\x88\x25", b"\x25\x88")  # the pointer to the directory of places, in both byte orders


def carried(jpeg: bytes) -> list[str]:
    """A word per segment that is not needed: comment, EXIF, GPS, XMP, ICC, or its marker; "tail" for what follows."""
    words = [_word(trace) for trace in traces(jpeg)]
    return words + (["GPS"] if "EXIF" in words and any(tag in jpeg for tag in GPS_TAG) else [])


def _word(trace: str) -> str:
    marker, _, body = trace.partition(" ")
    if marker == COMMENT:
        return "comment"
    if marker == APP1:
        return "EXIF" if "Exif" in body else "XMP"
    return "ICC" if marker == APP2 and "ICC_PROFILE" in body else marker
