"""What this app adds to the registries of the apps below it. Run once, when the app is ready."""

from collections.abc import Mapping

from inspection.models import Appraisal, Finding, Inspection, Photo, Receipt
from inspection.photos import PHOTO, check_photos
from inspection.queries import next_at_the_bench
from returns.logbook.digests import register_digests
from returns.logbook.verbs import register_fact_text
from returns.permissions import INSPECT
from returns.queue.start_page import register_start_page
from signoff.db.roles import register_kept_rows
from signoff.web.formatting import join_list
from signoff.web.next_item import register_queue


def register() -> None:
    register_kept_rows(Receipt, Inspection, Finding, Appraisal, Photo)
    register_queue("bench", list_url="inspection:bench", find=next_at_the_bench)
    register_start_page("inspection:bench", right=INSPECT, rank=40)
    register_digests(PHOTO, check_photos)
    register_fact_text("units", verdicts_in_words)


def verdicts_in_words(units: Mapping[str, int]) -> str:
    """The fact ``units`` of the entry of an inspection: "1 × as reported, 1 × no fault found"."""
    labels = dict(Finding.Verdict.choices)
    return join_list(f"{count} × {labels.get(verdict, verdict)}" for verdict, count in units.items())
