"""Telephone numbers in the form that providers of text messages want."""

import phonenumbers


def international(number: str, country: str) -> str:
    """``number`` in E.164 form; without a country code it is one of ``country`` (ISO 3166). "" if it cannot exist."""
    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
