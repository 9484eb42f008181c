"""What happened in a case, told to the desk and to the shopper."""

from typing import Any

import lucide
import pytest
from django.contrib.auth.models import User

from returns.logbook.timeline import timeline_of
from returns.logbook.verbs import find_verb, register_verb, registered_verbs
from returns.models import Case
from returns.review.actions import reject, send_to_appraisal
from returns.review.assignment import take
from signoff.web.icons import icon_svg
from tests.factories import UserFactory, make_case
from tests.steps.logbook import note

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> User:
    return UserFactory(role="agent")


def titles(case: Case, audience: str) -> list[str]:
    return [line.title for line in timeline_of(case, audience=audience)]


def test_every_step_of_the_law_has_its_words() -> None:
    steps = {step.name for step in Case._meta.get_field("status").get_all_transitions(Case)}
    assert {step for step in steps if find_verb(step) is None} == set()


def test_every_icon_exists() -> None:
    for verb in registered_verbs():
        try:
            icon_svg(verb.icon, 15, "")
        except lucide.IconDoesNotExist:
            pytest.fail(f"no icon {verb.icon}")


def test_the_desk_reads_who_did_what_and_why(agent: User) -> None:
    case = reject(take(make_case(), by=agent), by=agent, words="It was worn.")
    newest, taken, opened = timeline_of(case, audience="desk")
    assert (newest.title, newest.who, newest.note) == ("Request rejected", "Mei Sato", "It was worn.")
    assert (taken.title, opened.title, opened.who) == ("Case taken", "Request submitted", case.customer.name)


def test_the_shopper_reads_no_names_no_inner_notes_and_no_inner_steps(agent: User) -> None:
    case = send_to_appraisal(take(make_case(), by=agent), by=agent, note="I do not believe this")
    newest, opened = timeline_of(case, audience="shopper")
    assert (newest.title, newest.who, newest.note) == ("An expert is reviewing your request", "Mei", "")
    assert (opened.title, opened.who) == ("Request received", "You")


def test_the_bench_is_told_no_amounts(agent: User) -> None:
    case = make_case()
    note(case, "refund_paid", by=agent, amount="12.30", currency="EUR")
    assert [titles(case, audience)[0] for audience in ("desk", "bench")] == ["€12.30 refunded", "••• refunded"]


def test_facts_stand_in_the_sentence(agent: User, monkeypatch: Any) -> None:
    case = make_case()
    monkeypatch.setattr("returns.logbook.verbs._VERBS", {})
    facts = {"amount": "12.30", "currency": "EUR", "gateway": "manual"}
    register_verb("paid", desk="%(money)s paid by %(gateway)s, %(unknown)s", icon="wallet", facts=facts)
    note(case, "paid", by=agent, **facts)
    assert titles(case, "desk")[0] == "€12.30 paid by manual, –"


def test_an_old_verb_that_is_gone_is_told_plainly_to_the_desk_and_not_to_the_shopper(monkeypatch: Any) -> None:
    case = make_case()
    with monkeypatch.context() as before:
        before.setattr("returns.logbook.verbs._VERBS", {})
        register_verb("something_old", desk="Something", icon="hand", shopper=True)
        note(case, "something_old", by=None)
    assert titles(case, "desk")[0] == "Something old"
    assert titles(case, "shopper") == ["Request received"]


@pytest.mark.parametrize("entries", [1, 3])
def test_the_timeline_asks_twice_however_long_it_is(agent: User, entries: int, django_assert_num_queries: Any) -> None:
    case = make_case()
    for _ in range(entries):
        note(case, "take", by=UserFactory())
    case = Case.objects.with_people().get()
    with django_assert_num_queries(2):
        timeline_of(case, audience="desk")
