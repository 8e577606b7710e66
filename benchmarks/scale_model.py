"""How many workers one server carries, and what more servers bring: a simulation fed with measured figures.

    python benchmarks/scale_model.py measure [FOLDER…] [--repeats N] [--limit N] [--figures FILE]
    python benchmarks/scale_model.py model [--figures FILE] [--jobs N] [--load SHARE] [--workers N,…] [--page FILE]

``measure`` runs a real server and real workers over pages (FOLDER as for ``speed.py``) and writes the figures;
``model`` reads them and prints the tables of ``docs/scale.md``.

What is modelled, job by job: producers enqueue at random moments; a shard's server is one thread that does one thing
after the other, and a line that carries one thing after the other; a worker takes a job in while it has room
(``PAGEFACTS_IN_FLIGHT`` a child), its main process sends it to a free child, the child takes as long as some measured
page, and answers. A worker waits at its home shard, and looks at the others twice a second while it has room. What
workers cost that wait, ping and are scraped slows the server down evenly. Each child has a core of its own.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import re
import statistics
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

FIGURES: Final = Path(__file__).with_name("scale.json")
WORKERS: Final = (1, 2, 10, 100, 1000)
CHILDREN: Final = (2, 4, 8)
SHARDS: Final = (1, 2, 4, 8, 16, 32, 64)
LOOK: Final = 0.5
"""Seconds between a worker's looks at a shard that is not its home (`worker.intake`)."""
HOME_EVERY: Final = 3.0
"""Seconds between a worker's notes of its home (`worker.homes`)."""
HOUSE_EVERY: Final = 60.0
"""Seconds between a worker's housekeeping (`worker.shard`)."""
WARM: Final = 0.2
"""The share of jobs, the first ones, that are left out of the figures."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one stop of a job at its server takes."""

    cpu: float = 0.0
    """Seconds of the server's thread."""
    received: float = 0.0
    """Bytes."""
    sent: float = 0.0
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Setup:
    """A system to be simulated; times are in seconds."""

    pages: Sequence[float]
    """What a page takes in a child; drawn from these."""
    workers: int = 1
    children: int = 1
    """Processes of each worker."""
    shards: int = 1
    """Servers, each with a stream."""
    in_flight: int = 2
    """Jobs that a worker takes in, for each child."""
    enqueue: Visit = Visit()
    take: Visit = Visit()
    """From the stream into a child."""
    answer: Visit = Visit()
    read: Visit = Visit()
    """By one consumer."""
    waiting: float = 0.0
    """What a delivery takes for each worker that waits at its stream."""
    main: float = 0.0
    """What a job takes in the worker's main process."""
    busy: float = 0.0
    """The share of a server's time that goes into what does not depend on jobs."""
    gigabits: float = 10.0
    """What a server's line carries in each direction, in gigabits a second."""
    trip: float = 0.0
    """From a program to the server and back, beside the server's own time, for each visit."""


@dataclass(slots=True)
class Outcome:
    """What came out."""

    throughput: float
    """Answers a second."""
    latencies: list[float]
    """Seconds from enqueued to answered, in order of size."""
    server: float
    """The share of its time for which the busiest server's thread was at work."""
    line: float
    """The same of its line, in the direction that carries more."""
    children: float
    """The same of all children."""

    def latency(self, share: float) -> float:
        """Return the latency that ``share`` of the jobs do not exceed, in seconds."""
        return self.latencies[min(int(share * len(self.latencies)), len(self.latencies) - 1)]


class _Station:
    """Does one thing after the other, in the order in which they come."""

    def __init__(self) -> None:
        self.free_at = 0.0
        self.worked = 0.0

    def serve(self, now: float, takes: float) -> float:
        """Return when something is done that comes ``now``."""
        self.free_at = max(now, self.free_at) + takes
        self.worked += takes
        return self.free_at


