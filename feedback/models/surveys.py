"""Surveys, one per resolved case, and the shopper's answer."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.models.readings import SurveyQuerySet
from returns.models import Case
from signoff.db.tokens import public_token


class Survey(models.Model):
    """One survey per case, reached by its token from the mail."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="survey", verbose_name=_("case"))
    token = models.CharField(max_length=32, unique=True, default=public_token, editable=False)
    asked_at = models.DateTimeField(_("invited"))

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="survey_newest")]

    def __str__(self) -> str:
        return f"{self.case_id}"


class Answer(models.Model):
    """The shopper's answer: satisfaction and ease from 1 (worst) to 5 (best), and a comment."""

    survey = models.OneToOneField(Survey, models.PROTECT, related_name="answer", verbose_name=_("survey"))
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    ease = models.PositiveSmallIntegerField(_("ease"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    words = models.TextField(_("comment"), blank=True)
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(satisfaction__range=(1, 5), ease__range=(1, 5)), name="answer_one_to_five"
            )
        ]

    def __str__(self) -> str:
        return f"{self.satisfaction}/5"
