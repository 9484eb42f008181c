"""How the demo's shoppers take their parcels over, or do not; and what agents do about those on their way."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo import delivery_words as words
from config.demo.drawings import photo
from config.demo.words import Three, said
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
    """One parcel at a moment of its life, and who is there."""

    parcel: Parcel
    staff: dict[str, User]
    rng: random.Random
    now: datetime

    def say(self, what: Three) -> str:
        return said(what, required(self.parcel.order.customer).language)

    def sign(self, receipt: DeliveryReport) -> SignOff:
        return sign(self.parcel, receipt, channel=Channel.PORTAL, said_by=Who.BUYER, now=self.now)


type Deed = Callable[[Delivery], object]


def accept(d: Delivery) -> None:
    """All as ordered; many say how they liked it."""
    signed = d.sign(DeliveryReport())
    if d.rng.random() < 0.5:
        praise(d, signed)


def remark(d: Delivery) -> None:
    praise(d, d.sign(DeliveryReport(words=d.say(words.REMARK))))


def refuse(d: Delivery) -> None:
    """At the door, with a photo of the outside."""
    show(d, None, "stain")
    d.sign(DeliveryReport(refused_for="damaged", words=d.say(words.REFUSAL)))


def find(kind: str) -> Deed:
    """One unit is wrong in this way, or missing; photos of what is there."""

    def deed(d: Delivery) -> SignOff:
        content = contents_of(d.parcel)[0]
        there = content.quantity - (kind == "missing")
        problems = {} if kind == "missing" else {kind: 1}
        if problems:
            show(d, content.line, DAMAGE.get(kind, "none"))
        return d.sign(DeliveryReport({content.line.pk: LineCount(there, problems, d.say(words.FAULTS[kind]))}))

    return deed


def tell_agent(d: Delivery) -> None:
    """By telephone; an agent writes it down."""
    agent = d.staff["agent"]
    sign(d.parcel, DeliveryReport(), channel=Channel.PHONE, by=agent, said_by=Who.HOUSEHOLD, now=d.now)


def leave_to_carrier(d: Delivery) -> None:
    sign(d.parcel, DeliveryReport(), channel=Channel.CARRIER, signed_at=d.parcel.delivered_at, now=d.now)


def leave_to_time(d: Delivery) -> None:
    sign(d.parcel, DeliveryReport(), channel=Channel.TIMER, now=d.now)


def call_carrier(d: Delivery) -> None:
    """An agent clears up what the clock has found."""
    _settle(d, Settled.ANSWERED, words.CALLED)


def see_nothing_wrong(d: Delivery) -> None:
    _settle(d, Settled.MISTAKEN, words.ONLY_TAPE)


def praise(d: Delivery, signed: SignOff) -> None:
    """Stars for shop and carrier; who was kept waiting says so."""
    arrived = d.parcel.delivered_at or d.now
    in_time = d.parcel.promised_on is None or arrived.date() <= d.parcel.promised_on
    happy = {About.SHOP: d.rng.random() < 0.9, About.CARRIER: in_time}
    rate(signed, {about: _stars(d, about, fine) for about, fine in happy.items()}, now=d.now)


def show(d: Delivery, line: OrderLine | None, damage: str) -> None:
    """A photo of an article, or of the parcel's outside, through the same pipeline as a shopper's."""
    shown = line or contents_of(d.parcel)[0].line
    drawing = "box" if line is None else shown.picture.removeprefix("demo/").removesuffix(".svg")
    upload = SimpleUploadedFile("IMG.jpg", photo(drawing, damage=damage, rng=d.rng), "image/jpeg")
    attach(d.parcel, line=line, pictures=[clean(upload)])


def _stars(d: Delivery, about: str, fine: bool) -> Stars:
    few, many = words.STARS[about]
    speaks = d.rng.random() < 0.4
    return Stars(d.rng.choice((4, 5, 5) if fine else (1, 2)), d.say(many if fine else few) if speaks else "")


def _settle(d: Delivery, as_: str, what: Three) -> None:
    for exception in d.parcel.exceptions.open():
        settle_exception(exception, by=d.staff["agent"], as_=as_, words=said(what, "en"), now=d.now)
