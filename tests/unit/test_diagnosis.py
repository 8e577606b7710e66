"""What is said of a queue in a given state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from config.settings import Settings
from worker.diagnosis import Seen, findings, period
from worker.flow import Flow
from worker.queue_state import Group, Pending, QueueState, Server, Worker, total

SERVER = Server("Redis 7.2.4", 1000.0, "master", 50, 0, "noeviction", appends=True, writes=True)
WELL = QueueState(
    at=1_800_000_000.0,
    waiting=0,
    oldest_waiting=None,
    in_flight=0,
    pending=(),
    queued={"pagefacts.tag": 0},
    results=10,
    failures=0,
    duplicates=0,
    on_results_stream=10,
    groups=(Group("desk", 0, 0),),
    dead=0,
    workers=(Worker("w1@host", 0, 0.4),),
    server=SERVER,
)


def job(idle: float) -> Pending:
    return Pending("1-1", "w1@host", age=idle + 1, idle=idle, deliveries=1)


STILL = Flow()


def said(flow: Flow = STILL, dead_codes: dict[str, int] | None = None, limits: Any = None, **state: Any) -> list[str]:
    seen = Seen(replace(WELL, **state), Settings(**(limits or {})), flow, dead_codes or {})
    return [finding.code for finding in findings(seen)]


def test_nothing_is_said_where_all_is_well() -> None:
    assert said() == []
    assert said(waiting=500, oldest_waiting=20.0, in_flight=4, pending=(job(1),), flow=Flow(60, 30)) == []


def test_a_system_without_work_needs_no_worker() -> None:
    assert said(workers=()) == []


@pytest.mark.parametrize("workers", [(), (Worker("w1@host", 0, 400.0),)])
def test_jobs_wait_and_no_worker_runs(workers: tuple[Worker, ...]) -> None:
    assert said(waiting=3, oldest_waiting=70.0, workers=workers) == ["no_worker"]
    assert said(in_flight=1, pending=(job(5),), workers=workers) == ["no_worker"]


def test_a_worker_is_lost_with_its_jobs_and_one_that_was_stopped_is_not() -> None:
    assert said(workers=(*WELL.workers, Worker("w2@host", 3, 90.0))) == ["worker_lost"]
    assert said(workers=(*WELL.workers, Worker("w2@host", 0, 90.0))) == []


@pytest.mark.parametrize(
    ("limits", "state", "code"),
    [
        ({"dead_max": 3}, {"dead": 3}, "limit_dead"),
        ({"results_max": 10}, {"groups": (Group("desk", 2, 8),)}, "limit_results"),
        ({"jobs_max": 5}, {"waiting": 5, "oldest_waiting": 1.0}, "limit_jobs"),
        ({}, {"server": replace(SERVER, memory_max=60)}, "limit_memory"),
        ({"memory_max": 0}, {"server": replace(SERVER, memory_max=55)}, "server_memory"),
    ],
)
def test_a_limit_that_is_reached_is_named(limits: dict[str, int], state: dict[str, Any], code: str) -> None:
    assert said(limits=limits, **state) == [code]


def test_answers_that_no_group_needs_hold_nobody() -> None:
    assert said(limits={"results_max": 10}, groups=()) == []


def test_jobs_that_are_not_taken_in_though_workers_run() -> None:
    assert said(waiting=3, oldest_waiting=40.0) == ["not_taken_in"]
    assert said(waiting=3, oldest_waiting=40.0, limits={"dead_max": 1}, dead=1) == ["limit_dead"]


@pytest.mark.parametrize(("flow", "codes"), [(Flow(30, 60), ["growing"]), (Flow(60, 30), []), (Flow(60, 0), [])])
def test_a_queue_that_grows(flow: Flow, codes: list[str]) -> None:
    assert said(waiting=500, oldest_waiting=300.0, in_flight=2, pending=(job(1),), flow=flow) == codes


def test_jobs_without_a_step_and_a_queue_that_nobody_consumes() -> None:
    assert said(in_flight=1, pending=(job(301),)) == ["idle"]
    assert said(in_flight=1, pending=(job(130),), queued={"pagefacts.tag": 1}) == ["queue_unserved"]
    assert said(in_flight=2, pending=(job(130), job(3)), queued={"pagefacts.tag": 1}) == []


def test_a_group_that_is_behind() -> None:
    assert said(groups=(Group("desk", 20, 100),)) == ["group_behind"]
    assert said(groups=(Group("desk", 20, 100),), flow=Flow(answers=60)) == []


@pytest.mark.parametrize(
    ("server", "code"),
    [
        ({"role": "slave"}, "server_replica"),
        ({"writes": False}, "server_disk"),
        ({"appends": False}, "server_forgets"),
        ({"eviction": "allkeys-lru"}, "server_evicts"),
    ],
)
def test_what_is_wrong_with_the_server(server: dict[str, Any], code: str) -> None:
    assert said(server=replace(SERVER, **server)) == [code]


def test_advice_comes_after_what_is_urgent() -> None:
    codes = {"internal_error": 1, "no_article": 7, "invalid_job": 2}
    assert said(dead_codes=codes, server=replace(SERVER, appends=False)) == [
        "dead_internal_error",
        "server_forgets",
        "dead_invalid_job",
    ]


def test_when_the_queue_will_be_empty() -> None:
    assert Flow(60, 0).seconds_to_empty(120) == 120
    assert Flow(60, 30).seconds_to_empty(120) == 240
    assert Flow(30, 60).seconds_to_empty(120) is None
    assert Flow().seconds_to_empty(0) == 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.44, "0.4 s"), (45, "45 s"), (119, "119 s"), (720, "12 min"), (12_600, "3.5 h"), (181_440, "2.1 d")],
)
def test_a_period_is_said_in_the_unit_that_fits(seconds: float, text: str) -> None:
    assert period(seconds) == text


def test_what_is_wrong_with_some_shards_names_them() -> None:
    full = replace(WELL, dead=5)
    shards = (full, WELL, full, WELL)
    seen = Seen(total(shards), Settings(dead_max=5), STILL, shards=shards)
    (finding,) = findings(seen)
    assert finding.code == "limit_dead"
    assert finding.message.startswith("Shard 0, 2: 5 dead letters")


def test_what_is_wrong_with_all_shards_is_said_once() -> None:
    shards = tuple(replace(WELL, server=replace(SERVER, appends=False)) for _ in range(4))
    (finding,) = findings(Seen(total(shards), Settings(), STILL, shards=shards))
    assert finding.message.startswith("The server keeps no append-only file")


def test_several_shards_are_told_as_one() -> None:
    busy = replace(
        WELL,
        waiting=3,
        oldest_waiting=7.0,
        in_flight=1,
        pending=(job(8),),
        groups=(Group("desk", 1, 2), Group("map", 0, 1)),
        workers=(Worker("w1@host", 1, 5.0), Worker("w2@host", 0, 0.1)),
        server=replace(SERVER, memory=90),
    )
    both = total([WELL, busy])
    assert (both.waiting, both.oldest_waiting, both.in_flight, both.answered) == (3, 7.0, 1, 20)
    assert both.groups == (Group("desk", 1, 2), Group("map", 0, 1))
    assert both.workers == (Worker("w1@host", 1, 0.4), Worker("w2@host", 0, 0.1))
    assert both.server.memory == 90
    assert total([busy]) is busy
