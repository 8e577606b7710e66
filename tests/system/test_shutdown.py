"""Workers that are stopped: what runs is finished within the grace time, and the rest is given back at once.

`PAGEFACTS_CLAIM_AFTER` is left at five minutes, above the time limit of a test: nothing here waits for it.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from support import Worker, answered, body_of, events, until
from website import ARTICLE, reply, serving

from worker.ledger import Ledger
from worker.queue_state import read_state

Start = Callable[..., Worker]

STEPS = ("extract", "tag", "facts")
CUT_SHORT = (0, 1)
"""Exit statuses of a worker that was told not to wait: 1 where Celery was at its cold shutdown before the end."""


def ready(worker: Worker) -> Worker:
    until(lambda: " ready." in worker.log.read_text(), what="a worker that is ready")
    return worker


@contextmanager
def held_at(ledger: Ledger, worker: Worker, job: str, stage: str) -> Iterator[None]:
    """Let the worker's child come to ``stage`` of a job and no further, until the block ends."""
    until(lambda: ledger.stage(job) == stage, what=f"stage {stage} of job {job}")
    (child,) = worker.children()
    os.kill(child, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGCONT)


def messages(ledger: Ledger) -> int:
    """Count Celery's messages that wait on its queues."""
    keys = ledger.client.keys(f"{{{ledger.keys.namespace}}}:celery:pagefacts.*")
    return sum(ledger.client.llen(key) for key in keys)


def waits_for_its_host(ledger: Ledger, job: str) -> bool:
    """Tell whether a job has a turn at its host that lies ahead, and its message is in a worker's hands."""
    claim = ledger.client.hkeys(ledger.keys.claim(job))
    return not messages(ledger) and any(field.startswith(b"turn:") for field in claim)


def done(logs: list[str]) -> Counter[str]:
    """Count the steps that have come to their end, by stage and job."""
    lines = [json.loads(line) for log in logs for line in log.splitlines() if '"stage ended"' in line]
    return Counter(f"{line['job']} stage={line['stage']}" for line in lines if line["stage"] != "intake")


class Producer:
    """Enqueues small jobs in a thread, a few dozen at once, for as long as the block lasts and up to ``least``."""

    def __init__(self, ledger: Ledger, least: int) -> None:
        self.sent = 0
        self._ledger = ledger
        self._least = least
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Producer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set() or self.sent < self._least:
            if self._ledger.client.xlen(self._ledger.keys.jobs) < 40:
                self._ledger.enqueue(json.dumps({"id": f"job-{self.sent}", "body": body_of(8)}))
                self.sent += 1
            else:
                self._ended.wait(0.02)


def test_a_rolling_restart_of_three_workers_loses_and_repeats_nothing(ledger: Ledger, start_worker: Start) -> None:
    workers = [start_worker() for _ in range(3)]
    all_workers = list(workers)
    for worker in workers:
        ready(worker)
    with Producer(ledger, least=300) as producer:
        for worker in workers:
            so_far = len(events(ledger))
            until(lambda so_far=so_far: len(events(ledger)) > so_far + 20, what="answers before a restart")
            assert worker.stop() == 0
            all_workers.append(ready(start_worker()))
    answered(ledger, producer.sent)
    until(lambda: read_state(ledger).in_flight == 0)
    for worker in all_workers[3:]:
        assert worker.stop() == 0

    assert producer.sent >= 300
    assert Counter(event["id"] for event in events(ledger)) == {f"job-{n}": 1 for n in range(producer.sent)}
    assert {event["type"] for event in events(ledger)} == {"pagefacts.result.v1"}
    logs = [worker.log.read_text() for worker in all_workers]
    assert not any("idle for too long" in log for log in logs)
    assert done(logs) == {f"job-{n} stage={step}": 1 for n in range(producer.sent) for step in STEPS}
    assert all(done([log]) for log in logs)  # each took part
    assert (read_state(ledger).duplicates, messages(ledger)) == (0, 0)


@pytest.mark.parametrize(("pipeline", "stage", "ended"), [("chain", "tag", 0), ("auto", "tag", 1)])
def test_what_the_only_worker_leaves_the_next_one_answers(
    ledger: Ledger, start_worker: Start, pipeline: str, stage: str, ended: int
) -> None:
    """Of a worker's jobs one is in work, others wait as messages that it has taken, or that it has not."""
    ledger.enqueue(*(json.dumps({"id": f"job-{n}", "body": body_of(400 if n == 0 else 5)}) for n in range(20)))
    first = start_worker(PAGEFACTS_PIPELINE=pipeline)
    with held_at(ledger, first, "job-0", stage):
        until(lambda: (read_state(ledger).in_flight, messages(ledger)) == (2, 0), what="a message that is taken")
        first.process.terminate()
        # Given back while the page is still in work.
        until(lambda: messages(ledger) > 0, what="the message to be given back")
    assert first.process.wait(timeout=60) == 0
    assert len(events(ledger)) == ended
    assert f"job-0 stage={stage}" in done([first.log.read_text()])
    assert messages(ledger) == read_state(ledger).in_flight == 2 - ended

    second = start_worker(PAGEFACTS_PIPELINE=pipeline)

    answered(ledger, 20)
    until(lambda: read_state(ledger).in_flight == 0)
    second.stop()
    assert sorted(event["id"] for event in events(ledger)) == sorted(f"job-{n}" for n in range(20))
    logs = [first.log.read_text(), second.log.read_text()]
    assert done(logs) == {f"job-{n} stage={step}": 1 for n in range(20) for step in STEPS}
    assert "idle for too long" not in logs[1]


