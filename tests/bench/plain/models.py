"""One row for each return, changed in place."""

from django.conf import settings
from django.db import models


class Return(models.Model):
    """What a shopper sends back. Its ``status`` is a word, and nobody remembers what it was before."""

    number = models.CharField(max_length=20, unique=True)
    order = models.CharField(max_length=40)
    article = models.CharField(max_length=80)
    quantity = models.PositiveIntegerField()
    words = models.TextField(blank=True)
    status = models.CharField(max_length=20, default="submitted")
    amount = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    note = models.TextField(blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    tracking_number = models.CharField(max_length=80, blank=True)
    received = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "plain"

    def __str__(self) -> str:
        return self.number
