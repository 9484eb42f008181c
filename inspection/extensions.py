"""What this app adds to the registries of the apps below it. Run once, when the app is ready."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inspection.models import (
    Appraisal,
    Finding,
    Inspection,
    Photo,
    Receipt,
    Surplus,
    UnknownParcel,
    UnknownParcelPhoto,
)
from inspection.photos import PHOTO, check_photos
from inspection.queries import next_at_the_bench
from returns.logbook.digests import register_digests
from returns.logbook.verbs import register_fact_text, register_verb
from returns.permissions import INSPECT
from returns.queue.start_page import register_start_page
from signoff.db.roles import register_kept_rows
from signoff.web.formatting import join_list
from signoff.web.next_item import register_queue


def register() -> None:
    register_queue("bench", list_url="inspection:bench", find=next_at_the_bench)
    register_kept_rows(Receipt, Inspection, Finding, Appraisal, Photo, UnknownParcel, UnknownParcelPhoto, Surplus)
    register_start_page("inspection:bench", right=INSPECT, rank=40)
    register_digests(PHOTO, check_photos)
    register_fact_text("units", verdicts_in_words)
    register_fact_text("surplus", surplus_in_words)
    register_fact_text("decision", decision_in_words)
    register_verb(
        "parcel_attached", facts=("parcel",), desk=_("Unknown parcel attached to this case"), icon="package-plus"
    )
    register_verb(
        "surplus_decided", facts=("surplus", "decision"), desk=_("Surplus items decided"), icon="package-search"
    )


def verdicts_in_words(units: Mapping[str, int]) -> str:
    """The fact ``units`` of the entry of an inspection: "1 × as reported, 1 × no fault found"."""
    labels = dict(Finding.Verdict.choices)
    return join_list(f"{count} × {labels.get(verdict, verdict)}" for verdict, count in units.items())


def surplus_in_words(units: int) -> str:
    """The fact ``surplus`` of a receipt or a decision: how many units came beyond the case."""
    return ngettext("%(units)d item more than expected", "%(units)d items more than expected", units) % {"units": units}


def decision_in_words(decision: str) -> str:
    """The fact ``decision``: what becomes of surplus units."""
    return str(dict(Surplus.Decision.choices).get(decision, decision))
