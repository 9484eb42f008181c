"""Every picture of a case is where somebody decides, under the words that it came with."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from inspection import photos
from returns.case_page.evidence import evidence_groups
from returns.intake.automatic.from_signoff import open_from_sign_offs
from returns.models import Case, Evidence
from returns.portal import actions as portal
from returns.review import actions as review
from signoff.models import SignOffPhoto
from signoff.pictures.store import publish
from signoff.signoffs.actions import sign
from signoff.signoffs.rules import DeliveryReport, LineCount
from tests.factories import OrderFactory, ParcelFactory, ReasonFactory, make_case
from tests.factories.sample_shop import add_evidence, picture
from tests.steps import case_states
from tests.steps.browser_users import make_staff

pytestmark = pytest.mark.django_db

S = Case.Status


@pytest.fixture
def staff() -> dict[str, User]:
    return make_staff()


def make_shown_case(staff: dict[str, User]) -> Case:
    """A case with pictures of the first request, of an answer and of an appeal; it is in review again."""
    case = make_case()
    add_evidence(case)
    review.request_information(case, by=staff["agent"], question="Which lamp?")
    portal.supply_information(
        case_states.reload_case(case), by=case.customer, words="The left one.", pictures=[picture()]
    )
    review.reject(case_states.reload_case(case), by=staff["agent"], words="Used outdoors.")
    portal.appeal(case_states.reload_case(case), by=case.customer, words="It was not.", pictures=[picture()] * 2)
    return case_states.reload_case(case)


def test_pictures_are_under_the_words_they_came_with(staff: dict[str, User]) -> None:
    groups = [(row.title, row.words, len(row.pictures)) for row in evidence_groups(make_shown_case(staff))]
    assert groups == [
        ("First request: Paper lantern, large", ["One of them stays dark, whatever I do. The other flickers."], 1),
        ("Shopper's answer", ["The left one."], 1),
        ("Shopper's appeal", ["It was not."], 2),
    ]


def test_an_erased_picture_is_left_out(staff: dict[str, User]) -> None:
    case = make_shown_case(staff)
    for shown in Evidence.objects.filter(case=case, line=None):
        shown.erase()
    assert [len(row.pictures) for row in evidence_groups(case)] == [1]


CASE_PAGE = "/desk/cases/{}/"
DECIDED_ON = {
    CASE_PAGE: ("agent", ()),
    "/desk/cases/{}/propose/": ("agent", ()),
    "/desk/cases/{}/offer/": ("agent", ()),
    "/desk/cases/{}/reject/": ("agent", ()),
    "/desk/cases/{}/request_information/": ("agent", ()),
    "/desk/cases/{}/record_appraisal/": ("inspector", (case_states.consult,)),
    "/desk/cases/{}/authorise/": ("manager", (case_states.propose,)),
    "/desk/cases/{}/accept_offer/": ("agent", (case_states.offer,)),
    "/desk/cases/{}/decline_offer/": ("agent", (case_states.offer,)),
    "/desk/cases/{}/inspect/": ("inspector", case_states.BACK),
    "/desk/cases/{}/appeal/": ("agent", (case_states.reject,)),
}


@pytest.mark.parametrize("address", DECIDED_ON)
def test_every_picture_is_on_every_page_on_which_somebody_decides(
    client: Client, staff: dict[str, User], address: str
) -> None:
    who, steps = DECIDED_ON[address]
    case = make_shown_case(staff)
    case_states.take_steps(case, staff, *steps)
    photos.store_photos([picture()], case=case, by=staff["inspector"])
    client.force_login(staff[who])
    page = client.get(address.format(case.number)).text
    for shown in Evidence.objects.filter(case=case):
        links = [page.count(f"/evidence/{shown.token}/full"), page.count(f"left={shown.token}")]  # itself, the viewer
        assert sum(links) == (2 if address == CASE_PAGE else 1)  # and in the strip
    if case_states.arrive in steps:
        assert page.count(f"/photos/{case.photos.get().token}/full") == 1
    for words in ("One of them stays dark", "The left one.", "It was not."):
        assert words in page


def test_photos_of_a_later_sign_off_join_the_case_that_has_the_goods(staff: dict[str, User]) -> None:
    order = OrderFactory()
    ReasonFactory(shop=order.shop)
    case = make_case(order=order, quantity=3)
    parcel = ParcelFactory(order=order)
    publish(SignOffPhoto(parcel=parcel, order_line=order.lines.get()), picture())
    sign(
        parcel,
        DeliveryReport({order.lines.get().pk: LineCount(3, {"damaged": 1}, "Shards.")}),
        channel="portal",
        said_by="buyer",
    )
    open_from_sign_offs()
    [group] = evidence_groups(case_states.reload_case(case))
    assert (group.title, len(group.pictures)) == ("Problem at sign-off with goods already in this case", 1)
