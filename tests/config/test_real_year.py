"""``manage.py real_year``: a year played in full, its figures beside the known facts."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from refunds.models import Refund

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
5001,A1,LAMP,3,2010-12-01 08:26:00,20.00,17850,United Kingdom
5002,A1,LAMP,2,2010-12-02 08:26:00,7.50,17851,United Kingdom
"""
RETURNS = """return_invoice,return_date,stock_code,quantity,original_invoice,original_unit_price
C1,2011-01-05 10:00:00,A1,2,5001,20.00
C2,2011-01-06 10:00:00,A1,3,5002,7.50
"""
FACTS = {
    "online_retail_test": {"rows": 2},
    "online_retail_test_returns": {
        "return_lines": 2,
        "accepted": 1,
        "refused_more_than_bought": 1,
        "cases": 1,
        "refunded_gbp": "40.00",
    },
}


@pytest.fixture
def played(tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Any) -> Callable[[dict[str, Any]], str]:
    """Call it with facts to play the year; returns what was printed."""
    settings.DATA_DIR = tmp_path
    for name, text in (("orders.csv", ORDERS), ("linked_returns.csv", RETURNS)):
        (tmp_path / name).write_text(text)

    def run(facts: dict[str, Any]) -> str:
        (tmp_path / "facts.json").write_text(json.dumps(facts))
        call_command("real_year", tmp_path / "orders.csv", facts=tmp_path / "facts.json")
        return capsys.readouterr().out

    return run


def test_a_year_is_played_and_equals_its_facts(played: Callable[[dict[str, Any]], str]) -> None:
    printed = " ".join(played(FACTS).split())
    assert "line 3, quantity:" in printed
    assert "refunded, GBP 40.00 40.00" in printed
    assert "orders new in a second run 0 0" in printed
    assert "differs" not in printed
    assert Refund.objects.get(status="paid").amount == 40


def test_a_figure_that_differs_fails_the_run(played: Callable[[dict[str, Any]], str]) -> None:
    returns = FACTS["online_retail_test_returns"] | {"refunded_gbp": "41.00"}
    with pytest.raises(CommandError, match="Figures that differ from the facts: 1"):
        played(FACTS | {"online_retail_test_returns": returns})


def test_without_matching_facts_it_says_so(played: Callable[[dict[str, Any]], str]) -> None:
    with pytest.raises(CommandError, match="has no facts about these files") as stopped:
        played({"online_retail_other": {"rows": 541909}})
    assert stopped.value.returncode == 2


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no such file: .*orders\.csv"):
        call_command("real_year", tmp_path / "orders.csv")
