"""No page's text and no password in the log, at Sentry, in Celery's messages, in Flower or in a failure's message.

Pages hold a marker, and so do the errors that jobs bring in (see ``starter.py``); the server wants a password. Looked
at is all that a worker writes and sends, at the level that writes the most.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
import redis
from celery import Celery
from probing import STARTER, error_events, sentry_server
from servers import free_port, running_server
from support import COMMAND, Worker, answered, until

from config.celeryconfig import EXTRACT, SUBMIT, celery_config
from config.settings import Settings
from worker.connection import open_ledger
from worker.embedded import server_binary
from worker.ledger import Ledger

MARKER = "quoted-from-the-page"
PASSWORD = "the-servers-password"  # noqa: S105 - of a server that this test starts

BODY = re.compile(r'"body\\*": \\*"([A-Za-z0-9+/=]+)')

RAISED = ("value-error", "unicode-error", "key-error", "chained-error", "validation-error", "system-error")
RAISED += ("group-error", "rude-error")
JOBS = (*RAISED, "page-error", "talk", "good")
EXPECTED = {
    "value-error": "ValueError",
    "unicode-error": "UnicodeDecodeError",
    "key-error": "KeyError",
    "chained-error": "RuntimeError",
    "validation-error": "ValidationError",
    "system-error": "FileNotFoundError",
    "group-error": "ExceptionGroup",
    "rude-error": "_Rude",
}


class Watched:
    """A worker on a server with a password, and all that can be seen of it from outside."""

    def __init__(self, folder: Path, level: str, pipeline: str, stack: ExitStack) -> None:
        port, self._flower_port = free_port(), free_port()
        options = ["--port", str(port), "--bind", "127.0.0.1", "--requirepass", PASSWORD]
        stack.enter_context(running_server(server_binary(), folder / "server", *options))
        dsn, self.envelopes = stack.enter_context(sentry_server())
        self.settings = Settings(redis_url=f"redis://:{PASSWORD}@127.0.0.1:{port}/0", namespace="private")
        self.ledger: Ledger = open_ledger(self.settings)
        stack.callback(self.ledger.client.close)
        environment = {
            "PATH": "/usr/bin:/bin",
            "REDIS_URL": str(self.settings.redis_url),
            "PAGEFACTS_NAMESPACE": "private",
            "PAGEFACTS_PIPELINE": pipeline,
            "PAGEFACTS_LOG_LEVEL": level,
            "SENTRY_DSN": dsn,
            "STARTER_MARKER": MARKER,
        }
        self.worker = Worker(environment, folder / "worker.log", command=STARTER)
        stack.callback(lambda: self.worker.process.poll() is None and self.worker.kill())
        command = [*COMMAND, "flower", f"--port={self._flower_port}", "--basic-auth=desk:secret"]
        self.flower_log = folder / "flower.log"
        with self.flower_log.open("wb") as lines:
            flower = subprocess.Popen(command, env=environment, stdout=lines, stderr=lines)
        stack.callback(flower.wait)
        stack.callback(flower.terminate)
        until(lambda: self.shown("workers?refresh=1"), what="Flower")

    def shown(self, what: str) -> Any:
        """What Flower's API gives of the workers and tasks."""
        request = urllib.request.Request(f"http://127.0.0.1:{self._flower_port}/api/{what}")
        request.add_header("Authorization", "Basic " + base64.b64encode(b"desk:secret").decode())
        try:
            with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310
                return json.load(reply)
        except OSError:
            return None

    def inspected(self) -> dict[str, Any]:
        """What the worker tells of itself to whoever asks."""
        inspect = self.celery().control.inspect(timeout=2)
        return {name: getattr(inspect, name)() for name in ("active", "reserved", "scheduled", "stats", "conf")}

    def celery(self) -> Celery:
        app = Celery()
        app.conf.update(celery_config(self.settings))
        app.conf.task_send_sent_event = False  # what others say of their own messages is theirs
        return app


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[..., Watched]]:
    with ExitStack() as stack:
        yield lambda level, pipeline="chain": Watched(tmp_path, level, pipeline, stack)


def page(job_id: str) -> str:
    text = f"At least 34 people were killed in {MARKER} on Monday, officials said. " * 9
    return json.dumps({"id": job_id, "html": f"<html><body><article><p>{text}</p></article></body></html>"})


