"""What the viewer shows: every picture of a case with who took it, when it came, and what its file says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from inspection.models import Finding, Photo
from returns.case_page.lookalikes import Lookalike, lookalikes
from returns.logbook.digests import EVIDENCE
from returns.logbook.queries import log_of
from returns.models import Case, Evidence
from signoff.pictures.models import Picture

#: a clock of a camera may be wrong by a day without anybody meaning it
WRONG_CLOCK = timedelta(days=1)
SHOPPER, BENCH, SIGN_OFF, OTHER = "shopper", "bench", "sign_off", "other"


@dataclass(frozen=True)
class Shot:
    """A picture as the viewer shows it. ``doubt`` is a sentence where the time that the file says cannot be."""

    token: str
    source: str
    full: str
    thumb: str
    who: str | Promise
    at: datetime
    article: str = ""
    taken_claim: datetime | None = None
    camera_claim: str = ""
    doubt: str | Promise = ""
    verdicts: Sequence[str] = ()
    lookalikes: Sequence[Lookalike] = field(default_factory=tuple)
    place: int = 0
    of: int = 0


def shots_of(case: Case, *, user: User) -> list[Shot]:
    """The pictures of ``case``, the shopper's first; ``case`` comes with customer and order."""
    evidence = list(case.evidence.exclude(file="").select_related("line__order_line", "added_by").order_by("pk"))
    findings = Prefetch("line__findings", Finding.objects.order_by("pk"))
    photos = case.photos.exclude(file="").select_related("line__order_line", "taken_by").order_by("pk")
    alikes = lookalikes(case, evidence, user=user)
    delivered = _at_delivery(case)
    shots = [_evidence(case, picture, delivered, alikes.get(str(picture.token), ())) for picture in evidence]
    shots += [_photo(case, photo) for photo in photos.prefetch_related(findings)]
    return [_placed(shot, [other for other in shots if other.source == shot.source]) for shot in shots]


def shot_of_other(row: Lookalike) -> Shot:
    """A picture of another case beside the one that it looks like."""
    customer = row.case.customer
    return _shot(row.picture, OTHER, row.case.number if customer is None else f"{customer} · {row.case.number}")


def _at_delivery(case: Case) -> set[str]:
    """Tokens of the pictures that were taken at sign-off."""
    if case.channel != Case.Channel.SIGN_OFF:
        return set()
    kinds = (key.partition(":") for key in log_of(case)[0].digests)
    return {token for kind, _colon, token in kinds if kind == EVIDENCE}


def _evidence(case: Case, picture: Evidence, delivered: set[str], alikes: Sequence[Lookalike]) -> Shot:
    source = SIGN_OFF if str(picture.token) in delivered else SHOPPER
    who = str(case.customer) if case.customer else _("Shopper")
    return _shot(picture, source, who, case=case, lookalikes=alikes)


def _photo(case: Case, photo: Photo) -> Shot:
    who = (photo.taken_by.get_full_name() or photo.taken_by.get_username()) if photo.taken_by else _("Bench")
    verdicts = [str(row.get_verdict_display()) for row in photo.line.findings.all()] if photo.line else []
    return _shot(photo, BENCH, who, case=case, verdicts=verdicts)


def _shot(
    picture: Evidence | Photo,
    source: str,
    who: str | Promise,
    *,
    case: Case | None = None,
    verdicts: Sequence[str] = (),
    lookalikes: Sequence[Lookalike] = (),
) -> Shot:
    article = picture.line.order_line if picture.line else None
    name = "inspection:photo" if isinstance(picture, Photo) else "returns:evidence"
    return Shot(
        token=str(picture.token),
        source=source,
        full=reverse(name, args=[picture.token, "full"]),
        thumb=reverse(name, args=[picture.token, "thumbnail"]),
        who=who,
        at=picture.uploaded_at,
        article=(article.title or article.sku) if article else "",
        taken_claim=picture.taken_at_claim,
        camera_claim=picture.camera_claim,
        doubt=_doubt(case, picture) if case else "",
        verdicts=verdicts,
        lookalikes=lookalikes,
    )


def _doubt(case: Case, picture: Picture) -> str | Promise:
    taken = picture.taken_at_claim
    if taken is None:
        return ""
    if taken < case.order.placed_at - WRONG_CLOCK:
        return _("before the order")
    if taken > picture.uploaded_at + WRONG_CLOCK:
        return _("after it was sent")
    return ""


def _placed(shot: Shot, same: Sequence[Shot]) -> Shot:
    tokens = [other.token for other in same]
    return Shot(**{**vars(shot), "place": tokens.index(shot.token) + 1, "of": len(tokens)})
