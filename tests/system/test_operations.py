"""Flower and Sentry, as an operator has them."""

from __future__ import annotations

import base64
import json
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from probing import STARTER, error_events, sentry_server
from servers import free_port
from support import COMMAND, Worker, answered, until

from config.celeryconfig import EXTRACT, FACTS, TAG
from worker.ledger import Ledger

Start = Callable[..., Worker]


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
    start_worker(PAGEFACTS_PIPELINE="chain")
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


@pytest.fixture
def sentry() -> Iterator[tuple[str, list[bytes]]]:
    with sentry_server() as running:
        yield running


def test_sentry_is_told_of_errors_with_job_and_stage(
    ledger: Ledger, sentry: tuple[str, list[bytes]], environment: dict[str, str], tmp_path: Path
) -> None:
    dsn, envelopes = sentry
    worker = Worker({**environment, "SENTRY_DSN": dsn, "STARTER_MARKER": "x"}, tmp_path / "log", command=STARTER)
    ledger.enqueue('{"id":"value-error","body":"Two people died."}')

    (event,) = until(lambda: error_events(envelopes))

    worker.stop()
    assert (event["tags"]["job_id"], event["tags"]["stage"]) == ("value-error", "extract")
    assert event["release"].startswith("pagefacts@")
    (error,) = event["exception"]["values"]
    assert (error["type"], error["stacktrace"]["frames"][-1]["function"]) == ("ValueError", "value_error")
    assert "vars" not in json.dumps(error)
