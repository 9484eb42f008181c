"""Every URL × every visitor × every method: the product answers as the table says, and no refusal writes anything."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import path

from refunds.approvals import views as approvals
from signoff.web.access import public, staff
from tests.proof.access.clients import Site, open_site
from tests.proof.access.expected_access import EVERYBODY
from tests.proof.access.matrix import cells, reflected, unguarded, unlisted, wrong
from tests.proof.access.requests import quiet
from tests.proof.access.urls import Address, addresses


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    with open_site(django_db_blocker) as opened, quiet():
        yield opened


def test_the_house_answers_as_the_table_says(
    site: Site, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    assert unlisted(addresses()) == []
    asked = list(cells(site, every=size(19, 1)))
    faults = wrong(site, asked)
    assert faults == []
    told = f"{len(list(addresses()))} addresses, {len(EVERYBODY)} visitors, 8 methods; of each refusal the rows written"
    figure("Closed", "cells of the matrix asked", len(asked), "cells", f"≥ {size(1500, 24000)}", told)
    figure("Closed", "cells answered as the table says", 100 - 100 * len(faults) / len(asked), "%", "= 100")


def test_nothing_is_sent_in_without_a_token(
    site: Site, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    """Whoever is let in: a POST without the form's own token is 403; programs send none, and no cookie counts."""
    tried, found = unguarded(site, every=size(3, 1))
    assert found == []
    figure("Closed", "POSTs without a form's token that were taken", len(found), "", "= 0", f"of {tried} tried")


def test_what_is_sent_is_never_shown_as_markup(
    site: Site, size: Callable[[int, int], int], figure: Callable[..., None]
) -> None:
    shown, found = reflected(site, every=size(5, 1))
    assert found == []
    figure("Closed", "pages that show what was sent as markup", len(found), "", "= 0", f"{shown} show it as text")
    assert shown >= size(3, 20)


def test_an_address_without_a_row_is_found() -> None:
    planted = path("desk/secret/", public(approvals.approval_list), name="secret")
    assert unlisted([*addresses(), Address("desk/secret/", "secret", planted)]) == ["/desk/secret/"]


@pytest.mark.parametrize(
    ("planted", "intruder"),
    [(public(approvals.approval_list.__wrapped__), "anonymous"),
     (staff("returns.view_case")(approvals.approval_list.__wrapped__), "inspector")],
    ids=["without its check", "with too wide a check"],
)  # fmt: skip
def test_a_careless_view_is_found(site: Site, monkeypatch: pytest.MonkeyPatch, planted: Any, intruder: str) -> None:
    monkeypatch.setattr(_pattern("refunds:approval-list"), "callback", planted)
    faults = wrong(site, [cell for cell in cells(site) if cell.row.address == "desk/approvals/"])
    assert any(fault.startswith(f"{intruder} GET") for fault in faults)


def test_a_right_too_many_is_found(site: Site) -> None:
    group = Group.objects.get(name="inspector")
    permission = Permission.objects.get(codename="pay_refund")
    group.permissions.add(permission)
    faults = wrong(site, [cell for cell in cells(site) if cell.row.right == "pay"])
    group.permissions.remove(permission)
    assert [fault.partition(" ")[0] for fault in faults] == ["inspector"] * len(faults)
    assert faults


def test_a_page_that_writes_when_read_is_found(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(request: Any) -> Any:
        Group.objects.create(name="made by looking")
        return approvals.approval_list(request)

    monkeypatch.setattr(_pattern("refunds:approval-list"), "callback", careless)
    faults = wrong(site, [cell for cell in cells(site) if cell.row.address == "desk/approvals/"])
    assert "manager GET /desk/approvals/: writes auth_group" in faults
    assert "anonymous GET /desk/approvals/: writes auth_group" in faults


def _pattern(name: str) -> Any:
    return next(address.pattern for address in addresses() if address.name == name)
