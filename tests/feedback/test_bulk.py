"""For many cases of the queue at once: a note for colleagues, and a question, typed or a saved reply."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from feedback.conversation.actions import thread_of
from feedback.conversation.drafts import keep_draft
from feedback.models import Post, PostDraft
from returns.models import Case, LogEntry, Statement
from signoff.models import BulkItem
from tests.factories import CustomerFactory, OrderFactory, SavedReplyFactory, UserFactory, make_case
from tests.steps.bulk import CASES, chosen, confirm, outcomes

pytestmark = pytest.mark.django_db
Outcome = BulkItem.Outcome


@pytest.fixture
def agent(client: Client) -> User:
    user = UserFactory(role="agent")
    client.force_login(user)
    return user


def notes_of(case: Case) -> list[str]:
    return [post.words for post in Post.objects.filter(thread__case=case, kind=Post.Kind.NOTE)]


def questions_of(case: Case) -> list[str]:
    return [said.words for said in Statement.objects.filter(case=case, topic=Statement.Topic.QUESTION)]


def test_a_note_is_written_on_every_chosen_case_and_its_words_are_in_no_logbook(client: Client, agent: User) -> None:
    cases = [make_case(), make_case()]
    run = chosen(client, CASES, "note", *cases)
    assert "2 cases get this note for colleagues." in client.get(f"/desk/bulk/run/{run.token}/").text
    confirm(client, run, words="The supplier recalls this lamp.")
    assert [notes_of(case) for case in cases] == [["The supplier recalls this lamp."]] * 2
    assert outcomes(run) == [(Outcome.DONE, "")] * 2
    facts = [entry.facts for entry in LogEntry.objects.filter(verb="note_added")]
    assert facts == [{"post": 1}, {"post": 1}]
    run.refresh_from_db()
    assert run.values == {}


def test_a_note_leaves_the_draft_on_the_page_of_the_case(client: Client, agent: User) -> None:
    case = make_case()
    keep_draft(thread_of(case), user=agent, words="Half an ans", kind=Post.Kind.MESSAGE, key="k")
    confirm(client, chosen(client, CASES, "note", case), words="Recalled.")
    assert PostDraft.objects.get(user=agent).words == "Half an ans"


def test_a_note_without_words_is_asked_for_again(client: Client, agent: User) -> None:
    run = chosen(client, CASES, "note", make_case())
    answer = client.post(f"/desk/bulk/run/{run.token}/confirm/", {"words": " \n"})
    assert (answer.status_code, "Write your note." in answer.text) == (422, True)


def test_whoever_may_only_look_writes_notes_and_nothing_else(client: Client) -> None:
    client.force_login(UserFactory(role="finance"))
    case = make_case()
    confirm(client, chosen(client, CASES, "note", case), words="The bank has asked.")
    assert notes_of(case) == ["The bank has asked."]
    assert client.post(CASES, {"action": "ask", "row": case.number}).status_code == 403


def test_a_saved_reply_asks_each_shopper_in_their_language_by_their_name(client: Client, agent: User) -> None:
    SavedReplyFactory(key="photo", text_en="A photo, {{ name }}?", text_zh_hans="{{ name }}，请发一张照片。")
    clara, wei = CustomerFactory(name="Clara"), CustomerFactory(name="王伟")
    cases = [make_case(order=OrderFactory(customer=clara)), make_case(order=OrderFactory(customer=wei))]
    Case.objects.filter(pk=cases[1].pk).update(language="zh-hans")
    run = chosen(client, CASES, "ask", *cases)
    confirm(client, run, reply="photo", question="")
    assert [questions_of(case) for case in cases] == [["A photo, Clara?"], ["王伟，请发一张照片。"]]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reply": "", "question": " "}, "Enter your question."),
        ({"reply": "photo", "question": "Which?"}, "Choose a saved reply or enter a question, not both."),
        ({"reply": "unknown"}, "Select a valid choice."),
    ],
)
def test_a_question_that_cannot_be_sent_is_a_sentence_and_nothing_is_asked(
    client: Client, agent: User, values: dict[str, str], sentence: str
) -> None:
    SavedReplyFactory(key="photo")
    case = make_case()
    run = chosen(client, CASES, "ask", case)
    answer = client.post(f"/desk/bulk/run/{run.token}/confirm/", values)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert questions_of(case) == []


def test_a_reply_that_was_saved_past_the_check_is_told_per_row_and_the_case_stays(client: Client, agent: User) -> None:
    SavedReplyFactory(key="old", text_en="{{ secret }}")
    case = make_case()
    run = chosen(client, CASES, "ask", case)
    confirm(client, run, reply="old")
    said = "This saved reply cannot be filled in. Correct it in the settings."
    assert outcomes(run) == [(Outcome.REFUSED, said)]
    assert Case.objects.get(pk=case.pk).status == "submitted"


def test_a_case_that_takes_no_question_is_left_out_with_its_state(client: Client, agent: User) -> None:
    asked, open_case = make_case(), make_case()
    confirm(client, chosen(client, CASES, "ask", asked), question="Which colour?")
    run = chosen(client, CASES, "ask", asked, open_case)
    status = Case.objects.get(pk=asked.pk).get_status_display()
    said = f"Left out: a case with the status “{status}” takes no question."
    assert outcomes(run) == [(Outcome.LEFT_OUT, said), (Outcome.PENDING, "")]
