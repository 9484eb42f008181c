"""What others owe for broken rules, as finance sees it."""

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from refunds.models import Claim
from signoff.access import staff
from signoff.paging import page_by_key
from signoff.wording import money

VIEW = "refunds.view_claim"


@staff(VIEW)
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """All claims, the newest first, or those of one currency; with what they come to."""
    sums = Claim.objects.values("currency").annotate(sum=Sum("amount"), count=Count("pk")).order_by("currency")
    totals = list(sums)
    chosen = request.GET.get("currency", "")
    rows = Claim.objects.filter(currency=chosen) if chosen in {row["currency"] for row in totals} else Claim.objects
    page = page_by_key(
        rows.all(), key="-booked_at", query=request.GET, load=Claim.objects.select_related("violation__rule")
    )
    for row in totals:
        row |= {"shown": money(row["sum"], row["currency"]), "url": f"?currency={row['currency']}"}
    return render(request, "refunds/desk/claims.html", {"page": page, "totals": totals, "chosen": chosen})
