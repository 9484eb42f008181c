"""Difference hash: similar pictures have hashes that differ in few bits. No Django here."""

from PIL import Image

ALIKE = 6


def dhash(picture: Image.Image) -> str:
    """64 bits as 16 hex digits: in a 9 × 8 grey copy, whether each pixel is darker than its right neighbour."""
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            left = row * 9 + column
            bits = bits << 1 | (grey[left] < grey[left + 1])
    return f"{bits:016x}"


def distance(first: str, second: str) -> int:
    """Number of different bits (0–64); up to ``ALIKE`` the pictures are the same, saved again."""
    return (int(first, 16) ^ int(second, 16)).bit_count()
