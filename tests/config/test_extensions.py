"""Apps add to each other's registries in ``extensions.py``, which runs when the app is ready."""

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from returns.queue.start_page import home_of
from signoff.orders import in_use
from signoff.web import tones
from signoff.web.access import may_see_amounts
from signoff.web.tones import register_tone, tone
from tests.factories import UserFactory

BASE = Path(settings.BASE_DIR)
APPS = ("signoff", "returns", "inspection", "refunds", "feedback", "config")


def calls_at_import(source: str) -> list[str]:
    """Calls of ``register_…()`` that run when a module is imported: those outside of functions."""
    found, todo = [], list(ast.iter_child_nodes(ast.parse(source)))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        if name.rpartition(".")[2].startswith("register_") and not name.startswith("os."):
            found.append(ast.unparse(node))
        todo += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("app", APPS)
def test_an_app_registers_in_its_extensions_and_nowhere_else(app: str) -> None:
    assert callable(import_module(f"{app}.extensions").register)
    found = {path.name: calls_at_import(path.read_text("utf-8")) for path in (BASE / app).rglob("*.py")}
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_a_call_at_import_would_be_found() -> None:
    assert calls_at_import("if True:\n    tones.register_tone('x', 'ok')") == ["tones.register_tone('x', 'ok')"]
    assert calls_at_import("def register():\n    register_tone('x', 'ok')") == []


@pytest.mark.parametrize("app", APPS)
def test_ready_imports_nothing_but_the_extensions(app: str, monkeypatch: Any) -> None:
    config, imported = apps.get_app_config(app), []
    monkeypatch.setattr(f"{app}.apps.import_module", lambda name: imported.append(name) or Extensions())
    config.ready()
    assert imported == [f"{app}.extensions"]


class Extensions:
    def register(self) -> None:
        """Everything is registered already."""


def test_a_state_looks_the_same_everywhere(monkeypatch: Any) -> None:
    monkeypatch.setattr(tones, "_TONES", {})
    register_tone("failed", "danger")
    register_tone("failed", "danger")
    with pytest.raises(ValueError, match="The state 'failed' has the tone 'danger' already"):
        register_tone("failed", "ok")
    assert (tone("failed"), tone("unheard of")) == ("danger", "neutral")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "page", "sees_amounts"),
    [
        ("agent", "returns:case-list", True),
        ("manager", "refunds:approval-list", True),
        ("inspector", "inspection:bench", False),
        ("finance", "refunds:refund-list", True),
        ("administrator", "returns:case-list", True),
    ],
)
def test_each_role_starts_at_its_queue_and_sees_what_it_needs(role: str, page: str, sees_amounts: bool) -> None:
    user = UserFactory(role=role)
    assert (home_of(user), may_see_amounts(user)) == (page, sees_amounts)


def test_who_has_no_right_starts_at_the_queue_and_sees_no_amounts() -> None:
    assert (home_of(AnonymousUser()), may_see_amounts(AnonymousUser())) == ("returns:case-list", False)


@pytest.mark.django_db
def test_an_order_is_in_use_where_an_app_says_so(monkeypatch: Any) -> None:
    monkeypatch.setattr(in_use, "_BUILT_UPON", [])
    monkeypatch.setattr(in_use, "_OPEN_WORK", [])
    assert in_use.built_upon([1, 2]) == in_use.with_open_work([1, 2]) == set()
    in_use.register_order_use(built_upon=lambda orders: {1}, open_work=lambda orders: {2})
    in_use.register_order_use(built_upon=lambda orders: {3}, open_work=lambda orders: set())
    assert (in_use.built_upon([1, 2]), in_use.with_open_work([1, 2])) == ({1, 3}, {2})
    assert in_use.built_upon([]) == set()
