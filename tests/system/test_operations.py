"""Flower and Sentry, as an operator has them."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import brotli
import pytest
from celery import Celery
from support import COMMAND, Worker, answered, until

from config.celeryconfig import EXTRACT, FACTS, TAG, celery_config
from config.settings import Settings
from worker.ledger import Ledger

Start = Callable[..., Worker]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def flower(environment: dict[str, str]) -> Iterator[str]:
    port = free_port()
    command = [*COMMAND, "flower", f"--port={port}", "--basic-auth=desk:secret"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def get(url: str) -> Any:
    request = urllib.request.Request(url)  # noqa: S310 - a loopback address of ours
    request.add_header("Authorization", "Basic " + base64.b64encode(b"desk:secret").decode())
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310
            return json.load(reply)
    except OSError:
        return None


def test_flower_shows_the_three_queues_and_tasks(ledger: Ledger, flower: str, start_worker: Start) -> None:
    start_worker()
    until(lambda: get(f"{flower}/api/queues/length"), what="Flower")
    until(lambda: get(f"{flower}/api/workers?refresh=1"))
    ledger.enqueue('{"id":"seen","body":"Two people died in Paris."}')
    answered(ledger, 1)

    tasks = until(lambda: len(found := get(f"{flower}/api/tasks") or {}) == 3 and found)

    assert {task["name"] for task in tasks.values()} == {EXTRACT, TAG, FACTS}
    until(lambda: {task["state"] for task in get(f"{flower}/api/tasks").values()} == {"SUCCESS"})
    assert all("seen" in task["args"] for task in tasks.values())
    queues = {queue["name"] for queue in get(f"{flower}/api/queues/length")["active_queues"]}
    assert queues == {EXTRACT, TAG, FACTS}


class Capture(BaseHTTPRequestHandler):
    """What Sentry's server would be sent."""

    bodies: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers["Content-Encoding"], bytes)
        self.bodies.append(unpack(body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def sentry() -> Iterator[tuple[str, list[bytes]]]:
    handler = type("Handler", (Capture,), {"bodies": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://key@127.0.0.1:{server.server_port}/1", handler.bodies
        server.shutdown()


def test_sentry_is_told_of_errors_with_job_and_stage(
    environment: dict[str, str], sentry: tuple[str, list[bytes]], start_worker: Start
) -> None:
    dsn, bodies = sentry
    start_worker(SENTRY_DSN=dsn)
    app = Celery()
    app.conf.update(celery_config(Settings.from_env(environment)))
    app.send_task(EXTRACT, ["job-7"])  # a defect: the attempt is missing

    (event,) = until(lambda: [event for body in bodies for event in error_events(body)])

    assert (event["tags"]["job_id"], event["tags"]["stage"]) == ("job-7", "extract")
    assert event["release"].startswith("pagefacts@")
    assert "vars" not in json.dumps(event["exception"])


def error_events(envelope: bytes) -> list[dict[str, Any]]:
    items = [json.loads(line) for line in envelope.splitlines() if line.startswith(b"{")]
    return [item for item in items if "exception" in item]
