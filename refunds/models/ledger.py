"""Ledger entries. Append-only, balanced per voucher, chained per case."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pgtrigger import After, Deferred, Insert, Trigger

from refunds.models.refunds import Refund
from returns.models import Case
from signoff.db.triggers import append_only
from signoff.models import Customer
from signoff.models.orders import money

BALANCED = """
    IF (SELECT sum(amount) FROM refunds_entry WHERE case_id = NEW.case_id AND voucher = NEW.voucher) <> 0 THEN
        RAISE EXCEPTION 'voucher % of case % does not balance', NEW.voucher, NEW.case_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


class Entry(models.Model):
    """One side of a voucher: ``amount`` is positive for debit, negative for credit (order's currency).

    ``voucher`` numbers the vouchers of a case, ``seq`` its entries; ``hash`` = sha256(previous hash ‖
    canonical JSON) over all entries of the case. Corrected only by counter-entries.
    """

    class Account(models.TextChoices):
        RETURNS = "returns", _("sales returns")
        TAX = "tax", _("tax on sales returns")
        PAYABLE = "payable", _("refunds payable")
        BANK = "bank", _("bank")
        STORE_CREDIT = "store_credit", _("store credit owed to shoppers")
        PROVIDER = "provider", _("payment providers")
        PLATFORM = "platform", _("money at marketplaces")
        SHOP = "shop", _("refunded by the shop itself")

    case = models.ForeignKey(Case, models.PROTECT, related_name="ledger", verbose_name=_("case"))
    seq = models.PositiveIntegerField()
    voucher = models.PositiveIntegerField(_("journal entry"))
    at = models.DateTimeField(_("when"))
    account = models.CharField(_("account"), max_length=20, choices=Account)
    amount = money(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    refund = models.ForeignKey(
        Refund, models.PROTECT, null=True, blank=True, related_name="ledger", verbose_name=_("refund")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="ledger", verbose_name=_("customer")
    )
    text = models.CharField(_("text"), max_length=120)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering = ["case", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="one_ledger_entry_per_number"),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_entry_not_zero"),
        ]
        indexes = [
            models.Index(fields=["account", "customer"], name="ledger_account_customer"),
            models.Index(fields=["-at", "-id"], name="ledger_newest"),
            models.Index(fields=["amount", "id"], name="ledger_by_amount"),
        ]
        triggers = [
            *append_only("ledger"),
            Trigger(name="ledger_balanced", when=After, operation=Insert, timing=Deferred, func=BALANCED),
        ]

    def __str__(self) -> str:
        return f"{self.get_account_display()} {self.amount}"
