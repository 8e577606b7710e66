"""What the server must be, and what happens while it is away."""

from __future__ import annotations

import json
import os
import signal
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from support import COMMAND, Worker, answered, events, until

from config.settings import Settings
from worker import embedded
from worker.connection import connect, open_ledger
from worker.embedded import NoServer, embedded_server, server_binary
from worker.ledger import Ledger
from worker.queue_state import read_state
from worker.retention import trim_results

Start = Callable[..., Worker]


class OldServer(socketserver.StreamRequestHandler):
    """Answers as a Redis that is too old does; none is to be had any more to test with."""

    def handle(self) -> None:
        while header := self.rfile.readline():
            parts = [self.rfile.read(int(self.rfile.readline()[1:]) + 2)[:-2] for _ in range(int(header[1:]))]
            info = b"redis_version:6.0.9\r\nredis_mode:standalone\r\n"
            replies = {
                b"INFO": b"$%d\r\n%s\r\n" % (len(info), info),
                b"PING": b"+PONG\r\n",
                b"CLUSTER": b"-ERR This instance has cluster support disabled\r\n",
            }
            self.wfile.write(replies.get(parts[0].upper(), b"+OK\r\n"))


@pytest.fixture
def old_server() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), OldServer) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"redis://127.0.0.1:{server.server_address[1]}/0?protocol=2"
        server.shutdown()


def test_a_server_that_is_too_old_is_refused_in_one_clear_line(old_server: str) -> None:
    environment = {**os.environ, "REDIS_URL": old_server}
    done = subprocess.run([*COMMAND, "status"], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.strip().endswith(
        "Redis 6.0.9 is too old: pagefacts needs Redis or Valkey 6.2 or newer (XAUTOCLAIM)"
    )
    assert "Traceback" not in done.stderr


@pytest.fixture
def own_server(tmp_path: Path, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment of a server that a test may stop and start."""
    with embedded_server(str(tmp_path / "own")) as running:
        yield {**environment, "REDIS_URL": running.url, "OWN": str(running.folder)}


def test_a_server_that_goes_away_and_comes_back_loses_nothing(own_server: dict[str, str], start_worker: Start) -> None:
    limits = {"PAGEFACTS_SOFT_TIME_LIMIT": "1", "PAGEFACTS_HARD_TIME_LIMIT": "2", "PAGEFACTS_CLAIM_AFTER": "7"}
    ledger = open_ledger(Settings.from_env(own_server))
    folder = Path(own_server["OWN"])
    start_worker(REDIS_URL=own_server["REDIS_URL"], **limits)
    ledger.enqueue(*(json.dumps({"id": str(n), "body": f"{n + 2} people died in Paris."}) for n in range(200)))
    answered(ledger, 20)

    os.kill(ledger.client.info("server")["process_id"], signal.SIGKILL)
    time.sleep(2)
    process = embedded._start(folder, folder / "server.sock")  # noqa: SLF001 - the server, started anew by its operator
    try:
        answered(ledger, 200)
        until(lambda: read_state(ledger).in_flight == 0)
        assert sorted(event["id"] for event in events(ledger)) == sorted(str(n) for n in range(200))
    finally:
        process.terminate()
        process.wait()


def test_a_server_that_was_emptied_is_worked_on_again(own_server: dict[str, str], start_worker: Start) -> None:
    ledger = open_ledger(Settings.from_env(own_server))
    start_worker(REDIS_URL=own_server["REDIS_URL"])
    ledger.enqueue('{"id":"before","body":"Two people died."}')
    answered(ledger, 1)
    ledger.client.flushall()
    ledger.enqueue('{"id":"after","body":"Two people died."}')
    assert [event["id"] for event in answered(ledger, 1)] == ["after"]


def test_a_worker_waits_for_a_server_that_is_not_there_yet(
    environment: dict[str, str], tmp_path: Path, start_worker: Start
) -> None:
    folder = tmp_path / "late"
    url = f"unix://{folder / 'server.sock'}"
    worker = start_worker(REDIS_URL=url)
    until(lambda: "trying again" in worker.log.read_text() or "Trying again" in worker.log.read_text())
    with embedded_server(str(folder)):
        ledger = open_ledger(Settings.from_env({**environment, "REDIS_URL": url}))
        ledger.enqueue('{"id":"late","body":"Two people died."}')
        assert len(answered(ledger, 1)) == 1


def test_an_installed_server_is_used_where_the_wheel_does_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = server_binary()
    broken, installed = tmp_path / "broken", tmp_path / "redis-server"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    installed.symlink_to(wheel)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(embedded, "_wheel_binary", lambda: str(broken))
    assert server_binary() == str(installed)
    with embedded_server(str(tmp_path / "data")) as running:
        assert connect(running.url).ping()
    installed.unlink()
    with pytest.raises(NoServer, match="REDIS_URL"):
        server_binary()


def test_the_embedded_server_is_for_its_user_only_and_keeps_an_append_only_file(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 120)  # longer than a socket's path may be
    for folder in (tmp_path / "short", long):
        with embedded_server(str(folder)) as running:
            client = connect(running.url)
            assert client.config_get("port")["port"] == "0"
            assert client.config_get("appendonly")["appendonly"] == "yes"
            assert Path(running.url.removeprefix("unix://")).stat().st_mode & 0o077 == 0
        with pytest.raises(redis.ConnectionError):
            connect(running.url, retries=0).ping()


def settings(**fields: int) -> Settings:
    return Settings(redis_url="redis://unused", **fields)


def publish(ledger: Ledger, *names: str) -> list[bytes]:
    return [ledger.client.xadd(ledger.keys.results, {"event": json.dumps({"id": name})}) for name in names]


def test_a_folder_that_cannot_be_made_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(NoServer, match=r"file/data \(PAGEFACTS_DATA_DIR\): Not a directory"),
        embedded_server(str(tmp_path / "file" / "data")),
    ):
        pass


def test_answers_are_trimmed_only_behind_the_slowest_group(ledger: Ledger) -> None:
    results = ledger.keys.results
    publish(ledger, "a", "b", "c", "d")
    trim_results(ledger, settings(results_keep=0))
    assert len(events(ledger)) == 4  # no group: whoever comes may still want them all
    for group in ("fast", "slow"):
        ledger.client.xgroup_create(results, group, id="0")
    for group, count in (("fast", 4), ("slow", 3)):
        ((_, entries),) = ledger.client.xreadgroup(group, "c", {results: ">"}, count=count)
        acknowledged = [entry for entry, _ in entries]
        ledger.client.xack(results, group, *(acknowledged if group == "fast" else acknowledged[:1]))

    trim_results(ledger, settings(results_keep=3600))
    assert len(events(ledger)) == 4  # too young
    time.sleep(0.01)
    trim_results(ledger, settings(results_keep=0))
    assert [event["id"] for event in events(ledger)] == ["b", "c", "d"]

    ledger.client.xack(results, "slow", *(entry for entry, _ in entries))
    trim_results(ledger, settings(results_keep=0))
    assert [event["id"] for event in events(ledger)] == ["d"]


def test_an_operator_may_bound_the_results_stream(ledger: Ledger) -> None:
    publish(ledger, *(str(n) for n in range(1000)))
    trim_results(ledger, settings(results_max=100))
    assert 100 <= len(events(ledger)) < 300
