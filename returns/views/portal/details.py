"""Second step of a request: reason, wish, words and photos of each line. Photos are kept as soon as they arrive."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from returns.actions.drafts import AlreadySent, attach, describe, detach, pictures_of
from returns.forms.portal_intake import DetailsForm
from returns.models import Draft, Evidence, Reason
from returns.reasons import reasons_of
from returns.views.portal.getters import draft_of, entered_order
from signoff.access import shopper
from signoff.models import OrderLine
from signoff.pictures.fields import ACCEPT
from signoff.pictures.sorting import sort_photos
from signoff.prepared import Prepared, one_of

_CHOSEN = Prepared(lambda keys, order: OrderLine.objects.filter(one_of("pk", keys), order_id=order))


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


@shopper
def details(request: HttpRequest, token: str, draft: str) -> HttpResponse:
    """Ask what is the matter with each chosen line."""
    order = entered_order(request, token)
    found = draft_of(order, draft)
    try:
        return _answer(request, found)
    except AlreadySent as sent:
        return redirect("returns:status", sent.case.number)


def sections_of(draft: Draft) -> list[Section]:
    """The chosen lines in the order of the order, with what was said and shown of each."""
    entries = {entry["line"]: entry for entry in draft.data.get("lines", [])}
    photos: dict[int | None, list[Evidence]] = {}
    for picture in pictures_of(draft):
        photos.setdefault(picture.order_line_id, []).append(picture)
    return [
        Section(line, entries[line.pk]["quantity"], entries[line.pk], photos.get(line.pk, []))
        for line in _CHOSEN.all(list(entries), draft.order_id, order=draft.order)
    ]


def _answer(request: HttpRequest, draft: Draft) -> HttpResponse:
    if draft.case is not None:
        raise AlreadySent(draft.case)
    if not draft.data.get("lines"):
        return redirect("returns:request", draft.order.token)
    reasons = reasons_of(draft.order.shop_id)
    if request.method == "POST":
        return _take(request, draft, reasons)
    return _page(request, draft, _asked(sections_of(draft), reasons))


def _take(request: HttpRequest, draft: Draft, reasons: list[Reason]) -> HttpResponse:
    """Keep everything that came, then go on, or say what is missing."""
    refusals = _keep_photos(request, draft)
    if gone := request.POST.get("remove"):
        detach(draft, token=gone)
    sections = sections_of(draft)
    for section in sections:
        section.refusals = refusals.get(section.line.pk, [])
        section.form = DetailsForm(request.POST, prefix=section.name, reasons=reasons, photos=len(section.photos))
    incomplete = [section for section in sections if not section.form.is_valid()]
    draft = describe(draft, said={section.line.pk: section.form.said() for section in sections})
    if "upload" in request.POST or "remove" in request.POST:
        return _only_photos(request, draft, sections, reasons)
    if not incomplete and not refusals:
        return redirect("returns:request-check", draft.order.token, draft.token)
    return _page(request, draft, sections)


def _keep_photos(request: HttpRequest, draft: Draft) -> dict[int, list[str]]:
    """Keep what can be kept; returns the sentences about what cannot, by order line."""
    refusals: dict[int, list[str]] = {}
    for section in sections_of(draft) if request.FILES else ():
        if uploads := request.FILES.getlist(f"{section.name}-photos"):
            result = sort_photos(uploads, already=len(section.photos))
            attach(draft, line=section.line, pictures=result.pictures)
            if result.refusals:
                refusals[section.line.pk] = result.refusals
    return refusals


def _only_photos(request: HttpRequest, draft: Draft, sections: list[Section], reasons: list[Reason]) -> HttpResponse:
    """Photos came or went, nobody has finished writing: nothing is judged yet."""
    if request.htmx:
        shown = next((section for section in sections if section.name == request.htmx.target), sections[0])
        return render(request, "returns/portal/details.html#photos", {"section": shown, "accept": ACCEPT})
    if not any(section.refusals for section in sections):
        return redirect("returns:request-details", draft.order.token, draft.token)
    for section in sections:  # what was typed just now, right or not, not what the draft held before
        section.said = section.said | {name: section.form[name].value() for name in ("reason", "wish", "words")}
    return _page(request, draft, _asked(sections, reasons))


def _asked(sections: list[Section], reasons: list[Reason]) -> list[Section]:
    for section in sections:
        section.form = DetailsForm(
            prefix=section.name,
            reasons=reasons,
            photos=len(section.photos),
            initial={"reason": section.said.get("reason"), "words": section.said.get("words")}
            | ({"wish": section.said["wish"]} if section.said.get("wish") else {}),
        )
    return sections


def _page(request: HttpRequest, draft: Draft, sections: list[Section]) -> HttpResponse:
    context = {"order": draft.order, "shop": draft.order.shop, "draft": draft, "sections": sections, "accept": ACCEPT}
    return render(request, "returns/portal/details.html", context)
