"""A form sent twice has one effect, at the same instant too; a form that has grown old overwrites nothing."""

import io
import re
from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.core import mail, signing
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from feedback.conversation.actions import inquiry_of, thread_of
from feedback.models import Answer as SurveyAnswer
from feedback.models import Message, Post, PostDraft, Thread
from inspection.models import Photo, UnknownParcel
from refunds.payouts import worker
from refunds.payouts.manual import mark_failed
from returns.models import Case, Contact, Draft, Evidence
from returns.review.assignment import take
from signoff.lookup.codes import send_codes
from signoff.models import EntryCode, Parcel
from signoff.web import undo
from tests.factories import (
    DraftFactory,
    OrderFactory,
    ReasonFactory,
    ReplacementFactory,
    SurplusFactory,
    SurveyFactory,
    UserFactory,
)
from tests.factories.settlements import make_settled_case
from tests.proof.concurrent_clients import Answer, Person, all_rounders, at_once, let_in, shoppers, staff
from tests.proof.decision_forms import WAITING, DecisionForm, authorised, received, submitted
from tests.proof.money_checks import MoneyCheck
from tests.proof.server import Server
from tests.steps.logbook import note
from tests.steps.order_lookup import newest_code
from tests.steps.plans import propose_plan

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent(server: Server) -> Person:
    return staff(server, all_rounders(1))[0]


@pytest.fixture
def browser(server: Server) -> Person:
    return shoppers(server, [], 1)[0]


@pytest.fixture
def found() -> MoneyCheck:
    return MoneyCheck()


def photo() -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(picture, "JPEG")
    return SimpleUploadedFile("lamp.jpg", picture.getvalue(), "image/jpeg")


def twice(press: Callable[[], Answer]) -> list[Answer]:
    return at_once([press, press])


def _decoded(answers: list[Answer]) -> list[Answer]:
    """Without the one, if any, that was asked to wait: pictures of one person are decoded one request at a time."""
    taken = [answer for answer in answers if answer.status != HTTPStatus.TOO_MANY_REQUESTS]
    assert taken
    return taken


def drawn(decision: DecisionForm, case: Case, person: Person, typed: str) -> Callable[[], Answer]:
    """The button of a form that is open in the browser of ``person``."""
    form = decision.filled(person.form(decision.address(case)), typed)
    return lambda: person.post(decision.address(case), form, typed=typed if decision.words else "")


@pytest.mark.parametrize(("opened", "decisions"), WAITING, ids=lambda one: getattr(one, "__name__", ""))
def test_a_form_that_has_grown_old_shows_what_changed_and_overwrites_nothing(
    agent: Person, browser: Person, found: MoneyCheck, opened: Callable[[], Case], decisions: list[DecisionForm]
) -> None:
    case = opened()
    let_in([browser], case.order)
    for decision in decisions:
        press = drawn(decision, case, browser if decision.shopper else agent, f"For {decision.step} <b>归程</b>")
        entry = note(case, "verdict_differs", by=agent.user, resolution=1)
        answer = press()
        found.judge([answer])
        assert (answer.status, case.log.last()) == (409, entry), decision
        assert decision.shopper or "match the plan; a new plan is needed" in answer.words, (decision, answer.words)
    assert found.all == []


def test_what_was_typed_can_be_sent_again_after_reading_what_changed(agent: Person) -> None:
    case = submitted()
    address = f"/desk/cases/{case.number}/reject/"
    form = agent.form(address) | {"words": "Worn for a year."}
    agent.post(f"/desk/cases/{case.number}/take/", {})
    refused = agent.post(address, form)
    assert refused.status == 409
    assert agent.post(address, refused.form()).won
    assert case.statements.get().words == "Worn for a year."


@pytest.mark.parametrize(("opened", "decisions"), WAITING, ids=lambda one: getattr(one, "__name__", ""))
def test_a_step_sent_twice_at_once_is_taken_once(
    agent: Person, browser: Person, found: MoneyCheck, opened: Callable[[], Case], decisions: list[DecisionForm]
) -> None:
    for decision in decisions:
        case = opened()
        let_in([browser], case.order)
        answers = twice(drawn(decision, case, browser if decision.shopper else agent, "Once."))
        found.judge(answers)
        found.one_winner(answers, decision.step)
        assert case.statements.filter(words="Once.").count() <= 1
    assert found.all == []


