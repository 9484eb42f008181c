"""An agent opens cases for a shopper: the portal's three steps, several orders in one go, each sent once."""

from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from feedback.messages.actions import write_message
from feedback.models import Message
from returns.intake import contacts
from returns.intake.drafts import AlreadySent, describe, forget_old
from returns.models import Case, Contact, Draft, Evidence, LogEntry
from signoff.models import Order
from tests.factories import CustomerFactory, OrderFactory, ReasonFactory, UserFactory, make_case
from tests.pictures.corpus import upload
from tests.steps.locks import meanwhile
from tests.steps.order_lookup import enter

pytestmark = pytest.mark.django_db

SAID = {"line1-reason": "defective", "line1-wish": "refund", "line1-words": "It flickers."}
CALL = {"channel": "phone", "caller": "Herr Knopf, the neighbour"}


@pytest.fixture
def order() -> Order:
    order = OrderFactory(lines=[(3, "20.00"), (1, "50.00")], customer=CustomerFactory(language="zh-hans"))
    ReasonFactory(shop=order.shop)
    return order


@pytest.fixture
def second(order: Order) -> Order:
    return OrderFactory(shop=order.shop, customer=order.customer, lines=[(2, "7.00")])


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(UserFactory(role="agent"))
    return client


def pick(order: Order, quantity: int = 1, position: int = 1) -> dict[str, str]:
    return {f"{order.token}-pick-{position}": "on", f"{order.token}-quantity-{position}": str(quantity)}


def begin(agent: Client, order: Order, *others: Order, **said: str) -> Contact:
    """The first step; the answer leads to the second."""
    chosen = {name: value for each in (order, *others) for name, value in pick(each).items()}
    answer = agent.post(f"/desk/orders/{order.token}/request/", CALL | said | chosen)
    contact = Contact.objects.latest("pk")
    assert answer.headers["Location"] == details_of(contact)[0]
    return contact


def details_of(contact: Contact) -> list[str]:
    return [f"/desk/requests/{contact.token}/{draft.token}/" for draft in contact.drafts.order_by("pk")]


def check_of(contact: Contact) -> str:
    return f"/desk/requests/{contact.token}/check/"


def describe_all(agent: Client, contact: Contact) -> None:
    pages = [*details_of(contact), check_of(contact)]
    for page, following in pairwise(pages):
        assert agent.post(page, SAID).headers["Location"] == following


def test_a_call_becomes_a_case(agent: Client, order: Order) -> None:
    page = agent.get(f"/desk/orders/{order.token}/").text
    assert f'href="/desk/orders/{order.token}/request/"' in page
    contact = begin(agent, order)
    describe_all(agent, contact)
    assert "It flickers." in agent.get(check_of(contact)).text
    answer = agent.post(check_of(contact), follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain[-1][0] == f"/desk/cases/{case.number}/"
    assert f"Case {case.number} is open." in answer.text
    assert (case.channel, case.language, case.customer) == ("phone", "zh-hans", order.customer)
    [line] = case.lines.all()
    assert (line.requested, line.reason.code, line.wish, line.words) == (1, "defective", "refund", "It flickers.")
    assert [(entry.verb, entry.by.get_username()) for entry in case.log.all()] == [
        ("open", contact.started_by.get_username())
    ]
    assert "Herr Knopf, the neighbour" in answer.text


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("phone", "We opened this request for you on the telephone"),
        ("wechat", "We opened this request for you from your WeChat message"),
        ("email", "We opened this request for you from your e-mail"),
        ("counter", "We opened this request for you at the counter"),
    ],
)
def test_the_shopper_is_told_and_reads_how_it_was_opened(agent: Client, order: Order, channel: str, words: str) -> None:
    order.customer.language = "en"
    order.customer.save()
    contact = begin(agent, order, channel=channel)
    describe_all(agent, contact)
    agent.post(check_of(contact))
    case = Case.objects.get()
    write_message(case.log.get())
    assert [(row.topic, row.case, row.language) for row in Message.objects.all()] == [("received", case, "en")]
    page = enter(Client(), order).get(f"/cases/{case.number}/").text
    assert words in page
    assert "Herr Knopf" not in page


def test_the_name_of_the_caller_is_in_no_record_that_stays(agent: Client, order: Order) -> None:
    contact = begin(agent, order)
    describe_all(agent, contact)
    agent.post(check_of(contact))
    case = Case.objects.get()
    kept = [str(vars(row)) for row in (*LogEntry.objects.all(), *Case.history.all())]
    assert not any("Knopf" in row for row in kept)
    contact.forget_caller()
    assert "Knopf" not in agent.get(f"/desk/cases/{case.number}/").text
    assert case.channel == "phone"


