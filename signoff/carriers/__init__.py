"""Tracking services: parse the messages of AfterShip, EasyPost, Shippo, 17TRACK, 快递100 and 快递鸟 into updates.

One module per provider. ``messages`` has the shared types, ``payloads`` decodes bodies, ``fields`` parses values,
``normalise`` orders events, ``signatures`` checks signatures. Pure: no database, no network, no clock except for
signatures. The models are imported only for their choices.
"""

from signoff.carriers import aftership, easypost, kdniao, kuaidi100, seventeentrack, shippo
from signoff.carriers.messages import (
    Acknowledgement,
    BadSignature,
    Event,
    Harm,
    Provider,
    TrackingRequest,
    TrackingUpdate,
    UnreadableMessage,
)

PROVIDERS: dict[str, Provider] = {
    "easypost": easypost,
    "aftership": aftership,
    "shippo": shippo,
    "17track": seventeentrack,
    "kuaidi100": kuaidi100,
    "kdniao": kdniao,
}

__all__ = [
    "PROVIDERS",
    "Acknowledgement",
    "BadSignature",
    "Event",
    "Harm",
    "Provider",
    "TrackingRequest",
    "TrackingUpdate",
    "UnreadableMessage",
]