def test_a_request_sent_twice_is_one_case_and_its_photo_one_photo(browser: Person, found: MoneyCheck) -> None:
    draft = DraftFactory()
    ReasonFactory(shop=draft.order.shop)
    let_in([browser], draft.order)
    page = f"/orders/{draft.order.token}/request/{draft.token}/"
    name = f"line{draft.order.lines.get().position}"
    said = {f"{name}-reason": "defective", f"{name}-wish": "refund", f"{name}-words": "Dark."}
    answers = twice(lambda: browser.post(page, said | {f"{name}-photos": photo()}, files=True))
    sent = twice(lambda: browser.post(f"{page}check/", {}))
    found.judge([*_decoded(answers), *sent])
    case = Case.objects.get()
    assert {answer.location for answer in sent} == {f"/cases/{case.number}/"}
    assert Evidence.objects.filter(case=case).count() == 1
    assert found.all == []


def test_choosing_items_twice_asks_for_them_once(browser: Person, found: MoneyCheck) -> None:
    """Two drafts hold no unit; the one that is gone on with becomes the case, the other is thrown away in time."""
    order = OrderFactory()
    let_in([browser], order)
    answers = twice(lambda: browser.post(f"/orders/{order.token}/request/", {"pick-1": "on", "quantity-1": "3"}))
    found.judge(answers)
    assert all(answer.won for answer in answers)
    assert (Draft.objects.count(), order.lines.get().returning) == (2, 0)
    assert found.all == []


def test_a_photo_of_the_bench_sent_twice_is_kept_once(agent: Person, found: MoneyCheck) -> None:
    case = received()
    line = f"line{case.lines.get().pk}"
    form = {"seen": case.seq, f"{line}-verdict": "as_claimed", f"{line}-disposition": "scrap"}
    answers = twice(
        lambda: agent.post(f"/desk/cases/{case.number}/inspect/", form | {f"{line}-pictures": photo()}, files=True)
    )
    found.judge(_decoded(answers))
    found.one_winner(answers, "verdict")
    assert Photo.objects.count() == 1
    assert found.all == []


def test_an_answer_to_the_survey_counts_once_and_other_words_are_not_lost(browser: Person, found: MoneyCheck) -> None:
    page = f"/survey/{SurveyFactory().token}/"
    form = {"satisfaction": "5", "ease": "4", "words": "Quick."}
    answers = twice(lambda: browser.post(page, form))
    late = browser.post(page, form | {"words": "And friendly."}, typed="And friendly.")
    found.judge([*answers, late])
    assert [answer.status for answer in answers if not answer.won] in ([], [200])
    assert (late.status, SurveyAnswer.objects.get().words) == (409, "Quick.")
    assert found.all == []


def test_a_replacement_sent_twice_is_one_parcel(agent: Person, found: MoneyCheck) -> None:
    owed = ReplacementFactory()
    form = {"replacement": owed.pk, "carrier": "DHL", "tracking_number": "JD0001"}
    answers = twice(lambda: agent.post("/desk/replacements/", form, typed="JD0001"))
    found.judge(answers)
    found.one_winner(answers, "replacement")
    assert Parcel.objects.count() == 1
    assert found.all == []


def test_a_failed_refund_is_tried_anew_once(agent: Person, found: MoneyCheck) -> None:
    refund = make_settled_case(gateway="manual").refunds.get()
    worker.pay_due()
    mark_failed(refund, by=agent.user, why="The account is closed.")
    answers = twice(lambda: agent.post(f"/desk/refunds/{refund.token}/retry/", {}))
    found.judge(answers)
    found.one_winner(answers, "retry")
    refund.refresh_from_db()
    assert (refund.attempt, refund.status) == (2, "due")
    assert found.all == []


