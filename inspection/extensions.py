"""What this app adds to the registries of the apps below it. Run once, when the app is ready."""

from inspection.models import Appraisal, Finding, Inspection, Photo, Receipt
from inspection.photos import PHOTO, check_photos
from returns.logbook.digests import register_digests
from returns.permissions import INSPECT
from returns.queue.start_page import register_start_page
from signoff.db.roles import register_kept_rows


def register() -> None:
    register_kept_rows(Receipt, Inspection, Finding, Appraisal, Photo)
    register_start_page("inspection:bench", right=INSPECT, rank=40)
    register_digests(PHOTO, check_photos)
