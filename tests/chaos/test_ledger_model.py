"""The ledger as a state machine: in any order of deliveries, losses, zombies and mistakes it keeps its promises.

A plain model in Python stands beside the real scripts on a real server, and says after each step what must be there.
What a crash does needs no rule of its own: what a process had in hand is never used again, and its jobs grow idle. A
zombie is a process whose deliveries and steps are used after its jobs were given to others, which happens all the time.

``LEDGER_EXAMPLES=5000 python -m pytest tests/chaos/test_ledger_model.py`` tries more than the fixed examples of a run.
"""

from __future__ import annotations

import itertools
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from config.settings import Settings
from pagefacts.contracts import DeadLetter, identify, parse_job
from pagefacts.errors import DataError, InvalidJob
from worker.answers import failure_event
from worker.connection import connect
from worker.dead import DeadLetters
from worker.embedded import embedded_server
from worker.keys import Keys
from worker.ledger import GROUP, Admission, Answer, Delivery, Holder, Ledger, Superseded
from worker.retention import trim_results

LONG: Final = 3_600_000
"""Milliseconds: what has grown idle here has been so for longer, everything else for less."""
MAX_DELIVERIES: Final = 4
MAX_STRIKES: Final = 2
CONSUMERS: Final = ("one", "two", "three")
JOBS: Final = (
    b'{"id":"a","body":"Two died."}',
    b'{"id":"a","body":"Three died."}',
    b'{"id":"a","url":"https://echo.example/dam"}',
    b'{"body":"No id."}',
    b'{"body": "No id."}',  # the same content, so the same id
    b'{"id":"a","nope":1}',
    b'{"id":"c","nope":1}',
    b"\xffno JSON",
)

consumers = st.sampled_from(CONSUMERS)
counts = st.integers(1, 5)
_namespaces = itertools.count()


@dataclass
class Entry:
    """An entry of the jobs stream."""

    job_id: str
    raw: bytes
    count: int = 0
    """How often it was delivered."""
    consumer: str = ""
    idle: bool = False


@dataclass
class Claim:
    entry: str
    attempt: int
    consumer: str
    fetcher: str | None
    """The one that holds the job while its page is fetched."""
    running: bool = False
    strikes: int = 0

    def holder(self, stage: str) -> str | None:
        return self.fetcher if stage == "fetch" else self.consumer


@dataclass(frozen=True)
class Task:
    """What Celery carries: it may be lost, come late, or come twice."""

    job_id: str
    attempt: int
    stage: str


@dataclass(frozen=True)
class Running:
    """A step that has begun, and has read what it works on."""

    task: Task
    entry: str


@dataclass
class Group:
    """A consumer group of the results stream."""

    read: str = "0-0"
    unacknowledged: list[str] = field(default_factory=list)

    def needs(self) -> tuple[int, int]:
        """The oldest entry that it still needs."""
        if self.unacknowledged:
            return order(self.unacknowledged[0])
        milliseconds, sequence = order(self.read)
        return milliseconds, sequence + 1


def order(entry: str) -> tuple[int, int]:
    milliseconds, sequence = entry.split("-")
    return int(milliseconds), int(sequence)


