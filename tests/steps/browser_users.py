"""The users of the browser tests: staff and a shopper, each with a page, and the photos they upload."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, User
from PIL import Image
from playwright.sync_api import Page

from returns.models import Case
from signoff.models import Order
from tests.factories import CustomerFactory, OrderFactory, ReasonFactory, ShopFactory, UserFactory, make_case
from tests.steps.case_states import Step, take_steps
from tests.steps.shopper_pages import come_back
from tests.steps.sign_in import sign_in

LANTERN = "Paper lantern, large"
ROLES = {
    "agent": ("Aya", "Brandt"),
    "manager": ("Marta", "Lindqvist"),
    "manager2": ("Noor", "Haddad"),
    "inspector": ("Ivo", "Petrov"),
    "finance": ("Femi", "Adeyemi"),
}


@dataclass
class People:
    """Everybody of a small shop. A page opens when somebody first acts, and stays theirs."""

    new_page: Callable[..., Page]
    url: str
    order: Order
    staff: dict[str, User] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, who: str, **options: object) -> Page:
        """The page of the shopper or of a member of staff."""
        if who not in self.pages:
            self.pages[who] = self.new_page(user=self.staff.get(who), **options)
        return self.pages[who]

    def sign_in(self, who: str, **options: object) -> Page:
        """The page of a member of staff who signs in with password and second factor."""
        page = self.new_page(**options)
        sign_in(page, self.staff[who])
        self.pages[who] = page
        return page

    def case(self, *steps: Step, quantity: int = 1, **options: Any) -> Case:
        """A case about the order's first line, after ``steps``; its shopper has looked the order up before."""
        case = make_case(order=self.order, quantity=quantity, **options)
        come_back(self.shopper, self.order, self.url)
        return take_steps(case, self.staff, *steps)

    @property
    def shopper(self) -> Page:
        return self.page("shopper", device="phone")

    @property
    def agent(self) -> Page:
        return self.page("agent")

    @property
    def manager(self) -> Page:
        return self.page("manager")

    @property
    def inspector(self) -> Page:
        return self.page("inspector", device="phone")

    @property
    def finance(self) -> Page:
        return self.page("finance")


def make_staff() -> dict[str, User]:
    """One person per role, two managers, and one who is agent and manager at once."""
    staff = {
        name: UserFactory(role=name.rstrip("2"), first_name=first, last_name=last)
        for name, (first, last) in ROLES.items()
    }
    staff["both"] = UserFactory(role="agent", first_name="Bo", last_name="Weiss")
    staff["both"].groups.add(Group.objects.get(name="manager"))
    return staff


def make_lantern_order(**options: object) -> Order:
    """An order of three lanterns and a vase, with the reasons that its shop offers."""
    shop = ShopFactory()
    ReasonFactory(shop=shop)
    ReasonFactory(shop=shop, code="broken", title_en="It arrived broken", photos_required=1)
    customer = CustomerFactory(shop=shop, name="Anna Schmidt", email="anna@shopper.example")
    order = OrderFactory(shop=shop, customer=customer, lines=[(3, "20.00"), (1, "35.00")], **options)
    order.lines.filter(position=2).update(title="Blue vase")
    return order


def jpeg(*, colour: str = "peru") -> bytes:
    """A photo as a phone makes it: with a place in its data that nobody is to learn."""
    picture, place = Image.effect_noise((640, 480), 60).convert("RGB"), Image.Exif()
    picture.paste(colour, (160, 120, 480, 360))
    place.get_ifd(0x8825).update({1: "N", 2: (53.0, 33.0, 0.0)})
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=place)
    return out.getvalue()


def photo(folder: Path, name: str = "IMG_0001.jpg", **options: str) -> Path:
    """The same as a file that can be chosen."""
    path = folder / name
    path.write_bytes(jpeg(**options))
    return path
