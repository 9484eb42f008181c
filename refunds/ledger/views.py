"""Pages of the ledger: entries and balances, one voucher, claims."""

from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from refunds.ledger.balances import balances, balances_of
from refunds.ledger.filters import EntryFilter
from refunds.ledger.listing import CLAIMS, LEDGER, entries_by, find_claims
from refunds.ledger.queries import entries_with_cases
from refunds.models import Claim, Entry
from signoff.web.access import staff
from signoff.web.formatting import money
from signoff.web.requests import StaffRequest

VIEW = "refunds.view_entry"


@staff(VIEW)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """All entries, newest first, with the balance of every account."""
    chosen = EntryFilter(request.GET, queryset=Entry.objects.all())
    page = entries_by(chosen, request.GET).page()
    account = chosen.data.get("account", "")
    currency_sums = balances_of(chosen.qs) if chosen.data.get("case") else balances(account)
    context = {"filter": chosen, "page": page, "desk_list": LEDGER, "balances": currency_sums}
    return render(request, "refunds/desk/ledger.html", context)


@staff(VIEW)
@require_safe
def voucher(request: HttpRequest, number: str, voucher: int) -> HttpResponse:
    """One voucher with both its sides and its place in the chain."""
    entries = list(entries_with_cases().filter(case__number=number, voucher=voucher).order_by("seq"))
    if not entries:
        raise Http404
    context = {
        "entries": entries,
        "first": entries[0],
        "case": entries[0].case,
        "debit": sum(entry.amount for entry in entries if entry.amount > 0),
    }
    return render(request, "refunds/desk/ledger_voucher.html", context)


VIEW_CLAIMS = "refunds.view_claim"


@staff(VIEW_CLAIMS)
@require_safe
def claim_list(request: StaffRequest) -> HttpResponse:
    """All claims or those of one currency, newest first, with their totals."""
    sums = Claim.objects.values("currency").annotate(sum=Sum("amount"), count=Count("pk")).order_by("currency")
    currency_sums = list(sums)
    chosen = request.GET.get("currency", "")
    page = find_claims(request.user, request.GET).page()
    totals = [
        {**row, "shown": money(row["sum"], row["currency"]), "url": f"?currency={row['currency']}"}
        for row in currency_sums
    ]
    return render(
        request, "refunds/desk/claims.html", {"page": page, "desk_list": CLAIMS, "totals": totals, "chosen": chosen}
    )
