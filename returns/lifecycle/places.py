"""Where things stand on the picture. Tuned by hand; what is missing here is drawn too, only less prettily."""

from returns.models import Case

S = Case.Status

WIDTH, HEIGHT = 1190, 690
BOX = (118, 50)
ROWS = (44, 244, 384, 556)
FIRST_COLUMN, COLUMN = 118, 190

#: state → (column, row)
PLACES: dict[str, tuple[int, int]] = {
    S.IN_APPRAISAL: (0, 0),
    S.OFFERED: (1, 0),
    S.SUBMITTED: (0, 1),
    S.AWAITING_APPROVAL: (1, 1),
    S.AUTHORISED: (2, 1),
    S.IN_TRANSIT: (3, 1),
    S.RECEIVED: (4, 1),
    S.INSPECTED: (5, 1),
    S.WAITING_ON_SHOPPER: (0, 2),
    S.SETTLING: (5, 2),
    S.REJECTED: (1, 3),
    S.CANCELLED: (2, 3),
    S.EXPIRED: (3, 3),
    S.CLOSED: (4, 3),
    S.RESOLVED: (5, 3),
}

#: the way that most cases go, drawn stronger
MAIN_ROAD = (
    S.SUBMITTED,
    S.AWAITING_APPROVAL,
    S.AUTHORISED,
    S.IN_TRANSIT,
    S.RECEIVED,
    S.INSPECTED,
    S.SETTLING,
    S.RESOLVED,
    S.CLOSED,
)

#: step (or step and source) → height of the lane that its line runs along, where it does not go straight
LANES: dict[str | tuple[str, str], int] = {
    ("offer", S.INSPECTED): ROWS[0],
    ("propose", S.INSPECTED): 100,
    "send_back_to_bench": 124,
    "report_lost": 148,
    ("receive", S.AUTHORISED): 180,
    ("offer", S.SUBMITTED): 172,
    "decline_offer": 196,
    ("settle", S.AWAITING_APPROVAL): ROWS[2],
    "reject": 448,
    "expire": 472,
    "cancel": 496,
    "close": 610,
    "appeal": 634,
    "reopen": 658,
}
ELSEWHERE = 676  # the lane of a step that nobody has found a place for yet


def centre(status: str) -> tuple[int, int]:
    """The middle of a state's box."""
    column, row = PLACES.get(status, (len(PLACES) % 6, len(ROWS) - 1))
    return FIRST_COLUMN + column * COLUMN, ROWS[row]


def lane(name: str, source: str) -> int:
    return LANES.get((name, source)) or LANES.get(name, ELSEWHERE)
