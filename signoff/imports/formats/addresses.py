"""Builds addresses from columns or JSON, and country codes from English names."""

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
    """The code of a country that is written as a code or an English name; empty for anything else."""
    text = text.strip()
    return text.upper() if len(text) == 2 and text.isascii() and text.isalpha() else country_code(text)


def read_address(record: Record, *, prefix: str = "ship_") -> Address:
    """An address from the columns ``ship_name``, ``ship_city`` and so on; missing ones are empty."""

    def cell(part: str, max_length: int = 200) -> str:
        return record.read(prefix + part, cells.words, max_length=max_length)

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


def read_chinese_address(record: Record, *, name: str, address: str, phone: str) -> Address:
    """An address in one cell: province, city, district and street, separated by spaces, and a postcode in brackets."""
    text = record.read(address, cells.words, max_length=500)
    postcode = match[1] if (match := POSTCODE.search(text)) else ""
    parts = POSTCODE.sub("", text).split(maxsplit=2)
    region, city, street = parts if len(parts) == 3 else ("", "", POSTCODE.sub("", text))
    return Address(
        name=record.read(name, cells.words, max_length=200),
        street=street,
        city=city,
        region=region,
        postcode="" if postcode == NO_POSTCODE else postcode,
        country="CN",
        phone=record.read(phone, cells.words, max_length=40),
    )


def read_json_address(node: Node, *, street: tuple[str, ...], region: str, postcode: str, country: str) -> Address:
    """An address from a JSON object; ``keys`` differ from shop system to shop system."""

    def cell(key: str, max_length: int = 200) -> str:
        return cells.words(node[key].path, node[key].text, max_length=max_length)

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


COUNTRY_ALIASES = {
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
    """The code of a country's English name, or an empty text for an unknown one."""
    return _codes_by_name().get(name.strip().casefold(), "")


@cache
def _codes_by_name() -> dict[str, str]:
    english = Locale("en").territories
    named = {text.casefold(): code for code, text in english.items() if len(code) == 2 and code.isalpha()}
    return named | COUNTRY_ALIASES
