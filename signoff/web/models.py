"""Rows of the rate limits. They hold keyed hashes and times, no personal data."""

from django.db import models


class Attempt(models.Model):
    """One attempt that counts under ``key_hash``; see ``signoff.web.attempts``."""

    key_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key_hash", "at"], name="attempt_key")]

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class RefusedAttempts(models.Model):
    """How many attempts the limits refused in the hour that begins at ``hour``, and when managers were warned of it."""

    hour = models.DateTimeField(unique=True)
    count = models.PositiveIntegerField(default=0)
    warned_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.count} refused attempts"