@pytest.mark.parametrize(("pipeline", "times"), [("chain", 2), ("fused", 1)])  # a second SIGTERM changes nothing
def test_a_page_out_of_time_goes_to_another_worker(
    ledger: Ledger, start_worker: Start, pipeline: str, times: int
) -> None:
    """Even where its process would never end."""
    ledger.enqueue(json.dumps({"id": "long", "body": body_of(400)}))
    first = start_worker(PAGEFACTS_GRACE="2", PAGEFACTS_PIPELINE=pipeline)
    with held_at(ledger, first, "long", "tag"):  # which takes long enough to be met
        second = ready(start_worker(PAGEFACTS_PIPELINE=pipeline))
        for _ in range(times):
            first.process.terminate()
        (event,) = answered(ledger, 1)
        assert first.process.poll() is None
    assert first.process.wait(timeout=60) in CUT_SHORT
    assert second.stop() == 0
    assert_taken_over(ledger, event, first, second)


@pytest.mark.parametrize(
    ("pipeline", "signals"),
    [("chain", ("SIGTERM", "SIGQUIT")), ("fused", ("SIGQUIT",)), ("chain", ("SIGINT", "SIGINT"))],
    ids=["TERM-QUIT", "QUIT", "INT-twice"],
)
def test_a_page_in_work_is_given_back_on_demand(
    ledger: Ledger, start_worker: Start, pipeline: str, signals: tuple[str, ...]
) -> None:
    ledger.enqueue(json.dumps({"id": "long", "body": body_of(400)}))
    first = start_worker(PAGEFACTS_GRACE="600", PAGEFACTS_PIPELINE=pipeline)
    with held_at(ledger, first, "long", "tag"):  # which takes long enough to be met
        second = ready(start_worker(PAGEFACTS_PIPELINE=pipeline))
        for name in signals[:-1]:
            first.process.send_signal(getattr(signal, name))
            until(lambda: "Warm shutdown" in first.log.read_text())
        first.process.send_signal(getattr(signal, signals[-1]))
        until(lambda: "of job long is stopped" in first.log.read_text())
    assert first.process.wait(timeout=60) in CUT_SHORT
    (event,) = answered(ledger, 1)
    assert second.stop() == 0
    assert_taken_over(ledger, event, first, second)


def assert_taken_over(ledger: Ledger, event: dict[str, Any], first: Worker, second: Worker) -> None:
    assert "of job long is stopped and given back" in first.log.read_text()
    assert event["type"] == "pagefacts.result.v1"
    assert len(events(ledger)) == 1
    state = read_state(ledger)
    assert (state.in_flight, state.duplicates, messages(ledger)) == (0, 0, 0)
    assert "idle for too long" not in second.log.read_text()


def test_a_fetch_that_waits_for_its_host_is_taken_over_too(ledger: Ledger, start_worker: Start) -> None:
    """It is a message that the worker has taken, to be done at a later time."""
    with serving() as site:
        site.pages.update({f"/{n}": reply(ARTICLE) for n in range(3)})
        fetching: dict[str, Any] = {
            "PAGEFACTS_FETCH": "on",
            "PAGEFACTS_FETCH_PORTS": site.port,
            "PAGEFACTS_FETCH_ALLOW_NETWORKS": "127.0.0.0/8,::1",
            "PAGEFACTS_FETCH_RATE": "0.1",
            "PAGEFACTS_FETCH_BURST": "1",
        }
        ledger.enqueue(*(json.dumps({"id": f"{n}", "url": f"{site.url}/{n}"}) for n in range(3)))
        first = start_worker(**fetching)
        answered(ledger, 1)
        until(lambda: any(waits_for_its_host(ledger, f"{n}") for n in range(3)), what="a fetch that waits")
        assert first.stop() == 0
        assert len(events(ledger)) < 3
        assert messages(ledger) > 0

        second = start_worker(**fetching)

        found = answered(ledger, 3)
        until(lambda: read_state(ledger).in_flight == 0)
        second.stop()
    assert sorted(event["id"] for event in found) == ["0", "1", "2"]
    assert {event["type"] for event in found} == {"pagefacts.result.v1"}
    assert [site.count(f"/{n}") for n in range(3)] == [1, 1, 1]
    assert "idle for too long" not in second.log.read_text()
