"""Two shoppers: whatever carries one's name is tried by the other, and shows nothing and changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.test import Client

from signoff.lookup.actions import request_code
from signoff.models import EntryCode, Order
from tests.proof.access.clients import entered, open_site
from tests.proof.access.other_shopper import OtherShopper, everything, make_other_shopper, of
from tests.proof.access.replay import (
    Keys,
    addresses_of,
    attack,
    forms_of,
    leaks,
    nobody_asks_whose,
    surveys_of,
)
from tests.proof.access.requests import quiet
from tests.proof.access.unique_texts import Markers, mark
from tests.steps.order_lookup import newest_link


@dataclass
class Street:
    """Two households: what is theirs, with its markers, and mine."""

    theirs: Keys
    markers: Markers
    mine: OtherShopper
    their_cookies: SimpleCookie
    my_cookies: SimpleCookie

    @property
    def me(self) -> Client:
        client = Client()
        client.cookies = SimpleCookie(self.my_cookies.output(header="", sep=";"))
        return client


@pytest.fixture(scope="module")
def street(django_db_setup: None, django_db_blocker: Any) -> Iterator[Street]:
    with open_site(django_db_blocker) as site, quiet():
        theirs = everything()
        mine = make_other_shopper(site.world)
        my_orders = [mine.order, *(case.order for case in mine.cases.values())]
        their_orders = Order.objects.filter(pk__in=theirs[Order])
        yield Street(theirs, mark(of(theirs)), mine, entered(their_orders), entered(my_orders))


def test_whatever_carries_their_name_is_to_me_as_if_it_did_not_exist(
    street: Street, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    attempts = [*addresses_of(street.theirs, street.mine)][:: size(5, 1)]
    attempts += [*surveys_of(street.theirs), *forms_of(street.me, street.mine, street.theirs, each=size(9, 1))]
    faults = [fault for one in attempts for fault in leaks(street.my_cookies, one, street.theirs, street.markers)]
    assert faults == []
    told = f"{len(attempts):,} attempts; {len(street.markers.texts)} markers and every row of the other looked for"
    figure("Closed", "leaks between two shoppers", len(faults), "", "= 0", told)


def test_they_themselves_see_their_markers(street: Street) -> None:
    """Or looking for them would prove nothing."""
    seen = set()
    for attempt in addresses_of(street.theirs, street.mine):
        if attempt.sent is None:
            response, _changed = attack(street.their_cookies, attempt, street.theirs)
            seen |= street.markers.seen_in(response, sent=[attempt.path])
    kinds = {text.partition("-mrkr")[0].rpartition("-")[0] for text in seen if text.startswith("Marker-")}
    assert {"Marker-Order-number", "Marker-OrderLine-title", "Marker-Line-words"} <= kinds
    assert "Marker-Parcel-tracking_number" in kinds
    assert "a picture" in seen


def test_a_page_that_does_not_ask_whose_it_is_is_found(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    with nobody_asks_whose(monkeypatch):
        found = [
            fault
            for attempt in [*addresses_of(street.theirs, street.mine)][::7]
            for fault in leaks(street.my_cookies, attempt, street.theirs, street.markers)
        ]
    assert any("shows" in fault and "Marker-" in fault for fault in found)
    assert any("a picture" in fault for fault in found)
    assert any("changes returns_" in fault for fault in found)


def test_their_link_opens_nothing_in_my_browser_and_is_not_used_up(street: Street) -> None:
    order = Order.objects.filter(pk__in=street.theirs[Order]).select_related("customer").first()
    request_code(order.number, order.customer.email, browser="theirs", machine="theirs")
    link = newest_link()
    me = street.me
    for response in (me.get(link), me.post(link)):
        assert street.markers.seen_in(response, sent=[link]) == set()
    assert me.get(f"/orders/{order.token}/").status_code == 404
    assert EntryCode.objects.get(order=order).used_at is None
