"""The ledger's promises, against a real server."""

from __future__ import annotations

import json
import threading
import time

import pytest
from support import events

from worker.dead import DeadLetters
from worker.ledger import GROUP, Admission, Answer, Delivery, Holder, Ledger, Superseded
from worker.results import follow_group, follow_stream


def take(ledger: Ledger, consumer: str = "w1") -> Delivery:
    (delivery,) = ledger.read(consumer, 1, 10)
    return delivery


def admit(ledger: Ledger, delivery: Delivery, job_id: str, consumer: str = "w1") -> bool:
    return ledger.admit(delivery, job_id, Holder(consumer), "{}", strikes=3) is Admission.DISPATCH


def result(job_id: str) -> Answer:
    return Answer(job_id, json.dumps({"id": job_id}))


def pending(ledger: Ledger) -> int:
    return int(ledger.client.xpending(ledger.keys.jobs, GROUP)["pending"])


def test_an_answered_job_leaves_nothing_behind_but_its_answer(ledger: Ledger) -> None:
    ledger.enqueue(b'{"id":"a"}')
    delivery = take(ledger)
    assert admit(ledger, delivery, "a")
    ledger.begin("a", 1, "extract", ["job"])
    ledger.save("a", 1, delivery.entry, {"article": "{}"})

    assert ledger.answer(delivery.entry, result("a"))

    assert [event["id"] for event in events(ledger)] == ["a"]
    assert ledger.client.xlen(ledger.keys.jobs) == 0
    assert pending(ledger) == 0
    assert not ledger.client.exists(ledger.keys.claim("a"))


def test_a_second_answer_is_not_published(ledger: Ledger) -> None:
    ledger.enqueue(b"{}")
    delivery = take(ledger)
    admit(ledger, delivery, "a")
    assert ledger.answer(delivery.entry, result("a"))
    assert not ledger.answer(delivery.entry, result("a"))
    assert len(events(ledger)) == 1


def test_a_second_answer_is_not_published_even_when_the_id_is_forgotten(ledger: Ledger) -> None:
    """A worker that sleeps past the time for which ids are remembered wakes up to nothing."""
    ledger.enqueue(b"{}")
    delivery = take(ledger)
    admit(ledger, delivery, "a")
    ledger.answer(delivery.entry, result("a"))
    ledger.forget(["a"])
    assert not ledger.answer(delivery.entry, result("a"))
    assert len(events(ledger)) == 1


@pytest.mark.parametrize("when", ["in work", "answered"])
def test_the_same_id_again_is_not_taken_in(ledger: Ledger, when: str) -> None:
    ledger.enqueue(b"{}", b"{}")
    first, second = ledger.read("w1", 2, 10)
    assert admit(ledger, first, "a")
    if when == "answered":
        ledger.answer(first.entry, result("a"))
    assert not admit(ledger, second, "a", "w2")
    assert pending(ledger) == (1 if when == "in work" else 0)
    assert ledger.status()["duplicates"] == 1


