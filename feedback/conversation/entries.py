"""The entries of a thread in their order: what people wrote, with its files, and what happened in the case.

The logbook of a case is the spine: every post and every statement belongs to one of its entries.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.conversation.queries import WINDOW, Read
from feedback.models import Message, Post, PostDocument
from returns.case_page.evidence import EvidenceGroup, evidence_groups
from returns.logbook.queries import log_of
from returns.logbook.timeline import INSIDE, Audience, TimelineEntry, events_of
from returns.models import Case, LogEntry, Statement
from signoff.web.formatting import join_list, name_of

type Show = Literal["all", "shopper", "notes", "events"]
type Side = Literal["shopper", "staff", "note", "event"]
MESSAGES, NOTE = ("message_sent", "message_received"), "note_added"
POSTS = (*MESSAGES, NOTE)
NAMED = 3  # readers of a note; the others are a number


@dataclass(frozen=True, kw_only=True)
class Item:
    """One bubble, or with ``side`` "event" one line between bubbles."""

    side: Side
    at: datetime
    who: Any = ""
    label: str = ""
    words: str = ""
    icon: str = ""
    pictures: list[dict[str, Any]] = field(default_factory=list)
    documents: list[PostDocument] = field(default_factory=list)
    is_new: bool = False
    erased: bool = False
    seen_by: str = ""
    failure: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Window:
    """The entries that a page shows, oldest first, and the number before which the earlier ones are; 0 if none."""

    seqs: list[int]
    earlier: int
    counts: dict[str, int]


def window_of(case: Case, *, show: Show, before: int = 0) -> Window:
    """The last ``WINDOW`` logbook entries that the tab ``show`` is about, before number ``before`` (0: the last)."""
    log = log_of(case)
    belongs = {name: _belongs(case, name) for name in ("all", "shopper", "notes", "events")}
    counts = {name: sum(map(check, log)) for name, check in belongs.items()}
    seqs = [entry.seq for entry in log if belongs[show](entry) and (not before or entry.seq < before)]
    shown = seqs[-WINDOW:]
    return Window(shown, shown[0] if len(seqs) > len(shown) else 0, counts)


def _belongs(case: Case, show: str) -> Callable[[LogEntry], bool]:
    said = {row.seq for row in case.statements.all() if row.topic not in INSIDE}
    inside = {row.seq for row in case.statements.all() if row.topic in INSIDE}
    match show:
        case "shopper":
            return lambda entry: entry.verb in MESSAGES or entry.seq in said or entry.seq == 1
        case "notes":
            return lambda entry: entry.verb == NOTE or entry.seq in inside
        case "events":
            return lambda entry: entry.verb not in POSTS
    return lambda entry: True


def items_for_staff(case: Case, read: Read, window: Window, *, show: Show, audience: Audience, user: Any) -> list[Item]:
    """The bubbles and events of the window, for the desk."""
    wanted, items = set(window.seqs), _Builder(case, read, user=user)
    events = {entry.seq: entry for entry in events_of(case, audience=audience)}
    found: list[Item] = []
    for entry in log_of(case):
        if entry.seq not in wanted:
            continue
        event = events.get(entry.seq)
        if event and entry.verb not in POSTS and show in ("all", "events"):
            found.append(_event(event))
        if show != "events":
            found += items.of_entry(entry, INSIDE_TOO if show == "all" else [show])
    return found


def items_for_shopper(case: Case, read: Read, window: Window) -> list[Item]:
    """Messages and statements of the window; neither notes nor events."""
    wanted, items = set(window.seqs), _Builder(case, read, user=None)
    entries = (entry for entry in log_of(case) if entry.seq in wanted and entry.seq != 1)
    return [item for entry in entries for item in items.of_entry(entry, ["shopper"])]


def items_of_inquiry(read: Read, *, user: Any) -> list[Item]:
    """The bubbles of a thread without a case."""
    builder = _Builder(None, read, user=user)
    return [builder.of_post(post) for post in read.posts]


INSIDE_TOO: list[Show] = ["shopper", "notes"]


class _Builder:
    """Makes items of the rows of one thread."""

    def __init__(self, case: Case | None, read: Read, *, user: Any) -> None:
        self.case, self.read, self.user = case, read, user
        self.posts = {post.log_seq: post for post in read.posts}
        self.pictures: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
        self.documents: dict[int | None, list[PostDocument]] = defaultdict(list)
        for picture in read.pictures:
            if picture.file:
                self.pictures[picture.post_id].append(link_to(picture))
        for document in read.documents:
            if document.file:
                self.documents[document.post_id].append(document)
        self.failures = {_seq_of(mail): mail.failure for mail in read.mails if mail.status == Message.Status.FAILED}
        self.statements: dict[int, list[Statement]] = defaultdict(list)
        self.evidence: dict[int, list[EvidenceGroup]] = defaultdict(list)
        if case is not None:
            for row in case.statements.all():
                self.statements[row.seq].append(row)
            if user is not None:
                for group in evidence_groups(case):
                    self.evidence[group.seq].append(group)

    def of_entry(self, entry: LogEntry, shows: Collection[str]) -> list[Item]:
        if entry.verb in POSTS:
            post = self.posts.get(entry.seq)
            return [self.of_post(post)] if post else []
        said = [row for row in self.statements[entry.seq] if ("notes" if row.topic in INSIDE else "shopper") in shows]
        groups = self.evidence[entry.seq] if "shopper" in shows else []
        if entry.seq == 1:
            return [*self._first_request(entry, groups), *map(self._of_statement, said)]
        items = [self._of_statement(row) for row in said]
        pictures = [picture for group in groups for picture in group.pictures]
        place = next((n for n, item in enumerate(items) if item.side != "note"), None)
        if not pictures:
            return items
        if place is None:
            return [*items, self._of_shopper(entry.at, groups[0].title, "", pictures)]
        items[place] = _with_pictures(items[place], pictures)
        return items

    def of_post(self, post: Post) -> Item:
        side: Side = "note" if post.is_note else "staff" if post.by else "shopper"
        labels = {"note": _("internal note, only staff see it"), "staff": "", "shopper": ""}
        via = str(post.get_via_display()) if side == "shopper" else labels[side]
        number = post.log_seq if self.case else post.seq
        erased = not (post.words or self.pictures[post.pk] or self.documents[post.pk])
        by_others = post.by_id != self.user.pk if self.user else post.by is not None
        return Item(
            side=side,
            at=post.written_at,
            who=post.by or self._shopper(),
            label=_("result of the complaint") if post.is_outcome else via,
            words=post.words,
            pictures=self.pictures[post.pk],
            documents=self.documents[post.pk],
            is_new=post.seq > self.read.seen and by_others and not erased,
            erased=erased,
            seen_by="" if erased or self.user is None else self._seen_by(post),
            failure=self.failures.get(number or 0, ""),
            anchor=f"post-{post.seq}",
        )

    def _seen_by(self, post: Post) -> str:
        """Who has opened the page with a message of staff, or with a note; numbers are stored, times are not."""
        if post.is_note:
            marks = [mark for mark in self.read.readers if mark.seq >= post.seq and mark.user_id != post.by_id]
            names = [name_of(mark.user) for mark in marks[:NAMED]]
            more = len(marks) - len(names)
            others = [ngettext("%(count)d more", "%(count)d more", more) % {"count": more}] if more else []
            return _("Seen by %(names)s") % {"names": join_list([*names, *others])} if names else ""
        thread = self.read.thread
        return _("Read by the shopper") if post.by and thread and post.seq <= thread.shopper_seen else ""

    def _shopper(self) -> Any:
        owner = self.case or self.read.thread
        return (owner.customer if owner else None) or _("Shopper")

    def _first_request(self, entry: LogEntry, groups: Sequence[EvidenceGroup]) -> list[Item]:
        """A bubble for each item of the first request that has words or pictures, and one for all other pictures."""
        by_line = {group.line.pk: group for group in groups if group.line}
        items = []
        for line in self.case.lines.all() if self.case else []:
            group = by_line.get(line.pk)
            if group or line.words:
                title = line.order_line.title or line.order_line.sku
                items.append(self._of_shopper(entry.at, title, line.words, group.pictures if group else []))
        others = [group for group in groups if group.line is None]
        return items + [self._of_shopper(entry.at, group.title, "", group.pictures) for group in others]

    def _of_shopper(self, at: datetime, label: str, words: str, pictures: list[dict[str, Any]]) -> Item:
        return Item(side="shopper", at=at, who=self._shopper(), label=label, words=words, pictures=pictures)

    def _of_statement(self, row: Statement) -> Item:
        side: Side = "note" if row.topic in INSIDE else "staff" if row.by else "shopper"
        who = row.by or (self._shopper() if side == "shopper" else _("System"))
        return Item(side=side, at=row.said_at, who=who, label=str(row.get_topic_display()), words=row.words)


def _with_pictures(item: Item, pictures: list[dict[str, Any]]) -> Item:
    return Item(side=item.side, at=item.at, who=item.who, label=item.label, words=item.words, pictures=pictures)


def _event(entry: TimelineEntry) -> Item:
    return Item(side="event", at=entry.at, who=entry.who, label=entry.title, words=entry.note, icon=entry.icon)


def _seq_of(mail: Message) -> int:
    """Number of the logbook entry, or of the post of an inquiry, that the mail is about."""
    return mail.seq


def link_to(picture: Any) -> dict[str, Any]:
    """For ``components/pictures.html``."""
    return {
        "url": reverse("feedback:attachment", args=[picture.token, "full"]),
        "thumb": reverse("feedback:attachment", args=[picture.token, "thumbnail"]),
        "alt": _("Picture"),
        "token": picture.token,
    }