class _Shard:
    def __init__(self) -> None:
        self.thread, self.received, self.sent = _Station(), _Station(), _Station()
        self.jobs: deque[_Job] = deque()
        """Those that no worker has taken in."""
        self.waiting: dict[int, _Worker] = {}
        """Workers at home here that have room, who waits longest first."""


class _Worker:
    def __init__(self, number: int, home: int, children: int) -> None:
        self.number = number
        self.home = home
        self.main = _Station()
        self.children = [0.0] * children
        """When each is free, as a heap."""
        self.held = 0
        self.next_look = 0.0
        """At shards that are not its home."""


@dataclass(slots=True)
class _Job:
    shard: int
    enqueued: float
    page: float


@dataclass(order=True, slots=True)
class _Event:
    at: float
    turn: int
    """Of two at one moment the one that was planned first."""
    act: Callable[[float], None] = field(compare=False)


class Simulation:
    """One run of a system."""

    def __init__(self, setup: Setup, rate: float | None, jobs: int, seed: int = 1) -> None:
        """``rate``: jobs a second, at random moments; None: all wait from the beginning."""
        self._setup = setup
        self._rate = rate
        self._count = jobs
        self._drawn = random.Random(seed)  # noqa: S311 - the same run each time
        self._shards = [_Shard() for _ in range(setup.shards)]
        self._workers = [_Worker(n, n % setup.shards, setup.children) for n in range(setup.workers)]
        self._bytes = setup.gigabits * 1e9 / 8
        self._slowed = 1 / max(1 - setup.busy, 1e-9)
        self._events: list[_Event] = []
        self._turn = 0
        self._done: list[tuple[float, float]] = []
        """Of each answer its moment, and the job's latency."""
        self._worked = 0.0
        """Seconds that children have worked."""

    def run(self) -> Outcome:
        """Let all jobs through."""
        for worker in self._workers:
            self._shards[worker.home].waiting[worker.number] = worker
        self._plan(0.0, lambda now: self._arrive(now, self._count))
        while self._events:
            event = heapq.heappop(self._events)
            event.act(event.at)
        return self._outcome()

    def _plan(self, at: float, act: Callable[[float], None]) -> None:
        self._turn += 1
        heapq.heappush(self._events, _Event(at, self._turn, act))

    def _visit(self, now: float, shard: _Shard, visit: Visit, more: float = 0.0) -> float:
        received = shard.received.serve(now, visit.received / self._bytes)
        done = shard.thread.serve(received, (visit.cpu + more) * self._slowed)
        return shard.sent.serve(done, visit.sent / self._bytes) + self._setup.trip

    def _arrive(self, now: float, left: int) -> None:
        """A producer enqueues a job, and the next one comes after a while."""
        if left > 1:
            gap = self._drawn.expovariate(self._rate) if self._rate else 0.0
            self._plan(now + gap, lambda then: self._arrive(then, left - 1))
        job = _Job(self._drawn.randrange(self._setup.shards), now, self._drawn.choice(self._setup.pages))
        shard = self._shards[job.shard]
        # The server looks through all that wait at the stream whenever a job comes.
        done = self._visit(now, shard, self._setup.enqueue, self._setup.waiting * len(shard.waiting))
        self._plan(done, lambda then: self._offer(then, job))

    def _offer(self, now: float, job: _Job) -> None:
        shard = self._shards[job.shard]
        if shard.waiting:
            self._take(now, self._next_of(shard), job)
            return
        shard.jobs.append(job)
        others = sum(len(other.waiting) for other in self._shards)
        if others:  # each looks here at its own times: this is the first of their looks
            first = LOOK * (1 - self._drawn.random() ** (1 / others))
            self._plan(now + first, lambda then: self._look(then, shard))

    def _look(self, now: float, shard: _Shard) -> None:
        """Of the workers that wait elsewhere one looks here."""
        other = max(self._shards, key=lambda each: len(each.waiting))
        if shard.jobs and other.waiting:
            self._take(now, self._next_of(other), shard.jobs.popleft())

    def _look_around(self, now: float, worker: _Worker) -> None:
        """A worker that waits looks at the other shards."""
        fullest, waiting = max(self._shards, key=lambda each: len(each.jobs)), self._shards[worker.home].waiting
        if fullest.jobs and worker.number in waiting:
            del waiting[worker.number]
            self._take(now, worker, fullest.jobs.popleft())

    @staticmethod
    def _next_of(shard: _Shard) -> _Worker:
        return shard.waiting.pop(next(iter(shard.waiting)))

    def _take(self, now: float, worker: _Worker, job: _Job) -> None:
        worker.held += 1
        self._plan(worker.main.serve(now, self._setup.main / 2), lambda then: self._dispatch(then, worker, job))
        self._wait(now, worker)

    def _dispatch(self, now: float, worker: _Worker, job: _Job) -> None:
        here = self._visit(now, self._shards[job.shard], self._setup.take)
        ends = max(here, heapq.heappop(worker.children)) + job.page
        heapq.heappush(worker.children, ends)
        self._worked += job.page
        self._plan(ends, lambda then: self._answer(then, worker, job))

    def _answer(self, now: float, worker: _Worker, job: _Job) -> None:
        shard = self._shards[job.shard]
        answered = self._visit(now, shard, self._setup.answer)
        self._done.append((answered, answered - job.enqueued))
        self._visit(now, shard, self._setup.read)
        self._plan(answered, lambda then: self._end(then, worker))

    def _end(self, now: float, worker: _Worker) -> None:
        self._plan(worker.main.serve(now, self._setup.main / 2), lambda then: self._has_room(then, worker))

    def _has_room(self, now: float, worker: _Worker) -> None:
        worker.held -= 1
        self._wait(now, worker)

    def _wait(self, now: float, worker: _Worker) -> None:
        """A worker with room takes what its home has, else waits there, and looks at the others meanwhile."""
        home = self._shards[worker.home]
        if worker.number in home.waiting or worker.held >= self._setup.in_flight * self._setup.children:
            return
        if home.jobs:
            self._take(now, worker, home.jobs.popleft())
            return
        home.waiting[worker.number] = worker
        if any(shard.jobs for shard in self._shards):
            self._plan(max(now, worker.next_look), lambda then: self._look_around(then, worker))
        else:
            worker.next_look = now + LOOK

    def _outcome(self) -> Outcome:
        self._done.sort()
        kept = self._done[int(WARM * len(self._done)) :]
        # Where jobs come at random, the end is left out, too: the system empties.
        window = self._done[int(WARM * len(self._done)) : -int(0.1 * len(self._done)) or None]
        first, last = (window[0][0], window[-1][0]) if self._rate else (0.0, self._done[-1][0])
        answers = len(window) - 1 if self._rate else len(self._done)
        ended = self._done[-1][0]
        busy = self._setup.busy
        return Outcome(
            throughput=answers / max(last - first, 1e-9),
            latencies=sorted(latency for _, latency in kept),
            server=max(busy + (1 - busy) * shard.thread.worked / ended for shard in self._shards),
            line=max(each.worked / ended for shard in self._shards for each in (shard.received, shard.sent)),
            children=self._worked / ended / (self._setup.workers * self._setup.children),
        )


