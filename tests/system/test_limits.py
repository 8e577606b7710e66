"""Limits that the operator sets, and a server that is full: producers are told, and nothing accepted is lost."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from support import COMMAND, Worker, answered, body_of, events, until

from config.settings import Settings
from pagefacts.client import QueueFull
from worker.connection import open_ledger
from worker.embedded import embedded_server
from worker.ledger import GROUP, Answer, ClaimTooLarge, Holder, Ledger, Limits
from worker.queue_state import read_state
from worker.retention import full_stream, trim_results
from worker.step import Step

Start = Callable[..., Worker]

SHORT = {"PAGEFACTS_SOFT_TIME_LIMIT": "6", "PAGEFACTS_HARD_TIME_LIMIT": "7", "PAGEFACTS_CLAIM_AFTER": "22"}


def job(name: object, body: str = "Two people died in Paris.") -> str:
    return json.dumps({"id": str(name), "body": body})


def limited(ledger: Ledger, **limits: int) -> Ledger:
    return Ledger(ledger.client, ledger.keys, 86_400, Limits(**limits))


def test_no_more_jobs_than_the_limit_are_enqueued_and_the_rest_are_named(ledger: Ledger) -> None:
    producer = limited(ledger, jobs=3)
    assert len(producer.enqueue(job(1), job(2))) == 2
    with pytest.raises(QueueFull, match="PAGEFACTS_JOBS_MAX") as full:
        producer.enqueue(job(3), job(4), job(5))
    assert (full.value.limit, full.value.refused) == ("jobs", [job(4), job(5)])
    assert ledger.client.xlen(ledger.keys.jobs) == 3
    ledger.answer(ledger.read("w", 1, 10)[0].entry, Answer("1", "{}"))
    assert len(producer.enqueue(job(6))) == 1


def test_a_producer_is_told_of_dead_letters_and_of_answers_that_nobody_reads(ledger: Ledger) -> None:
    producer = limited(ledger, results=2, dead=1)
    ledger.client.xadd(ledger.keys.results, {"event": "{}"})
    ledger.client.xadd(ledger.keys.results, {"event": "{}"})
    assert producer.enqueue(job("no group waits for them"))
    ledger.client.xgroup_create(ledger.keys.results, "desk", id="0")
    with pytest.raises(QueueFull, match="PAGEFACTS_RESULTS_MAX") as full:
        producer.enqueue(job("a"))
    assert full.value.limit == "results"
    ledger.client.xadd(ledger.keys.dead, {"dead": "{}"})
    with pytest.raises(QueueFull, match="pagefacts dead") as full:
        producer.enqueue(job("a"))
    assert full.value.limit == "dead"


def test_the_command_line_says_that_the_queue_is_full_and_which_jobs_were_enqueued(
    ledger: Ledger, environment: dict[str, str], tmp_path: Path
) -> None:
    jobs = tmp_path / "jobs.jsonl"
    jobs.write_text("\n".join(job(n) for n in range(5)))
    done = subprocess.run(
        [*COMMAND, "enqueue", "--no-wait", str(jobs)],
        env={**environment, "PAGEFACTS_JOBS_MAX": "3", "PAGEFACTS_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout.split()) == (1, ["0", "1", "2"])
    assert done.stderr.strip() == (
        "pagefacts: 3 jobs are enqueued; the same command goes on from there\n"
        "pagefacts: no more jobs are enqueued: 3 jobs wait or are in work; the limit is 3 (PAGEFACTS_JOBS_MAX)"
    )
    assert ledger.client.xlen(ledger.keys.jobs) == 3


def test_process_waits_for_room(
    ledger: Ledger, environment: dict[str, str], start_worker: Start, tmp_path: Path
) -> None:
    jobs = tmp_path / "jobs.jsonl"
    jobs.write_text("\n".join(job(n) for n in range(30)))
    start_worker()
    done = subprocess.run(
        [*COMMAND, "process", str(jobs)],
        env={**environment, "PAGEFACTS_JOBS_MAX": "2"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(line)["id"] for line in done.stdout.splitlines()) == sorted(str(n) for n in range(30))
    assert read_state(ledger).duplicates == 0


def test_a_celery_users_job_waits_until_there_is_room(
    ledger: Ledger, environment: dict[str, str], start_worker: Start
) -> None:
    from celery import Celery  # noqa: PLC0415 - as another system has it

    from config.celeryconfig import SUBMIT, celery_config  # noqa: PLC0415

    # An entry that nobody can take: another group's, as far as this worker knows, is in work elsewhere.
    ledger.enqueue(job("held"))
    (held,) = ledger.read("elsewhere", 1, 10)
    worker = start_worker(PAGEFACTS_JOBS_MAX="1")
    app = Celery()
    app.conf.update(celery_config(Settings.from_env(environment)))
    app.send_task(SUBMIT, [{"id": "late", "body": "Two people died."}])
    until(lambda: "PAGEFACTS_JOBS_MAX" in worker.log.read_text())
    ledger.answer(held.entry, Answer("held", json.dumps({"id": "held"})))
    assert [event["id"] for event in answered(ledger, 2)] == ["held", "late"]
    assert "Traceback" not in worker.log.read_text()


def test_no_jobs_are_taken_in_while_a_group_is_behind_by_the_limit(ledger: Ledger, start_worker: Start) -> None:
    ledger.client.xgroup_create(ledger.keys.results, "slow", id="0", mkstream=True)
    ledger.enqueue(*(job(n) for n in range(300)))
    worker = start_worker(PAGEFACTS_RESULTS_MAX="10")
    until(lambda: "'slow' is behind by 10 answers" in worker.log.read_text())
    until(lambda: read_state(ledger).in_flight == 0)
    seen: set[str] = set()
    assert 10 <= ledger.client.xlen(ledger.keys.results) < 300

    def read() -> bool:
        reply = ledger.client.xreadgroup("slow", "c", {ledger.keys.results: ">"}, count=100)
        for entry, fields in reply[0][1] if reply else []:
            seen.add(json.loads(fields[b"event"])["id"])
            ledger.client.xack(ledger.keys.results, "slow", entry)
        return len(seen) == 300

    until(read)
    assert "jobs are taken in again" in worker.log.read_text()


def test_no_jobs_are_taken_in_while_there_are_too_many_dead_letters(ledger: Ledger, start_worker: Start) -> None:
    ledger.client.xadd(ledger.keys.dead, {"dead": "{}"})
    worker = start_worker(PAGEFACTS_DEAD_MAX="1")
    ledger.enqueue(job("a"))
    until(lambda: "no jobs are taken in: 1 dead letters" in worker.log.read_text())
    assert events(ledger) == []
    ledger.client.delete(ledger.keys.dead)
    answered(ledger, 1)


def test_a_crowded_results_stream_is_trimmed_behind_the_slowest_group_only(ledger: Ledger) -> None:
    results, settings = ledger.keys.results, Settings(redis_url="redis://unused", results_max=3)
    entries = [ledger.client.xadd(results, {"event": json.dumps({"id": name})}) for name in "abcde"]
    ledger.client.xgroup_create(results, "slow", id=entries[0])
    ledger.client.xgroup_create(results, "fast", id=entries[4])
    trim_results(ledger, settings)
    assert [event["id"] for event in events(ledger)] == ["b", "c", "d", "e"]
    assert full_stream(ledger, settings) == "the consumer group 'slow' is behind by 3 answers"
    ledger.client.xgroup_setid(results, "slow", entries[3])
    assert full_stream(ledger, settings) is None
    assert [event["id"] for event in events(ledger)] == ["e"]


def test_a_page_that_leaves_more_than_a_claim_may_hold_fails(ledger: Ledger) -> None:
    ledger.enqueue(job("a"))
    (delivery,) = ledger.read("w", 1, 10)
    ledger.admit(delivery, "a", Holder("w"), "{}", 3)
    step = Step(limited(ledger, claim_mb=1), "a", 1, "extract", ["job"])
    with pytest.raises(ClaimTooLarge), step:
        step.save(article="x" * (1 << 20), more="y")
    (event,) = events(ledger)
    failure = event["data"]["failure"]
    assert (failure["code"], failure["stage"]) == ("page_too_large", "extract")
    assert "the limit is 1" in failure["message"]
    assert read_state(ledger).dead == 1


@pytest.fixture
def own_server(tmp_path: Path, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment of a server that a test may fill."""
    with embedded_server(str(tmp_path / "own")) as running:
        yield {**environment, "REDIS_URL": running.url}


