"""The server of the harness must suffer what it is said to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from chaos.server import Server
from support import until

from pagefacts.client import QueueFull
from worker.keys import Keys
from worker.ledger import Ledger


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as server:
        yield server


def refused(server: Server) -> str:
    """The error that a write gets; empty where it gets none."""
    try:
        server.client.xadd("stream", {"field": "x" * 2000})
    except redis.ResponseError as error:
        return f"{type(error).__name__} {error}"
    return ""


def test_what_was_written_is_there_after_a_kill(server: Server) -> None:
    server.client.set("a", "1")
    server.kill()
    assert not server.answers()
    server.start()
    assert server.client.get("a") == b"1"


def test_a_full_server_refuses_and_takes_again(server: Server) -> None:
    server.fill_memory()
    assert "OutOfMemory" in refused(server)
    server.free_memory()
    assert refused(server) == ""


def test_a_full_disk_is_refused_and_survived(server: Server) -> None:
    server.client.set("before", "1")
    server.fill_disk()
    until(lambda: "MISCONF" in refused(server), 30, "MISCONF")
    with pytest.raises(QueueFull, match="disk") as full:
        Ledger(server.client, Keys("disk"), 60).enqueue("{}")
    assert (full.value.limit, full.value.refused) == ("disk", ["{}"])
    server.free_disk()
    assert refused(server) == ""
    server.kill()
    server.start()
    assert server.client.get("before") == b"1"


def test_the_clock_steps(server: Server) -> None:
    if not server.has_clock:
        pytest.skip("no compiler")

    def now() -> int:
        return int(server.client.time()[0])

    began = now()  # the server looks at its clock ten times a second
    server.step_clock(1000)
    until(lambda: 1000 <= now() - began < 1100, 30, "a step forwards")
    server.step_clock(-1500)
    until(lambda: -500 <= now() - began < -400, 30, "a step backwards")
