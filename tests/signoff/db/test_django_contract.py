"""The parts of Django without a promise that our plumbing of the database leans on, each held by one test.

When a new Django turns one of these red, read its sentence, then the module it names. The last tests read our modules:
whatever they use of Django that is not public needs a contract here, and a contract that nobody needs goes.
"""

import ast
import copy
import inspect
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper, ServerBindingCursor
from django.db.models import F, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesIterable, ValuesListIterable
from django.test.utils import CaptureQueriesContext

from signoff.db.history import save_with_history
from signoff.db.prepared.batch import QueryBatch
from signoff.db.prepared.compiled import CompiledQuery
from signoff.db.prepared.cursor import Cursor
from signoff.db.prepared.statements import allow_prepare
from signoff.models import Order, Parcel
from tests.factories import OrderFactory, ParcelFactory

pytestmark = pytest.mark.django_db

#: where private parts of Django are allowed at all
PLUMBING = [inspect.getmodule(part) for part in (CompiledQuery, QueryBatch, allow_prepare, save_with_history, Cursor)]

#: public attributes of Django that no page of its documentation promises
UNDOCUMENTED = {
    "ServerBindingCursor",
    "as_sql",
    "col_count",
    "execute_sql",
    "fields_cache",
    "get_compiler",
    "get_converters",
    "klass_info",
    "results_iter",
    "select",
    "select_for_update",
}
#: documented, though they begin with an underscore (the ``_state`` and ``_meta`` APIs)
DOCUMENTED = {"_meta", "_state"}

CONTRACTS: set[str] = set()

type Test = Callable[..., None]


def contract(*names: str) -> Callable[[Test], Test]:
    """This test holds what we expect of ``names``."""

    def register(test: Test) -> Test:
        CONTRACTS.update(names)
        return test

    return register


def orders() -> QuerySet[Order]:
    return Order.objects.select_related("shop").order_by("pk")


def compiled(queryset: QuerySet) -> Any:
    """The compiler of a queryset whose SQL is made."""
    compiler = queryset.query.get_compiler(connection=connection)
    compiler.as_sql()
    return compiler


class Spy:
    """Stands for an object and notes which of its attributes are read."""

    def __init__(self, **attributes: Any) -> None:
        self.attributes, self.read = attributes, set[str]()

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return self.attributes[name]


def query_with(queryset: QuerySet, compiler: Any) -> Any:
    query = copy.copy(queryset.query)
    query.get_compiler = lambda *_args, **_options: compiler
    return query


@contract("_iterable_class")
@pytest.mark.parametrize(
    ("queryset", "expected"),
    [
        (Order.objects.all(), ModelIterable),
        (Order.objects.values("pk"), ValuesIterable),
        (Order.objects.values_list("pk", "number"), ValuesListIterable),
        (Order.objects.values_list("pk", flat=True), FlatValuesListIterable),
    ],
)
def test_a_queryset_names_the_class_that_makes_its_rows(queryset: QuerySet, expected: type) -> None:
    said = "Django no longer keeps the class that makes rows in QuerySet._iterable_class, which `instances` calls."
    assert getattr(queryset, "_iterable_class", None) is expected, said


@contract("_fields", "_fetch_mode", "_known_related_objects")
@pytest.mark.parametrize("fields", [(), ("pk", "number")], ids=["rows", "tuples"])
def test_rows_are_made_from_these_attributes_of_a_queryset(fields: tuple[str, ...]) -> None:
    order = OrderFactory()
    queryset = orders().values_list(*fields) if fields else orders()
    spy = Spy(
        db=connection.alias,
        model=Order,
        query=query_with(queryset, compiled(queryset)),
        _fields=queryset._fields,
        _fetch_mode=queryset._fetch_mode,
        _known_related_objects={},
    )
    try:
        rows = list(queryset._iterable_class(spy))
    except KeyError as missing:
        pytest.fail(f"Django's iterables now read QuerySet.{missing.args[0]}; give it to them in `_asked`.")
    assert rows == ([(order.pk, order.number)] if fields else [order])
    if not fields:
        unused = {"_fetch_mode", "_known_related_objects"} - spy.read
        assert not unused, f"Django's iterables no longer read {unused}; `_asked` need not set them."


