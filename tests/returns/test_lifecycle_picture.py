"""The picture shows what the code allows, no more and no less."""

import re
from itertools import pairwise

import pytest
from django.test import Client

from returns.lifecycle.actions import move
from returns.lifecycle.law import steps
from returns.lifecycle.picture import draw
from returns.lifecycle.places import BOX, HEIGHT, PLACES, WIDTH, centre
from returns.lifecycle.routes import routes
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


def test_every_state_has_its_own_place() -> None:
    assert set(PLACES) == set(Case.Status.values)
    assert len(set(PLACES.values())) == len(PLACES)


def test_every_line_touches_its_two_boxes_and_goes_only_up_down_and_across() -> None:
    for step, corners in routes(steps()).items():
        for state, (x, y) in ((step.source, corners[0]), (step.target, corners[-1])):
            middle = centre(state)
            inside = abs(x - middle[0]) <= BOX[0] / 2 and abs(y - middle[1]) <= BOX[1] / 2
            assert inside, (step, state)
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(corners)), step
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in corners), step


def test_no_line_runs_through_a_box_of_a_third_state() -> None:
    for step, corners in routes(steps()).items():
        for other in set(Case.Status.values) - {step.source, step.target}:
            left, top = centre(other)[0] - BOX[0] / 2, centre(other)[1] - BOX[1] / 2
            for (x, y), (to_x, to_y) in pairwise(corners):
                beside = max(x, to_x) <= left or min(x, to_x) >= left + BOX[0]
                above = max(y, to_y) <= top or min(y, to_y) >= top + BOX[1]
                assert beside or above, (step, other)


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
