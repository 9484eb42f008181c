"""Pages of a request: choose the items, say what is wrong with each, check and submit."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from returns.intake.access import draft_of, entered_order
from returns.intake.drafts import AlreadySent, attach, choose, describe, detach, start
from returns.intake.estimate_dates import estimate_dates
from returns.intake.forms import ANSWERS, WISH_LABELS, DetailsForm, ItemsForm
from returns.intake.freight import freight_sentence
from returns.intake.promised_date import DateMoved, promised_date, sign_promise
from returns.intake.queries import goods_of, lines_of_order, pictures_of, reasons_of
from returns.intake.reasons import travels
from returns.intake.submit import Incomplete, is_complete, submit
from returns.lifecycle.unit_reservation import ExceedsOrdered
from returns.models import Case, Draft, Evidence, Reason
from returns.models.reasons import EXCHANGE_FIELDS, instead_of
from signoff.db.required import required
from signoff.lookup.access import shopper
from signoff.models import Order, OrderLine
from signoff.pictures.clean import FORM_MAX, clean_each
from signoff.pictures.fields import ACCEPT
from signoff.web.form_handling import handle_form, run_action, show_error_message
from signoff.web.requests import HtmxRequest
from signoff.web.uploads import takes


@shopper
def items(request: HttpRequest, token: str) -> HttpResponse:
    """Choose lines and quantities; with ``?draft=`` change what was chosen before."""
    order = entered_order(request, token)
    draft = _draft_to_continue(order, request.GET.get("draft", ""))
    lines = goods_of(order)
    form = ItemsForm(request.POST if request.method == "POST" else None, lines=lines, chosen=_chosen(draft))

    def keep_choice(**_values: object) -> Draft:
        chosen = form.quantities
        return choose(draft, quantities=chosen) if draft else start(order, quantities=chosen)

    return handle_form(
        request,
        form,
        page=lambda: render(request, "returns/portal/items.html", {"order": order, "shop": order.shop, "form": form}),
        action=keep_choice,
        next_page=lambda kept: reverse("returns:request-details", args=[order.token, kept.token]),
        refusals={AlreadySent: _show_case},  # in another window, a moment ago
    )


def _show_case(sent: AlreadySent) -> HttpResponse:
    return redirect("returns:status", sent.case.number)


def _draft_to_continue(order: Order, token: str) -> Draft | None:
    """The draft to continue; None where it was submitted, so that the next request is a new one."""
    return Draft.objects.filter(order=order, token=token, case=None).first() if token else None


def _chosen(draft: Draft | None) -> dict[int, int]:
    return {entry["line"]: entry["quantity"] for entry in draft.data.get("lines", [])} if draft else {}


@dataclass
class Section:
    """One line of the request as the page shows it."""

    line: OrderLine
    quantity: int
    said: dict[str, str]
    photos: list[Evidence]
    refusals: list[str] = field(default_factory=list)
    form: DetailsForm | None = None

    @property
    def name(self) -> str:
        return f"line{self.line.position}"


@takes(FORM_MAX)
@shopper
def details(request: HtmxRequest, token: str, draft: str) -> HttpResponse:
    """Reason, wish, words and photos for each chosen line."""
    order = entered_order(request, token)
    found = draft_of(order, draft)
    try:
        return _answer(request, found)
    except AlreadySent as sent:
        return _show_case(sent)


def sections_of(draft: Draft) -> list[Section]:
    """The chosen lines by position, each with its answers and photos."""
    entries = {entry["line"]: entry for entry in draft.data.get("lines", [])}
    photos: dict[int | None, list[Evidence]] = {}
    for picture in pictures_of(draft):
        photos.setdefault(picture.order_line_id, []).append(picture)
    return [
        Section(line, entries[line.pk]["quantity"], entries[line.pk], photos.get(line.pk, []))
        for line in lines_of_order(draft.order, list(entries))
    ]


def _answer(request: HtmxRequest, draft: Draft) -> HttpResponse:
    if draft.case is not None:
        raise AlreadySent(draft.case)
    if not draft.data.get("lines"):
        return redirect("returns:request", draft.order.token)
    reasons = reasons_of(draft.order.shop_id)
    if request.method == "POST":
        return _save_details(request, draft, reasons)
    if request.htmx:
        return _show_wishes(request, draft, reasons)
    return _page(request, draft, _asked(sections_of(draft), reasons))


def _show_wishes(request: HtmxRequest, draft: Draft, reasons: list[Reason]) -> HttpResponse:
    """The wishes that fit the reason just chosen, for one line."""
    sections = sections_of(draft)
    shown = next((section for section in sections if f"{section.name}-wishes" == request.htmx.target), sections[0])
    shown.said = shown.said | {name: request.GET.get(f"{shown.name}-{name}", "") for name in ("reason", "wish")}
    _asked([shown], reasons)
    return render(request, "returns/portal/details.html#wishes", {"section": shown})


def _save_details(request: HtmxRequest, draft: Draft, reasons: list[Reason]) -> HttpResponse:
    """Save the form in the draft, then go to the next step or show what is missing."""
    refusals = _store_photos(request, draft)
    if gone := request.POST.get("remove"):
        detach(draft, token=gone)
    sections = sections_of(draft)
    for section in sections:
        section.refusals = refusals.get(section.line.pk, [])
        section.form = DetailsForm(request.POST, prefix=section.name, reasons=reasons, photos=len(section.photos))
    incomplete = [section for section in sections if not required(section.form).is_valid()]
    draft = describe(draft, said={section.line.pk: required(section.form).answers() for section in sections})
    if "upload" in request.POST or "remove" in request.POST:
        return _show_photos(request, draft, sections, reasons)
    if not incomplete and not refusals:
        return redirect("returns:request-check", draft.order.token, draft.token)
    return _page(request, draft, sections)


def _store_photos(request: HttpRequest, draft: Draft) -> dict[int, list[str]]:
    """Store the photos; returns the refusals by order line."""
    refusals: dict[int, list[str]] = {}
    for section in sections_of(draft) if request.FILES else ():
        if uploads := request.FILES.getlist(f"{section.name}-photos"):
            pictures, refused = clean_each(uploads, existing=len(section.photos))
            late = attach(draft, line=section.line, pictures=pictures)  # counts again, under its lock
            if refused := refused or late:
                refusals[section.line.pk] = refused
    return refusals


def _show_photos(request: HtmxRequest, draft: Draft, sections: list[Section], reasons: list[Reason]) -> HttpResponse:
    """Only photos were added or removed: show the form without error messages."""
    if request.htmx:
        shown = next((section for section in sections if section.name == request.htmx.target), sections[0])
        return render(request, "returns/portal/details.html#photos", {"section": shown, "accept": ACCEPT})
    if not any(section.refusals for section in sections):
        return redirect("returns:request-details", draft.order.token, draft.token)
    for section in sections:  # what was typed just now, right or not, not what the draft held before
        section.said = section.said | {name: required(section.form)[name].value() for name in ANSWERS}
    return _page(request, draft, _asked(sections, reasons))


def _asked(sections: list[Section], reasons: list[Reason]) -> list[Section]:
    for section in sections:
        section.form = DetailsForm(
            prefix=section.name,
            reasons=reasons,
            photos=len(section.photos),
            initial={name: section.said.get(name) for name in ANSWERS if name != "wish"}
            | ({"wish": section.said["wish"]} if section.said.get("wish") else {}),
        )
    return sections


def _page(request: HttpRequest, draft: Draft, sections: list[Section]) -> HttpResponse:
    context = {"order": draft.order, "shop": draft.order.shop, "draft": draft, "sections": sections, "accept": ACCEPT}
    return render(request, "returns/portal/details.html", context)


@shopper
def check(request: HttpRequest, token: str, draft: str) -> HttpResponse:
    """Show the request for checking, and submit it."""
    order = entered_order(request, token)
    found = draft_of(order, draft)
    if request.method == "POST":
        return _send(request, found)
    if found.case is not None:
        return redirect("returns:status", found.case.number)
    if not is_complete(found):
        return redirect("returns:request-details", order.token, found.token)
    sections = sections_of(found)
    reasons = {reason.code: reason for reason in reasons_of(order.shop_id)}
    chosen = [(reasons[section.said["reason"]], section.said.get("wish", "")) for section in sections]
    returning = [reason for reason, wish in chosen if travels(reason, wish)]
    dates = estimate_dates(timezone.now(), goods_come_back=bool(returning))
    context = {
        "order": order,
        "shop": order.shop,
        "draft": found,
        "rows": [_row(section, reasons) for section in sections],
        "goods_come_back": bool(returning),
        "freight": freight_sentence(returning),
        "dates": dates,
        "promised": sign_promise(found, dates.decision_by),
    }
    return render(request, "returns/portal/check.html", context)


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    order = draft.order

    def submit_as_promised() -> Case:
        promised = promised_date(draft, request.POST.get("promised", ""), now=timezone.now())
        return submit(draft, by=order.customer, language=get_language() or "en", promised=promised)

    def show_new_date(moved: DateMoved) -> HttpResponse:
        messages.info(request, str(moved))
        return redirect("returns:request-check", order.token, draft.token)

    choose_again = reverse("returns:request", args=[order.token], query={"draft": draft.token})
    return run_action(
        request,
        submit_as_promised,
        done=lambda case: _("We've received your request. Its number is %(number)s.") % {"number": case.number},
        next_page=lambda case: reverse("returns:status", args=[case.number]),
        refusals={
            DateMoved: show_new_date,
            ExceedsOrdered: show_error_message(request, next_page=choose_again),
            Incomplete: lambda _refusal: redirect("returns:request-details", order.token, draft.token),
        },
    )


def _row(section: Section, reasons: dict[str, Reason]) -> dict[str, object]:
    return {
        "section": section,
        "reason": reasons[section.said["reason"]].title,
        "wish": WISH_LABELS.get(section.said.get("wish", ""), ""),
        "instead": instead_of(*(section.said.get(name, "") for name in ("wish", *EXCHANGE_FIELDS))),
    }
