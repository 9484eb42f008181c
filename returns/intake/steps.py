"""The three steps of a request as the shopper's pages and the desk share them: sections, answers, photos, the check.

A side (``portal``, ``desk``) brings its addresses and its page as ``Pages``; forms, saving and refusals are here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from returns.intake.drafts import AlreadySent, attach, describe, detach
from returns.intake.estimate_dates import estimate_dates
from returns.intake.forms import ANSWERS, WISH_LABELS, DetailsForm
from returns.intake.freight import freight_sentence
from returns.intake.promised_date import sign_promise
from returns.intake.queries import lines_of_order, pictures_of, reasons_of
from returns.intake.reasons import travels
from returns.models import Draft, Evidence, Reason
from returns.models.reasons import EXCHANGE_FIELDS, instead_of
from signoff.db.required import required
from signoff.models import OrderLine
from signoff.pictures.clean import clean_each
from signoff.pictures.fields import ACCEPT
from signoff.web.requests import HtmxRequest

FRAGMENTS = "returns/intake/_details.html"


@dataclass(frozen=True)
class Pages:
    """Where one side has the steps of a draft: addresses of the first step, of this one and of the next.

    ``render`` makes its page of the second step from the context; ``added_by`` is the agent whose pictures they are.
    """

    items: str
    details: str
    following: str
    render: Callable[[dict[str, Any]], HttpResponse]
    added_by: User | None = None


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


def answer_details(request: HtmxRequest, draft: Draft, pages: Pages) -> HttpResponse:
    """Answer a request of the second step: the page, a fragment of it, or what was sent. Raises ``AlreadySent``."""
    if draft.case is not None:
        raise AlreadySent(draft.case)
    if not draft.data.get("lines"):
        return redirect(pages.items)
    reasons = reasons_of(draft.order.shop_id)
    if request.method == "POST":
        return _save_details(request, draft, reasons, pages)
    if request.htmx:
        return _show_wishes(request, draft, reasons)
    return _page(draft, _asked(sections_of(draft), reasons), pages)


def _show_wishes(request: HtmxRequest, draft: Draft, reasons: list[Reason]) -> HttpResponse:
    """The wishes that fit the reason just chosen, for one line."""
    sections = sections_of(draft)
    shown = next((section for section in sections if f"{section.name}-wishes" == request.htmx.target), sections[0])
    shown.said = shown.said | {name: request.GET.get(f"{shown.name}-{name}", "") for name in ("reason", "wish")}
    _asked([shown], reasons)
    return render(request, f"{FRAGMENTS}#wishes", {"section": shown})


def _save_details(request: HtmxRequest, draft: Draft, reasons: list[Reason], pages: Pages) -> HttpResponse:
    """Save the form in the draft, then go to the next step or show what is missing."""
    refusals = _store_photos(request, draft, pages.added_by)
    if gone := request.POST.get("remove"):
        detach(draft, token=gone)
    sections = sections_of(draft)
    for section in sections:
        section.refusals = refusals.get(section.line.pk, [])
        section.form = DetailsForm(request.POST, prefix=section.name, reasons=reasons, photos=len(section.photos))
    incomplete = [section for section in sections if not required(section.form).is_valid()]
    draft = describe(draft, said={section.line.pk: required(section.form).answers() for section in sections})
    if "upload" in request.POST or "remove" in request.POST:
        return _show_photos(request, draft, sections, reasons, pages)
    if "keep" in request.POST:  # what is being typed, before anything is sent
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if not incomplete and not refusals:
        return redirect(pages.following)
    return _page(draft, sections, pages)


def _store_photos(request: HttpRequest, draft: Draft, by: User | None) -> dict[int, list[str]]:
    """Store the photos; returns the refusals by order line."""
    refusals: dict[int, list[str]] = {}
    for section in sections_of(draft) if request.FILES else ():
        if uploads := request.FILES.getlist(f"{section.name}-photos"):
            pictures, refused = clean_each(uploads, existing=len(section.photos))
            late = attach(draft, line=section.line, pictures=pictures, by=by)  # counts again, under its lock
            if refused := refused or late:
                refusals[section.line.pk] = refused
    return refusals


def _show_photos(
    request: HtmxRequest, draft: Draft, sections: list[Section], reasons: list[Reason], pages: Pages
) -> HttpResponse:
    """Only photos were added or removed: show the form without error messages."""
    if request.htmx:
        shown = next((section for section in sections if section.name == request.htmx.target), sections[0])
        return render(request, f"{FRAGMENTS}#photos", {"section": shown, "accept": ACCEPT})
    if not any(section.refusals for section in sections):
        return redirect(pages.details)
    for section in sections:  # what was typed just now, right or not, not what the draft held before
        section.said = section.said | {name: required(section.form)[name].value() for name in ANSWERS}
    return _page(draft, _asked(sections, reasons), pages)


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


def _page(draft: Draft, sections: list[Section], pages: Pages) -> HttpResponse:
    context = {"order": draft.order, "shop": draft.order.shop, "draft": draft, "sections": sections, "accept": ACCEPT}
    return pages.render(context | {"items_url": pages.items})


def check_context(draft: Draft) -> dict[str, Any]:
    """What the third step shows of a complete draft; ``promised`` is the signed date of the decision."""
    sections = sections_of(draft)
    reasons = {reason.code: reason for reason in reasons_of(draft.order.shop_id)}
    chosen = [(reasons[section.said["reason"]], section.said.get("wish", "")) for section in sections]
    returning = [reason for reason, wish in chosen if travels(reason, wish)]
    dates = estimate_dates(timezone.now(), goods_come_back=bool(returning))
    return {
        "order": draft.order,
        "shop": draft.order.shop,
        "draft": draft,
        "rows": [_row(section, reasons) for section in sections],
        "goods_come_back": bool(returning),
        "freight": freight_sentence(returning),
        "dates": dates,
        "promised": sign_promise(draft, dates.decision_by),
    }


def _row(section: Section, reasons: dict[str, Reason]) -> dict[str, object]:
    return {
        "section": section,
        "reason": reasons[section.said["reason"]].title,
        "wish": WISH_LABELS.get(section.said.get("wish", ""), ""),
        "instead": instead_of(*(section.said.get(name, "") for name in ("wish", *EXCHANGE_FIELDS))),
    }
