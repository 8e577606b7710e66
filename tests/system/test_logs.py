"""The lines of real workers: JSON for programs, text for people."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from probing import STARTER
from servers import flower
from support import COMMAND, EXAMPLE, Worker, answered, until

from worker.ledger import Ledger

Start = Callable[..., Worker]

WITHOUT_OTEL = "import sys; sys.modules['opentelemetry'] = None; from pagefacts.__main__ import main; main()"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
COLLECTOR = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}


def lines(worker: Worker) -> list[dict[str, Any]]:
    return [json.loads(line) for line in worker.log.read_text().splitlines()]


def test_all_that_a_worker_writes_on_a_pipe_is_json(ledger: Ledger, start_worker: Start) -> None:
    # A defect, and libraries that warn and log, are among what it meets.
    worker = start_worker(command=STARTER, STARTER_MARKER="quoted-from-the-page")
    faulty = [json.dumps({"id": name, "text": EXAMPLE.read_text()}) for name in ("value-error", "talk")]
    good = {"id": "a", "text": EXAMPLE.read_text(), "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    ledger.enqueue(json.dumps(good), '{"id": "b", "colour": "red"}', *faulty)
    answered(ledger, 4)
    assert worker.stop() == 0

    written = lines(worker)
    assert all(line.keys() >= {"timestamp", "level", "event", "logger", "process", "worker"} for line in written)
    assert all(line["worker"].startswith("w0@") for line in written)
    assert [line["event"] for line in written if "shutdown" in line["event"]] == ["worker: Warm shutdown (MainProcess)"]
    of_a = [line for line in written if line.get("job") == "a"]
    assert [(line["event"], line["stage"], line["outcome"]) for line in of_a] == [
        ("stage ended", "intake", "done"),
        ("stage ended", "extract", "done"),
        ("stage ended", "tag", "done"),
        ("stage ended", "facts", "result"),
    ]
    assert all(line["ms"] >= 0 for line in of_a)
    assert {line["trace_id"] for line in of_a} == {TRACE}
    (refused,) = [line for line in written if line.get("job") == "b"]
    assert (refused["outcome"], refused["code"], refused["level"]) == ("failure", "invalid_job", "warning")
    (defect,) = [line for line in written if line.get("job") == "value-error" and "exception" in line]
    assert (defect["level"], defect["stage"]) == ("error", "extract")
    assert defect["exception"].endswith("\nValueError")


def test_flower_writes_its_log_in_the_same_way(environment: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "flower.log"
    with flower(environment, log) as get:
        until(lambda: get("/workers"), what="Flower")
    written = [json.loads(line) for line in log.read_text().splitlines()]
    assert any(line["event"].startswith("Visit me at http://127.0.0.1:") for line in written)


def test_on_a_terminal_lines_are_for_people(environment: dict[str, str], ledger: Ledger) -> None:
    ours, terminal = pty.openpty()
    worker = subprocess.Popen(
        [*COMMAND, "worker", "--concurrency", "1", "--hostname", "w@%h"],
        env={**environment, "NO_COLOR": ""},
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    try:
        ledger.enqueue(json.dumps({"id": "a", "text": EXAMPLE.read_text()}))
        answered(ledger, 1)
    finally:
        worker.terminate()
    shown = _all_of(ours)
    assert worker.wait(timeout=60) == 0
    assert "[config]" in shown  # Celery's banner
    (ended,) = [line for line in shown.splitlines() if "stage ended" in line and "facts" in line]
    assert not ended.startswith("{")
    assert "\x1b[" in ended  # in color


def _all_of(terminal: int) -> str:
    """Read until the other side has closed."""
    shown = b""
    with os.fdopen(terminal, "rb", buffering=0) as file:
        while True:
            try:
                part = file.read(4096)
            except OSError:  # on Linux the end of a terminal is an error
                return shown.decode()
            shown += part


@pytest.mark.parametrize(
    ("settings", "command", "status", "said"),
    [
        ({"PAGEFACTS_IN_FLIGHT": "many"}, COMMAND, 2, "PAGEFACTS_IN_FLIGHT: "),
        ({"SENTRY_DSN": "https://sentry.example"}, COMMAND, 2, "SENTRY_DSN: "),
        ({**COLLECTOR, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, COMMAND, 2, "OTEL_EXPORTER_OTLP_PROTOCOL must be"),
        ({**COLLECTOR, "OTEL_EXPORTER_OTLP_CERTIFICATE": "/no.pem"}, COMMAND, 2, "OTEL_EXPORTER_OTLP_CERTIFICATE: "),
        (COLLECTOR, [sys.executable, "-P", "-c", WITHOUT_OTEL], 2, "pip install 'pagefacts[otel]'"),
    ],
    ids=["setting", "dsn", "protocol", "certificate", "extra"],
)
def test_why_a_worker_cannot_run_is_its_last_line(
    start_worker: Start, settings: dict[str, str], command: list[str], status: int, said: str
) -> None:
    worker = start_worker(command=command, **settings)
    assert worker.process.wait(timeout=60) == status
    last = lines(worker)[-1]
    assert last["level"] == "critical"
    assert said in last["event"]


def test_why_it_cannot_run_is_said_to_people_as_by_other_commands(environment: dict[str, str], tmp_path: Path) -> None:
    worker = Worker({**environment, "PAGEFACTS_LOG_FORMAT": "text", "PAGEFACTS_IN_FLIGHT": "0"}, tmp_path / "log")
    assert worker.process.wait(timeout=60) == 2
    assert worker.log.read_text().splitlines()[-1].startswith("Error: PAGEFACTS_IN_FLIGHT: ")