def test_a_code_typed_twice_lets_in_once_and_says_so(browser: Person, found: MoneyCheck) -> None:
    order = OrderFactory()
    browser.post("/", {"number": order.number, "contact": order.customer.email})
    send_codes()
    assert len(mail.outbox) == 1
    code = newest_code()
    answers = twice(lambda: browser.post("/code/", {"code": code}, typed=code))
    found.judge(answers)
    winner, loser = sorted(answers, key=lambda answer: not answer.won)
    assert winner.location == f"/orders/{order.token}/"
    assert "has already been used" in loser.words
    assert EntryCode.objects.get().used_at
    later = browser.post("/code/", {"code": code}, typed=code)  # with the cookie of before, when all is over
    assert "has already been used" in later.words
    assert "sessionid" not in later.cookies  # or the browser would lose what the first press has opened
    assert found.all == []


def test_a_case_assigned_twice_is_assigned_once(agent: Person, found: MoneyCheck) -> None:
    case, colleague = submitted(), UserFactory(role="agent")
    page = f"/desk/cases/{case.number}/assign/"
    form = agent.form(page) | {"to": f"person:{colleague.username}", "words": "Holiday."}
    answers = twice(lambda: agent.post(page, form, typed="Holiday."))
    found.judge(answers)
    found.one_winner(answers, "assign")
    assert (case.log.filter(verb="assign").count(), case.statements.count()) == (1, 1)
    assert found.all == []


def test_cases_handed_over_twice_go_once(agent: Person, found: MoneyCheck) -> None:
    cases, colleague = [take(submitted(), by=agent.user) for _each in range(3)], UserFactory(role="agent")
    form = {"to": colleague.username, "words": "Holiday.", "absent_from": "", "absent_until": ""}
    answers = twice(lambda: agent.post("/desk/cases/hand-over/", form))
    found.judge(answers)
    assert [case.log.filter(verb="assign").count() for case in cases] == [1, 1, 1]
    assert {Case.objects.get(pk=case.pk).owner for case in cases} == {colleague}
    assert found.all == []


@pytest.mark.parametrize("kind", ["message", "note"])
@pytest.mark.parametrize("about", ["case", "order"])
def test_words_sent_twice_are_one_post(agent: Person, found: MoneyCheck, kind: str, about: str) -> None:
    case = submitted()
    thread = thread_of(case) if about == "case" else inquiry_of(case.order)
    write = f"{thread.get_absolute_url()}write/"
    form = agent.form(thread.get_absolute_url(), action=write) | {"kind": kind, "words": "Once.", "do": "send"}
    answers = twice(lambda: agent.post(write, form | {"files": photo()}, files=True))
    found.judge(_decoded(answers))
    post = Post.objects.get()
    assert (post.words, post.kind, post.postpictures.count()) == ("Once.", kind, 1)
    assert case.log.filter(verb__in=["message_sent", "note_added"]).count() == (1 if about == "case" else 0)
    assert Message.objects.filter(topic="inquiry").count() == (1 if about == "order" and kind == "message" else 0)
    assert found.all == []


def test_a_note_undone_twice_is_one_draft(agent: Person, found: MoneyCheck) -> None:
    case = submitted()
    write = f"/desk/cases/{case.number}/write/"
    form = agent.form(case.get_absolute_url(), action=write) | {"kind": "note", "words": "Once.", "do": "send"}
    agent.post(write, form)
    facts = {"thread": thread_of(case).token, "seq": 1}  # the flash message is in a cookie that ``Person`` ignores
    token = signing.dumps([agent.user.pk, "note", facts], salt=undo._SALT)
    found.judge(twice(lambda: agent.post("/desk/undo/", {"token": token})))
    assert (Post.objects.get().words, PostDraft.objects.get().words) == ("", "Once.")
    assert found.all == []


def test_a_question_started_twice_is_one_conversation(agent: Person, found: MoneyCheck) -> None:
    order = OrderFactory()
    answers = twice(lambda: agent.post(f"/desk/orders/{order.token}/conversation/", {}))
    found.judge(answers)
    assert {answer.location for answer in answers} == {Thread.objects.get().get_absolute_url() + "#composer"}
    assert found.all == []


