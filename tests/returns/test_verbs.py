"""One registry of what can happen in a case: an entry says nothing that is not in it."""

from typing import Any

import pytest

from returns.lifecycle.actions import move
from returns.logbook.verbs import UnknownFacts, UnknownVerb, find_verb, register_verb, registered_verbs
from returns.models import Case, LogEntry
from tests.factories import make_case
from tests.steps.logbook import note


@pytest.mark.django_db
def test_an_unknown_verb_is_not_written() -> None:
    case = make_case()
    with pytest.raises(UnknownVerb, match="No app has registered the verb 'tkae'"):
        note(case, "tkae", by=None)
    assert list(LogEntry.objects.values_list("verb", flat=True)) == ["open"]


@pytest.mark.django_db
def test_an_unknown_fact_is_not_written_and_the_known_ones_are_named() -> None:
    case = make_case()
    with pytest.raises(UnknownFacts, match=r"'refund_paid' carries no fact email, name; .*: amount, currency, gateway"):
        note(case, "refund_paid", by=None, amount="1.00", name="Anna", email="anna@shopper.example")
    assert Case.objects.get(pk=case.pk).seq == 1


@pytest.mark.django_db
def test_a_step_with_an_unknown_fact_is_not_taken() -> None:
    case = make_case()
    with pytest.raises(UnknownFacts, match="'cancel' carries no fact amount; its facts are: none"):
        move(case, Case.cancel, by=None, amount="1.00")
    assert Case.objects.get(pk=case.pk).status == Case.Status.SUBMITTED


def test_a_verb_is_registered_once() -> None:
    with pytest.raises(ValueError, match="The verb 'take' is registered already"):
        register_verb("take", desk="Taken", icon="hand")
    with pytest.raises(ValueError, match="The verb 'open' is registered already for 'carrier'"):
        register_verb("open", channel="carrier", desk="Opened", icon="inbox")


def test_words_of_a_channel_are_no_verb_of_their_own(monkeypatch: Any) -> None:
    monkeypatch.setattr("returns.logbook.verbs._VERBS", {})
    register_verb("open", channel="carrier", desk="Opened for the carrier", icon="truck")
    assert find_verb("open") is None
    register_verb("open", desk="Opened", icon="inbox", shopper=True, facts=("lines",))
    by_carrier, usual = find_verb("open", channel="carrier"), find_verb("open", channel="portal")
    assert by_carrier is not None
    assert usual is not None
    assert (by_carrier.desk, by_carrier.shopper) == ("Opened for the carrier", "")
    assert (usual.desk, usual.shopper, usual.facts) == ("Opened", "Opened", {"lines"})
    assert len(registered_verbs()) == 2


def test_every_step_and_note_of_the_product_is_registered() -> None:
    steps = {step.name for step in Case._meta.get_field("status").get_all_transitions(Case)}
    notes = {"approve", "verdict_differs", "plan_exceeds", "survey_answered", "take", "hand_back"}
    assert steps | notes <= {verb.name for verb in registered_verbs()}
