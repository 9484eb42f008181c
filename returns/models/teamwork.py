"""Who follows a case, and who has its page open."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from returns.models.cases import Case


class CaseWatcher(models.Model):
    """A member of staff who is notified about a case that is not theirs."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="watchers", verbose_name=_("case"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"), db_index=False
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("watcher")
        verbose_name_plural = _("watchers")
        constraints = [models.UniqueConstraint(fields=["user", "case"], name="one_watch_per_person_and_case")]

    def __str__(self) -> str:
        return f"{self.user} · {self.case}"


class Presence(models.Model):
    """A member of staff whose browser shows the page of a case. Rows are erased minutes after it has gone."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+", verbose_name=_("case"), db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("user"), db_index=False
    )
    since = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last seen"), db_index=True)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="one_presence_per_case_and_person")]

    def __str__(self) -> str:
        return f"{self.user} · {self.case}"
