"""`pagefacts status`: how the queue is, what is wrong with it, and where a job is."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from servers import installed_server, running_server
from support import COMMAND, Worker, answered, until

from config.settings import Settings
from pagefacts.contracts import identify
from pagefacts.errors import InvalidJob
from worker.answers import failed, failure_event
from worker.cli import cli
from worker.connection import open_ledger
from worker.flow import read_flow, recent_failures
from worker.ledger import Answer, Holder, Ledger
from worker.queue_state import read_state

Start = Callable[..., Worker]


def run(environment: dict[str, str], *arguments: str) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(cli, arguments, env=environment)


def state(environment: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(environment, "status", "--json").stdout)
    return found


def codes(environment: dict[str, str]) -> list[str]:
    return [finding["code"] for finding in state(environment)["findings"] if finding["urgent"]]


def enqueue(ledger: Ledger, *names: str) -> None:
    ledger.enqueue(*(json.dumps({"id": name, "body": f"Two people died in {name}."}) for name in names))


def take(ledger: Ledger, consumer: str, name: str) -> str:
    """Take the next job in, as a worker does, and begin its first step; return its entry."""
    (delivery,) = ledger.read(consumer, 1, 100)
    assert ledger.admit(delivery, name, Holder(consumer), "{}", 3) == 1
    ledger.begin(name, 1, "extract", ["job"])
    return delivery.entry


def test_a_queue_that_nobody_has_used_is_well(environment: dict[str, str]) -> None:
    done = subprocess.run([*COMMAND, "status", "--check"], env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "All is well" in done.stdout


def test_where_each_job_is(environment: dict[str, str], ledger: Ledger) -> None:
    enqueue(ledger, "a", "b", "c", "d", "e")
    ledger.answer(take(ledger, "w1", "a"), Answer("a", json.dumps({"id": "a", "data": {}})))
    event = failure_event(None, "b", InvalidJob("body: too odd", field="body"), "extract", 1)
    ledger.answer(take(ledger, "w1", "b"), failed(event, b'{"id": "b", "body": "SECRETWORD"}'))
    take(ledger, "w1", "c")

    told = run(environment, "status", "a", "b", "c", "d", "e")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert lines[0].startswith("a: answered at 20")
    assert "b: failed at" in lines[1]
    assert "(extract: invalid_job)" in lines[1]
    assert "`pagefacts dead retry b`" in lines[1]
    assert "c: in work, extract runs, for" in lines[2]
    assert "at w1" in lines[2]
    assert lines[3].startswith("d: waits as number 1, enqueued at 20")
    assert lines[4].startswith("e: waits as number 2, enqueued at 20")
    assert "SECRETWORD" not in told.stdout

    unknown = run(environment, "status", "--json", "a", "x")
    assert unknown.exit_code == 1
    places = [json.loads(line)["place"] for line in unknown.stdout.splitlines()]
    assert places == ["answered", "unknown"]


def test_a_job_is_found_by_its_dead_letter_when_its_answer_is_gone(environment: dict[str, str], ledger: Ledger) -> None:
    enqueue(ledger, "b")
    event = failure_event(None, "b", InvalidJob("body: too odd", field="body"), "extract", 1)
    ledger.answer(take(ledger, "w1", "b"), failed(event, b"{}"))
    ledger.client.delete(ledger.keys.results, ledger.keys.done("b"))
    assert "b: failed at" in run(environment, "status", "b").stdout


def test_a_job_without_an_id_is_found_by_its_hash(environment: dict[str, str], ledger: Ledger) -> None:
    job = b'{"body": "Two people died."}'
    ledger.enqueue(job)
    assert f"{identify(job)}: waits as number 1" in run(environment, "status", identify(job)).stdout


def test_the_state_has_what_waits_what_is_in_work_and_who_is_behind(ledger: Ledger) -> None:
    enqueue(ledger, "a", "b", "c", "d")
    ledger.create_group(ledger.keys.results, "desk")
    ledger.answer(take(ledger, "w1", "a"), Answer("a", "{}"))
    take(ledger, "w1:fetch", "b")
    take(ledger, "w1", "c")
    seen = read_state(ledger)
    assert (seen.waiting, seen.in_flight, seen.results, seen.failures, seen.dead) == (1, 2, 1, 0, 0)
    assert (seen.answered, seen.on_results_stream, seen.duplicates, seen.redelivered) == (1, 1, 0, 0)
    assert [(worker.name, worker.jobs) for worker in seen.workers] == [("w1", 2)]
    assert [(group.name, group.behind) for group in seen.groups] == [("desk", 1)]
    ledger.client.xreadgroup("desk", "c", {ledger.keys.results: ">"})
    assert [(group.pending, group.unread) for group in read_state(ledger).groups] == [(1, 0)]
    assert 0 <= seen.longest_idle <= (seen.oldest_in_flight or 0) + 0.1
    assert seen.oldest_waiting is not None
    flow = read_flow(ledger, seen)
    assert (flow.answers, flow.arrivals) == (pytest.approx(6), pytest.approx(6))  # one within ten seconds
    event = failure_event(None, "d", InvalidJob("body: too odd", field="body"), "extract", 1)
    ledger.answer(take(ledger, "w1", "d"), failed(event, b"{}"))
    assert recent_failures(ledger, seen.at, 3600) == {"invalid_job": 1}
    assert (read_state(ledger).failures, read_state(ledger).dead) == (1, 1)


def test_a_group_that_the_server_has_lost_count_of_is_counted(ledger: Ledger) -> None:
    entries = [ledger.client.xadd(ledger.keys.results, {"event": "{}"}) for _ in range(5)]
    ledger.create_group(ledger.keys.results, "desk")
    ledger.client.xreadgroup("desk", "c", {ledger.keys.results: ">"}, count=1)
    ledger.client.xdel(ledger.keys.results, entries[2])
    (group,) = read_state(ledger).groups
    assert (group.pending, group.unread) == (1, 3)


def test_what_is_wrong_is_said_until_it_is_right(
    environment: dict[str, str], ledger: Ledger, start_worker: Start
) -> None:
    enqueue(ledger, "a")
    ledger.client.xadd(ledger.keys.dead, {"dead": "{}"})
    assert codes(environment) == ["no_worker"]
    done = run(environment, "status", "--check")
    assert done.exit_code == 1
    assert "start one with `pagefacts worker`" in done.stdout

    limited = {**environment, "PAGEFACTS_DEAD_MAX": "1"}
    start_worker(PAGEFACTS_DEAD_MAX="1")
    until(lambda: codes(limited) == ["limit_dead"])
    began = time.monotonic()
    until(lambda: time.monotonic() - began > 3)  # longer than between two signs of life
    until(lambda: read_state(ledger).workers[0].seen < 2)  # one without room shows itself all the same
    assert read_state(ledger).waiting == 1

    ledger.client.delete(ledger.keys.dead)
    answered(ledger, 1)
    until(lambda: run(environment, "status", "--check").exit_code == 0)
    assert [worker["name"].partition("@")[0] for worker in state(environment)["workers"]] == ["w0"]


def test_showing_itself_takes_no_job(ledger: Ledger) -> None:
    enqueue(ledger, "a")
    for consumer in ("w1", "w1", "w2"):
        ledger.show(consumer)
    seen = read_state(ledger)
    assert (seen.waiting, seen.in_flight) == (1, 0)
    assert [worker.name for worker in seen.workers] == ["w1", "w2"]
    assert all(worker.seen < 30 for worker in seen.workers)


def test_watching_goes_on_while_the_server_is_away(environment: dict[str, str]) -> None:
    nowhere = {**environment, "REDIS_URL": "redis://127.0.0.1:1/0"}
    with subprocess.Popen(
        [*COMMAND, "status", "--watch"], env=nowhere, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        lines = (line for line in process.stderr if "the server does not answer" in line)
        assert next(lines)
        assert next(lines)
        process.terminate()


def test_ids_and_watching_do_not_go_together(environment: dict[str, str]) -> None:
    assert run(environment, "status", "--watch", "a").exit_code == 2


def test_a_worker_without_work_is_seen_on_an_older_server(
    environment: dict[str, str], tmp_path: Path, start_worker: Start
) -> None:
    """Before Redis 7.2 asking for jobs that are not there does not count as being seen."""
    with running_server(installed_server(tmp_path), tmp_path / "s") as path:
        settings = {**environment, "REDIS_URL": f"unix://{path}"}
        start_worker(REDIS_URL=settings["REDIS_URL"])
        ledger = open_ledger(Settings.from_env(settings))
        ledger.open()
        until(lambda: read_state(ledger).workers, what="a worker")
        began = time.monotonic()
        until(lambda: time.monotonic() - began > 5)
        until(lambda: read_state(ledger).workers[0].seen < 3)
