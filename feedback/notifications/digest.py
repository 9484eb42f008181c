"""The daily mail: once per day and person, at eight in the morning of their own zone."""

import logging
import smtplib
from datetime import date, datetime, time, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import Digest, Notification
from feedback.notifications.text import sentence
from signoff.models import StaffProfile
from signoff.staff.queries import zone_of

logger = logging.getLogger(__name__)
HOUR = time(8)
TRIES = 5
LEASE = timedelta(minutes=10)
LISTED = 30  # notifications in one mail; the rest is a number
OFF = "digest"  # in ``StaffProfile.muted``


def send_digests(now: datetime | None = None) -> int:
    """Claim and send every mail that is due; returns how many went out.

    A worker that dies between sending and settling leaves the row to be tried again after ten minutes.
    """
    now = now or timezone.now()
    _claim_days(now)
    sent = 0
    while digest := _claim(now):
        sent += _send(digest, now)
    return sent


def _claim_days(now: datetime) -> None:
    """A row for each person with something unread from before their eight o'clock; the constraint makes it once."""
    unread = Notification.objects.unread().order_by().values("user")
    people = User.objects.filter(pk__in=unread, is_active=True).exclude(email="").order_by("pk")
    profiles = {profile.user_id: profile for profile in StaffProfile.objects.filter(user__in=people)}
    for user in people:
        profile = profiles.get(user.pk) or StaffProfile(user=user)
        day, until = due_today(profile, now)
        if until <= now and OFF not in profile.muted and _is_new(user, until):
            Digest.objects.get_or_create(user=user, day=day, defaults={"until": until, "next_try_at": now})


def due_today(profile: StaffProfile, now: datetime) -> tuple[date, datetime]:
    """Today in the person's own zone, and the moment when it is eight there."""
    zone = zone_of(profile)
    day = timezone.localdate(now, zone)
    return day, datetime.combine(day, HOUR, tzinfo=zone)


def _is_new(user: User, until: datetime) -> bool:
    """Whether something is unread that no earlier mail could have named."""
    last = Digest.objects.filter(user=user, until__lt=until).order_by("-until").first()
    rows = Notification.objects.unread().filter(user=user, made_at__lt=until)
    return (rows.filter(made_at__gte=last.until) if last else rows).exists()


@transaction.atomic
def _claim(now: datetime) -> Digest | None:
    """Lease the next mail to send, and count the try."""
    due = Digest.objects.filter(sent_at=None, next_try_at__lte=now, attempts__lt=TRIES)
    digest = due.select_for_update(skip_locked=True, of=["self"]).select_related("user").order_by("pk").first()
    if digest:
        digest.attempts, digest.next_try_at = digest.attempts + 1, now + LEASE
        digest.save()
    return digest


def _send(digest: Digest, now: datetime) -> bool:
    try:
        mail_of(digest).send()
    except (smtplib.SMTPException, OSError):
        logger.warning("Daily summary %s was not delivered (try %s)", digest.pk, digest.attempts)
        return False
    Digest.objects.filter(pk=digest.pk).update(sent_at=now)
    return True


def mail_of(digest: Digest) -> EmailMessage:
    """The mail in the person's language, with a link for each case."""
    profile = StaffProfile.objects.filter(user=digest.user).first()
    rows = Notification.objects.of_user(digest.user_id).unread().filter(made_at__lt=digest.until).order_by("-made_at")
    with translation.override((profile and profile.language) or settings.LANGUAGE_CODE):
        count = rows.count()
        subject = ngettext("%(count)d unread notification", "%(count)d unread notifications", count) % {"count": count}
        lines = [_line(row) for row in rows[:LISTED]]
        page = urljoin(settings.SITE_URL, reverse("feedback:notification-list"))
        off = _("You can switch this mail off under Profile.")
        body = "\n\n".join([*lines, _("All notifications: %(url)s") % {"url": page}, off])
    return EmailMessage(subject, body, to=[digest.user.email], headers={"Auto-Submitted": "auto-generated"})


def _line(row: Notification) -> str:
    if row.about is None:
        return sentence(row)
    return f"{row.about.number}: {sentence(row)}\n{urljoin(settings.SITE_URL, row.about.get_absolute_url())}"
