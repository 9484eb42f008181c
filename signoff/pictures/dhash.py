"""The difference hash: pictures that look alike have hashes that differ in few bits. No Django here."""

from PIL import Image

ALIKE = 6


def dhash(picture: Image.Image) -> str:
    """64 bits as 16 hex digits: in a 9 × 8 grey copy, is each point darker than its right neighbour?"""
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            left = row * 9 + column
            bits = bits << 1 | (grey[left] < grey[left + 1])
    return f"{bits:016x}"


def distance(one: str, other: str) -> int:
    """Number of differing bits (0–64) of two hashes; up to ``ALIKE`` means the same picture, re-saved."""
    return (int(one, 16) ^ int(other, 16)).bit_count()
