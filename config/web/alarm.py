"""Tell managers when the limits of attempts refuse often: somebody is guessing passwords, codes or orders."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.models import Notification
from feedback.notifications.actions import notify
from returns.permissions import APPROVE
from signoff.web.models import RefusedAttempts

REMEMBERED = timedelta(days=1)


def warn_managers(now: datetime | None = None) -> int:
    """Mail the managers about each recent hour with ``ATTEMPTS_ALARM`` refusals or more, once; returns the mails sent.

    The hour is marked before the mail is sent, so that a failing mail server does not cause a second one.
    """
    now = now or timezone.now()
    with transaction.atomic():
        due = RefusedAttempts.objects.filter(
            hour__gt=now - timedelta(hours=2), warned_at=None, count__gte=settings.ATTEMPTS_ALARM
        )
        hours = list(due.select_for_update(skip_locked=True).order_by("hour"))
        RefusedAttempts.objects.filter(pk__in=[hour.pk for hour in hours]).update(warned_at=now)
    addresses = sorted({user.email for user in _managers() if user.email}) if hours else []
    for address in addresses:
        EmailMessage(_("Many attempts were refused"), _words(hours[-1]), to=[address]).send()
    for hour in hours:
        managers = [user.pk for user in _managers()]
        notify(Notification.Kind.ALARM, managers, key=hour.hour.isoformat(timespec="hours"), now=now)
    return len(addresses)


def recent_alarm(now: datetime | None = None) -> str:
    """What the desk says to a manager who signs in within a day of an alarm; "" without one."""
    since = (now or timezone.now()) - REMEMBERED
    latest = RefusedAttempts.objects.filter(warned_at__gt=since).order_by("-hour").first()
    return _words(latest) if latest else ""


def _words(hour: RefusedAttempts) -> str:
    return ngettext(
        "%(count)d attempt to sign in or to find an order was refused within one hour. Somebody may be guessing. "
        "Check that your colleagues use a second step for signing in.",
        "%(count)d attempts to sign in or to find an order were refused within one hour. Somebody may be guessing. "
        "Check that your colleagues use a second step for signing in.",
        hour.count,
    ) % {"count": hour.count}


def _managers() -> list[User]:
    app, codename = APPROVE.split(".")
    right = Permission.objects.filter(content_type__app_label=app, codename=codename)
    rights = Q(groups__permissions__in=right) | Q(user_permissions__in=right) | Q(is_superuser=True)
    return list(User.objects.filter(rights, is_active=True).distinct().order_by("pk"))
