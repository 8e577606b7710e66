"""One run: faults by a plan into one system under load, and what came of it."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import redis
from chaos import pages
from chaos.chains import VISIBILITY
from chaos.checker import Answer, Sent, check, percentile
from chaos.effects import starts
from chaos.faults import plan
from chaos.injector import Injector
from chaos.producers import Book, Producers, Watcher
from chaos.proxy import Proxy
from chaos.server import Server
from chaos.systems import Chains, Limits, Pagefacts, System
from chaos.workers import Workers

SYSTEMS: Final = ("pagefacts", "celery", "celery-late")
PHASES: Final = ("before", "during", "after")
_WORKERS: Final = 2
_AHEAD: Final = 4
"""By so many faults' share of the jobs the producers and the faults may be ahead of each other."""
_MEMORY_DISK: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made there
_BYTES_A_JOB: Final = 100_000
_QUIET: Final = 2 * VISIBILITY + 15
"""Seconds without an answer after which none is waited for any more, in the reference."""
_LATE: Final = {True: 60.0, False: 15.0}
"""Seconds that an answer may take before others are sent in its place: in pagefacts, and in the reference."""
_STUCK: Final = 300
"""The same, in pagefacts: longer than any of its waits."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be run."""

    system: str
    seed: int
    jobs: int
    faults: int
    limits: Limits
    folder: Path


@dataclass(slots=True)
class Outcome:
    """What came of it; plain data."""

    system: str
    counts: dict[str, int]
    wrong: dict[str, str]
    """What is wrong, by its name; empty where all is well."""
    faults: dict[str, int]
    left_out: dict[str, int]
    refusals: dict[str, int]
    milliseconds: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    """Of what, in which phase: p50, p99, and the number of calls."""
    seconds: float = 0.0


