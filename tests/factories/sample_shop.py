"""A small shop in which every page has something to show: one case per state, and what belongs to them."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail.backends.filebased import EmailBackend
from django.utils import timezone

from config.demo.drawings import logo
from feedback.conversation.complaints import mark_complaint
from feedback.mail_in.doors import store_mail
from feedback.messages.actions import read_logbook
from feedback.messages.outbox import send_due
from feedback.models import InboundMail, Notification, Survey, Thread
from feedback.notifications.actions import notify
from feedback.parcel_notices.actions import notify_deliveries
from feedback.surveys.actions import answer
from inspection import photos
from inspection.models import Surplus
from inspection.unknown_parcels import actions as unknown_parcels
from refunds.models import Refund
from refunds.payouts import manual, worker
from returns.models import Case, Contact, Draft, Evidence
from signoff.models import ExceptionKind, Order, Parcel, ParcelException, Shop, SignOffPhoto, StaffProfile, Team
from signoff.pictures.clean import CleanPicture, clean, clean_file
from signoff.pictures.store import publish
from signoff.signoffs.actions import correct, sign
from signoff.signoffs.ratings import Stars, rate
from signoff.signoffs.rules import DeliveryReport, LineCount
from tests.factories import (
    CustomerFactory,
    OrderFactory,
    ParcelExceptionFactory,
    ReasonFactory,
    SavedReplyFactory,
    UserFactory,
    automatic_cases,
    make_case,
)
from tests.factories.conversation import write_as_shopper, write_message, write_note
from tests.factories.order_imports import make_imports
from tests.factories.violations import break_rules
from tests.pictures.pdf_files import written
from tests.steps import case_states, plans
from tests.steps.browser_users import jpeg, make_staff

S = Case.Status


@dataclass
class SampleShop:
    """``cases`` by status; ``resent`` owes a parcel, ``failed`` a payout, ``free`` has been asked nothing about."""

    staff: dict[str, User]
    cases: dict[str, Case] = field(default_factory=dict)

    def build(self) -> "SampleShop":
        """Make everything; each thing by the action that makes it in the product."""
        for order, status in zip(orders(), S.values, strict=False):
            case = make_case(order=order, quantity=2, reason=ReasonFactory(shop=order.shop), language="en")
            add_evidence(case)
            self.cases[status] = case_states.bring_to_state(case, self.staff, status)
        self.resent = self._resend()
        self.failed = self._fail()
        self.free, self.draft = make_draft()
        self.contact = make_contact(self.staff["agent"])
        self.signed = make_signed_parcel(self.staff["agent"])
        self.broken = automatic_cases.open_damaged_case(next(orders()), picture(), self.staff["agent"])
        self.lost = automatic_cases.open_lost_case(next(orders()))
        self.survey = Survey.objects.get(case=self.cases[S.RESOLVED])
        self.answered = self._answer()
        photos.store_photos([picture()], case=self.cases[S.INSPECTED], by=self.staff["inspector"])
        self.unknown = unknown_parcels.record(
            by=self.staff["inspector"], token="unknown", sender="Anna Schmidt", carrier="DHL", pictures=[picture()]
        )
        received = self.cases[S.RECEIVED]
        self.surplus = Surplus.objects.create(case=received, quantity=1, words="A charger", found_at=timezone.now())
        self._delay()
        dress(self.free.shop)
        self.inquiry = self._talk()
        self.unmatched = store_mail(b"Subject: nobody's\n\nHello", door=InboundMail.Door.WEBHOOK)
        self.imports = make_imports(self.staff["manager"], self.free.shop)
        Team.objects.create(name="Harbour Lane").members.set(self.staff.values())
        for role in ("agent", "inspector"):
            StaffProfile.objects.create(user=self.staff[role], time_zone="Europe/London")
        notify(Notification.Kind.OVERDUE, [self.staff["agent"].pk], key="1", case=self.resent, now=timezone.now())
        self.violations = break_rules(self.free.shop, self.staff["manager"])
        read_logbook()
        notify_deliveries()
        send_due()
        EmailBackend(file_path=settings.MAIL_DIR).send_messages(mail.outbox[-5:])
        return self

    def _talk(self) -> Thread:
        """A question about an order that is a complaint, too; messages, a note and files about an inspected case."""
        files = [picture(), clean_file(SimpleUploadedFile("slip.pdf", written()))]
        asked = write_as_shopper(next(orders()), "Does it float?")
        write_note(asked.thread, "I ask the supplier.", by=self.staff["agent"])
        mark_complaint(asked.thread, by=self.staff["agent"], severity=2)
        case = self.cases[S.INSPECTED]
        write_as_shopper(case, "Is it there yet?", files=files)
        write_note(case, "@agent It is.", by=self.staff["inspector"])
        write_message(case, "It is, since this morning.", by=self.staff["agent"])
        SavedReplyFactory()
        return asked.thread

    def number(self, status: str) -> str:
        return self.cases[status].number

    @property
    def trouble(self) -> ParcelException:
        """What is wrong with a parcel, and open."""
        return ParcelException.objects.open().select_related("parcel").earliest("pk")

    @property
    def refund(self) -> Refund:
        """One that waits for finance."""
        return Refund.objects.get(case=self.cases[S.SETTLING])

    def _resend(self) -> Case:
        """Goods instead of money: one sent, one waiting."""
        case = make_case(remedy="resend")
        plans.propose_plan(
            case, by=self.staff["agent"], items=plans.draft_items(case, remedy="resend"), goods_come_back=False
        )
        return case_states.take_steps(case, self.staff, case_states.approve)

    def _delay(self) -> None:
        """Nobody hears of a parcel any more; its shopper is told."""
        ParcelExceptionFactory(parcel=self.cases[S.RESOLVED].order.parcels.earliest("pk"), kind=ExceptionKind.SILENT)

    def _fail(self) -> Refund:
        case = case_states.bring_to_state(make_case(), self.staff, S.SETTLING)
        worker.pay_due()
        return manual.mark_failed(case.refunds.get(), by=self.staff["finance"], why="The account is closed.")

    def _answer(self) -> Survey:
        case = case_states.bring_to_state(make_case(), self.staff, S.RESOLVED)
        survey = Survey.objects.get(case=case)
        answer(survey, satisfaction=2, ease=4, words="It took long.")
        return survey


def dress(shop: Shop) -> None:
    """A look of its own: a colour, a logo, an address and links."""
    shop.colour, shop.logo = "#0b5563", ContentFile(logo("kiln-and-kettle"), name="logo.png")
    shop.legal_name, shop.postal_address = "Lantern & Loom GmbH", "Hafenstr. 7\n20457 Hamburg"
    shop.returns_url = shop.privacy_url = shop.accessibility_url = "https://lantern.example/"
    shop.save()


def build_sample_shop() -> SampleShop:
    administrator = UserFactory(role="administrator", is_staff=True)
    return SampleShop(make_staff() | {"administrator": administrator}).build()


def orders() -> Iterator[Order]:
    """Orders of people with short and long names, here and there; delivered, with shipping paid."""
    for name in ("Anna Schmidt", "王小明", "Maximiliane Freifrau von Hohenstein-Oberlahnstein") * 6:
        order = OrderFactory(customer=CustomerFactory(name=name), lines=[(3, "20.00"), (1, "1349.00")])
        order.lines.filter(position=2).update(title="Kaffeevollautomat mit Milchschaumdüse, edelstahlfarben")
        sent = timezone.now() - timedelta(days=9)
        Parcel.objects.create(
            order=order, direction="outbound", carrier="DHL", tracking_number=f"00340{order.pk:09}", shipped_at=sent
        )
        yield order


def make_draft() -> tuple[Order, Draft]:
    """A request that is being written, photo included."""
    order = next(orders())
    line = order.lines.first()
    entry = {"line": line.pk, "quantity": 2, "reason": "defective", "wish": "refund", "words": "Both stay dark."}
    draft = Draft.objects.create(order=order, data={"lines": [entry]})
    publish(Evidence(draft=draft, order_line=line), picture())
    return order, draft


def make_contact(agent: User) -> Contact:
    """A case that an agent is opening for a caller."""
    order, draft = make_draft()
    draft.contact = Contact.objects.create(channel="phone", caller="Anna", started_by=agent)
    draft.save()
    ReasonFactory(shop=order.shop)
    return draft.contact


def make_signed_parcel(agent: User) -> Parcel:
    """A parcel that was signed for with all that can be said, and corrected by telephone."""
    parcel = next(orders()).parcels.get()
    lanterns, machine = parcel.order.lines.all()
    publish(SignOffPhoto(parcel=parcel, order_line=lanterns), picture())
    said = DeliveryReport(
        {lanterns.pk: LineCount(2, {"damaged": 1}, "Shards."), machine.pk: LineCount(0)}, "The box was wet."
    )
    first = sign(parcel, said, channel="portal", said_by="buyer")
    correct(
        first, DeliveryReport(words="It was in the cellar."), channel="phone", by=agent, said_by="household", name="Tom"
    )
    rate(first, {"shop": Stars(4, "Quick."), "carrier": Stars(2)})
    return parcel


def add_evidence(case: Case) -> None:
    """A photo and words for the case's line."""
    line = case.lines.get()
    case.lines.update(words="One of them stays dark, whatever I do. The other flickers.")
    publish(Evidence(case=case, line=line, order_line=line.order_line), picture())


@functools.cache
def picture() -> CleanPicture:
    """One photo, cleaned once: that takes a process of its own."""
    return clean(SimpleUploadedFile("IMG.jpg", jpeg(), "image/jpeg"))
