"""The desk's pages for opening cases for a shopper: find the order, choose items, details, check."""

from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from returns.intake import contacts
from returns.intake.drafts import AlreadySent
from returns.intake.forms import ContactForm, ItemsOfOrderForm
from returns.intake.promised_date import DateMoved, promised_date
from returns.intake.queries import further_orders, goods_of, open_contacts
from returns.intake.steps import Pages, answer_details, check_context
from returns.intake.submit import Incomplete, is_complete
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.models import Case, Contact, Draft
from returns.permissions import REVIEW
from signoff.models import Order
from signoff.orders.queries import find_orders
from signoff.pictures.clean import FORM_MAX
from signoff.web.access import staff
from signoff.web.form_handling import handle_form, run_action, show_error_message
from signoff.web.formatting import join_list
from signoff.web.requests import StaffRequest
from signoff.web.uploads import takes


@staff(REVIEW)
@require_safe
def find(request: StaffRequest) -> HttpResponse:
    """Find the order that the shopper speaks of; above it, the agent's own drafts."""
    words = request.GET.get("q", "").replace("\x00", "").strip()
    context = {
        "words": words,
        "page": find_orders(words, user=request.user, query=request.GET) if words else None,
        "contacts": open_contacts(request.user),
    }
    return render(request, "returns/desk/intake/find.html", context)


@staff(REVIEW)
def start(request: StaffRequest, token: str) -> HttpResponse:
    """Channel, caller and items, for a contact that begins with this order."""
    order = get_object_or_404(Order.objects.for_desk_page(), token=token)
    return _items(request, [order, *further_orders(order)], None)


@staff(REVIEW)
def items(request: StaffRequest, contact: str) -> HttpResponse:
    """Change what was chosen before."""
    found = get_object_or_404(Contact, token=contact)
    drafts = _drafts(found)
    if sent := next((draft.case for draft in drafts if draft.case), None):
        return redirect(sent)
    orders = [draft.order for draft in drafts]
    further = [order for order in further_orders(orders[0]) if order not in orders] if orders else []
    return _items(request, [*orders, *further], found, drafts)