@contract("get_compiler", "as_sql")
def test_a_query_gives_a_compiler_whose_sql_is_text_and_parameters() -> None:
    order = OrderFactory()
    compiler = orders().filter(pk=order.pk).query.get_compiler(connection=connection)
    made = compiler.as_sql()
    said = "Query.get_compiler(connection=…).as_sql() no longer gives the text with %s and its parameters."
    assert isinstance(made, tuple), said
    assert len(made) == 2, said
    with connection.cursor() as cursor:
        cursor.execute(*made)
        assert cursor.fetchone()[0] == order.pk, said


@contract("as_sql", "connection")
def test_a_copied_compiler_runs_what_its_as_sql_says_on_its_connection() -> None:
    first, second = OrderFactory.create_batch(2)
    queryset = orders().filter(pk=first.pk)
    compiler = copy.copy(compiled(queryset))
    sql, params = compiler.as_sql()
    compiler.connection, compiler.as_sql = connection, lambda: (sql, (second.pk, *params[1:]))
    [row] = queryset._iterable_class(
        SimpleNamespace(
            db=connection.alias,
            model=Order,
            query=query_with(queryset, compiler),
            _fields=None,
            _fetch_mode=queryset._fetch_mode,
            _known_related_objects={},
        )
    )
    assert row == second, "A compiler no longer takes its statement from its own as_sql(), which `Prepared` replaces."
    assert compiled(queryset).as_sql()[1] == params, "Copying a compiler no longer leaves the first as it was."


@contract("execute_sql")
def test_rows_come_from_the_chunks_of_execute_sql() -> None:
    queryset = Order.objects.annotate(again=F("number")).order_by("pk")
    OrderFactory()
    compiler = copy.copy(compiled(queryset))
    [answer] = compiler.execute_sql()
    compiler.execute_sql = lambda *_args, **_options: [answer * 2]
    query = query_with(queryset, compiler)
    asked = SimpleNamespace(
        db=connection.alias,
        model=Order,
        query=query,
        _fields=None,
        _fetch_mode=queryset._fetch_mode,
        _known_related_objects={},
    )
    with CaptureQueriesContext(connection) as sent:
        rows = list(ModelIterable(asked))
    said = "ModelIterable no longer takes its rows from SQLCompiler.execute_sql(), which `Together` replaces."
    assert (len(rows), len(sent)) == (2, 0), said
    assert rows[0].again == rows[0].number, said


@contract("select")
def test_a_compiler_tells_the_columns_it_selects() -> None:
    compiler = compiled(Order.objects.values_list("pk", "placed_at"))
    said = "SQLCompiler.select is no longer a list of (column, SQL, alias), of which `Together` learns the types."
    assert [len(column) for column in compiler.select] == [3, 3], said
    assert [column[0].output_field.db_type(connection) for column in compiler.select] == [
        Order._meta.pk.rel_db_type(connection),
        "timestamp with time zone",
    ], said


@contract("col_count", "get_converters")
def test_a_compiler_asks_itself_how_to_convert_the_columns_of_its_rows() -> None:
    OrderFactory()
    compiler = compiled(Order.objects.values_list("placed_at", flat=True))
    said = "Rows are no longer converted by what SQLCompiler.get_converters() finds for its first col_count columns."
    columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
    assert len(columns) == 1, said
    compiler.get_converters = lambda asked: {0: ([lambda *_value: "converted"], asked[0])} if asked == columns else {}
    assert list(compiler.results_iter()) == [["converted"]], said


@contract("select_for_update")
def test_a_query_knows_whether_it_locks() -> None:
    said = "Query.select_for_update no longer tells that rows are locked, so `Prepared` cannot refuse it."
    assert Order.objects.select_for_update().query.select_for_update is True, said
    assert Order.objects.all().query.select_for_update is False, said


@contract("_result_cache", "_prefetch_done", "_prefetched_objects_cache")
def test_rows_put_where_a_prefetch_puts_them_are_not_asked_for() -> None:
    order = OrderFactory(lines=[(1, "5.00"), (2, "7.00")])
    [usual] = Order.objects.filter(pk=order.pk).prefetch_related("lines")
    kept = usual._prefetched_objects_cache["lines"]
    said = "Django keeps prefetched rows elsewhere than `lay_out` puts them."
    assert (len(kept._result_cache), kept._prefetch_done) == (2, True), said
    rows = order.lines.all()
    assert rows._result_cache is None, said
    rows._result_cache, rows._prefetch_done = list(kept)[:1], True
    order.__dict__["_prefetched_objects_cache"] = {"lines": rows}
    with CaptureQueriesContext(connection) as sent:
        assert list(order.lines.all()) == list(kept)[:1], said
    assert len(sent) == 0, said


