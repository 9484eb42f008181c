"""Finance's pages: refunds, replacements, ledger; and what desk and shopper see of them."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from refunds.models import Refund
from refunds.payouts import worker
from refunds.payouts.gateways import Paid, Unknown, Waiting
from refunds.payouts.manual import confirm_paid, mark_failed
from returns.models import Case
from signoff.lookup.session import KEY
from tests.factories import UserFactory
from tests.factories.settlements import make_case_paid_by_two, make_refund, make_settled_case

pytestmark = pytest.mark.django_db

REFUNDS, LEDGER, REPLACEMENTS = "/desk/refunds/", "/desk/ledger/", "/desk/replacements/"


@pytest.fixture
def finance(client: Client) -> User:
    user = UserFactory(role="finance", first_name="Ada")
    client.force_login(user)
    return user


def waiting(**options: Any) -> Refund:
    """A bank transfer that finance has to make."""
    refund = make_refund(gateway="manual", **options)
    return worker.settle(worker.claim(timezone.now(), only=refund), Waiting())


def credited() -> Refund:
    """A refund that was paid as store credit."""
    refund = make_refund(gateway="store_credit")
    return worker.settle(worker.claim(timezone.now(), only=refund), Paid(f"SC-{refund.token}"))


def page(client: Client, address: str, **query: str) -> str:
    return client.get(address, query).content.decode()


def post(client: Client, refund: Refund, step: str, **data: str) -> str:
    return client.post(f"{REFUNDS}{refund.token}/{step}/", data, follow=True).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [(f"{REFUNDS}?tab=bank", 8), (LEDGER, 7), (REPLACEMENTS, 7), (f"{REPLACEMENTS}?tab=sent", 7)],
)
def test_the_lists_ask_as_often_for_many_as_for_one(
    client: Client, address: str, queries: int, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(UserFactory(is_superuser=True))
    for place in range(rows):
        waiting()
        make_settled_case(gross="0", remedy="exchange")
        sent = make_settled_case(gross="0", remedy="resend").replacements.get()
        client.post(REPLACEMENTS, {"replacement": sent.pk, "carrier": "DHL", "tracking_number": f"JJD{place}"})
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)


def test_the_queue_begins_where_there_is_something_to_do(client: Client, finance: User) -> None:
    confirm_paid(waiting(), by=None, reference="TRX-1")
    assert "TRX-1" in page(client, REFUNDS)

    failed = mark_failed(waiting(), by=None, why="IBAN does not exist")
    html = page(client, REFUNDS)
    assert "IBAN does not exist" in html
    assert f"{REFUNDS}{failed.token}/" in html
    assert "TRX-1" not in html


def test_every_tab_shows_its_own_refunds(client: Client, finance: User) -> None:
    due, bank = make_refund(), waiting()
    failed, paid = mark_failed(waiting(), by=None, why="no"), confirm_paid(waiting(), by=None, reference="TRX-1")
    unknown = make_refund()
    worker.settle(worker.claim(timezone.now(), only=unknown), Unknown("500"))

    of_tab = {"due": due, "bank": bank, "failed": failed, "paid": paid, "unknown": unknown}
    for tab in of_tab:
        html = page(client, REFUNDS, tab=tab)
        assert [name for name, one in of_tab.items() if f"{one.token}/" in html] == [tab]


def test_refunds_are_found_by_case_and_reference_and_narrowed_by_gateway(client: Client, finance: User) -> None:
    one, other = confirm_paid(waiting(), by=None, reference="TRX-1"), credited()

    for query in ({"q": one.case.number}, {"q": "trx-1"}, {"gateway": "manual"}):
        html = page(client, REFUNDS, tab="paid", **query)
        assert (one.token in html, other.token in html) == (True, False)
    assert "No matching refunds" in page(client, REFUNDS, q="nobody")


def test_finance_confirms_a_transfer(client: Client, finance: User) -> None:
    refund = waiting()
    assert "Transfer €20.00" in page(client, f"{REFUNDS}{refund.token}/")

    html = post(client, refund, "confirm", reference="TRX-81")

    assert "The refund is paid and booked." in html
    assert "TRX-81" in html
    assert Refund.objects.get().confirmed_by == finance
    assert Case.objects.get().status == "resolved"


def test_a_taken_reference_is_refused_and_what_was_typed_stays(client: Client, finance: User) -> None:
    confirm_paid(waiting(), by=None, reference="TRX-1")
    refund = waiting()

    html = post(client, refund, "confirm", reference="TRX-1")

    assert "is already used for another refund" in html
    assert 'value="TRX-1"' in html
    assert "This field is required" in post(client, refund, "confirm")
    assert Refund.objects.get(pk=refund.pk).status == "sending"


def test_finance_marks_as_failed_and_retries(client: Client, finance: User) -> None:
    refund = waiting()

    assert "account closed" in post(client, refund, "fail", why="account closed")
    assert "has been sent again" in post(client, refund, "retry")

    assert Refund.objects.get().attempt == 2


def test_who_comes_too_late_is_told(client: Client, finance: User) -> None:
    refund = waiting()
    confirm_paid(refund, by=None, reference="TRX-1")

    assert "Its status is now" in post(client, refund, "fail", why="no")


@pytest.mark.parametrize("role", ["agent", "inspector", "manager"])
def test_only_finance_pays(client: Client, role: str) -> None:
    refund = waiting()
    client.force_login(UserFactory(role=role))

    for step in ("confirm", "fail", "retry"):
        assert client.post(f"{REFUNDS}{refund.token}/{step}/").status_code == 403
    assert client.get(f"{REFUNDS}{refund.token}/").status_code == (200 if role == "manager" else 403)
    assert "Mark as paid" not in page(client, f"{REFUNDS}{refund.token}/")


def test_a_refund_says_what_it_pays_and_what_the_other_payment_bears(client: Client, finance: User) -> None:
    first = make_settled_case(make_case_paid_by_two(), gross="50.00").refunds.order_by("payment__position").first()

    html = page(client, f"{REFUNDS}{first.token}/")

    assert "€30.00" in html
    assert "part of €50.00" in html


def test_an_unknown_refund_asks_finance_to_look_first(client: Client, finance: User) -> None:
    refund = make_refund()
    worker.settle(worker.claim(timezone.now(), only=refund), Unknown("TimeoutError"))

    html = page(client, f"{REFUNDS}{refund.token}/")

    assert "It's unclear whether this was paid" in html
    assert "TimeoutError" in html


def test_the_ledger_shows_balances_and_a_voucher_its_two_sides(client: Client, finance: User) -> None:
    refund = credited()

    html = page(client, LEDGER)
    assert html.index("store credit owed to shoppers") < html.index("refund paid")
    assert f"{refund.case.number}/2" in html

    voucher = page(client, f"{LEDGER}{refund.case.number}/2/")
    assert "refunds payable" in voucher
    assert refund.ledger.first().hash[:12] in voucher
    assert client.get(f"{LEDGER}{refund.case.number}/9/").status_code == 404


def test_a_replacement_is_sent_from_the_list(client: Client) -> None:
    client.force_login(UserFactory(role="agent"))
    replacement = make_settled_case(gross="0", remedy="exchange").replacements.get()

    refused = client.post(REPLACEMENTS, {"replacement": replacement.pk, "carrier": "DHL", "tracking_number": ""})
    assert 'value="DHL"' in refused.content.decode()
    data = {"replacement": replacement.pk, "carrier": "DHL", "tracking_number": "JJD1"}
    assert "Sent." in client.post(REPLACEMENTS, data, follow=True).content.decode()

    assert "JJD1" in page(client, REPLACEMENTS, tab="sent")
    assert "already sent" in client.post(REPLACEMENTS, data, follow=True).content.decode()


def test_the_case_page_shows_refunds_and_ledger_to_those_who_may_see_them(client: Client) -> None:
    refund = credited()
    client.force_login(UserFactory(role="manager"))
    html = page(client, f"/desk/cases/{refund.case.number}/")
    assert f"{REFUNDS}{refund.token}/" in html
    assert "Ledger of this case" in html

    client.force_login(UserFactory(role="agent"))
    html = page(client, f"/desk/cases/{refund.case.number}/")
    assert "€20.00" in html
    assert "Ledger of this case" not in html


def test_the_shopper_sees_the_store_credit(client: Client) -> None:
    html = as_shopper(client, credited())

    assert "as store credit" in html
    assert "Your store credit: <strong>€20.00</strong>" in html


def test_the_shopper_sees_the_end_of_the_banks_reference_only(client: Client) -> None:
    refund = confirm_paid(waiting(), by=None, reference="TRX-0081-7753")

    html = as_shopper(client, refund)

    assert "Reference ending in 7753" in html
    assert "TRX-0081" not in html


def test_the_shopper_is_not_told_why_a_transfer_failed(client: Client) -> None:
    html = as_shopper(client, mark_failed(waiting(), by=None, why="account closed by court"))

    assert "need to do anything" in html
    assert "court" not in html


def as_shopper(client: Client, refund: Refund) -> str:
    session = client.session
    session[KEY] = {str(refund.case.order_id): "2999-01-01T00:00:00+00:00"}
    session.save()
    return page(client, f"/cases/{refund.case.number}/")


def test_no_replacement_is_left_out_of_the_list(client: Client, settings: Any) -> None:
    settings.PAGE_SIZE = 1
    client.force_login(UserFactory(is_superuser=True))
    numbers = [make_settled_case(gross="0", remedy="exchange").number for _case in range(2)]
    first = client.get(REPLACEMENTS)
    second = client.get(REPLACEMENTS + first.context["page"].next)
    shown = [response.context["page"].rows[0].case.number for response in (first, second)]
    assert shown == numbers
    assert second.context["page"].next == ""