def test_a_complaint_marked_and_answered_twice_counts_once(agent: Person, found: MoneyCheck) -> None:
    case = submitted()
    page = f"/desk/cases/{case.number}/complaint/"
    found.judge(twice(lambda: agent.post(page, {"severity": "2"})))
    result = {"key": "one-key", "words": "We apologise."}
    found.judge(twice(lambda: agent.post(page, result)))
    verbs = [entry.verb for entry in case.log.order_by("seq")][1:]
    assert (verbs, Post.objects.get().is_outcome) == (["complaint_marked", "message_sent"], True)
    assert found.all == []


def test_an_unknown_parcel_recorded_twice_is_one_and_attached_twice_once(agent: Person, found: MoneyCheck) -> None:
    page = "/desk/bench/unknown/"
    [token] = re.findall(r'name="token" value="([^"]+)"', agent.get(page).text)
    form = {"token": token}
    answers = twice(lambda: agent.post(page, form | {"sender": "A. Wolf", "pictures": photo()}, files=True))
    found.judge(_decoded(answers))
    unknown = UnknownParcel.objects.get()
    assert unknown.photos.count() == 1
    case = authorised()
    number = {"number": case.number}
    found.judge(twice(lambda: agent.post(f"{page}{unknown.token}/attach/", number)))
    assert (case.parcels.count(), case.log.filter(verb="parcel_attached").count()) == (1, 1)
    assert found.all == []


def test_a_surplus_is_decided_once(agent: Person, found: MoneyCheck) -> None:
    surplus = SurplusFactory()
    page = f"/desk/cases/{surplus.case.number}/surplus/{surplus.token}/"
    found.judge(at_once([lambda: agent.post(page, {"decision": "keep"}),
                         lambda: agent.post(page, {"decision": "send_back"})]))  # fmt: skip
    surplus.refresh_from_db()
    [entry] = surplus.case.log.filter(verb="surplus_decided")
    assert entry.facts["decision"] == surplus.decision
    assert found.all == []


def test_a_plan_is_recalled_once(agent: Person, found: MoneyCheck) -> None:
    case = propose_plan(submitted(), by=agent.user, goods_come_back=False)
    page = f"/desk/cases/{case.number}/take_back/"
    form = agent.form(page)
    answers = twice(lambda: agent.post(page, form))
    found.judge(answers)
    found.one_winner(answers, "recall")
    assert case.log.filter(verb="take_back").count() == 1
    assert found.all == []


def test_requests_of_one_call_sent_twice_are_opened_once(agent: Person, found: MoneyCheck) -> None:
    order = OrderFactory()
    second = OrderFactory(shop=order.shop, customer=order.customer)
    ReasonFactory(shop=order.shop)
    chosen = {f"{each.token}-{name}": value for each in (order, second)
              for name, value in {"pick-1": "on", "quantity-1": "1"}.items()}  # fmt: skip
    agent.post(f"/desk/orders/{order.token}/request/", {"channel": "phone", "caller": "A"} | chosen)
    contact = Contact.objects.get()
    said = {"line1-reason": "defective", "line1-wish": "refund", "line1-words": "Dark."}
    for draft in contact.drafts.all():
        agent.post(f"/desk/requests/{contact.token}/{draft.token}/", said)
    answers = twice(lambda: agent.post(f"/desk/requests/{contact.token}/check/", {}))
    found.judge(answers)
    assert Case.objects.count() == 2
    assert {answer.location for answer in answers} == {f"/desk/cases/{contact.cases()[0].number}/"}
    assert found.all == []


def test_the_checker_finds_a_form_that_overwrites(faulty_server: Server, found: MoneyCheck) -> None:
    [agent] = staff(faulty_server, all_rounders(1), **{"X-Fault": "latecomers overwrite"})
    answers = twice(drawn(WAITING[0][1][0], submitted(), agent, "Once."))
    found.one_winner(answers, "question")
    assert found.doubles == ["question: 2 winners"]
