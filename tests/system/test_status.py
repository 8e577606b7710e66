"""`pagefacts status`: how the queue is, what is wrong with it, and where a job is."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest
from support import COMMAND, Worker, answered, until

from pagefacts.errors import InvalidJob
from worker.answers import failed, failure_event
from worker.ledger import Answer, Holder, Ledger
from worker.queue_state import answers_a_minute, arrivals_a_minute, read_state, recent_failures

Start = Callable[..., Worker]


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=60)


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
    done = run(environment, "status", "--check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "All is well" in done.stdout


def test_where_each_job_is(environment: dict[str, str], ledger: Ledger) -> None:
    enqueue(ledger, "a", "b", "c", "d", "e")
    ledger.answer(take(ledger, "w1", "a"), Answer("a", json.dumps({"id": "a", "data": {}})))
    event = failure_event(None, "b", InvalidJob("body: too odd", field="body"), "extract", 1)
    ledger.answer(take(ledger, "w1", "b"), failed(event, b'{"id": "b", "body": "SECRETWORD"}'))
    take(ledger, "w1", "c")

    told = run(environment, "status", "a", "b", "c", "d", "e")
    assert told.returncode == 0
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
    assert unknown.returncode == 1
    places = [json.loads(line)["place"] for line in unknown.stdout.splitlines()]
    assert places == ["answered", "unknown"]


def test_a_job_is_found_without_its_answer_by_its_dead_letter(environment: dict[str, str], ledger: Ledger) -> None:
    enqueue(ledger, "b")
    event = failure_event(None, "b", InvalidJob("body: too odd", field="body"), "extract", 1)
    ledger.answer(take(ledger, "w1", "b"), failed(event, b"{}"))
    ledger.client.delete(ledger.keys.results, ledger.keys.done("b"))
    assert "b: failed at" in run(environment, "status", "b").stdout


def test_a_job_without_an_id_is_found_by_its_hash(environment: dict[str, str], ledger: Ledger) -> None:
    asked = subprocess.run(
        [*COMMAND, "enqueue", "--jobs", "-"],
        env=environment,
        input='{"body": "Two people died."}',
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert f"{asked.stdout.strip()}: waits as number 1" in run(environment, "status", asked.stdout.strip()).stdout


def test_the_state_has_what_waits_what_is_in_work_and_who_is_behind(ledger: Ledger) -> None:
    enqueue(ledger, "a", "b", "c", "d")
    ledger.create_group(ledger.keys.results, "desk")
    ledger.answer(take(ledger, "w1", "a"), Answer("a", "{}"))
    take(ledger, "w1:fetch", "b")
    take(ledger, "w1", "c")
    seen = read_state(ledger)
    assert (seen.waiting, seen.in_flight, seen.results, seen.failures, seen.dead) == (1, 2, 1, 0, 0)
    assert [(worker.name, worker.jobs) for worker in seen.workers] == [("w1", 2)]
    assert [(group.name, group.behind) for group in seen.groups] == [("desk", 1)]
    ledger.client.xreadgroup("desk", "c", {ledger.keys.results: ">"})
    assert [(group.pending, group.unread) for group in read_state(ledger).groups] == [(1, 0)]
    assert 0 <= seen.longest_idle <= (seen.oldest_in_flight or 0) + 0.1
    assert seen.oldest_waiting is not None
    assert answers_a_minute(ledger, seen.at) == pytest.approx(6)  # one within ten seconds
    assert arrivals_a_minute(ledger, seen) == pytest.approx(6)
    assert recent_failures(ledger, seen.at, 3600) == {}


def test_a_group_that_the_server_has_lost_count_of_is_counted(ledger: Ledger) -> None:
    entries = [ledger.client.xadd(ledger.keys.results, {"event": "{}"}) for _ in range(5)]
    ledger.create_group(ledger.keys.results, "desk")
    ledger.client.xreadgroup("desk", "c", {ledger.keys.results: ">"}, count=1)
    ledger.client.xdel(ledger.keys.results, entries[2])
    (group,) = read_state(ledger).groups
    assert (group.pending, group.unread) == (1, 3)


def test_jobs_without_a_worker_are_a_problem_and_with_one_they_are_not(
    environment: dict[str, str], ledger: Ledger, start_worker: Start
) -> None:
    enqueue(ledger, "a")
    assert codes(environment) == ["no_worker"]
    done = run(environment, "status", "--check")
    assert done.returncode == 1
    assert "start one with `pagefacts worker`" in done.stdout
    start_worker()
    answered(ledger, 1)
    until(lambda: run(environment, "status", "--check").returncode == 0)
    assert [worker["name"].partition("@")[0] for worker in state(environment)["workers"]] == ["w0"]


def test_a_worker_without_room_still_shows_itself(
    environment: dict[str, str], ledger: Ledger, start_worker: Start
) -> None:
    ledger.client.xadd(ledger.keys.dead, {"dead": "{}"})
    enqueue(ledger, "a")
    start_worker(PAGEFACTS_DEAD_MAX="1")
    limited = {**environment, "PAGEFACTS_DEAD_MAX": "1"}
    until(lambda: codes(limited) == ["limit_dead"])
    began = time.monotonic()
    until(lambda: time.monotonic() - began > 3)  # longer than between two signs of life
    until(lambda: read_state(ledger).workers[0].seen < 2)
    assert read_state(ledger).waiting == 1


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
    assert run(environment, "status", "--watch", "a").returncode == 2
