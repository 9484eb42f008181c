"""Names of countries as shops write them, to ISO 3166 codes."""

from functools import cache

from babel import Locale

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
