"""The picture shows what the code allows, no more and no less."""

import re
from itertools import combinations, pairwise
from typing import Any

import pytest
from django.test import Client

from returns.lifecycle.actions import move
from returns.lifecycle.diagram.drawing import draw
from returns.lifecycle.diagram.layout import BOX, Layout, lay_out
from returns.lifecycle.diagram.routes import Route
from returns.lifecycle.diagram.steps import Transition, steps
from returns.lifecycle.states import STATES, State
from returns.management.commands.draw_lifecycle import FILE, as_file
from returns.models import Case
from tests.factories import UserFactory, make_case

LAW = {
    (step.name, step.source, step.target)
    for step in Case._meta.get_field("status").get_all_transitions(Case)
}  # fmt: skip
ON_PICTURE = re.compile(r'data-step="(\w+)" data-from="(\w+)" data-to="(\w+)"')


def test_every_transition_is_on_the_picture_and_nothing_else() -> None:
    lines = draw({}).lines
    assert {(line.step.name, line.step.source, line.step.target) for line in lines} == LAW
    assert len(lines) == len(LAW)


def boxes_of(layout: Layout) -> dict[str, tuple[float, float, float, float]]:
    """State → left, top, right, bottom."""
    width, height = BOX
    return {
        status: (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        for status, (x, y) in layout.centres.items()
    }


def check(layout: Layout, steps: list[Transition]) -> None:
    """Boxes are apart, every step has its line, and a line touches its own two boxes and no other."""
    boxes = boxes_of(layout)
    for (_, one), (_, other) in combinations(boxes.items(), 2):
        assert one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    assert sorted(map(str, (route.step for route in layout.corners))) == sorted(map(str, steps))
    for route, corners in layout.corners.items():
        ends = ((route.step.source, corners[0]), (route.step.target, corners[-1]))
        for status, (x, y) in ends:
            left, top, right, bottom = boxes[status]
            assert (x in (left, right) and top < y < bottom) or (y in (top, bottom) and left < x < right), route
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(corners)), route
        assert all(0 < x < layout.width and 0 < y < layout.height for x, y in corners), route
        for status in boxes.keys() - {route.step.source, route.step.target}:
            left, top, right, bottom = boxes[status]
            for (x, y), (to_x, to_y) in pairwise(corners):
                beside = max(x, to_x) < left or min(x, to_x) > right
                above = max(y, to_y) < top or min(y, to_y) > bottom
                assert beside or above, (route, status)


def pieces(layout: Layout) -> list[tuple[Route, str, float, float, float]]:
    """Every straight piece of every line: along x or y, where, from, to."""
    found = []
    for route, corners in layout.corners.items():
        for (x, y), (to_x, to_y) in pairwise(corners):
            if x == to_x:
                found.append((route, "x", x, min(y, to_y), max(y, to_y)))
            else:
                found.append((route, "y", y, min(x, to_x), max(x, to_x)))
    return found


def test_nothing_overlaps_and_every_line_finds_its_way() -> None:
    check(lay_out(STATES, steps()), steps())


def test_two_lines_lie_on_each_other_only_where_they_run_together() -> None:
    for one, other in combinations(pieces(lay_out(STATES, steps())), 2):
        (route, *place, start, end), (other_route, *other_place, other_start, other_end) = one, other
        same = place == other_place and min(end, other_end) > max(start, other_start)
        assert not same or route.lane == other_route.lane, (route, other_route)


def state(**facts: Any) -> State:
    return State(**{"shopper_label": "", "headline": "", "next_step": "", "tab": "decide", "tone": "info", **facts})


def step(name: str, source: str, target: str) -> Transition:
    return Transition(name, name, source, target, "staff")


def test_a_new_state_finds_its_place_by_itself() -> None:
    states = {**STATES, "with_carrier": state(main_step="carrier_answers")}
    law = [
        *steps(),
        step("ask_carrier", "in_transit", "with_carrier"),
        step("carrier_answers", "with_carrier", "submitted"),
        step("cancel", "with_carrier", "cancelled"),
    ]
    layout = lay_out(states, law)
    check(layout, law)
    assert layout.centres["with_carrier"] not in [layout.centres[status] for status in STATES]


def test_a_longer_main_road_and_more_ends_find_their_places() -> None:
    states = {
        "submitted": state(main_step="check"),
        "checked": state(main_step="propose"),
        **{status: row for status, row in STATES.items() if status != "submitted"},
        **{f"end_{number}": state(tab="finished") for number in range(6)},
    }
    law = [step("check", "submitted", "checked"), step("propose", "checked", "awaiting_approval"), *steps()]
    law += [step("stop", source, f"end_{number}") for number in range(6) for source in ("checked", "resolved")]
    check(lay_out(states, law), law)


def test_a_state_that_no_step_touches_is_drawn_all_the_same() -> None:
    assert "alone" in lay_out({**STATES, "alone": state()}, steps()).centres


def test_the_committed_picture_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == as_file(), "run: manage.py draw_lifecycle"


@pytest.mark.django_db
def test_the_page_shows_each_transition_and_counts_that_lead_to_their_cases(client: Client) -> None:
    client.force_login(UserFactory(role="inspector"))
    make_case()
    move(make_case(), Case.reject, by=None)
    text = client.get("/desk/lifecycle/").content.decode()
    assert set(ON_PICTURE.findall(text)) == LAW
    for status in ("submitted", "rejected", "closed"):
        expected = 0 if status == "closed" else 1
        assert f'href="/desk/cases/?status={status}"' in text
        assert len(client.get("/desk/cases/", {"status": status}).context["page"].rows) == expected
