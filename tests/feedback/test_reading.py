"""Every committed entry is read exactly once, however late its transaction commits and whoever dies."""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import connection, connections, transaction

from feedback.messages.actions import read_logbook, write_message
from feedback.models import Message
from returns.logbook.reader import read
from returns.logbook.visible_transactions import _with_epoch
from returns.models import Case, LogEntry, ReadingPlace
from tests.factories import make_case
from tests.steps.logbook import note

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def uncommitted_note(case: Case) -> Iterator[Callable[[], None]]:
    """A note in a transaction of another connection that commits when told to."""
    written, commit = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            note(case, "take", by=None)
            written.set()
            commit.wait(10)
        connections.close_all()

    thread = Thread(target=write)
    thread.start()
    assert written.wait(10)

    def finish() -> None:
        commit.set()
        thread.join()

    yield finish
    finish()


def verbs_read(reader: str = "tests") -> list[str]:
    seen: list[str] = []
    read(reader, lambda entry: seen.append(entry.verb))
    return seen


def by_id_only(after: int) -> list[LogEntry]:
    """The reader that one would write first: it remembers the highest number it has seen."""
    return list(LogEntry.objects.filter(id__gt=after).order_by("id"))


def test_an_entry_that_commits_late_is_not_stepped_over() -> None:
    early, other = make_case(), make_case()
    assert verbs_read() == ["open", "open"]

    with uncommitted_note(early) as commit:
        note(other, "hand_back", by=None)
        assert verbs_read() == []
        commit()

    assert verbs_read() == ["take", "hand_back"]
    assert verbs_read() == []


def test_a_reader_that_goes_by_number_alone_would_step_over_it() -> None:
    early, other = make_case(), make_case()
    place = by_id_only(0)[-1].pk

    with uncommitted_note(early) as commit:
        note(other, "hand_back", by=None)
        seen = by_id_only(place)
        commit()

    assert [entry.verb for entry in seen + by_id_only(seen[-1].pk)] == ["hand_back"]


def test_many_writers_and_readers_at_once_miss_nothing_and_read_nothing_twice() -> None:
    cases = [make_case() for _ in range(6)]
    seen: list[int] = []
    done = Event()

    def write(case: Case) -> None:
        for _ in range(12):
            with transaction.atomic():
                note(case, "take", by=None)
                time.sleep(random.random() / 100)
        connections.close_all()

    def keep_reading() -> None:
        while not done.is_set():
            read("tests", lambda entry: seen.append(entry.pk))
            time.sleep(0.002)
        connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        readers = [pool.submit(keep_reading) for _ in range(2)]
        for writer in [pool.submit(write, case) for case in cases]:
            writer.result()
        done.set()
        for reader in readers:
            reader.result()
    read("tests", lambda entry: seen.append(entry.pk))

    assert sorted(seen) == sorted(LogEntry.objects.values_list("pk", flat=True))
    assert len(seen) == 6 * 13


def test_a_message_is_made_once_though_the_reader_dies_in_between() -> None:
    for _ in range(3):
        make_case()
    calls: list[int] = []

    def die_at_the_third(entry: LogEntry) -> None:
        write_message(entry)
        calls.append(entry.pk)
        if len(calls) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read("messages", die_at_the_third)
    assert not Message.objects.exists()
    assert ReadingPlace.objects.get(reader="messages").entry == 0

    assert read_logbook() == 3
    assert read_logbook() == 0
    assert Message.objects.count() == 3


def test_a_message_is_made_once_though_the_place_was_lost() -> None:
    make_case()
    read_logbook()
    ReadingPlace.objects.all().delete()
    assert read_logbook() == 1
    assert Message.objects.count() == 1


def test_each_reader_has_its_own_place() -> None:
    make_case()
    assert verbs_read("one") == verbs_read("two") == ["open"]


def test_a_reader_leaves_while_another_reads() -> None:
    make_case()
    verbs_read()
    make_case()
    inner: list[int] = []

    def second_reader() -> None:
        inner.append(read("tests", lambda entry: None))
        connections.close_all()

    def handle(entry: LogEntry) -> None:
        thread = Thread(target=second_reader)
        thread.start()
        thread.join()

    assert read("tests", handle) == 1
    assert inner == [0]


@pytest.mark.parametrize(
    ("number", "following", "full"),
    [(90, 100, 90), (105, 100, 105), (2**32 - 1, 2**32 + 5, 2**32 - 1), (3, 2**32 + 5, 2**32 + 3)],
)
def test_a_short_number_is_told_with_its_epoch(number: int, following: int, full: int) -> None:
    assert _with_epoch(number, following) == full


def test_a_long_transaction_of_a_neighbouring_database_holds_nothing_back() -> None:
    make_case()
    read_verbs: list[str] = []
    with connection._nodb_cursor() as neighbour:
        neighbour.execute("BEGIN")
        neighbour.execute("SELECT txid_current()")
        read("tests", lambda entry: read_verbs.append(entry.verb))
    assert read_verbs == ["open"]
