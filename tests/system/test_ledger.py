"""The ledger's promises, against a real server."""

from __future__ import annotations

import json
import threading
import time

import pytest
from support import events

from pagefacts.errors import NoArticle
from worker.answers import failed, failure_event
from worker.dead import DeadLetters, NoDeadLetter
from worker.ledger import GROUP, Admission, Answer, Delivery, Holder, Ledger, Superseded
from worker.queue_state import read_state
from worker.results import open_results


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


def test_other_fields_of_an_entry_are_passed_over(ledger: Ledger) -> None:
    job = b'{"id":"a","body":"x"}'
    ledger.client.xadd(ledger.keys.jobs, {"desk": "asia", "job": job, "sent": "now"})
    delivery = take(ledger)
    assert delivery.raw == job
    assert admit(ledger, delivery, "a")
    assert ledger.begin("a", 1, "extract", ["job"]) == (delivery.entry, [job])


def test_what_was_admitted_is_sent_again_unless_a_step_of_it_runs(ledger: Ledger) -> None:
    """As the intake does when messages may be lost: the attempt stays the same, and nothing counts against the page."""
    ledger.enqueue(b'{"id":"a"}')
    delivery = take(ledger)
    assert admit(ledger, delivery, "a")
    assert ledger.held_by("w1", 10) == [delivery]
    holder = Holder("w1")
    assert ledger.admit(delivery, "a", holder, "{}", strikes=1) is Admission.AGAIN
    ledger.begin("a", 1, "extract", ["job"])
    assert ledger.admit(delivery, "a", holder, "{}", strikes=1) is Admission.OVER
    ledger.save("a", 1, delivery.entry, {"article": "{}"})
    assert ledger.admit(delivery, "a", holder, "{}", strikes=1) is Admission.AGAIN
    assert ledger.begin("a", 1, "tag", ["article"]) == (delivery.entry, [b"{}"])
    ledger.answer(delivery.entry, result("a"))
    assert ledger.held_by("w1", 10) == []


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
    assert read_state(ledger).duplicates == 1


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
    ledger.answer(delivery.entry, failed(failure_event(None, "a", NoArticle(), "extract", 1), original))
    letters = DeadLetters(ledger)
    ((entry, found),) = letters.find("a")

    assert letters.retry(entry, found)

    assert list(letters) == []
    assert not letters.retry(entry, found)
    again = take(ledger)
    assert again.raw == original
    assert admit(ledger, again, "a")


@pytest.mark.parametrize("fields", [{"dead": "{}"}, {"dead": "no JSON"}, {"other": "x"}])
def test_what_is_no_dead_letter_is_named(ledger: Ledger, fields: dict[str, str]) -> None:
    entry = ledger.client.xadd(ledger.keys.dead, fields).decode()
    with pytest.raises(NoDeadLetter, match=entry):
        list(DeadLetters(ledger))


def test_a_group_reads_each_event_once_and_again_where_it_did_not_acknowledge(ledger: Ledger) -> None:
    for name in "abc":
        ledger.client.xadd(ledger.keys.results, {"event": json.dumps({"id": name})})
    first = open_results([ledger], "g", follow=False)
    (a, b, _) = next(first.batches())
    assert (json.loads(a.json)["id"], json.loads(b.json)["id"]) == ("a", "b")
    first.ack(a)  # and is killed
    second = open_results([ledger], "g", follow=False)
    assert [json.loads(answer.json)["id"] for answer in second] == ["b", "c"]
    second.ack(b)
    assert [json.loads(answer.json)["id"] for answer in open_results([ledger], "g", follow=False)] == ["c"]
    assert len(list(open_results([ledger], None, follow=False))) == 3
