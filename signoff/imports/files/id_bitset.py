"""Which keys have been met, in a bit each: half a million of them must not cost memory."""

PAGE = 65_536


class IdBitset:
    """A set of keys that can only grow."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, key: int) -> None:
        page, place = divmod(key, PAGE)
        bits = self._pages.setdefault(page, bytearray(PAGE // 8))
        bits[place // 8] |= 1 << place % 8

    def __contains__(self, key: int) -> bool:
        page, place = divmod(key, PAGE)
        bits = self._pages.get(page)
        return bits is not None and bool(bits[place // 8] & 1 << place % 8)
