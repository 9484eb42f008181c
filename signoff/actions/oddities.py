"""What is odd about an order is looked at once, by somebody who says what came of it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from signoff.models import OrderAnomaly


class AlreadySettled(Exception):
    """Somebody was faster; a sentence for the desk."""


@transaction.atomic
def settle(anomaly: OrderAnomaly, *, by: User, words: str, now: datetime | None = None) -> OrderAnomaly:
    """Take it off the queue with a note. Raises ``AlreadySettled``."""
    anomaly = OrderAnomaly.objects.select_for_update().get(pk=anomaly.pk)
    if anomaly.settled_at:
        raise AlreadySettled(_("Somebody was faster: this has been settled already."))
    anomaly.settled_at, anomaly.settled_by, anomaly.words = now or timezone.now(), by, words
    anomaly.save()
    return anomaly