@pytest.fixture
def own_ledger(own_server: dict[str, str]) -> Ledger:
    ledger = open_ledger(Settings.from_env(own_server))
    ledger.open()
    return ledger


def fill(ledger: Ledger) -> None:
    # Far below what is used, so that it stays full when jobs are answered and go.
    ledger.client.config_set("maxmemory", ledger.client.info("memory")["used_memory"] // 2)
    with pytest.raises(redis.OutOfMemoryError):
        ledger.client.set("one", "more")


def test_a_full_server_tells_producers_and_lets_jobs_in_work_end(own_ledger: Ledger) -> None:
    ledger = own_ledger
    ledger.enqueue(job("a", "x" * 50_000), job("b"))
    first, second = ledger.read("w", 2, 10)
    fill(ledger)
    with pytest.raises(QueueFull) as full:
        Ledger(ledger.client, ledger.keys, 86_400).enqueue(job("c"))
    assert full.value.limit == "memory"
    for delivery, name in ((first, "a"), (second, "b")):
        assert ledger.admit(delivery, name, Holder("w"), "{}", 3)
        entry, _ = ledger.begin(name, 1, "extract", ["job"])
        ledger.save(name, 1, entry, {"article": "y" * 1000})
        assert ledger.answer(entry, Answer(name, json.dumps({"id": name}), "{}"))
    assert [event["id"] for event in events(ledger)] == ["a", "b"]
    assert ledger.client.xlen(ledger.keys.dead) == 2


def test_room_is_kept_for_the_jobs_in_work(own_ledger: Ledger) -> None:
    ledger = own_ledger
    ledger.client.set("much", b"x" * 20_000_000)
    used = ledger.client.info("memory")["used_memory"]
    ledger.client.config_set("maxmemory", int(used * 1.1))
    with pytest.raises(QueueFull, match="PAGEFACTS_MEMORY_MAX") as full:
        ledger.enqueue(job("a"))
    assert full.value.limit == "memory"
    assert limited(ledger, memory=99).enqueue(job("a"))


def test_nothing_accepted_is_lost_while_the_server_is_full(
    own_ledger: Ledger, own_server: dict[str, str], start_worker: Start
) -> None:
    ledger = own_ledger
    start_worker(REDIS_URL=own_server["REDIS_URL"], **SHORT)
    ledger.enqueue(*(job(n, body_of(30)) for n in range(100)))  # long ones: many wait when the server is full
    answered(ledger, 10)
    fill(ledger)
    with pytest.raises(QueueFull):
        ledger.enqueue(job("refused"))
    # What a worker hands to its own processes goes on; what would wait on Celery's queue is refused.
    until(lambda: len(events(ledger)) == 100 or ledger.client.info("errorstats")["errorstat_OOM"]["count"] > 10)
    ledger.client.config_set("maxmemory", 0)
    found = answered(ledger, 100)
    until(lambda: read_state(ledger).in_flight == 0)
    assert sorted(event["id"] for event in found) == sorted(str(n) for n in range(100))
    assert {event["type"] for event in found} == {"pagefacts.result.v1"}
    assert ledger.client.xpending(ledger.keys.jobs, GROUP)["pending"] == 0
