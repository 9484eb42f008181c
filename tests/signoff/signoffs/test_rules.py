"""The count of a parcel: every unit is as ordered, wrong in one way, or missing; a sentence names the outcome."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signoff.models import Discrepancy, SignOff
from signoff.signoffs.rules import WRONG, DeliveryReport, DoesNotAddUp, LineCount, LineResult, line_results, outcome_of

Outcome = SignOff.Outcome
MISSING = Discrepancy.Kind.MISSING
LINES = {11: 3, 12: 1}


def outcome(receipt: DeliveryReport, expected: Mapping[int, int] = LINES) -> str:
    return outcome_of(receipt, line_results(receipt, expected))


@pytest.mark.parametrize(
    ("receipt", "wanted"),
    [
        (DeliveryReport(), Outcome.ACCEPTED),
        (DeliveryReport({11: LineCount(3), 12: LineCount(1)}), Outcome.ACCEPTED),
        (DeliveryReport(words="The box is dented."), Outcome.WITH_REMARKS),
        (DeliveryReport({11: LineCount(3, words="One has a scratch.")}), Outcome.WITH_REMARKS),
        (DeliveryReport({11: LineCount(2)}), Outcome.PARTLY),
        (DeliveryReport({11: LineCount(3, {"defective": 1})}), Outcome.PARTLY),
        (DeliveryReport({11: LineCount(0), 12: LineCount(0)}), Outcome.PARTLY),
        (DeliveryReport(refused_for="damaged"), Outcome.REFUSED),
        (DeliveryReport(refused_for="wrong_item", words="That is not mine."), Outcome.REFUSED),
    ],
)
def test_the_outcome_follows_from_what_was_found(receipt: DeliveryReport, wanted: str) -> None:
    assert outcome(receipt) == wanted


def test_what_is_missing_follows_from_the_count() -> None:
    found = line_results(DeliveryReport({11: LineCount(2, {"damaged": 1, "defective": 0}, words="Wet.")}), LINES)
    assert found == [LineResult(11, 3, 2, {"damaged": 1, "missing": 1}, "Wet."), LineResult(12, 1, 1, {})]


def test_a_refusal_is_about_every_unit() -> None:
    found = line_results(DeliveryReport(refused_for="damaged"), LINES)
    assert found == [LineResult(11, 3, 3, {"damaged": 3}), LineResult(12, 1, 1, {"damaged": 1})]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (LineCount(4), "Only 3 items were sent in this parcel."),
        (LineCount(-1), "be less than 0"),
        (LineCount(3, {"damaged": -1}), "be less than 0"),
        (LineCount(1, {"damaged": 1, "defective": 1}), "You counted 1 item but marked 2 as wrong."),
        (LineCount(3, {"damaged": 4}), "You counted 3 items but marked 4 as wrong."),
    ],
)
def test_what_does_not_add_up_gets_a_sentence_at_its_line(said: LineCount, sentence: str) -> None:
    with pytest.raises(DoesNotAddUp) as refusal:
        line_results(DeliveryReport({11: said}), LINES)
    assert list(refusal.value.sentences) == [11]
    assert sentence in refusal.value.sentences[11]


def test_a_refusal_needs_a_reason_that_a_unit_can_have() -> None:
    with pytest.raises(DoesNotAddUp, match="Choose the reason for refusing"):
        line_results(DeliveryReport(refused_for=MISSING), LINES)


@pytest.mark.parametrize(
    "receipt", [DeliveryReport({99: LineCount(1)}), DeliveryReport({11: LineCount(3, {"ugly": 1})})]
)
def test_what_no_form_can_send_is_a_mistake_of_ours(receipt: DeliveryReport) -> None:
    with pytest.raises(ValueError, match=r"not in the parcel|no kind of wrong"):
        line_results(receipt, LINES)


numbers = st.integers(-2, 8)
said = st.builds(LineCount, numbers, st.dictionaries(st.sampled_from(WRONG), numbers), st.just(""))


@given(
    expected=st.dictionaries(st.integers(1, 5), st.integers(1, 6)),
    spoken=st.lists(said, max_size=5),
    refuse=st.booleans(),
)
def test_every_unit_is_accounted_for_once(expected: dict[int, int], spoken: list[LineCount], refuse: bool) -> None:
    receipt = DeliveryReport(dict(zip(expected, spoken, strict=False)), refused_for="damaged" if refuse else "")
    try:
        found = line_results(receipt, expected)
    except DoesNotAddUp:
        return  # a sentence at its line; seen above
    assert {line.line: line.expected for line in found} == expected
    for line in found:
        wrong = sum(units for kind, units in line.problems.items() if kind != MISSING)
        as_ordered = line.counted - wrong
        assert as_ordered >= 0
        assert as_ordered + wrong + line.problems.get(MISSING, 0) == line.expected
        assert all(units > 0 for units in line.problems.values())
    wrong_anywhere = any(line.problems for line in found)
    wanted = Outcome.REFUSED if refuse else Outcome.PARTLY if wrong_anywhere else Outcome.ACCEPTED
    assert outcome_of(receipt, found) == wanted
