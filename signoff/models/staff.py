"""Members of staff beyond their account: the teams they work in, and what each has chosen for themselves."""

import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from signoff.models.shops import known_zone


class TeamQuerySet(models.QuerySet["Team"]):
    def of_user(self, user: User) -> "TeamQuerySet":
        """The active teams that ``user`` belongs to."""
        return self.active().filter(members=user)

    def active(self) -> "TeamQuerySet":
        return self.filter(active=True)


class Team(models.Model):
    """Colleagues who share work. Cases can be assigned to a team, views shared with it; a retired one is inactive."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="teams", verbose_name=_("members")
    )
    active = models.BooleanField(
        _("active"), default=True, help_text=_("An inactive team gets no new cases; its members no longer see its tab.")
    )

    objects = TeamQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[members])

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class StaffProfile(models.Model):
    """What a member of staff has chosen for themselves; without a row every choice is the default.

    An absence covers whole days in the person's own time zone, first and last day included. ``muted`` are codes of
    kinds of notification that are switched off; the kinds themselves belong to the app that sends them.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff_profile", verbose_name=_("user")
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, blank=True, help_text=_("Empty: the browser's.")
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, blank=True, validators=[known_zone], help_text=_("Such as Europe/Berlin.")
    )
    absent_from = models.DateField(_("absent from"), null=True, blank=True)
    absent_until = models.DateField(_("absent until"), null=True, blank=True)
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stand-in"),
        help_text=_("Gets the cases that come back during the absence."),
    )
    muted = models.JSONField(_("notifications switched off"), default=list, blank=True, db_default=[])

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("staff profile")
        verbose_name_plural = _("staff profiles")
        constraints = [
            models.CheckConstraint(
                condition=Q(absent_from=None, absent_until=None)
                | Q(absent_from__isnull=False, absent_until__isnull=False, absent_from__lte=F("absent_until")),
                name="absence_has_first_and_last_day",
            ),
            models.CheckConstraint(condition=~Q(stand_in=F("user")) | Q(stand_in=None), name="stand_in_is_another"),
        ]

    def __str__(self) -> str:
        return self.user.get_full_name() or self.user.get_username()

    def is_absent(self, day: datetime.date) -> bool:
        """Whether ``day``, a date in the person's own zone, lies within the absence."""
        return bool(self.absent_from and self.absent_until and self.absent_from <= day <= self.absent_until)
