"""Views of the desk's lists that people keep: an address with its filters, order and columns, under a name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from signoff.models.staff import Team


class SavedView(models.Model):
    """A list's address under a name: of one person, or of a team whose members all see it."""

    list = models.CharField(_("list"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("address"), max_length=1000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views", verbose_name=_("owner")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="saved_views", verbose_name=_("team")
    )

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["list", "owner", "name"], condition=Q(team=None), name="one_view_per_name"),
            models.UniqueConstraint(
                fields=["list", "team", "name"], condition=Q(team__isnull=False), name="one_team_view_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