# From the figures to a system


@dataclass(frozen=True, slots=True)
class Plan:
    """What an operator chooses."""

    workers: int
    children: int = 4
    shards: int = 1
    load: float = 0.8
    """The share of their time for which children are at work."""
    scrape: float = 15.0
    """Seconds between Prometheus' questions to each worker; 0: none."""
    gigabits: float = 10.0
    page_seconds: float | None = None
    """What a page takes on average; None: as measured."""


def between(by_count: dict[str, Any], count: float, key: str | None = None) -> float:
    """Return a cost that grows with the number of workers, on the line through those measured for 10 and the most."""
    few, most = 10, max(map(int, by_count))
    low, high = ((by_count[str(n)][key] if key else by_count[str(n)]) for n in (few, most))
    return max(0.0, float(low + (high - low) * (count - few) / (most - few)))


def standing(figures: dict[str, Any], plan: Plan, key: str = "cpu_us") -> dict[str, float]:
    """Return what each kind of thing that does not depend on jobs costs the busiest server in a second.

    ``key``: ``cpu_us``, ``received`` or ``sent``. The busiest is the first shard's, where workers note their homes.
    """
    second, crowds, several = figures["second"], figures["crowds"], plan.shards > 1
    at_home = plan.workers / plan.shards
    # The commands of a worker that is alone wake the server up each time; among many they cost less.
    among = 1.0
    if key == "cpu_us":
        polls = second["worker"]["commands"] * between(crowds["poll_us"], max(10.0, at_home))
        among = min(1.0, polls / second["worker"]["cpu_us"]) if plan.workers >= 10 else 1.0
    costs = {
        "server": second["server"][key],
        "workers": among * at_home * second["worker"][key],
        "workers at home elsewhere": among * (plan.workers - at_home) * max(0.0, second["other_shard"][key]),
        "scrapes": plan.workers / plan.scrape * between(crowds["state"], plan.workers, key) if plan.scrape else 0.0,
        "housekeeping": plan.workers / HOUSE_EVERY * between(crowds["housekeeping"], plan.workers, key),
        "homes": plan.workers / HOME_EVERY * between(crowds["home"], plan.workers, key) if several else 0.0,
    }
    return {name: max(0.0, cost) for name, cost in costs.items()}


