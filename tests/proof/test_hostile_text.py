"""Whatever is typed, wherever it is typed: no page breaks, nothing of it runs, nothing of it is lost."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.proof.hostile_text.form_data import all_at_once, faults, found_forms, is_kept, one_by_one, parameters, spread
from tests.proof.hostile_text.html_reader import FREE
from tests.proof.hostile_text.shop import Site, encoded, open_site
from tests.proof.hostile_text.strings import EVERY, LONG, WORST

type Told = Callable[..., None]
KEEPS_NOTHING = {"signoff:code", "returns:hand-over"}  # wrong digits; the page of what became of it


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with open_site(django_db_blocker) as opened:
        yield opened


def test_free_text_of_every_form(site: Site, size: Callable[[int, int], int], figure: Told) -> None:
    wrong, lost = [], []
    forms = found_forms(site)
    free = [known for known, (_, _, form) in forms.items() if any(one.kind in (*FREE, "file") for one in form.fields)]
    chosen = spread([(known, text) for text in EVERY if text not in LONG for known in free], size(50, 1200))
    posted = [known for known in free if forms[known][2].method == "post"]  # no server takes an address of a megabyte
    chosen += spread([(known, text) for known in posted for text in LONG], size(2, 30))
    for known, text in chosen:
        visit, path, form = forms[known]
        typed, files = all_at_once(form, text)
        answer, page = site.submit(visit.who, path, form, typed, files)
        wrong += [f"{known} {text[:40]!r}: {fault}" for fault in faults(answer, page)]
        if answer.status_code not in (302, 413) and form.method == "post" and known[0] not in KEEPS_NOTHING:
            lost += [] if is_kept(form, typed, page) else [f"{known} {text[:40]!r}: {answer.status_code}"]
    assert wrong == []
    assert lost == []
    figure("hostile text", "forms on the pages of the product and its admin, with free text", len(free), "", "≥ 30")
    figure(
        "hostile text",
        "times they were sent with hostile text in every free text",
        len(chosen),
        "",
        f"≥ {size(50, 1200)}",
    )
    figure("hostile text", "answers 5xx, or with markup or templates that ran", len(wrong), "", "= 0")
    figure("hostile text", "words lost where a form was refused, once it was read", len(lost), "", "= 0")


def test_every_other_field_of_every_form(site: Site, size: Callable[[int, int], int], figure: Told) -> None:
    wrong = []
    probes = [
        (known, visit, path, form, name, typed)
        for known, (visit, path, form) in found_forms(site).items()
        for name, typed in one_by_one(form, WORST)
    ]
    chosen = spread(probes, size(50, 1000))
    for known, visit, path, form, name, typed in chosen:
        answer, page = site.submit(visit.who, path, form, typed)
        wrong += [f"{known} {name}={typed[-1][1][:40]!r}: {fault}" for fault in faults(answer, page)]
    assert wrong == []
    figure(
        "hostile text",
        "forms sent with one hidden, chosen or counted field wrong",
        len(chosen),
        "",
        f"≥ {size(50, 1000)}",
    )


def test_every_parameter_of_an_address(site: Site, size: Callable[[int, int], int], figure: Told) -> None:
    wrong, places = [], list(parameters(site))
    chosen = spread([(*place, text) for text in WORST for place in places], size(50, 1000))
    for visit, path, name, text in chosen:
        answer = site.get(visit.who, f"{path}?{encoded([(name, text)])}")
        wrong += [f"{path}?{name}={text[:40]!r}: {fault}" for fault in faults(answer, answer)]
    assert wrong == []
    figure("hostile text", "addresses with a hostile parameter", len(chosen), "", f"≥ {size(50, 1000)}")