def run(order: Order, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Run it and return what came of it."""
    began = time.monotonic()
    with ExitStack() as stack:
        trial = _Trial(order, say, stack)
        trial.load()
        outcome = trial.outcome()
    outcome.seconds = round(time.monotonic() - began, 1)
    return outcome


class _Trial:
    def __init__(self, order: Order, say: Callable[[str], None], stack: ExitStack) -> None:
        self.order = order
        self.say = say
        self.starts = order.folder / "starts"
        self.book = Book(_LATE[order.system == "pagefacts"])
        self.server = stack.enter_context(Server(_data_folder(order, stack)))
        self.proxy = stack.enter_context(Proxy(self.server.port))
        self.system = _system(order, self.server, self.proxy.port)
        program = self.system.program(self.starts)
        self.workers = Workers(program, _WORKERS, order.folder, say)
        stack.callback(self.workers.close)
        self.producers = Producers(self.system, self.book)
        stack.callback(self.producers.close)
        self._last = ""
        watchers = [Watcher(self._follow, 0.1), Watcher(self._probe, 0.05), Watcher(self._tell, 15)]
        for watcher in watchers:
            stack.callback(watcher.close)
        self.injector = Injector(
            system=self.system,
            limits=order.limits,
            server=self.server,
            proxy=self.proxy,
            workers=self.workers,
            producers=self.producers,
            book=self.book,
        )
        stack.callback(self.injector.close)
        self.poison_again: set[str] = set()
        self.given_up: set[str] = set()

    def load(self) -> None:
        """Send the jobs: some before the faults, most among them, some after."""
        jobs, few = self.order.jobs, self.order.jobs // 20
        self._send(few)
        self._drain()
        self.book.phase = "during"
        self._inject(few, jobs - 2 * few)
        self._send(jobs - few)
        self._drain()
        self.book.phase = "after"
        self._send(jobs)
        self._drain()
        time.sleep(2)  # for a second answer, were there one

    def outcome(self) -> Outcome:
        """Look at what is there, and compare."""
        book, injector = self.book, self.injector
        numbers = {f"job-{number}": number for number in range(self.order.jobs)}
        expected = {job_id: pages.expected(number) for job_id, number in numbers.items()} if self.system.by_id else {}
        seen = self.system.seen()
        verdict = check(Sent(book.accepted, book.unknown, book.poison, expected), seen)
        begun = Counter(starts(self.starts))
        return Outcome(
            system=self.system.name,
            counts={
                "jobs accepted": len(book.accepted),
                "of them poison": len(book.poison & book.accepted),
                "ids answered": len({answer.job_id for answer in seen.answers}),
                "lost": len(_lost(verdict.lost, book.poison, self.system.by_id)),
                "answered twice": len(verdict.twice),
                "wrong or unasked answers": len(verdict.wrong) + len(verdict.unasked),
                "dead letters": len(seen.dead),
                "poison not parked": len(verdict.not_parked),
                "innocent parked": len(verdict.innocent_parked),
                "poison that runs for ever": len(self.poison_again),
                "most starts of one poison": max(begun.values(), default=0),
                "jobs, pending, claims left": seen.waiting + seen.pending + seen.claims,
                "workers that ended by themselves": self.workers.ended,
            },
            wrong={**verdict.faults(), **_told("harness", injector.errors), **_told("unclear errors", book.unclear)},
            faults={kind.name: count for kind, count in injector.done.items()},
            left_out={kind.name: count for kind, count in injector.left_out.items()},
            refusals=dict(book.refusals),
            milliseconds=_milliseconds(book),
        )

    def _send(self, jobs: int) -> None:
        self.producers.allow(jobs)
        while not self.producers.done:
            time.sleep(0.1)
            self._keep()

    def _inject(self, first: int, jobs: int) -> None:
        """Inject the faults; the jobs are sent evenly among them."""
        faults = plan(self.order.seed, self.order.faults)

        def share(count: int) -> int:
            return first + jobs * max(0, min(count, len(faults))) // max(1, len(faults))

        threads = self.injector.start(faults, lambda: self.producers.taken >= share(self.injector.count - _AHEAD))
        while _alive(threads):
            self.producers.allow(share(self.injector.count + _AHEAD))
            time.sleep(0.05)

    def _drain(self) -> None:
        """Wait until all is answered, or nothing has been for so long that nothing will be."""
        patience = _STUCK if self.system.by_id else _QUIET
        answered, since, begun = -1, time.monotonic(), 0
        while self._waiting() and time.monotonic() - since < patience:
            if (now := self.book.answered) != answered:
                answered, since, begun = now, time.monotonic(), len(starts(self.starts))
            self._keep()
            time.sleep(0.2)
        self.poison_again = set(starts(self.starts)[begun:]) & self.book.waiting
        self.given_up |= self.book.waiting

    def _waiting(self) -> bool:
        return bool(self.book.waiting - self.given_up) or (self.system.by_id and self.system.unfinished() > 0)

    def _keep(self) -> None:
        self.workers.revive()

    def _follow(self) -> None:
        try:
            self._last, found = self.system.answers(self._last)
        except redis.RedisError:
            return
        for answer in found:
            self._note(answer)

    def _note(self, answer: Answer) -> None:
        self.book.answer(answer.job_id)

    def _probe(self) -> None:
        """Time one call of the ledger, from its first try until it is answered."""
        if not self.system.by_id:
            return
        phase, started = self.book.phase, time.monotonic()
        while time.monotonic() - started < 120:
            try:
                self.system.probe()
            except redis.RedisError:
                time.sleep(0.01)
                continue
            self.book.seconds["begin", phase].append(time.monotonic() - started)
            return

    def _tell(self) -> None:
        book = self.book
        self.say(
            f"{self.system.name}: {book.phase}, faults {self.injector.count}, "
            f"accepted {len(book.accepted)}, answered {book.answered}"
        )


def _data_folder(order: Order, stack: ExitStack) -> Path:
    """Return where the server keeps its data: in memory, where there is room, and in the order's folder afterwards.

    With `appendfsync everysec` a server holds writes back, acknowledged, for as long as the disk takes to sync those
    before. One that is killed then has lost them; it is not that what is tested.
    """
    kept = order.folder / "server"
    if not _MEMORY_DISK.is_dir() or shutil.disk_usage(_MEMORY_DISK).free < order.jobs * _BYTES_A_JOB:
        return kept
    folder = Path(tempfile.mkdtemp(prefix="pagefacts-chaos-", dir=_MEMORY_DISK))
    stack.callback(shutil.move, folder, kept)
    return folder


def _system(order: Order, server: Server, port: int) -> System:
    if order.system == "pagefacts":
        return Pagefacts(server, port, order.limits)
    return Chains(server, port, order.limits, late=order.system == "celery-late")


def _lost(ids: list[str], poison: set[str], answers_poison: bool) -> list[str]:
    """Poison that a chain does not answer is not lost: no chain answers poison."""
    return [job_id for job_id in ids if answers_poison or job_id not in poison]


def _told(name: str, errors: list[str]) -> dict[str, str]:
    return {name: f"{len(errors)}: {'; '.join(errors[:3])}"} if errors else {}


def _alive(threads: list[threading.Thread]) -> bool:
    return any(thread.is_alive() for thread in threads)


def _milliseconds(book: Book) -> dict[str, dict[str, list[float]]]:
    found: dict[str, dict[str, list[float]]] = {}
    for what in ("begin", "enqueue", "answer"):
        for phase in PHASES:
            seconds = book.seconds.get((what, phase), [])
            p50, p99 = (percentile(seconds, percent) for percent in (50, 99))
            if p50 is not None and p99 is not None:
                found.setdefault(what, {})[phase] = [round(p50 * 1000, 1), round(p99 * 1000, 1), len(seconds)]
    return found