@contract("adding", "db")
def test_a_row_that_was_saved_by_sql_is_updated_from_then_on() -> None:
    parcel = Parcel(order_id=OrderFactory().pk)
    said = "Model._state.adding and .db no longer say whether save() inserts and where, as `keep` sets them."
    assert (parcel._state.adding, parcel._state.db) == (True, None), said
    other = ParcelFactory()
    assert (other._state.adding, other._state.db) == (False, connection.alias), said


@contract("fields_cache")
def test_related_rows_lie_in_the_cache_of_the_state() -> None:
    order = Order.objects.select_related("shop").get(pk=OrderFactory().pk)
    said = "Related rows no longer lie in Model._state.fields_cache."
    assert order._state.fields_cache == {"shop": order.shop}, said
    bare = Order.objects.get(pk=order.pk)
    assert bare._state.fields_cache == {}, said
    bare._state.fields_cache["shop"] = order.shop
    with CaptureQueriesContext(connection) as sent:
        assert bare.shop is order.shop, said
    assert len(sent) == 0, said


@contract("ServerBindingCursor", "execute")
def test_cursors_of_a_connection_are_of_the_class_that_its_options_name() -> None:
    said = "Django no longer makes cursors by OPTIONS['cursor_factory'], so nothing would be prepared."
    assert connection.settings_dict["OPTIONS"]["cursor_factory"] is Cursor, said
    with connection.cursor() as cursor:
        assert isinstance(cursor.cursor, Cursor), said
        cursor.execute("SELECT %s::int", [7])
        assert cursor.fetchone() == (7,), said
    bound = DatabaseWrapper({**connection.settings_dict, "OPTIONS": {"server_side_binding": True}})
    assert bound.get_connection_params()["cursor_factory"] is ServerBindingCursor, (
        "Django's cursor for values apart from their statement is no longer ServerBindingCursor, the base of ours."
    )


def used(source: str) -> set[str]:
    """The names with which a module's text reaches into Django beyond what is documented."""
    tree = ast.parse(source)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
            found.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            found.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(node.value)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            found.update(alias.name for alias in node.names)
    hidden = {name for name in found if name.startswith("_") and not name.startswith("__")}
    return (hidden - own - DOCUMENTED) | (found & UNDOCUMENTED)


@pytest.mark.parametrize("module", PLUMBING, ids=lambda module: module.__name__)
def test_every_private_part_in_use_has_a_contract(module: ModuleType) -> None:
    bare = used(inspect.getsource(module)) - CONTRACTS
    assert not bare, (
        f"{module.__name__} leans on {sorted(bare)} of Django: hold it here by a @contract test, or do without."
    )


def test_every_contract_is_in_use() -> None:
    names = set().union(*(used(inspect.getsource(module)) for module in PLUMBING))
    elsewhere = {"adding", "db", "connection", "execute", "fields_cache"}  # set on what Django hands out, or by callers
    assert names >= CONTRACTS - elsewhere


@pytest.mark.parametrize(
    "text",
    [
        "rows = queryset._hints",
        "asked = SimpleNamespace(_deferred_filter=None)",
        "cache = getattr(row, '_prefetch_related_lookups')",
        "names = compiler.klass_info",
        "from django.db.models.query import _get_from_db",
    ],
)
def test_negative_control_a_new_private_part_is_found(text: str) -> None:
    assert used(text) - CONTRACTS


def test_negative_control_a_changed_django_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ValuesListIterable, "__iter__", lambda self: iter([self.queryset._row_factory]))
    with pytest.raises(pytest.fail.Exception, match=r"now read QuerySet\._row_factory; give it to them"):
        test_rows_are_made_from_these_attributes_of_a_queryset(("pk", "number"))
    monkeypatch.setattr(QuerySet, "_iterable_class", None, raising=False)
    with pytest.raises(AssertionError, match=r"which `instances` calls"):
        test_a_queryset_names_the_class_that_makes_its_rows(SimpleNamespace(), ModelIterable)
