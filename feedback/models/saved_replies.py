"""Words for frequent answers, which agents put into a message."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class SavedReply(models.Model):
    """Words for a frequent answer, in three languages; ``{{ … }}`` variables are filled when it is inserted."""

    key = models.CharField(
        _("key"),
        max_length=30,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9-]+$", _("Use small letters, digits and hyphens only."))],
        help_text=_("Short and easy to type, such as: thanks"),
    )
    title_en = models.CharField(_("title (English)"), max_length=60)
    title_zh_hans = models.CharField(_("title (Simplified Chinese)"), max_length=60, blank=True)
    title_zh_hant = models.CharField(_("title (Traditional Chinese)"), max_length=60, blank=True)
    text_en = models.TextField(_("text (English)"))
    text_zh_hans = models.TextField(_("text (Simplified Chinese)"), blank=True)
    text_zh_hant = models.TextField(_("text (Traditional Chinese)"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("saved reply")
        verbose_name_plural = _("saved replies")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.key

    @property
    def title(self) -> str:
        """The title in the reader's language, else in English."""
        return str(getattr(self, _column("title", get_language() or "en"), "")) or self.title_en

    def text_in(self, language: str) -> str:
        """The text in this language, else in English."""
        return str(getattr(self, _column("text", language), "")) or self.text_en


def _column(name: str, language: str) -> str:
    return f"{name}_{language.replace('-', '_')}"
