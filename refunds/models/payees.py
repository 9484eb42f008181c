"""Payees: the account to which a shopper wants a bank transfer. Personal data, so without history, and erasable."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from returns.models import Case
from signoff.db.encrypted import EncryptedText


class Payee(models.Model):
    """The account for the bank transfers of one case. Name and account are encrypted; pages show ``masked``."""

    class Kind(models.TextChoices):
        IBAN = "iban", _("bank account (IBAN)")
        CARD = "card", _("Chinese bank card")
        ALIPAY = "alipay", _("Alipay")

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True, related_name="payee", verbose_name=_("case"))
    kind = models.CharField(_("kind of account"), max_length=10, choices=Kind)
    name = EncryptedText(_("name as at the bank"))
    account = EncryptedText(_("account"))
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("payee")
        verbose_name_plural = _("payees")

    def __str__(self) -> str:
        return f"{self.masked_name} {self.masked_account}"

    @property
    def masked_name(self) -> str:
        """The first letter of each word of the name."""
        return " ".join(word[0] + "•" * min(len(word) - 1, 6) for word in self.name.split())

    @property
    def masked_account(self) -> str:
        """The beginning of an IBAN and the last four characters; of an Alipay account its first and last."""
        if self.kind == self.Kind.ALIPAY:
            return f"{self.account[:1]}•••{self.account[-3:]}"
        start = self.account[:2] if self.kind == self.Kind.IBAN else ""
        return f"{start}•• •••• •••• {self.account[-4:]}".strip()
