"""A call, chat, e-mail or visit in which an agent opens cases for a shopper."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from returns.models.cases import BY_AGENT, Case
from signoff.db.tokens import public_token


class Contact(models.Model):
    """One call, chat, e-mail or visit; it has one draft, and later one case, for each order that it is about.

    ``caller`` is the name as it was said. It is personal, so it is neither in the logbook nor in a history.
    """

    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    channel = models.CharField(
        _("channel"), max_length=10, choices=[(channel.value, channel.label) for channel in BY_AGENT]
    )
    caller = models.CharField(_("caller"), max_length=120, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    started_at = models.DateTimeField(_("begun"), auto_now_add=True)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(condition=models.Q(channel__in=BY_AGENT), name="contact_channel_of_an_agent")
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"

    def cases(self) -> models.QuerySet[Case]:
        """The cases that were opened in it, oldest first."""
        return Case.objects.filter(draft__contact=self).order_by("pk")

    def forget_caller(self) -> None:
        """Erase the name of the caller; the cases and their channel stay."""
        self.caller = ""
        self.save(update_fields=["caller"])