def visit(load: dict[str, float], share: float = 1.0) -> Visit:
    """Return a measured load as a stop at the server."""
    return Visit(*(share * max(0.0, value) for value in (load["cpu_us"] / 1e6, load["received"], load["sent"])))


def page_seconds(figures: dict[str, Any]) -> list[float]:
    """Return what each measured page takes in a child, in seconds: that of a loop, and what a child does beside."""
    pages = figures["page_ms"]
    return [page / 1000 * figures["processes"]["child_ms"] / statistics.mean(pages) for page in pages]


def setup_of(figures: dict[str, Any], plan: Plan) -> Setup:
    """Return the system of a plan."""
    pages, job = page_seconds(figures), figures["job"]
    faster = plan.page_seconds / statistics.mean(pages) if plan.page_seconds else 1
    line = max(sum(standing(figures, plan, key).values()) for key in ("received", "sent"))
    return Setup(
        pages=[page * faster for page in pages],
        workers=plan.workers,
        children=plan.children,
        shards=plan.shards,
        enqueue=visit(job["enqueue"]),
        take=visit(job["work"], 0.5),
        answer=visit(job["work"], 0.5),
        read=visit(job["read"]),
        waiting=between(figures["crowds"]["delivery_us"], 1010) / 1e6 / 1000
        - between(figures["crowds"]["delivery_us"], 10) / 1e6 / 1000,
        main=figures["processes"]["main_ms"] / 1000,
        busy=min(0.999, sum(standing(figures, plan).values()) / 1e6),
        gigabits=plan.gigabits * (1 - min(0.999, line / (plan.gigabits * 1e9 / 8))),
        trip=0.0005,
    )


def capacity(setup: Setup) -> float:
    """Return the pages a second of all children that never wait."""
    return setup.workers * setup.children / statistics.mean(setup.pages)


# Tables


def _per_job(figures: dict[str, Any]) -> dict[str, float]:
    job = figures["job"]
    return {
        key: sum(job[part][key] for part in ("enqueue", "work", "read"))
        for key in ("cpu_us", "received", "sent", "written")
    }


