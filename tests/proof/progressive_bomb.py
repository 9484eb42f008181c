"""A small JPEG that costs a decoder minutes: thousands of scans over many pixels, each a few bytes."""

WIDTH, HEIGHT = 8000, 5000
BLOCKS = WIDTH // 8 * HEIGHT // 8
RUN = 2**15 - 1  # blocks that one symbol ends at most


def progressive_bomb(size: int = 240_000) -> bytes:
    """A grey picture of 40 megapixels in about ``size`` bytes."""
    scan = _segment(0xDA, bytes([1, 1, 0, 1, 63, 0])) + _empty_blocks()
    head = b"\xff\xd8" + _segment(0xDB, bytes([0, *[1] * 64])) + _frame() + _huffman_table()
    return head + scan * ((size - len(head)) // len(scan)) + b"\xff\xd9"


def scans_of(content: bytes) -> int:
    """The number of scans, counted without a parser: no other segment holds these bytes."""
    return content.count(b"\xff\xda")


def _frame() -> bytes:
    """Progressive, 8 bits, one component."""
    return _segment(0xC2, b"\x08" + HEIGHT.to_bytes(2) + WIDTH.to_bytes(2) + bytes([1, 1, 0x11, 0]))


def _huffman_table() -> bytes:
    """Table 0 for AC coefficients, with one symbol: this block and up to 2 ** 15 - 2 others have no more of them."""
    return _segment(0xC4, bytes([0x10, 1, *[0] * 15, 0xE0]))


def _empty_blocks() -> bytes:
    """The data of a scan that changes nothing: runs of blocks without coefficients."""
    bits, left = "", BLOCKS
    while left >= 2**14:
        run = min(left, RUN)
        bits += "0" + f"{run - 2**14:014b}"
        left -= run
    data = int(bits.ljust(-(-len(bits) // 8) * 8, "1"), 2).to_bytes(-(-len(bits) // 8))
    return data.replace(b"\xff", b"\xff\x00")


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2) + payload
