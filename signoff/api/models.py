"""API tokens, and stored responses of idempotent requests."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """Scopes of tokens; each operation requires one."""

    QUOTES = "quotes", _("quotes")


class ApiToken(models.Model):
    """A token of the API. It is shown once; only its SHA-256 is stored.

    Without a ``shop`` it is valid for all shops.
    """

    name = models.CharField(_("name"), max_length=80)
    shop = models.ForeignKey(
        "signoff.Shop", models.PROTECT, null=True, blank=True, related_name="api_tokens", verbose_name=_("shop")
    )
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), verbose_name=_("scope"))
    prefix = models.CharField(_("prefix"), max_length=12)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("revoked by")
    )

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_good(self, *, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class KeptAnswer(models.Model):
    """The stored response to a request with an Idempotency-Key, written in the transaction of its effect.

    ``fingerprint`` is the SHA-256 of method, path and body.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="answers", verbose_name=_("token"))
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("stored response")
        verbose_name_plural = _("stored responses")
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key
