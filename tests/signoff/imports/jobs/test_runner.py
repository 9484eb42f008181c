"""A worker runs what waits: once, with signs of life, and another one goes on where it died."""

import io
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from signoff import tasks
from signoff.imports.files.csv import Table
from signoff.imports.jobs import actions as jobs
from signoff.imports.jobs import runner
from signoff.imports.jobs.runner import is_any_waiting, run_waiting
from signoff.models import Order, OrderImport
from tests.datafiles import data_file
from tests.factories import ShopFactory, UserFactory, uploads
from tests.factories.uploads import confirm_import, reload_import, retail_csv, retail_row

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """As if the process were gone: nobody catches it."""


def die(*_args: Any, **_options: Any) -> None:
    raise Killed


def killed(monkeypatch: pytest.MonkeyPatch, count: int = 1) -> None:
    """Let a worker claim an import and die over it."""
    with monkeypatch.context() as patch:
        patch.setattr(runner, "import_orders", die)
        for _ in range(count):
            with pytest.raises(Killed):
                run_waiting(timezone.now() + _ * timedelta(hours=1))


def test_what_waits_is_run_and_told() -> None:
    done = uploads.run_import(retail_csv(retail_row(1), retail_row(2), retail_row(3, quantity="two")))
    assert (done.state, done.lines, done.done, done.problem) == ("done", 8, 6, "")
    assert {name: done.outcome[name] for name in ("new", "unchanged", "refused", "paid")} == {
        "new": 2, "unchanged": 0, "refused": 1, "paid": {"GBP": "30.60"},
    }  # fmt: skip
    assert done.refused.name.startswith("imports/")
    assert Order.objects.count() == 2


def test_nothing_waits_nothing_runs() -> None:
    uploads.upload_files()
    assert (is_any_waiting(), run_waiting()) == (False, 0)


def test_importing_again_changes_nothing() -> None:
    shop = ShopFactory()
    uploads.run_import(retail_csv(), shop=shop)
    again = uploads.run_import(retail_csv(), shop=shop)
    assert (again.outcome["new"], again.outcome["unchanged"], Order.objects.count()) == (0, 1, 1)


def test_json_counts_its_orders_as_lines() -> None:
    done = uploads.run_import(data_file("formats/woocommerce/orders_01_one.json").read_bytes())
    assert (done.state, done.format, done.lines, done.done) == ("done", "woocommerce", 1, 1)


def test_a_spreadsheet_does_not_say_how_many_lines_it_has() -> None:
    book, out = Workbook(), io.BytesIO()
    for line in uploads.generic_csv(uploads.generic_row("L-1"), uploads.generic_row("L-2")).decode().splitlines():
        book.active.append(line.split(","))
    book.save(out)
    done = uploads.run_import(out.getvalue())
    assert (done.state, done.lines, done.outcome["new"]) == ("done", 0, 2)


def test_what_cannot_be_read_after_all_fails_with_a_sentence() -> None:
    waiting = confirm_import()
    with default_storage.open(waiting.files.get().file.name, "wb") as file:
        file.write(b"%PDF")
    assert run_waiting() == 1
    assert (reload_import(waiting).state, reload_import(waiting).problem[:14]) == ("failed", "This is a PDF.")


def test_a_file_that_is_gone_fails_with_a_sentence() -> None:
    waiting = confirm_import()
    default_storage.delete(waiting.files.get().file.name)
    run_waiting()
    assert reload_import(waiting).problem == "The files have been deleted. Upload them again."


def test_sentences_are_in_the_language_of_the_shop() -> None:
    waiting = confirm_import(shop=ShopFactory(language="zh-hans"))
    with default_storage.open(waiting.files.get().file.name, "wb") as file:
        file.write(b"")
    run_waiting()
    assert reload_import(waiting).problem == "文件为空。"


