"""What carriers' tracking services tell, as one list of events. A provider is a module; this is the list of them.

``terms`` is what they speak, ``bodies`` opens messages, ``cells`` understands values, ``telling`` orders events,
``signing`` proves where a message comes from. Pure: no database, no network, no clock but the one of signatures.
"""

from signoff.carriers import aftership, easypost, kdniao, kuaidi100, seventeentrack, shippo
from signoff.carriers.messages import Answer, BadSignature, Event, Harm, Provider, Question, Told, Unreadable

PROVIDERS: dict[str, Provider] = {
    "easypost": easypost,
    "aftership": aftership,
    "shippo": shippo,
    "17track": seventeentrack,
    "kuaidi100": kuaidi100,
    "kdniao": kdniao,
}

__all__ = ["PROVIDERS", "Answer", "BadSignature", "Event", "Harm", "Provider", "Question", "Told", "Unreadable"]