def _items(
    request: StaffRequest, orders: Sequence[Order], contact: Contact | None, drafts: Sequence[Draft] = ()
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    chosen = {
        draft.order_id: {entry["line"]: entry["quantity"] for entry in draft.data.get("lines", [])} for draft in drafts
    }
    if not contact:
        chosen = {order.pk: {} for order in orders[1:]}
    forms = [
        ItemsOfOrderForm(sent, order=order, lines=goods_of(order), chosen=chosen.get(order.pk, {} if contact else None))
        for order in orders
    ]
    form = ContactForm(sent, initial=_said(orders[0] if orders else None, contact))

    def page() -> HttpResponse:
        first, others = next(iter(forms), None), forms[1:]
        context = {
            "form": form,
            "first": first,
            "others": [row for row in others if row.lines],
            "contact": contact,
            "order": orders[0] if orders else None,
            "own": [] if contact else [row for row in open_contacts(request.user) if _is_about(row, orders)],
        }
        return render(request, "returns/desk/intake/items.html", context)

    valid = [row.is_valid() for row in forms]  # each, so that every order shows its own errors
    if sent is not None and all(valid) and not any(row.quantities for row in forms):
        form.add_error(None, _("Choose at least one item."))
    if sent is not None and not all(valid):
        return page()
    quantities = {row.order: row.quantities for row in forms if sent is not None and row.quantities}
    action = partial(contacts.change, contact) if contact else partial(contacts.begin, by=request.user)
    return handle_form(
        request,
        form,
        page=page,
        action=partial(action, quantities),
        next_page=lambda kept: _details_url(kept, _drafts(kept)[0]),
        refusals={AlreadySent: lambda sent: redirect(sent.case)},
    )


def _said(order: Order | None, contact: Contact | None) -> dict[str, str]:
    if contact:
        return {"channel": contact.channel, "caller": contact.caller}
    customer = order.customer if order else None
    return {"channel": Case.Channel.PHONE, "caller": customer.name if customer else ""}


def _is_about(contact: Contact, orders: Sequence[Order]) -> bool:
    return any(draft.order_id == order.pk for draft in contact.drafts.all() for order in orders)


@takes(FORM_MAX)
@staff(REVIEW)
def details(request: StaffRequest, contact: str, draft: str) -> HttpResponse:
    """Reason, wish, words and photos for the items of one order; then the next order, then the check."""
    found = get_object_or_404(Contact, token=contact)
    drafts = _drafts(found)
    place = next((place for place, row in enumerate(drafts) if row.token == draft), None)
    if place is None:
        return redirect("returns:desk-request-items", found.token)
    last = place + 1 == len(drafts)
    check_url = reverse("returns:desk-request-check", args=[found.token])
    context = {"contact": found, "place": place + 1, "of": len(drafts)}
    pages = Pages(
        items=reverse("returns:desk-request-items", args=[found.token]),
        details=_details_url(found, drafts[place]),
        following=check_url if last else _details_url(found, drafts[place + 1]),
        render=lambda shown: render(request, "returns/desk/intake/details.html", shown | context),
        added_by=request.user,
    )
    try:
        return answer_details(request, drafts[place], pages)
    except AlreadySent as sent:
        return redirect(sent.case)


@staff(REVIEW)
def check(request: StaffRequest, contact: str) -> HttpResponse:
    """Show all drafts of the contact for checking, and open their cases."""
    found = get_object_or_404(Contact, token=contact)
    drafts = _drafts(found)
    if request.method == "POST":
        return _open_cases(request, found, drafts)
    if sent := next((draft.case for draft in drafts if draft.case), None):
        return redirect(sent)
    if not drafts:
        return redirect("returns:desk-request-items", found.token)
    if unready := _unready(drafts):
        return redirect(_details_url(found, unready))
    context = {
        "contact": found,
        "order": drafts[0].order,
        "parts": [check_context(draft) | {"details_url": _details_url(found, draft)} for draft in drafts],
    }
    return render(request, "returns/desk/intake/check.html", context)


def _open_cases(request: StaffRequest, contact: Contact, drafts: Sequence[Draft]) -> HttpResponse:
    check_url = reverse("returns:desk-request-check", args=[contact.token])

    def submit_as_promised() -> list[Case]:
        now = timezone.now()
        promised = {
            draft.token: promised_date(draft, request.POST.get(f"promised-{draft.token}", ""), now=now)
            for draft in drafts
        }
        return contacts.submit_all(contact, by=request.user, promised=promised)

    def show_new_date(moved: DateMoved) -> HttpResponse:
        messages.info(request, str(moved))
        return redirect(check_url)

    return run_action(
        request,
        submit_as_promised,
        done=_opened,
        next_page=lambda cases: cases[0].get_absolute_url() if cases else reverse("returns:desk-request"),
        refusals={
            DateMoved: show_new_date,
            ExceedsOrdered: show_error_message(
                request, next_page=reverse("returns:desk-request-items", args=[contact.token])
            ),
            Incomplete: lambda _refusal: redirect(_details_url(contact, _unready(drafts) or drafts[0])),
        },
    )


def _opened(cases: Sequence[Case]) -> str:
    customer, numbers = cases[0].customer, join_list(case.number for case in cases)
    opened = ngettext("Case %(numbers)s is open.", "Cases %(numbers)s are open.", len(cases)) % {"numbers": numbers}
    if customer and customer.email:
        return f"{opened} {_('The shopper gets an e-mail.')}"
    return f"{opened} {_('There is no e-mail address, so tell them the number.')}"


@staff(REVIEW)
@require_POST
def drop(request: StaffRequest, contact: str) -> HttpResponse:
    """Discard a draft of one's own or a colleague's."""
    found = get_object_or_404(Contact, token=contact)
    return run_action(
        request,
        partial(contacts.discard, found),
        done=_("The draft is discarded."),
        next_page=reverse("returns:desk-request"),
        refusals={AlreadySent: lambda sent: redirect(sent.case)},
    )


def _drafts(contact: Contact) -> list[Draft]:
    return list(contact.drafts.select_related("case", "order__shop", "order__customer").order_by("pk"))


def _unready(drafts: Sequence[Draft]) -> Draft | None:
    return next((draft for draft in drafts if not is_complete(draft)), None)


def _details_url(contact: Contact, draft: Draft) -> str:
    return reverse("returns:desk-request-details", args=[contact.token, draft.token])
