"""Notifications to staff, and the daily mail that sums them up."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.models.conversation import Thread
from returns.models import Case


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of_user(self, user: int) -> "NotificationQuerySet":
        """The notifications of the user with this key, with what a list shows."""
        return self.filter(user=user).select_related("case", "thread__order", "by")

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


class Notification(models.Model):
    """One thing that one member of staff should know, made once (``user``, ``kind``, ``key``).

    Its words are written from ``kind``, ``case`` or ``thread``, and ``by`` when it is shown; it holds nothing personal
    of a shopper. ``thread`` is an inquiry: a note in it may mention a colleague too.
    """

    class Kind(models.TextChoices):
        ANSWERED = "answered", pgettext_lazy("notification", "The shopper answered")
        ASSIGNED = "assigned", pgettext_lazy("notification", "A case was assigned to me")
        MENTIONED = "mentioned", pgettext_lazy("notification", "A colleague mentioned me")
        OVERDUE = "overdue", pgettext_lazy("notification", "A case of mine is overdue")
        SENT_BACK = "sent_back", pgettext_lazy("notification", "A plan was sent back")
        PAYOUT_FAILED = "payout_failed", pgettext_lazy("notification", "A payout failed")
        ALARM = "alarm", pgettext_lazy("notification", "Many attempts to sign in were refused")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("user"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    key = models.CharField(max_length=80)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("case"))
    thread = models.ForeignKey(
        Thread, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("inquiry")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    made_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="one_notification_per_event"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["answered", "assigned", "mentioned", "overdue", "sent_back"],
                    case__isnull=False,
                    thread=None,
                )
                | Q(kind="mentioned", case=None, thread__isnull=False)
                | Q(kind__in=["payout_failed", "alarm"], thread=None),
                name="notification_kind_known",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-made_at", "-id"], name="notification_newest"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.made_at:%Y-%m-%d}"

    @property
    def about(self) -> Case | Thread | None:
        """What it links to."""
        return self.case or self.thread


class Digest(models.Model):
    """The mail of one day to one member of staff: claimed, sent outside any transaction, settled."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("user"), db_index=False
    )
    day = models.DateField(_("day"))
    until = models.DateTimeField(_("until"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("daily summary")
        verbose_name_plural = _("daily summaries")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_per_person_and_day")]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(sent_at=None), name="digest_to_send")]

    def __str__(self) -> str:
        return f"{self.user} {self.day}"