def test_a_killed_worker_is_followed_by_another(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = confirm_import(retail_csv(retail_row(1), retail_row(2)))
    killed(monkeypatch)
    assert (reload_import(waiting).state, is_any_waiting(), run_waiting()) == ("running", False, 0)
    later = timezone.now() + runner.LEASE + timedelta(seconds=1)
    assert is_any_waiting(later)
    assert run_waiting(later) == 1
    assert (reload_import(waiting).state, Order.objects.count()) == ("done", 2)


def test_an_import_that_kills_its_workers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = confirm_import()
    killed(monkeypatch, count=runner.MAX_TRIES)
    assert run_waiting(timezone.now() + timedelta(days=1)) == 1
    assert (reload_import(waiting).state, reload_import(waiting).problem[:44]) == (
        "failed",
        ("The import stopped and could not resume. Upl"),
    )


def test_a_late_worker_changes_nothing_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = confirm_import()
    killed(monkeypatch)
    late = reload_import(waiting)
    run_waiting(timezone.now() + timedelta(hours=1))
    runner._finish(late, state="failed", problem="too late")
    assert (reload_import(waiting).state, reload_import(waiting).problem) == ("done", "")
    with pytest.raises(runner.LeaseLost):
        runner.Progress(late, lines=1)


def test_signs_of_life_move_the_bar_and_keep_others_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PROGRESS_SECONDS", 0)
    monkeypatch.setattr("signoff.imports.files.csv.PROGRESS_ROWS", 1)
    waiting = confirm_import(retail_csv(*map(retail_row, range(1, 11))))
    seen: list[tuple[int, int]] = []
    rows = Table.rows

    def watched(self: Table) -> Any:
        for row in rows(self):
            seen.append(OrderImport.objects.values_list("done", "lines").get(pk=waiting.pk))
            assert not is_any_waiting()
            yield row

    monkeypatch.setattr(Table, "rows", watched)
    run_waiting()
    assert seen[0] == (0, 22)
    assert seen[-1] == (19, 22)


def test_progress_survives_a_reload(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(UserFactory(role="manager"))
    waiting = confirm_import()
    path = f"/desk/imports/{waiting.token}/"
    assert "The import starts within half a minute" in client.get(path).text
    killed(monkeypatch)
    OrderImport.objects.filter(pk=waiting.pk).update(done=1500, lines=4000)
    for _ in range(2):
        page = client.get(path).text
        assert 'max="4000" value="1500"' in page
        assert "1,500 of 4,000 lines" in page
    part = client.get(path, headers={"HX-Request": "true"})
    assert part.text.strip().startswith("<section")
    run_waiting(timezone.now() + timedelta(hours=1))
    assert client.get(path, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert "New orders" in client.get(path).text


def test_a_worker_that_is_silent_is_told_of(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(UserFactory(role="manager"))
    waiting = confirm_import()
    killed(monkeypatch)
    path = f"/desk/imports/{waiting.token}/"
    assert "responded for a while" not in client.get(path).text
    OrderImport.objects.filter(pk=waiting.pk).update(heard_at=timezone.now() - timedelta(minutes=2))
    assert "responded for a while" in client.get(path).text


def test_two_imports_into_one_shop_come_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = ShopFactory()
    first, second = (
        confirm_import(retail_csv(retail_row(1)), shop=shop),
        confirm_import(retail_csv(retail_row(2)), shop=shop),
    )
    killed(monkeypatch)
    assert run_waiting() == 0
    assert (reload_import(first).state, reload_import(second).state) == ("running", "waiting")
    assert run_waiting(timezone.now() + timedelta(hours=1)) == 2


def test_the_timetable_sends_one_worker_and_only_where_something_waits(nudges: list[str]) -> None:
    tasks.start_imports()
    assert nudges == []
    waiting = confirm_import()
    tasks.start_imports()
    OrderImport.objects.filter(pk=waiting.pk).update(state="running", heard_at=timezone.now())
    confirm_import(shop=ShopFactory(slug="other"))
    tasks.start_imports()
    assert nudges.count("signoff.tasks.run_imports") == 1


def test_the_task_may_take_longer_than_others() -> None:
    assert tasks.run_imports.time_limit > 6 * 3600
    assert tasks.run_imports.soft_time_limit > 6 * 3600
    assert tasks.run_imports() == 0


def test_files_are_emptied_a_month_after(monkeypatch: pytest.MonkeyPatch) -> None:
    done, lying = uploads.run_import(retail_csv(retail_row(1), retail_row(2, quantity="x"))), uploads.upload_files()
    names = [done.refused.name, done.files.get().file.name, lying.files.get().file.name]
    fresh = confirm_import(shop=ShopFactory(slug="other"))
    with time_machine.travel(timezone.now() + jobs.KEEP_FILES_FOR - timedelta(hours=1)):
        assert tasks.forget_imports() == 0
    with time_machine.travel(timezone.now() + jobs.KEEP_FILES_FOR + timedelta(hours=1)):
        assert (tasks.forget_imports(), tasks.forget_imports()) == (2, 0)
    assert [default_storage.exists(name) for name in names] == [False] * 3
    assert (reload_import(done).state, reload_import(lying).state, reload_import(done).refused) == (
        "done",
        "dropped",
        "",
    )
    assert default_storage.exists(fresh.files.get().file.name)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_share_the_work() -> None:
    shops = [ShopFactory(slug=f"shop-{n}") for n in range(4)]
    waiting = [confirm_import(retail_csv(*map(retail_row, range(1, 6))), shop=shop) for shop in shops]
    ended: list[int] = []

    def work() -> None:
        try:
            ended.append(run_waiting())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(ended) == 4
    assert [reload_import(one).outcome["new"] for one in waiting] == [5] * 4
    assert Order.objects.count() == 20
