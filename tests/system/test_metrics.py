"""What Prometheus is told by real workers: every job once, also of children that were killed."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from monitoring import PROMTOOL, promtool, scrape, told_at
from servers import free_port
from support import COMMAND, EXAMPLE, Worker, answered, events, until

from worker.ledger import GROUP, Ledger

Start = Callable[..., Worker]

GOOD = "On Monday {} people were killed and 12 were injured in Aleppo, Syria, police said."
EMPTY = "<html><body></body></html>"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def metrics(port: int) -> dict[str, str]:
    return {"PAGEFACTS_METRICS_PORT": str(port)}


def good(count: int, first: int = 0) -> list[str]:
    return [json.dumps({"id": f"good-{n}", "body": GOOD.format(n + 2)}) for n in range(first, first + count)]


def test_every_job_is_counted_once(  # also those of children that were killed
    ledger: Ledger, start_worker: Start, port: int, metrics: dict[str, str]
) -> None:
    jobs = [*good(6), '{"id":"no-json"', json.dumps({"id": "empty", "html": EMPTY})]
    twice = json.dumps({"id": "good-0", "body": GOOD.format(2)})
    lost = json.dumps({"id": "lost", "body": GOOD.format(2)})
    ledger.enqueue(lost)
    (delivery,) = ledger.read("lost@worker", 1, 1)  # it was given a job, and is no more
    ledger.client.xclaim(ledger.keys.jobs, GROUP, "lost@worker", 0, [delivery.entry], idle=10_000_000)
    ledger.enqueue(*jobs, twice)

    worker = start_worker("--concurrency", "2", **metrics)
    answered(ledger, 9)
    until(lambda: told_at(port)("jobs_answered_total", outcome="result") == 7)
    before = set(worker.children())
    for child in before:
        os.kill(child, signal.SIGKILL)
    until(lambda: len(set(worker.children()) - before) == 2)
    more = good(8, first=6)
    ledger.enqueue(*more)
    answered(ledger, 17)

    until(lambda: told_at(port)("jobs_answered_total", outcome="result") == 15)
    until(lambda: told_at(port)("ledger_answers_total", outcome="result") == 15)  # it may be a second old
    told = told_at(port)
    assert told("jobs_accepted_total") == 16
    assert told("redeliveries_total") == 1
    assert told("jobs_answered_total", outcome="failure") == 2
    assert told("jobs_failed_total", code="invalid_job") == 1
    assert told("jobs_failed_total", code="no_article") == 1
    assert told("stage_seconds_count", stage="extract") == 16
    assert told("stage_seconds_count", stage="tag") == told("stage_seconds_count", stage="facts") == 15
    assert told("stage_seconds_sum", stage="facts") > 0
    read = [lost, *(job for job in [*jobs, *more] if job.endswith("}"))]
    assert told("page_bytes_count") == 16
    assert told("page_bytes_sum") == sum(len(job) for job in read)
    results = [event["data"] for event in events(ledger) if event["type"] == "pagefacts.result.v1"]
    for kind in ("casualties", "dates", "locations", "entities"):
        found = sum(len(result[kind]) for result in results)
        assert told("facts_found_total", kind=kind) == found > 0
    assert told("ledger_answers_total", outcome="result") == 15
    assert told("ledger_duplicates_total") == 1
    assert told("dead_letters") == 2
    assert told("jobs_in_flight") == told("stream_lag_jobs") == told("pending_jobs") == 0
    assert "sandbox: Landlock" in worker.log.read_text() or "sandbox: no" in worker.log.read_text()
    if PROMTOOL:
        promtool("check", "metrics", given=scrape(port))


def test_a_worker_without_children_and_with_one_task_for_all_steps_is_counted_too(
    ledger: Ledger, start_worker: Start, port: int, metrics: dict[str, str]
) -> None:
    start_worker("--pool", "solo", PAGEFACTS_PIPELINE="fused", **metrics)
    ledger.enqueue(*good(12))
    answered(ledger, 12)
    until(lambda: told_at(port)("jobs_answered_total", outcome="result") == 12)
    told = told_at(port)
    assert [told("stage_seconds_count", stage=stage) for stage in ("extract", "tag", "facts")] == [12, 12, 12]


def test_a_worker_tells_what_it_holds_and_its_main_process_alone_listens(
    ledger: Ledger, start_worker: Start, port: int, metrics: dict[str, str]
) -> None:
    worker = start_worker(**metrics)
    ledger.enqueue(*good(1))
    answered(ledger, 1)
    (child,) = worker.children()
    os.kill(child, signal.SIGSTOP)
    try:
        ledger.enqueue(*good(4, first=1))
        until(lambda: told_at(port)("stream_lag_jobs") == 2)  # two for each process are taken in
        told = told_at(port)
        assert told("jobs_in_flight") == told("pending_jobs") == 2
        assert told("oldest_waiting_age_seconds") > 0
        assert told("workers") == 1
    finally:
        os.kill(child, signal.SIGCONT)
    answered(ledger, 5)

    table = Path("/proc/net/tcp").read_text().splitlines()[1:]
    (listening,) = [
        row.split()[9] for row in table if row.split()[1] == f"0100007F:{port:04X}" and row.split()[3] == "0A"
    ]
    assert f"socket:[{listening}]" in open_files(worker.process.pid)
    assert f"socket:[{listening}]" not in open_files(child)

    second = start_worker(**metrics)
    assert second.process.wait(timeout=60) == 1
    (line,) = [line for line in second.log.read_text().splitlines() if "PAGEFACTS_METRICS_PORT" in line]
    assert re.search(rf"127\.0\.0\.1, port {port}: Address already in use", line)
    assert "Traceback" not in second.log.read_text()


def open_files(process: int) -> set[str]:
    return {str(file.readlink()) for file in Path(f"/proc/{process}/fd").iterdir() if file.is_symlink()}


def test_a_worker_that_a_command_starts_for_itself_takes_no_port(
    environment: dict[str, str], port: int, metrics: dict[str, str]
) -> None:
    own = {name: value for name, value in environment.items() if name != "REDIS_URL"}
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run(
            [*COMMAND, "process", str(EXAMPLE)], env={**own, **metrics}, capture_output=True, text=True, timeout=120
        )
    assert (done.returncode, json.loads(done.stdout)["type"]) == (0, "pagefacts.result.v1")