class LedgerMachine(RuleBasedStateMachine):
    client: Any

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger(self.client, Keys(f"model{next(_namespaces)}"), 86_400)
        self.ledger.open()
        self.keys = self.ledger.keys
        self.letters = DeadLetters(self.ledger)
        # The model.
        self.jobs: dict[str, Entry] = {}
        self.claims: dict[str, Claim] = {}
        self.done: set[str] = set()
        self.forgotten: Counter[str] = Counter()
        self.enqueued = 0
        self.owed: dict[str, tuple[str, int]] = {}
        """Of an entry, its id, and how many answers of that there are when it is answered."""
        self.published: list[str] = []
        self.failures = 0
        self.duplicates = 0
        self.dead: dict[str, str] = {}
        self.groups: dict[str, Group] = {}
        # Entries that somebody deleted from the stream: what becomes of these is free, what becomes of others is not.
        self.ghosts: dict[str, Entry] = {}
        self.mistaken: set[str] = set()
        # What the processes have in hand.
        self.deliveries: list[Delivery] = []
        self.tasks: list[Task] = []
        self.running: list[Running] = []
        # What is read off the streams.
        self.seen: list[tuple[str, str]] = []
        self.on_results: list[str] = []

    # --- producers -------------------------------------------------------------------------------------------------

    @rule(raw=st.sampled_from(JOBS))
    def enqueue(self, raw: bytes) -> None:
        (entry,) = self.ledger.enqueue(raw)
        self._accepted(entry, raw)

    @rule()
    def append_without_a_job(self) -> None:
        self._accepted(self.client.xadd(self.keys.jobs, {"page": "?"}).decode(), b"")

    @precondition(lambda self: self.jobs)
    @rule(data=st.data())
    def delete_by_mistake(self, data: st.DataObject) -> None:
        entry = self._one(data, sorted(self.jobs, key=order))
        self.client.xdel(self.keys.jobs, entry)
        ghost = self._gone(entry)
        self.owed.pop(entry, None)
        self.ghosts[entry] = ghost
        self.mistaken.add(ghost.job_id)

    # --- the intake ------------------------------------------------------------------------------------------------

    @precondition(lambda self: self._waiting())
    @rule(consumer=consumers, count=counts)
    def read(self, consumer: str, count: int) -> None:
        expected = self._waiting()[:count]
        self._delivered(self.ledger.read(consumer, count, 1), expected, consumer)

    @precondition(lambda self: self._waiting())
    @rule(consumer=consumers)
    def read_and_begin(self, consumer: str) -> None:
        """What mostly happens, in one step of the machine."""
        self.read(consumer, 10)
        self._begin_all()

    @precondition(lambda self: self._pending())
    @rule(consumer=consumers)
    def hand_over(self, consumer: str) -> None:
        """What mostly happens to the jobs of a worker that was killed; it may have been asleep."""
        for entry in self._pending():
            self._grow_idle(entry)
        self.reclaim(consumer, 10)
        self._begin_all()

    @precondition(lambda self: self._pending())
    @rule(data=st.data(), everything=st.booleans())
    def grow_idle(self, data: st.DataObject, everything: bool) -> None:
        for entry in self._pending() if everything else [self._one(data, self._pending())]:
            self._grow_idle(entry)

    @precondition(lambda self: self._pending())
    @rule(consumer=consumers, count=counts)
    def reclaim(self, consumer: str, count: int) -> None:
        idle = sorted((entry for entry, job in self.jobs.items() if job.idle), key=order)[:count]
        self._delivered(self.ledger.reclaim(consumer, count, LONG), idle, consumer)

    @precondition(lambda self: self._pending())
    @rule(consumer=consumers, count=counts)
    def reclaim_own(self, consumer: str, count: int) -> None:
        own = [entry for entry, job in self.jobs.items() if job.idle and job.consumer == consumer]
        self._delivered(self.ledger.reclaim_own(consumer, count, LONG), sorted(own, key=order)[:count], consumer)

    @precondition(lambda self: self.deliveries)
    @rule(data=st.data(), consumer=consumers, keep=st.booleans())
    def take_in(self, data: st.DataObject, consumer: str, keep: bool) -> None:
        """As the intake does; one whose server did not answer has it still in hand, and does it again."""
        delivery = self._one(data, self.deliveries)
        if not keep:
            self.deliveries.remove(delivery)
        self._take(delivery)

    @rule()
    def keep_house(self) -> None:
        self.ledger.script("forget")([self.keys.jobs], [GROUP, 0])

    # --- the steps -------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.tasks)
    @rule(data=st.data(), keep=st.booleans())
    def begin(self, data: st.DataObject, keep: bool) -> None:
        task = self._one(data, self.tasks)
        if not keep:
            self.tasks.remove(task)
        self._begin(task)

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def save(self, data: st.DataObject) -> None:
        self._save(self._one(data, self.running))

    @precondition(lambda self: self.running)
    @rule(data=st.data(), fails=st.booleans())
    def answer(self, data: st.DataObject, fails: bool) -> None:
        step = self._one(data, self.running)
        raw = self.ledger.original(step.entry)
        if not fails or raw is not None:
            self._answer(step.entry, step.task.job_id, failed=raw if fails else None)

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def answer_and_forget(self, data: st.DataObject) -> None:
        """The worker still has the step, and wakes up when the id has become another job's."""
        step = self._one(data, self.running)
        self._answer(step.entry, step.task.job_id)
        if step.task.job_id in self.done:
            self.ledger.forget([step.task.job_id])
            self._forgotten(step.task.job_id)

    # --- time and operators ----------------------------------------------------------------------------------------

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        """Done by an operator, and by the time for which ids are remembered."""
        job_id = self._one(data, sorted(self.done))
        self.ledger.forget([job_id])
        self._forgotten(job_id)

    @precondition(lambda self: self.claims)
    @rule(data=st.data())
    def lose_claim(self, data: st.DataObject) -> None:
        """A claim that no step has touched for very long expires."""
        job_id = self._one(data, sorted(self.claims))
        self.client.delete(self.keys.claim(job_id))
        del self.claims[job_id]

    @precondition(lambda self: self.dead)
    @rule(data=st.data(), twice=st.booleans())
    def retry(self, data: st.DataObject, twice: bool) -> None:
        entry = self._one(data, sorted(self.dead, key=order))
        letter = dict(self.letters)[entry]
        job_id = self.dead.pop(entry)
        before = self._last_job()
        assert self.letters.retry(entry, letter)
        self._forgotten(job_id)
        ((again, fields),) = self.client.xrevrange(self.keys.jobs, count=1)
        assert before is None or order(again.decode()) > before
        self._accepted(again.decode(), fields[b"job"])
        assert self.jobs[again.decode()].job_id == job_id
        if twice:
            assert not self.letters.retry(entry, letter)

    @precondition(lambda self: self.dead)
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        entry = self._one(data, sorted(self.dead, key=order))
        assert self.letters.drop(entry)
        assert not self.letters.drop(entry)
        del self.dead[entry]

    # --- readers of the results ------------------------------------------------------------------------------------

    @precondition(lambda self: self.published)
    @rule(name=st.sampled_from(["fast", "slow"]))
    def register(self, name: str) -> None:
        self.ledger.create_group(self.keys.results, name)
        self.groups.setdefault(name, Group())

    @precondition(lambda self: self.groups)
    @rule(data=st.data(), count=counts)
    def read_results(self, data: st.DataObject, count: int) -> None:
        name = self._one(data, sorted(self.groups))
        group = self.groups[name]
        expected = [entry for entry in self.on_results if order(entry) > order(group.read)][:count]
        reply = self.client.xreadgroup(name, "reader", {self.keys.results: ">"}, count=count)
        given = [entry.decode() for entry, _ in reply[0][1]] if reply else []
        assert given == expected
        group.read = given[-1] if given else group.read
        group.unacknowledged += given

    @precondition(lambda self: any(group.unacknowledged for group in self.groups.values()))
    @rule(data=st.data(), everything=st.booleans())
    def acknowledge(self, data: st.DataObject, everything: bool) -> None:
        name = self._one(data, sorted(name for name, group in self.groups.items() if group.unacknowledged))
        group = self.groups[name]
        chosen = list(group.unacknowledged) if everything else [self._one(data, group.unacknowledged)]
        assert self.client.xack(self.keys.results, name, *chosen) == len(chosen)
        group.unacknowledged = [entry for entry in group.unacknowledged if entry not in chosen]

    @precondition(lambda self: self.published)
    @rule()
    def trim(self) -> None:
        now = self.client.time()
        trim_results(self.ledger, Settings(redis_url="redis://unused", results_keep=0))
        there = [entry.decode() for entry, _ in self.client.xrange(self.keys.results)]
        if not self.groups:
            assert there == self.on_results
            return
        bounds = [group.needs() for group in self.groups.values()]
        young = (now[0] * 1000 + now[1] // 1000, 0)
        assert set(there) <= set(self.on_results)
        kept = [entry for entry in self.on_results if order(entry) >= min(bounds)]
        assert [entry for entry in there if order(entry) >= min(bounds)] == kept
        assert not [entry for entry in there if order(entry) < min(*bounds, young)]
        self.on_results = there

    # --- what must hold --------------------------------------------------------------------------------------------

    def each_answer_is_published_once_and_when_it_was_given(self) -> None:
        start = f"({self.seen[-1][0]}" if self.seen else "-"
        new = self.client.xrange(self.keys.results, start)
        self.seen += [(entry.decode(), json.loads(fields[b"event"])["id"]) for entry, fields in new]
        self.on_results += [entry.decode() for entry, _ in new]
        assert [job_id for _, job_id in self.seen] == self.published
        for job_id, times in Counter(self.published).items():
            assert times <= 1 + self.forgotten[job_id]

    def the_stream_and_its_pending_entries_are_the_jobs_not_answered(self) -> None:
        assert [entry.decode() for entry, _ in self.client.xrange(self.keys.jobs)] == sorted(self.jobs, key=order)
        rows = self.client.xpending_range(self.keys.jobs, GROUP, "-", "+", 1000)
        pending = {row["message_id"].decode(): (row["times_delivered"], row["consumer"].decode()) for row in rows}
        assert {entry: seen for entry, seen in pending.items() if entry not in self.ghosts} == {
            entry: (job.count, job.consumer) for entry, job in self.jobs.items() if job.count
        }

    def claims_are_those_of_jobs_in_work(self) -> None:
        for job_id in {identify(raw) for raw in (*JOBS, b"")}:
            entry, attempt = self.client.hmget(self.keys.claim(job_id), "entry", "attempt")
            claim = self.claims.get(job_id)
            if claim:
                assert (entry, attempt) == (claim.entry.encode(), str(claim.attempt).encode())
            elif job_id not in self.mistaken:
                assert entry is None
            assert bool(self.client.exists(self.keys.done(job_id))) == (job_id in self.done)

    def the_counts_are_right(self) -> None:
        counts = {name: int(count) for name, count in self.client.hgetall(self.keys.counts).items()}
        assert counts.get(b"results", 0) == len(self.published) - self.failures
        assert counts.get(b"failures", 0) == self.failures
        assert self.client.xlen(self.keys.dead) == len(self.dead)
        assert self.client.xlen(self.keys.results) == len(self.on_results)
        duplicates = counts.get(b"duplicates", 0)
        # Every job is waiting, in work, answered or a duplicate; but for those that somebody deleted.
        missing = self.enqueued - len(self.jobs) - len(self.published) - duplicates
        assert 0 <= missing <= len(self.ghosts)
        assert 0 <= duplicates - self.duplicates <= len(self.ghosts)

    def teardown(self) -> None:
        """A healthy worker, at last: whatever is there comes to its end."""
        try:
            self._drain()
            for raw in JOBS:  # an id of which an entry was deleted is not lost for ever
                if identify(raw) in self.mistaken - self.done:
                    self.enqueue(raw)
            self._drain()
            self._nothing_is_left()
        finally:
            for key in self.client.scan_iter(f"{{{self.keys.namespace}}}*", count=10_000):
                self.client.delete(key)

    def _drain(self) -> None:
        # Twice, as a delivery may be over before it is taken in.
        for _ in range(2):
            self._delivered(self.ledger.reclaim("healthy", 10_000, 0), self._pending(), "healthy")
            self._work_off()
            if self._waiting():
                self.read("healthy", 10_000)
                self._work_off()
        self.promises_are_kept()

    def _work_off(self) -> None:
        """Take in and do what is in hand, the stale things of others too."""
        while self.deliveries:
            self._take(self.deliveries.pop())
        while self.tasks:
            self._begin(self.tasks.pop())
        while self.running:
            step = self.running.pop()
            self._save(step)
            self._answer(step.entry, step.task.job_id)

    @invariant()
    def promises_are_kept(self) -> None:
        self.each_answer_is_published_once_and_when_it_was_given()
        self.the_stream_and_its_pending_entries_are_the_jobs_not_answered()
        self.claims_are_those_of_jobs_in_work()
        self.the_counts_are_right()

    def _nothing_is_left(self) -> None:
        assert self.client.xlen(self.keys.jobs) == 0
        assert self.client.xpending(self.keys.jobs, GROUP)["pending"] == 0
        assert self.jobs == {}
        assert self.claims == {}
        times = Counter(self.published)
        assert all(times[job_id] >= number for job_id, number in self.owed.values())
        for job_id in self.mistaken:  # the claim of a job that somebody deleted expires
            assert self.client.ttl(self.keys.claim(job_id)) != -1

    # --- the model -------------------------------------------------------------------------------------------------

    def _one(self, data: st.DataObject, things: Sequence[Any]) -> Any:
        return things[data.draw(st.integers(0, len(things) - 1))]  # entries are times: each run has others

    def _waiting(self) -> list[str]:
        return sorted((entry for entry, job in self.jobs.items() if job.count == 0), key=order)

    def _pending(self) -> list[str]:
        return sorted((entry for entry, job in self.jobs.items() if job.count), key=order)

    def _grow_idle(self, entry: str) -> None:
        job = self.jobs[entry]
        job.idle = True
        self.client.xclaim(self.keys.jobs, GROUP, job.consumer, 0, [entry], idle=10 * LONG, justid=True)

    def _begin_all(self) -> None:
        while self.deliveries:
            self._take(self.deliveries.pop(0))
        for task in self.tasks:
            self._begin(task)

    def _last_job(self) -> tuple[int, int] | None:
        return max(map(order, self.jobs), default=None)

    def _accepted(self, entry: str, raw: bytes) -> None:
        job = Entry(identify(raw), raw)
        self.jobs[entry] = job
        self.enqueued += 1
        if job.job_id not in self.done:
            self.owed[entry] = (job.job_id, self.published.count(job.job_id) + 1)

    def _gone(self, entry: str) -> Entry:
        """An entry has left the stream, and with it its claim."""
        job = self.jobs.pop(entry)
        claim = self.claims.get(job.job_id)
        if claim and claim.entry == entry:
            del self.claims[job.job_id]
        return job

    def _forgotten(self, job_id: str) -> None:
        if job_id in self.done:
            self.done.remove(job_id)
            self.forgotten[job_id] += 1

    def _delivered(self, given: list[Delivery], expected: list[str], consumer: str) -> None:
        entries = [delivery.entry for delivery in given]
        assert entries == (expected[: len(entries)] if self.ghosts else expected)
        for delivery in given:
            job = self.jobs[delivery.entry]
            job.count, job.consumer, job.idle = job.count + 1, consumer, False
            assert (delivery.raw, delivery.count, delivery.consumer) == (job.raw, job.count, consumer)
        self.deliveries += given

    def _take(self, delivery: Delivery) -> None:
        job_id = identify(delivery.raw)
        try:
            parse_job(delivery.raw)
        except DataError:
            self._answer(delivery.entry, job_id, failed=delivery.raw)
            return
        if delivery.count > MAX_DELIVERIES:
            self._answer(delivery.entry, job_id, failed=delivery.raw)
            return
        holder = Holder(delivery.consumer, f"{delivery.consumer}:fetch" if b"url" in delivery.raw else None)
        admission = self.ledger.admit(delivery, job_id, holder, "{}", MAX_STRIKES)
        if delivery.entry in self.ghosts:
            self._ghost_taken(delivery, job_id, admission)
        else:
            self._taken(delivery, job_id, holder, admission)

    def _ghost_taken(self, delivery: Delivery, job_id: str, admission: Admission) -> None:
        """What is not in the stream any more may be let go, or begin and find nothing; it takes nobody's place."""
        if job_id in self.done or job_id in self.claims:
            assert admission is Admission.OVER
        if admission in {Admission.DISPATCH, Admission.AGAIN}:
            self._dispatch(job_id, delivery)
        elif admission is Admission.PARK:
            self._answer(delivery.entry, job_id, failed=delivery.raw)

    def _taken(self, delivery: Delivery, job_id: str, holder: Holder, admission: Admission) -> None:
        job, claim = self.jobs.get(delivery.entry), self.claims.get(job_id)
        if job is None or (job.count, job.consumer) != (delivery.count, delivery.consumer):
            assert admission is Admission.OVER  # it was answered, or given to another
            return
        if job_id in self.done or (claim and claim.entry != delivery.entry):
            assert admission is Admission.OVER
            self._gone(delivery.entry)
            self.duplicates += 1
            return
        if claim is None:
            self._claim(delivery, job_id, holder, 0)
        elif claim.attempt != delivery.count:
            strikes = claim.strikes + claim.running
            if strikes >= MAX_STRIKES:
                assert admission is Admission.PARK
                self._answer(delivery.entry, job_id, failed=delivery.raw)
                return
            self._claim(delivery, job_id, holder, strikes)
        elif claim.running:
            assert admission is Admission.OVER
            return
        else:
            assert admission is Admission.AGAIN
            self._dispatch(job_id, delivery)
            return
        assert admission is Admission.DISPATCH
        self._dispatch(job_id, delivery)

    def _claim(self, delivery: Delivery, job_id: str, holder: Holder, strikes: int) -> None:
        self.claims[job_id] = Claim(delivery.entry, delivery.count, holder.consumer, holder.fetcher, strikes=strikes)
        if holder.fetcher:
            job = self.jobs[delivery.entry]
            job.consumer, job.idle = holder.fetcher, False

    def _dispatch(self, job_id: str, delivery: Delivery) -> None:
        if b"url" in delivery.raw:
            self.tasks.append(Task(job_id, delivery.count, "fetch"))
        self.tasks.append(Task(job_id, delivery.count, "extract"))

    def _begin(self, task: Task) -> None:
        claim = self.claims.get(task.job_id)
        alive = claim is not None and claim.attempt == task.attempt and claim.holder(task.stage) is not None
        try:
            entry, (raw, article) = self.ledger.begin(task.job_id, task.attempt, task.stage, ["job", "article"])
        except Superseded:
            assert not alive
            return
        if claim is not None:
            assert alive
            assert (entry, raw) == (claim.entry, self.jobs[entry].raw)
            assert article in {None, entry.encode()}  # what an earlier step left was made of this entry's page
            claim.running = True
            # A job that was given to another, who has not taken it in, stays with the attempt that is alive after all.
            self.jobs[entry].consumer, self.jobs[entry].idle = str(claim.holder(task.stage)), False
        else:
            assert entry in self.ghosts
        self.running.append(Running(task, entry))

    def _save(self, step: Running) -> None:
        claim = self.claims.get(step.task.job_id)
        alive = claim is not None and (claim.entry, claim.attempt) == (step.entry, step.task.attempt)
        try:
            self.ledger.save(step.task.job_id, step.task.attempt, step.entry, {"article": step.entry})
        except Superseded:
            assert not alive
            return
        assert alive or (claim is None and step.entry in self.ghosts)
        if claim is not None:
            claim.running = False

    def _answer(self, entry: str, job_id: str, *, failed: bytes | None = None) -> None:
        """Answer with a result, or with the failure of the job that is given."""
        event = failure_event(None, job_id, InvalidJob(), "intake", 1)
        letter = None if failed is None else DeadLetter.of(event, failed).to_json()
        answered = self.ledger.answer(entry, Answer(job_id, json.dumps({"id": job_id, "entry": entry}), letter))
        if entry in self.ghosts:
            assert not (answered and job_id in self.done)
        else:
            assert answered == self._ends(entry)
        if not answered:
            return
        self.published.append(job_id)
        self.done.add(job_id)
        if letter:
            self.failures += 1
            ((found, _),) = self.client.xrevrange(self.keys.dead, count=1)
            self.dead[found.decode()] = job_id

    def _ends(self, entry: str) -> bool:
        """Whether an answer to ``entry`` is to be published."""
        job = self.jobs.get(entry)
        if job is None:
            return False
        self._gone(entry)
        if job.job_id in self.done or job.job_id in self.claims:
            self.duplicates += 1  # the answer is there, or the job in work will have it
            return False
        return True


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with embedded_server(str(tmp_path_factory.mktemp("model"))) as running:
        client = connect(running.url)
        yield client
        client.close()


def test_the_ledger_keeps_its_promises_in_any_order_of_events(client: Any) -> None:
    LedgerMachine.client = client
    examples = int(os.environ.get("LEDGER_EXAMPLES", "0"))
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=examples or 120,
            stateful_step_count=60,
            derandomize=not examples,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
