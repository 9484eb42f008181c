"""The broker of files, used as Celery uses it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection
from kombu.simple import SimpleQueue

from config.runtime import broker
from signoff.jobs import wake

WORDS = {"look": "at the rows"}


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[SimpleQueue]:
    folders = {"data_folder_in": tmp_path / "messages", "data_folder_out": tmp_path / "messages"}
    options = broker.OPTIONS | folders | {"control_folder": tmp_path / "control"}
    with Connection("filesystem://localhost//", transport_options=options) as connection:
        yield connection.SimpleQueue(tmp_path.name)  # kombu remembers bindings by name


def test_a_message_arrives_once_and_leaves_no_file(queue: SimpleQueue, tmp_path: Path) -> None:
    queue.put(WORDS)
    message = queue.get(timeout=5)
    message.ack()
    assert message.payload == WORDS
    with pytest.raises(queue.Empty):
        queue.get(timeout=1)
    assert list((tmp_path / "messages").iterdir()) == []


def test_messages_arrive_in_the_order_they_were_sent(queue: SimpleQueue) -> None:
    for number in range(5):
        queue.put({"number": number})
    assert [queue.get(timeout=5).payload["number"] for _ in range(5)] == [0, 1, 2, 3, 4]


def test_half_a_message_is_not_read(queue: SimpleQueue, tmp_path: Path) -> None:
    (tmp_path / "messages" / "1.draft").write_text('{"half":')
    with pytest.raises(queue.Empty):
        queue.get(timeout=1)


def test_when_enough_wait_further_ones_are_dropped(queue: SimpleQueue) -> None:
    for _ in range(broker.MAX_QUEUED + 20):
        queue.put(WORDS)
    assert queue.qsize() == broker.MAX_QUEUED


def test_a_nudge_that_nobody_has_taken_can_be_seen(
    queue: SimpleQueue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(broker.OPTIONS, "data_folder_in", str(tmp_path / "messages"))
    queue.put(WORDS, headers={"task": "signoff.tasks.send_entry_codes"})
    assert not broker.has_waiting_nudge()
    queue.put(WORDS, headers={"task": broker.NUDGE})
    assert broker.has_waiting_nudge()
    assert [queue.get(timeout=5).payload for _ in range(2)] == [WORDS, WORDS]
    assert not broker.has_waiting_nudge()


def test_nothing_is_said_twice_while_a_nudge_waits(settings: Any, nudges: list[str]) -> None:
    settings.A_NUDGE_WAITS = lambda: True
    wake()
    assert nudges == []
    settings.A_NUDGE_WAITS = lambda: False
    wake()
    assert nudges == [broker.NUDGE]
