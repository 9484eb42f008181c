"""A broker that is away or does not answer costs a request a moment once, and then nothing for a while."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from celery import current_app

from signoff import jobs

LIMIT = 0.2  # seconds
DEAD, SILENT = "dead", "silent"


@pytest.fixture(autouse=True)
def nudges() -> list[str]:
    """Here they are really sent."""
    return []


@pytest.fixture(params=["amqp://guest:guest@{}//", "redis://{}/0"], ids=["amqp", "redis"])
def scheme(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=[DEAD, SILENT])
def broker(request: pytest.FixtureRequest, scheme: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A port that refuses, or one where somebody listens and says nothing."""
    with closing(socket.socket()) as port:
        port.bind(("127.0.0.1", 0))
        if request.param == SILENT:
            port.listen(50)
        monkeypatch.setattr(current_app.conf, "broker_write_url", scheme.format(f"127.0.0.1:{port.getsockname()[1]}"))
        monkeypatch.setattr(jobs, "_connections", {})
        monkeypatch.setattr(jobs, "pause", jobs.Pause())
        yield request.param


def seconds() -> float:
    begun = time.perf_counter()
    jobs.wake()
    return time.perf_counter() - begun


def test_a_broker_that_is_away_costs_a_moment(broker: str, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.BROKER_PAUSE = 0
    seconds()  # the first one imports the client's library
    spent = sorted(seconds() for _ in range(5))
    assert spent[2] < LIMIT
    assert len(caplog.records) == 6


def test_after_a_failure_it_is_left_alone_for_a_while(
    broker: str, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.BROKER_PAUSE = 1
    seconds()
    spent = [seconds() for _ in range(20)]
    assert (max(spent) < 0.05, len(caplog.records)) == (True, 1)
    time.sleep(1)
    seconds()
    assert len(caplog.records) == 2


def test_negative_control_with_celerys_own_connection_a_silent_broker_holds_the_request(
    scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.socket()) as port:
        port.bind(("127.0.0.1", 0))
        port.listen(50)
        monkeypatch.setattr(current_app.conf, "broker_write_url", scheme.format(f"127.0.0.1:{port.getsockname()[1]}"))
        options = {"max_retries": 0, "socket_timeout": 1}  # without the second, Redis would hold it for ever
        patient = current_app.connection_for_write(connect_timeout=1, transport_options=options)
        monkeypatch.setattr(jobs, "_connection", lambda: patient)
        monkeypatch.setattr(jobs, "pause", jobs.Pause())
        assert seconds() > LIMIT