def costs(figures: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield what was measured."""
    yield "what", "µs of the server's thread", "received", "sent", "to the append-only file", "commands"
    job, second = figures["job"], figures["second"]
    rows = {
        "a job: enqueued": job["enqueue"],
        "a job: from the stream to its answer": job["work"],
        "the same with `PAGEFACTS_PIPELINE=chain`": job["chain"],
        "the same while Flower listens, more": job["events"],
        "an answer: read and acknowledged by a consumer group": job["read"],
        "a job of one sentence, enqueued and answered": job["small"],
        "a second: the server alone": second["server"],
        "a second: an idle worker": second["worker"],
        "a second: an idle worker at home in another shard": second["other_shard"],
        "a second: Flower, and the events of one idle worker": second["flower"],
    }
    for name, load in rows.items():
        sizes = [f"{load[key] / 1000:,.1f} kB" for key in ("received", "sent", "written")]
        yield name, f"{load['cpu_us']:,.0f}", *sizes, f"{load['commands']:,.1f}"


def crowd(figures: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield what grows with the number of workers."""
    crowds = figures["crowds"]
    counts = list(crowds["delivery_us"])
    yield "microseconds, and bytes sent, with so many workers", *(f"{int(count):,}" for count in counts)
    yield "a poll of a worker that waits", "–", *(f"{cost:,.0f}" for cost in crowds["poll_us"].values())
    yield "a job given to one of the workers that wait", *(f"{crowds['delivery_us'][count]:,.0f}" for count in counts)
    names = {
        "state": "a scrape: the state of a shard",
        "housekeeping": "idle workers looked for",
        "home": "a home noted",
    }
    for key, name in names.items():
        each = [crowds[key][count] for count in counts]
        yield name, *(f"{load['cpu_us']:,.0f}, {load['sent'] / 1000:,.1f} kB" for load in each)


def ends(figures: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield where one server ends: the pages a second at which each of its parts has no more to give."""
    yield "part", "a page takes", "pages/s at 100 %", "at 70 %"
    job = _per_job(figures)
    most = max(job["received"], job["sent"])
    parts = {"main thread": (f"{job['cpu_us']:,.0f} µs", 1e6 / job["cpu_us"])}
    for gigabits in (1, 10):
        parts[f"network, {gigabits} Gbit/s"] = f"{most / 1000:,.0f} kB", gigabits * 1e9 / 8 / most
    parts["disk, 200 MB/s of append-only file"] = f"{job['written'] / 1000:,.0f} kB", 200e6 / job["written"]
    for name, (takes, rate) in parts.items():
        yield name, takes, f"{rate:,.0f}", f"{0.7 * rate:,.0f}"


def background(figures: dict[str, Any], plans: Sequence[Plan]) -> Iterator[tuple[str, ...]]:
    """Yield what the busiest server does beside jobs."""
    yield "workers", "servers", *standing(figures, plans[0]), "all", "sent"
    for plan in plans:
        each = standing(figures, plan)
        sent = sum(standing(figures, plan, "sent").values()) * 8 / 1e6
        shares = [*each.values(), sum(each.values())]
        yield f"{plan.workers:,}", str(plan.shards), *(f"{cost / 1e4:.1f} %" for cost in shares), f"{sent:,.0f} Mbit/s"


def _here(figures: dict[str, Any], workers: int, steps: Sequence[float]) -> Setup:
    """Return this machine's own system, whose pages take what their ``steps`` took, and what a child does beside."""
    beside = max(0.0, figures["processes"]["child_ms"] - statistics.mean(figures["page_ms"])) / 1000
    setup = setup_of(figures, Plan(workers, 1, scrape=0))
    return replace(setup, pages=[each + beside for each in steps], read=Visit(), gigabits=100, trip=0.0001)


def validation(figures: dict[str, Any], jobs: int) -> Iterator[tuple[str, ...]]:
    """Yield what was measured beside what the model says of the same system, given the times of its pages."""
    yield "on this machine", "measured", "modelled", "error"
    for workers, key in ((1, "one_worker"), (2, "two_workers")):
        setup = _here(figures, workers, figures[key]["steps_s"])
        modelled = Simulation(setup, None, jobs).run().throughput
        yield _compared(f"pages/s of {key.replace('_', ' ')}", figures[key]["pages_s"], modelled)
    half = figures["half_load"]
    outcome = Simulation(_here(figures, 1, half["steps_s"]), half["rate"], jobs).run()
    taken = sorted(half["latency_s"])
    for share in (0.5, 0.9):
        at = 1000 * taken[int(share * len(taken))]
        name = f"ms from enqueued to answered, one worker, {half['rate']:.1f} pages/s, p{100 * share:.0f}"
        yield _compared(name, [at], 1000 * outcome.latency(share))


def _compared(name: str, found: Sequence[float], modelled: float) -> tuple[str, ...]:
    middle = statistics.median(found)
    spread = f" ({min(found):.2f}–{max(found):.2f})" if len(found) > 1 else ""
    return name, f"{middle:,.2f}{spread}", f"{modelled:,.2f}", f"{100 * (modelled / middle - 1):+.0f} %"


def grid(figures: dict[str, Any], jobs: int, plans: Sequence[Plan]) -> Iterator[tuple[str, ...]]:
    """Yield what systems do whose producers send as much as keeps the children busy for the plans' share."""
    yield "workers", "children", "servers", "sent/s", "answered/s", "busiest thread", "busiest line", "p50 ms", "p99 ms"
    for plan in plans:
        setup = setup_of(figures, plan)
        rate = plan.load * capacity(setup)
        outcome = Simulation(setup, rate, max(jobs, 15 * plan.workers * plan.children)).run()
        shown = f"{plan.workers:,}", str(plan.children), str(plan.shards), f"{rate:,.0f}", f"{outcome.throughput:,.0f}"
        times = (f"{1000 * outcome.latency(share):,.0f}" for share in (0.5, 0.99))
        grown = outcome.throughput < 0.97 * rate
        yield (
            *shown,
            f"{100 * outcome.server:.0f} %",
            f"{100 * outcome.line:.0f} %",
            *(("grows",) * 2 if grown else times),
        )


def markdown(rows: Iterator[tuple[str, ...]]) -> str:
    """Return rows as a table, the first one its head."""
    names, *rest = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in [names, ["---"] * len(names), *rest])


def _plans(workers: Sequence[int], load: float) -> Iterator[Plan]:
    """Yield what is worth looking at: more servers where there are workers for them."""
    for count in workers:
        for children in CHILDREN:
            least, most = count * children // 1000, max(1, count * children // 50)
            yield from (Plan(count, children, shards, load) for shards in SHARDS if least <= shards <= most)


def needed(figures: dict[str, Any], plan: Plan, most: float = 0.7) -> Plan | None:
    """Return the plan with as many servers as keep thread and line below ``most`` of their time; None: over 64."""
    for shards in range(1, SHARDS[-1] + 1):
        tried = replace(plan, shards=shards)
        if max(closed(figures, tried)) <= most:
            return tried
    return None


def closed(figures: dict[str, Any], plan: Plan) -> tuple[float, float]:
    """Return the shares of their time that the busiest server's thread and line work, by the utilisation law.

    Children are at work for the plan's share of their time. What a server looks through for each worker that waits is
    left out: the simulation has it.
    """
    setup, job = setup_of(figures, plan), _per_job(figures)
    rate = plan.load * capacity(setup) / plan.shards
    line = max(rate * job[key] + sum(standing(figures, plan, key).values()) for key in ("received", "sent"))
    return rate * job["cpu_us"] / 1e6 + setup.busy, line * 8 / 1e9 / plan.gigabits


def servers(figures: dict[str, Any], workers: Sequence[int], load: float) -> Iterator[tuple[str, ...]]:
    """Yield how many servers so many workers need."""
    yield "workers", "children", "pages/s", "servers at 10 Gbit/s", "servers at 1 Gbit/s", "without scrapes, 10 Gbit/s"
    for count in workers:
        for children in CHILDREN:
            plan = Plan(count, children, load=load)
            rate = load * capacity(setup_of(figures, plan))
            plans = plan, replace(plan, gigabits=1), replace(plan, scrape=0)
            found = [needed(figures, each) for each in plans]
            yield f"{count:,}", str(children), f"{rate:,.0f}", *(f"{each.shards}" if each else "> 64" for each in found)


def job(figures: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield what a job is, and what it costs its worker."""
    yield "a job", "on average"
    child, main = figures["processes"]["child_ms"], figures["processes"]["main_ms"]
    loop, server = statistics.mean(figures["page_ms"]), _per_job(figures)["cpu_us"] / 1000
    yield "its page, as it is sent", f"{figures['job']['enqueue']['received'] / 1000:,.0f} kB"
    yield "processor's time in a plain loop", f"{loop:,.0f} ms"
    yield "processor's time of the worker's child, of its main process", f"{child:,.0f} ms, {main:,.1f} ms"
    yield "the same of the server's thread, producer and consumer included", f"{server:,.2f} ms"
    yield "children that keep one server's thread busy", f"{child / server:,.0f}"
    yield "memory of the server while it waits", f"{figures['memory']['job'] / 1000:,.0f} kB"
    yield "its answer, as it is read", f"{figures['job']['read']['sent'] / 1000:,.1f} kB"


def measured(figures: dict[str, Any]) -> dict[str, str]:
    """Return the tables of what was measured, and what follows by arithmetic, by their names."""
    rows = {"job": job(figures), "costs": costs(figures), "crowd": crowd(figures), "ends": ends(figures)}
    return {name: markdown(each) for name, each in rows.items()}


def modelled(figures: dict[str, Any], jobs: int, load: float, workers: Sequence[int]) -> dict[str, str]:
    """Return the tables of what was modelled, by their names."""
    crowds = [Plan(count, shards=shards, load=load) for count in (10, 100, 1000) for shards in (1, 8)]
    rows = {
        "validation": validation(figures, jobs),
        "background": background(figures, crowds),
        "servers": servers(figures, workers, load),
        "grid": grid(figures, jobs, [*_plans(workers, load)]),
    }
    return {name: markdown(each) for name, each in rows.items()}


def with_tables(page: str, tables: dict[str, str]) -> str:
    """Return a page with each table exchanged that follows a comment with its name."""
    return re.sub(
        r"(<!-- table: (\w+) -->\n\n).*?(?=\n\n)", lambda found: found[1] + tables[found[2]], page, flags=re.DOTALL
    )


def measure(folders: Sequence[Path], limit: int | None, repeats: int, figures: Path) -> None:
    """Measure, and write the figures."""
    import gold  # noqa: PLC0415 - these need the server and the models; who only reads figures does not
    import scale_figures  # noqa: PLC0415
    from speed import DATA  # noqa: PLC0415

    pages = gold.page_jobs(folders or sorted(DATA.glob("*/")), limit)
    found = scale_figures.measure(pages, repeats)
    figures.write_text(json.dumps(found, default=scale_figures.as_json, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, or print what the model makes of the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("measure", "model"))
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--figures", type=Path, default=FIGURES)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--limit", type=int, help="pages of a set at most")
    parser.add_argument("--jobs", type=int, default=20_000, help="jobs of a simulated run, at least")
    parser.add_argument("--load", type=float, default=0.8, help="the share of their time for which children work")
    parser.add_argument("--workers", default=",".join(map(str, WORKERS)), help="numbers, with commas between them")
    parser.add_argument("--page", type=Path, help="write the tables into this page, in place of those it has")
    given = parser.parse_args()
    if given.what == "measure":
        measure(given.folders, given.limit, given.repeats, given.figures)
    figures = json.loads(given.figures.read_text(encoding="utf-8"))
    tables = measured(figures) | modelled(figures, given.jobs, given.load, [*map(int, given.workers.split(","))])
    print(f"{figures['about']['on']}; {figures['about']['pages']} pages\n")
    for name, table in tables.items():
        print(f"## {name}\n\n{table}\n")
    if given.page:
        given.page.write_text(with_tables(given.page.read_text(encoding="utf-8"), tables), encoding="utf-8")


if __name__ == "__main__":
    main()
