"""Parcels as actions and pages find them."""


def called_alike(one: str, other: str) -> bool:
    """Whether two names may be those of one carrier: "DHL" and "dhl-germany"; an empty one is no name."""
    short, long = sorted((_loose(one), _loose(other)), key=len)
    return bool(short) and short in long


def _loose(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
