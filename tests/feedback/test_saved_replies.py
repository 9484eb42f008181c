"""Saved replies: checked when they are saved, filled in when they are inserted."""

import pytest
from django.test import Client

from feedback.conversation.actions import inquiry_of, thread_of
from feedback.conversation.replies import fill_reply
from feedback.models import SavedReply
from tests.factories import CustomerFactory, OrderFactory, SavedReplyFactory, UserFactory, make_case

pytestmark = pytest.mark.django_db
ADD = "/admin/feedback/savedreply/add/"
VALUES = {"key": "thanks", "position": "0", "title_en": "Thanks", "text_en": "Thank you, {{ name }}."}


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(UserFactory(role="manager", is_staff=True))
    return client


def test_a_manager_adds_one_and_reads_what_the_variables_are(manager: Client) -> None:
    assert "number of the case; of the order where there is no case" in manager.get(ADD).text
    assert manager.post(ADD, VALUES).status_code == 302
    assert SavedReply.objects.get().text_en == "Thank you, {{ name }}."
    assert SavedReply.history.get().history_user == UserFactory._meta.model.objects.get()


@pytest.mark.parametrize("field", ["text_en", "text_zh_hans", "text_zh_hant"])
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Dear {{ nmae }}", "There is no variable {{ nmae }}. Variables you can use: {{ name }}, {{ shop }}"),
        ("{{ settings.SECRET_KEY }}", "There is no variable {{ settings.SECRET_KEY }}."),
        ("{{ words }}", "There is no variable {{ words }}."),
        ("{% load x %}", "Variables you can use: {{ name }}"),
        ("{{ name|upper }}", "Variables you can use: {{ name }}"),
    ],
)
def test_one_with_an_unknown_variable_is_refused_with_a_sentence(
    manager: Client, field: str, words: str, sentence: str
) -> None:
    page = manager.post(ADD, VALUES | {field: words})
    assert sentence in page.context["adminform"].form.errors[field][0]
    assert SavedReply.objects.count() == 0


@pytest.mark.parametrize("key", ["With spaces", "a/b", "ÄÖ", ""])
def test_a_key_is_easy_to_type(manager: Client, key: str) -> None:
    manager.post(ADD, VALUES | {"key": key})
    assert SavedReply.objects.count() == 0


@pytest.mark.parametrize("role", ["agent", "inspector", "finance"])
def test_others_do_not_edit_them(client: Client, role: str) -> None:
    client.force_login(UserFactory(role=role, is_staff=True))
    assert client.get(ADD).status_code == 403


def test_it_is_filled_in_the_language_of_the_case() -> None:
    reply, agent = SavedReplyFactory(), UserFactory(role="agent")
    order = OrderFactory(customer=CustomerFactory(name="Anna Schmidt"))
    english, simplified, traditional = (make_case(order=order, language=one) for one in ("en", "zh-hans", "zh-hant"))
    assert [fill_reply(reply, thread_of(case), by=agent) for case in (english, simplified, traditional)] == [
        f"Hello Anna Schmidt, could you send us a photo for {english.number}?",
        f"Anna Schmidt，您好：请补充售后单 {simplified.number} 的照片。",
        f"Hello Anna Schmidt, could you send us a photo for {traditional.number}?",
    ]


def test_an_inquiry_has_the_number_of_its_order_and_nothing_is_escaped() -> None:
    order = OrderFactory(customer=CustomerFactory(name="O'Neil <b>"))
    reply = SavedReplyFactory(text_en="{{ name }} {{ number }} {{ order }} {{ shop }} {{ agent }}")
    text = fill_reply(reply, inquiry_of(order), by=UserFactory(first_name="Mei"))
    assert text == f"O'Neil <b> {order.number} {order.number} {order.shop.name} Mei"
