"""Origin of a case that opened automatically."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from returns.models.cases import Case
from signoff.models import ParcelException, SignOff


class CaseOrigin(models.Model):
    """The sign-off or parcel exception that opened a case; each opens one case only.

    ``case`` is empty where one was asked for but nothing was left to open it about.
    """

    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="origin", verbose_name=_("case")
    )
    sign_off = models.OneToOneField(
        SignOff, models.PROTECT, null=True, blank=True, related_name="case_origin", verbose_name=_("sign-off")
    )
    exception = models.OneToOneField(
        ParcelException, models.PROTECT, null=True, blank=True, related_name="case_origin", verbose_name=_("exception")
    )

    class Meta:
        verbose_name = _("origin of a case")
        verbose_name_plural = _("origins of cases")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sign_off__isnull=False) ^ models.Q(exception__isnull=False),
                name="origin_is_sign_off_or_exception",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"
