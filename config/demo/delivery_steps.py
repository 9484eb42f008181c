"""Steps about one parcel: ways to sign for it or refuse it, and how agents close its exceptions."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo import delivery_texts as texts
from config.demo.drawings import photo
from config.demo.texts import Translations, text_in
from signoff.db.required import required
from signoff.models import OrderLine, Parcel, ParcelException, Rating, SignOff
from signoff.parcels.contents import contents_of
from signoff.parcels.exceptions import settle_exception
from signoff.pictures.clean import clean
from signoff.signoffs.actions import sign
from signoff.signoffs.photos import attach
from signoff.signoffs.ratings import Stars, rate
from signoff.signoffs.rules import DeliveryReport, LineCount

Channel, Who, About = SignOff.Channel, SignOff.Who, Rating.About
Settled = ParcelException.Settled
DAMAGE = {"damaged": "crack", "defective": "dent"}


@dataclass(frozen=True)
class Delivery:
    """A parcel with everything that a step needs: staff, random generator, and the time of the step."""

    parcel: Parcel
    staff: dict[str, User]
    rng: random.Random
    now: datetime

    def text(self, translations: Translations) -> str:
        return text_in(translations, required(self.parcel.order.customer).language)

    def sign(self, report: DeliveryReport) -> SignOff:
        return sign(self.parcel, report, channel=Channel.PORTAL, said_by=Who.BUYER, now=self.now)


type DeliveryStep = Callable[[Delivery], object]


def accept(delivery: Delivery) -> None:
    """Sign with nothing to report; half of the shoppers also rate the delivery."""
    sign_off = delivery.sign(DeliveryReport())
    if delivery.rng.random() < 0.5:
        rate_delivery(delivery, sign_off)


def accept_with_remark(delivery: Delivery) -> None:
    rate_delivery(delivery, delivery.sign(DeliveryReport(words=delivery.text(texts.REMARK))))


def refuse(delivery: Delivery) -> None:
    """Refuse the parcel on delivery, with a photo of the outside."""
    attach_photo(delivery, None, "stain")
    delivery.sign(DeliveryReport(refused_for="damaged", words=delivery.text(texts.REFUSAL)))


def report_fault(kind: str) -> DeliveryStep:
    """The step that signs with one unit faulty or missing; a fault is photographed."""

    def step(delivery: Delivery) -> SignOff:
        content = contents_of(delivery.parcel)[0]
        received = content.quantity - (kind == "missing")
        problems = {} if kind == "missing" else {kind: 1}
        if problems:
            attach_photo(delivery, content.line, DAMAGE.get(kind, "none"))
        return delivery.sign(
            DeliveryReport({content.line.pk: LineCount(received, problems, delivery.text(texts.FAULTS[kind]))})
        )

    return step


def sign_by_phone(delivery: Delivery) -> None:
    """An agent records a sign-off that somebody of the household gave by telephone."""
    agent = delivery.staff["agent"]
    sign(delivery.parcel, DeliveryReport(), channel=Channel.PHONE, by=agent, said_by=Who.HOUSEHOLD, now=delivery.now)


def sign_by_carrier(delivery: Delivery) -> None:
    sign(
        delivery.parcel,
        DeliveryReport(),
        channel=Channel.CARRIER,
        signed_at=delivery.parcel.delivered_at,
        now=delivery.now,
    )


def sign_by_timer(delivery: Delivery) -> None:
    sign(delivery.parcel, DeliveryReport(), channel=Channel.TIMER, now=delivery.now)


def call_carrier(delivery: Delivery) -> None:
    """Close the exception because the carrier has explained it."""
    _close_exceptions(delivery, Settled.ANSWERED, texts.CALLED)


def dismiss_exception(delivery: Delivery) -> None:
    """Close the exception as reported by mistake."""
    _close_exceptions(delivery, Settled.MISTAKEN, texts.ONLY_TAPE)


def rate_delivery(delivery: Delivery, sign_off: SignOff) -> None:
    """Rate shop and carrier; the carrier gets few stars when the parcel was late."""
    arrived = delivery.parcel.delivered_at or delivery.now
    in_time = delivery.parcel.promised_on is None or arrived.date() <= delivery.parcel.promised_on
    happy = {About.SHOP: delivery.rng.random() < 0.9, About.CARRIER: in_time}
    rate(sign_off, {about: _stars(delivery, about, fine) for about, fine in happy.items()}, now=delivery.now)


def attach_photo(delivery: Delivery, line: OrderLine | None, damage: str) -> None:
    """Attach a photo of an article, or without ``line`` of the outside, cleaned and stored like a shopper's."""
    order_line = line or contents_of(delivery.parcel)[0].line
    drawing = "box" if line is None else order_line.picture.removeprefix("demo/").removesuffix(".svg")
    upload = SimpleUploadedFile("IMG.jpg", photo(drawing, damage=damage, rng=delivery.rng), "image/jpeg")
    attach(delivery.parcel, line=line, pictures=[clean(upload)])


def _stars(delivery: Delivery, about: str, fine: bool) -> Stars:
    few, many = texts.STARS[about]
    comments = delivery.rng.random() < 0.4
    return Stars(
        delivery.rng.choice((4, 5, 5) if fine else (1, 2)), delivery.text(many if fine else few) if comments else ""
    )


def _close_exceptions(delivery: Delivery, settled_as: str, note: Translations) -> None:
    for exception in delivery.parcel.exceptions.open():
        settle_exception(
            exception, by=delivery.staff["agent"], as_=settled_as, words=text_in(note, "en"), now=delivery.now
        )