def test_several_orders_become_one_case_each_and_know_each_other(agent: Client, order: Order, second: Order) -> None:
    assert str(second.number) in agent.get(f"/desk/orders/{order.token}/request/").text
    contact = begin(agent, order, second)
    describe_all(agent, contact)
    agent.post(check_of(contact))
    first, other = Case.objects.order_by("pk")
    assert (first.order, other.order) == (order, second)
    assert f'href="/desk/cases/{other.number}/"' in agent.get(f"/desk/cases/{first.number}/").text
    assert f'href="/desk/cases/{first.number}/"' in agent.get(f"/desk/cases/{other.number}/").text


def test_sending_twice_opens_each_case_once(agent: Client, order: Order, second: Order) -> None:
    contact = begin(agent, order, second)
    describe_all(agent, contact)
    answers = {agent.post(check_of(contact)).headers["Location"] for _ in range(2)}
    assert answers == {f"/desk/cases/{Case.objects.earliest('pk').number}/"}
    assert Case.objects.count() == 2


def test_of_several_orders_none_is_opened_when_one_cannot(agent: Client, order: Order, second: Order) -> None:
    contact = begin(agent, order, second)
    describe_all(agent, contact)
    taken = make_case(order=second, quantity=2)
    answer = agent.post(check_of(contact), follow=True)
    assert answer.redirect_chain[-1][0] == f"/desk/requests/{contact.token}/"
    assert "You can still request 0 units of" in answer.text
    assert list(Case.objects.all()) == [taken]


def test_the_desk_promises_what_the_portal_would(agent: Client, order: Order) -> None:
    contact = begin(agent, order)
    describe_all(agent, contact)
    draft = contact.drafts.get()
    desk = agent.get(check_of(contact)).context["parts"][0]
    portal = enter(Client(), order).get(f"/orders/{order.token}/request/{draft.token}/check/").context
    for name in ("goods_come_back", "freight"):
        assert desk[name] == portal[name]
    assert abs(desk["dates"].decision_by - portal["dates"].decision_by).total_seconds() < 60
    agent.post(check_of(contact), {f"promised-{draft.token}": desk["promised"]})
    assert Case.objects.get().due_at == desk["dates"].decision_by


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (CALL, "Choose at least one item."),
        ({"caller": "A"}, "Choose how they reached us."),
        ({"channel": "portal"}, "portal is not one of the available choices"),
        (CALL | {"caller": "A" * 121}, "at most 120 characters"),
    ],
)
def test_what_is_missing_gets_a_sentence_and_nothing_is_lost(
    agent: Client, order: Order, sent: dict[str, str], sentence: str
) -> None:
    page = agent.post(f"/desk/orders/{order.token}/request/", sent).text
    assert sentence in page
    assert sent.get("caller", "") in page
    assert not Contact.objects.exists()


def test_more_than_is_left_is_refused_with_the_sentence_of_the_portal(agent: Client, order: Order) -> None:
    page = agent.post(f"/desk/orders/{order.token}/request/", CALL | pick(order, 9)).text
    assert "You can still request 3 units of" in page
    assert 'value="9"' in page


def test_a_draft_is_found_again_after_the_tab_was_closed(agent: Client, order: Order, second: Order) -> None:
    contact = begin(agent, order)
    [details] = details_of(contact)
    assert agent.post(details, SAID | {"keep": "1"}, headers={"HX-Request": "true"}).status_code == 204
    for page in ("/desk/requests/", f"/desk/orders/{order.token}/request/"):
        assert f'href="/desk/requests/{contact.token}/"' in agent.get(page).text
    assert "It flickers." in agent.get(details).text
    colleague = Client()
    colleague.force_login(UserFactory(role="agent"))
    assert contact.token not in colleague.get("/desk/requests/").text
    answer = agent.post(f"/desk/requests/{contact.token}/", CALL | pick(order, 2) | pick(second))
    assert answer.headers["Location"] == details
    assert [row.order for row in contact.drafts.order_by("pk")] == [order, second]
    agent.post(f"/desk/requests/{contact.token}/", CALL | pick(second))
    assert [row.order for row in contact.drafts.all()] == [second]