def free_of(text: str | bytes) -> bool:
    written = text if isinstance(text, str) else text.decode(errors="replace")
    return MARKER not in written and PASSWORD not in written


@pytest.mark.parametrize(("level", "pipeline"), [("DEBUG", "chain"), ("INFO", "fused"), ("ERROR", "chain")])
def test_nothing_that_is_seen_from_outside_quotes_the_page_or_the_password(
    watch: Callable[..., Watched], level: str, pipeline: str
) -> None:
    watched = watch(level, pipeline)
    messages = queue_messages(watched.ledger)

    watched.ledger.enqueue(*map(page, JOBS))
    watched.celery().send_task(SUBMIT, [json.loads(page("submitted"))], task_id="foreign-1")
    watched.celery().send_task(EXTRACT, [MARKER], task_id="foreign-2")
    found = {event["id"]: event["data"] for event in answered(watched.ledger, len(JOBS) + 1)}
    reported = until(lambda: len(events := reports(watched.envelopes)) >= len(RAISED) and events)

    tasks = until(lambda: (shown := watched.shown("tasks")) and len(shown) >= len(JOBS) and shown)
    seen = {"Flower": tasks, "workers": watched.shown("workers?refresh=1"), "inspect": watched.inspected()}
    watched.worker.stop()
    log = watched.worker.log.read_text()
    assert free_of(log)
    assert free_of(watched.flower_log.read_text())
    assert all(map(free_of, watched.envelopes))
    assert free_of(b"".join(messages()))
    assert {name: free_of(json.dumps(shown)) for name, shown in seen.items()} == dict.fromkeys(seen, True)

    # What is kept says what an operator needs.
    for job_id, error in EXPECTED.items():
        failure = found[job_id]["failure"]
        assert (failure["code"], failure["message"].count(error)) == ("internal_error", 1)
        assert free_of(failure["message"])
        (event,) = (event for event in reported if event["tags"].get("job_id") == job_id)
        assert event["tags"]["stage"] == "extract"
        assert event["fingerprint"] == ["internal_error", "{{ default }}"]
        assert event["exception"]["values"][-1]["type"] == error
        assert "starter.py" in json.dumps(event["exception"]["values"][-1]["stacktrace"])
        assert error in log
    assert "article" in found["good"]
    assert found["page-error"]["failure"]["code"] == "unreadable_page"
    assert 'starter.py\\", line' in log


def reports(envelopes: Iterable[bytes]) -> list[dict[str, Any]]:
    return [event for event in error_events(envelopes) if event["tags"].get("job_id") in RAISED]


def queue_messages(ledger: Ledger) -> Callable[[], list[bytes]]:
    """Return what gives all that workers, not others, have put on Celery's queues and into its events since now."""
    heard: list[bytes] = []
    monitor = ledger.client.monitor()
    stopped = threading.Event()

    def listen() -> None:
        with monitor, suppress(redis.ConnectionError, ValueError):  # the server is stopped, where a test fails
            while not stopped.is_set():
                line = monitor.next_command()["command"]
                if line.startswith("PUBLISH") or (line.startswith("LPUSH") and "foreign-" not in line):
                    heard.extend((line.encode(), *map(base64.b64decode, BODY.findall(line))))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    until(lambda: any(client["cmd"] == "monitor" for client in ledger.client.client_list()))

    def stop() -> list[bytes]:
        stopped.set()
        ledger.client.ping()
        thread.join(10)
        assert heard
        return heard

    return stop


def test_a_server_that_cannot_be_reached_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"redis://user:{PASSWORD}@127.0.0.1:{free_port()}/0"
    environment = {"PATH": "/usr/bin:/bin", "REDIS_URL": url, "PAGEFACTS_LOG_LEVEL": "DEBUG"}
    worker = Worker(environment, tmp_path / "log")
    until(lambda: worker.log.read_text().count("rying again") >= 2)
    worker.kill()
    assert free_of(worker.log.read_text())
    assert "127.0.0.1" in worker.log.read_text()
    done = subprocess.run([*COMMAND, "status"], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert free_of(done.stdout + done.stderr)
