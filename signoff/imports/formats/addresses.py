"""Addresses out of the columns that shops have for them."""

import re
from functools import cache

from babel import Locale

from signoff.imports.files import cells
from signoff.imports.files.json import Node
from signoff.imports.layouts.columns import Record
from signoff.imports.orders.parsed import Address

POSTCODE = re.compile(r"\s*[(（](\d{6})[)）]\s*\Z")
NO_POSTCODE = "000000"


def country_of(text: str) -> str:
    """The code of a country that is written as its code or its English name; empty where it is neither."""
    text = text.strip()
    return text.upper() if len(text) == 2 and text.isascii() and text.isalpha() else country_code(text)


def address_of(record: Record, *, prefix: str = "ship_") -> Address:
    """From columns ``ship_name``, ``ship_city`` and so on, those that there are."""

    def cell(part: str, most: int = 200) -> str:
        return record.read(prefix + part, cells.words, most=most)

    return Address(
        name=cell("name"),
        company=cell("company"),
        street=cell("street", 500),
        city=cell("city"),
        region=cell("region"),
        postcode=cell("postcode", 20),
        country=country_of(cell("country")),
        phone=cell("phone", 40),
    )


def chinese_address(record: Record, *, name: str, address: str, phone: str) -> Address:
    """Province, city and district stand before the street, parted by spaces; a postcode may follow in brackets."""
    text = record.read(address, cells.words, most=500)
    postcode = found[1] if (found := POSTCODE.search(text)) else ""
    parts = POSTCODE.sub("", text).split(maxsplit=2)
    region, city, street = parts if len(parts) == 3 else ("", "", POSTCODE.sub("", text))
    return Address(
        name=record.read(name, cells.words, most=200),
        street=street,
        city=city,
        region=region,
        postcode="" if postcode == NO_POSTCODE else postcode,
        country="CN",
        phone=record.read(phone, cells.words, most=40),
    )


def address_in(node: Node, *, street: tuple[str, ...], region: str, postcode: str, country: str) -> Address:
    """From an object of a shop's API; the names of its keys differ."""

    def cell(key: str, most: int = 200) -> str:
        return cells.words(node[key].path, node[key].text, most=most)

    full = cell("name") or " ".join(filter(None, (cell("first_name"), cell("last_name"))))
    return Address(
        name=full,
        company=cell("company"),
        street="\n".join(filter(None, map(cell, street))),
        city=cell("city"),
        region=cell(region),
        postcode=cell(postcode, 20),
        country=country_of(cell(country)),
        phone=cell("phone", 40),
    )


WRITTEN_OTHERWISE = {
    "eire": "IE",
    "rsa": "ZA",
    "usa": "US",
    "uk": "GB",
    "uae": "AE",
    "hong kong": "HK",
    "macao": "MO",
    "czech republic": "CZ",
    "turkey": "TR",
}


@cache
def country_code(name: str) -> str:
    """The code of a country's English name, or an empty text where it names none (or several)."""
    return _codes().get(name.strip().casefold(), "")


@cache
def _codes() -> dict[str, str]:
    english = Locale("en").territories
    named = {text.casefold(): code for code, text in english.items() if len(code) == 2 and code.isalpha()}
    return named | WRITTEN_OTHERWISE