def test_many_intakes_at_once_take_an_id_in_once(ledger: Ledger) -> None:
    ledger.enqueue(*[b"{}"] * 20)
    deliveries = ledger.read("w1", 20, 10)
    admitted: list[bool] = []
    threads = [
        threading.Thread(target=lambda each=each: admitted.append(admit(ledger, each, "a"))) for each in deliveries
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert admitted.count(True) == 1
    assert pending(ledger) == 1


def test_an_idle_job_is_delivered_again_and_the_earlier_attempt_is_over(ledger: Ledger) -> None:
    ledger.enqueue(b'{"id":"a"}')
    admit(ledger, take(ledger), "a")
    ledger.begin("a", 1, "extract", [])
    time.sleep(0.02)

    (again,) = ledger.reclaim("w2", 10, idle_ms=10)

    assert (again.count, again.raw) == (2, b'{"id":"a"}')
    assert admit(ledger, again, "a", "w2")
    with pytest.raises(Superseded):
        ledger.begin("a", 1, "tag", [])
    with pytest.raises(Superseded):
        ledger.save("a", 1, again.entry, {"article": "stale"})
    assert ledger.begin("a", 2, "extract", ["article"]) == (again.entry, [None])


def test_a_consumer_takes_its_own_lost_jobs_again_and_no_others(ledger: Ledger) -> None:
    ledger.enqueue(b'{"id":"a"}', b'{"id":"b"}')
    mine = take(ledger, "w1")
    take(ledger, "w2")
    assert ledger.reclaim_own("w1", 10, idle_ms=60_000) == []
    time.sleep(0.02)
    assert ledger.reclaim_own("w1", 10, idle_ms=10) == [Delivery(mine.entry, b'{"id":"a"}', 2, "w1")]


def test_a_job_whose_steps_go_on_is_not_idle(ledger: Ledger) -> None:
    ledger.enqueue(b"{}")
    admit(ledger, take(ledger), "a")
    time.sleep(0.1)
    ledger.begin("a", 1, "extract", [])
    assert ledger.reclaim("w2", 10, idle_ms=90) == []
    (row,) = ledger.client.xpending_range(ledger.keys.jobs, GROUP, "-", "+", 10)
    assert row["times_delivered"] == 1


def test_idle_jobs_are_found_behind_many_busy_ones(ledger: Ledger) -> None:
    ledger.enqueue(*[b"{}"] * 300)
    deliveries = ledger.read("w1", 300, 10)
    time.sleep(0.05)
    ledger.client.xclaim(ledger.keys.jobs, GROUP, "w1", 0, [each.entry for each in deliveries[:299]], justid=True)
    (found,) = ledger.reclaim("w2", 1, idle_ms=40)
    assert found.entry == deliveries[-1].entry


def test_held_counts_one_consumers_unanswered_jobs(ledger: Ledger) -> None:
    ledger.enqueue(*[b"{}"] * 5)
    ledger.read("w1", 3, 10)
    ledger.read("w2", 2, 10)
    assert (ledger.held("w1", 10), ledger.held("w1", 2), ledger.held("w2", 10)) == (3, 2, 2)


def test_consumers_that_hold_jobs_are_never_forgotten(ledger: Ledger) -> None:
    ledger.enqueue(b"{}")
    ledger.read("holds", 1, 10)
    ledger.client.xgroup_createconsumer(ledger.keys.jobs, GROUP, "gone")
    time.sleep(0.02)
    assert int(ledger._forget([ledger.keys.jobs], [GROUP, 10])) == 1  # noqa: SLF001 - an hour is too long for a test
    assert [row["name"] for row in ledger.client.xinfo_consumers(ledger.keys.jobs, GROUP)] == [b"holds"]


def test_a_failure_keeps_the_original_and_can_be_retried(ledger: Ledger) -> None:
    original = b'{"id":"a","nope":1}'
    ledger.enqueue(original)
    delivery = take(ledger)
    letter = json.dumps({"id": "a", "job": original.decode(), "failure": {}})
    ledger.answer(delivery.entry, Answer("a", json.dumps({"id": "a"}), letter))
    letters = DeadLetters(ledger)
    ((entry, found),) = letters.find("a")

    assert letters.retry(entry, found)

    assert list(letters) == []
    assert not letters.retry(entry, found)
    again = take(ledger)
    assert again.raw == original
    assert admit(ledger, again, "a")


def test_status_counts_every_job_once(ledger: Ledger) -> None:
    ledger.enqueue(*[b"{}"] * 4)
    first, second = ledger.read("w1", 2, 10)
    ledger.answer(first.entry, result("a"))
    ledger.answer(second.entry, Answer("b", "{}", "{}"))
    ledger.read("w1", 1, 10)
    assert ledger.status() == {
        "lag": 1,
        "in_flight": 1,
        "answered": 2,
        "failed": 1,
        "duplicates": 0,
        "on_results_stream": 2,
        "dead": 1,
    }


def test_a_group_reads_each_event_once_and_again_where_it_did_not_acknowledge(ledger: Ledger) -> None:
    for name in "abc":
        ledger.client.xadd(ledger.keys.results, {"event": json.dumps({"id": name})})
    reader = follow_group(ledger, "g", follow=False)
    assert [json.loads(next(reader))["id"] for _ in range(2)] == ["a", "b"]
    reader.close()  # as a reader that is killed after it was given b
    assert [json.loads(event)["id"] for event in follow_group(ledger, "g", follow=False)] == ["b", "c"]
    assert list(follow_group(ledger, "g", follow=False)) == []
    assert len(list(follow_stream(ledger, follow=False))) == 3
