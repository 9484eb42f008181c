"""Ledger entries and claims as lists of the desk."""

from django.contrib.auth.models import User
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from refunds.ledger.filters import EntryFilter
from refunds.ledger.queries import entries_with_cases
from refunds.models import Claim, Entry
from signoff.web.desk_lists import Column, DeskList, Found
from signoff.web.keyset import Sort, order_of

AMOUNT = Sort("amount", descending=True)


def find_entries(user: User, query: QueryDict) -> Found:
    """The entries of the filters, the newest first."""
    return entries_by(EntryFilter(query, queryset=Entry.objects.all()), query)


def entries_by(chosen: EntryFilter, query: QueryDict) -> Found:
    """The entries of ``chosen`` in the order of the address."""
    order = order_of(query, {"when": Sort("at", descending=True), "amount": AMOUNT}, default="-when")
    return Found(chosen.qs, order, load=entries_with_cases())


def find_claims(user: User, query: QueryDict) -> Found:
    """All claims or those of one currency, the newest first."""
    rows, currency = Claim.objects.all(), query.get("currency", "")
    if currency and Claim.objects.filter(currency=currency).exists():
        rows = rows.filter(currency=currency)
    order = order_of(query, {"booked": Sort("booked_at", descending=True), "amount": AMOUNT}, default="-booked")
    return Found(rows, order, load=Claim.objects.select_related("violation__rule__shop"))


LEDGER = DeskList(
    name="ledger",
    label=_("Ledger"),
    url_name="refunds:ledger",
    permission="refunds.view_entry",
    columns=[
        Column("case", _("Case"), lambda entry: entry.case.number),
        Column("voucher", _("Journal entry"), lambda entry: entry.voucher),
        Column("when", _("When"), lambda entry: entry.at),
        Column("account", _("Account"), lambda entry: entry.get_account_display()),
        Column("text", _("Text"), lambda entry: entry.text),
        Column("debit", _("Debit"), lambda entry: entry.amount if entry.amount > 0 else None),
        Column("credit", _("Credit"), lambda entry: -entry.amount if entry.amount < 0 else None),
        Column("currency", _("Currency"), lambda entry: entry.currency),
        Column("reference", _("Reference"), lambda entry: entry.refund.provider_reference if entry.refund else ""),
    ],
    find=find_entries,
    ref=lambda entry: f"{entry.case.number}/{entry.seq}",
    zone=lambda entry: entry.case.shop.time_zone,
    shown=("case", "when", "account", "text", "debit", "credit"),
)
CLAIMS = DeskList(
    name="claims",
    label=_("Claims"),
    url_name="refunds:claim-list",
    permission="refunds.view_claim",
    columns=[
        Column("against", _("Against"), lambda claim: claim.against),
        Column("rule", _("Rule"), lambda claim: str(claim.violation.rule)),
        Column("first", _("First day"), lambda claim: claim.violation.first_day),
        Column("last", _("Last day"), lambda claim: claim.violation.last_day),
        Column("booked", _("Booked on"), lambda claim: claim.booked_at),
        Column("amount", _("Amount"), lambda claim: claim.amount),
        Column("currency", _("Currency"), lambda claim: claim.currency),
    ],
    find=find_claims,
    ref=lambda claim: claim.violation.token,
    zone=lambda claim: claim.violation.rule.shop.time_zone,
)