def test_a_draft_that_nobody_wants_goes_with_its_photos(agent: Client, order: Order) -> None:
    contact = begin(agent, order)
    agent.post(details_of(contact)[0], {"upload": "line1", "line1-photos": upload("orient_landscape_1.jpg")})
    assert Evidence.objects.count() == 1
    assert agent.post(f"/desk/requests/{contact.token}/discard/").headers["Location"] == "/desk/requests/"
    assert not Contact.objects.exists()
    assert not Draft.objects.exists()
    assert not Evidence.objects.exists()


def test_photos_are_the_agents_and_shown_to_staff_before_the_case_is_open(agent: Client, order: Order) -> None:
    contact = begin(agent, order)
    [details] = details_of(contact)
    agent.post(details, SAID | {"line1-photos": upload("orient_landscape_1.jpg")})
    photo = Evidence.objects.get()
    assert photo.added_by == contact.started_by
    shown = agent.get(f"/evidence/{photo.token}/thumbnail")
    assert (shown.status_code, b"".join(shown.streaming_content)[:2]) == (200, b"\xff\xd8")
    inspector = Client()
    inspector.force_login(UserFactory(role="inspector"))
    assert inspector.get(f"/evidence/{photo.token}/thumbnail").status_code == 404
    agent.post(check_of(contact))
    photo.refresh_from_db()
    assert photo.case == Case.objects.get()


def test_what_was_opened_cannot_be_changed_any_more(agent: Client, order: Order) -> None:
    contact = begin(agent, order)
    describe_all(agent, contact)
    agent.post(check_of(contact))
    case = f"/desk/cases/{Case.objects.get().number}/"
    for page in (f"/desk/requests/{contact.token}/", check_of(contact), *details_of(contact)):
        assert agent.get(page).headers["Location"] == case
    assert agent.post(f"/desk/requests/{contact.token}/", CALL | pick(order)).headers["Location"] == case
    assert agent.post(f"/desk/requests/{contact.token}/discard/").headers["Location"] == case
    with pytest.raises(AlreadySent):
        contacts.change(contact, {order: {}}, channel="phone")


def test_only_reviewers_open_cases_for_shoppers(order: Order) -> None:
    reviewer = UserFactory(role="agent")
    lines = {order.lines.first().pk: 1}
    contact = contacts.begin({order: lines}, by=reviewer, channel="counter")
    describe(contact.drafts.get(), said={next(iter(lines)): {"reason": "defective", "wish": "refund"}})
    with pytest.raises(PermissionDenied):
        contacts.submit_all(contact, by=UserFactory(role="inspector"), promised={})
    assert not Case.objects.exists()
    assert len(contacts.submit_all(contact, by=reviewer, promised={})) == 1


def test_the_order_is_found_while_talking(agent: Client, order: Order) -> None:
    assert f'href="/desk/requests/?q={order.customer.name.split()[0]}' in (
        agent.get("/desk/search/", {"q": order.customer.name.split()[0]}).text
    )
    for words in (order.customer.name, order.lines.first().title):
        assert f'href="/desk/orders/{order.token}/request/"' in agent.get("/desk/requests/", {"q": words}).text
    assert "No matching orders" in agent.get("/desk/requests/", {"q": "nothing-like-it"}).text


def test_the_search_has_the_same_queries_for_one_and_three_orders(
    agent: Client, order: Order, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        OrderFactory(shop=order.shop, customer=order.customer)
    with django_assert_max_num_queries(12):
        agent.get(f"/desk/orders/{order.token}/request/")


def test_a_contact_without_a_case_is_forgotten_after_a_month(agent: Client, order: Order) -> None:
    begin(agent, order)
    forget_old(now=timezone.now() + timezone.timedelta(days=31))
    assert not Contact.objects.exists()


def _two_at_once(order: Order, *, without: str = "") -> list[Case]:
    """The cases after the contact was sent twice at the same time."""
    agent = UserFactory(role="agent")
    line = order.lines.first().pk
    contact = contacts.begin({order: {line: 1}}, by=agent, channel="phone")
    describe(contact.drafts.get(), said={line: {"reason": "defective", "wish": "refund"}})
    send = partial(contacts.submit_all, contact, by=agent, promised={})
    meanwhile(send, send, without=without)
    return list(Case.objects.all())


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_the_same_time_opens_one_case(order: Order) -> None:
    assert len(_two_at_once(order)) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_there_would_be_two(order: Order) -> None:
    assert len(_two_at_once(order, without="FOR UPDATE")) == 2
