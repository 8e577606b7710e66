"""What the queue costs a page, and what a second worker brings.

The reference is a plain loop in this process over the same pages, as `pagefacts process --in-process` does. Server and
workers are real, each worker a main process and one child; they are warm before the clock starts, and idle while
another of them runs. They take turns every few pages, since a shared machine is now fast and now slow. ``CPU`` is that
of the processes: main, child and server. What the machine gives to a second process at all is shown by two loops.
"""

from __future__ import annotations

import gc
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Final

from redis import RedisError
from speed_rig import Rig, batch, rig
from speed_table import Options, Row

from pagefacts.contracts import Job
from worker import runtime
from worker.inline import answer_here

_OWN: Final = {"INFO", "XLEN", "XREVRANGE", "MONITOR"}
"""Commands of this benchmark's own."""
_COUNTED: Final = 50
"""Jobs of the run in which the server's commands are counted."""
_WARM: Final = 20
"""Pages before the clock starts, for each process: what a library does once is not a page's."""
_TURN: Final = 16
"""Pages of a turn of one process."""
_TURN_OF_TWO: Final = 96
"""Pages of a turn of two: at its end one of them has nothing to do for half a page."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run took."""

    wall: float
    """Seconds."""
    used: dict[str, float]
    """The processor's seconds, by part."""

    @property
    def cpu(self) -> float:
        """The processor's seconds of all parts."""
        return sum(self.used.values())

    def __add__(self, other: Taken) -> Taken:
        parts = self.used.keys() | other.used.keys()
        used = {part: self.used.get(part, 0.0) + other.used.get(part, 0.0) for part in parts}
        return Taken(self.wall + other.wall, used)


def in_loop(pages: Sequence[Job]) -> Taken:
    """Answer the pages in this process."""
    models, jobs = runtime.models(), batch(pages)
    wall, used = time.perf_counter(), time.process_time()
    for raw in jobs:
        answer_here(raw, models)
    return Taken(time.perf_counter() - wall, {"loop": time.process_time() - used})


def in_two_loops(pages: Sequence[Job]) -> Taken:
    """Answer the pages in two processes at once, each every other page."""
    started, processes = time.perf_counter(), []
    for half in (pages[::2], pages[1::2]):
        if not (process := os.fork()):
            in_loop(half)
            os._exit(0)
        processes.append(process)
    for process in processes:
        os.waitpid(process, 0)
    return Taken(time.perf_counter() - started, {})


def through(workers: Rig, pages: Sequence[Job]) -> Taken:
    """Answer the pages through the queue."""
    jobs, before = batch(pages), workers.used()
    wall = workers.through(jobs)
    return Taken(wall, {part: used - before[part] for part, used in workers.used().items()})


def round_trips(workers: Rig, pages: Sequence[Job]) -> dict[str, float]:
    """Return how often a job asks the server, by command; what a script does there is no trip."""
    seen: Counter[str] = Counter()
    jobs = batch(pages)

    def watch() -> None:
        with workers.ledger.client.monitor() as monitor:
            try:
                for command in monitor.listen():
                    if command["client_type"] != "lua":
                        seen[command["command"].split()[0].upper()] += 1
            except (RedisError, OSError, ValueError):
                return  # the connection is closed

    Thread(target=watch, daemon=True).start()
    time.sleep(0.2)
    seen.clear()
    workers.through(jobs)
    return {name: count / len(jobs) for name, count in seen.items() if name not in _OWN}


def _round(one: Rig, two: Rig, pages: Sequence[Job]) -> tuple[Taken, Taken, Taken, Taken]:
    """Answer the pages in a loop, through one worker, in two loops, and through two workers."""
    loop = single = loops = double = Taken(0, {})
    for block in _parts(pages, _TURN_OF_TWO):
        for turn in _parts(block, _TURN):
            loop += in_loop(turn)
            single += through(one, turn)
        loops += in_two_loops(block)
        double += through(two, block)
    return loop, single, loops, double


def _parts(pages: Sequence[Job], size: int) -> Iterator[Sequence[Job]]:
    return (pages[first : first + size] for first in range(0, len(pages), size))


def rows(options: Options) -> Iterator[Row]:
    """Yield the rows."""
    pages, count = options.pages, len(options.pages)
    with rig(1) as one, rig(2) as two:
        first = [*pages[:_WARM]]
        in_loop(first)
        for workers in (one, two):
            workers.through(batch(first * len(workers.workers)))
        gc.collect()
        gc.freeze()  # as the workers do
        rounds = [_round(one, two, pages) for _ in range(options.repeats)]
        trips = [round_trips(one, pages[:_COUNTED]) for _ in range(options.repeats)]
    loop, single, loops, double = zip(*rounds, strict=True)

    def rate(taken: Sequence[Taken]) -> list[float]:
        return [count / each.wall for each in taken]

    def cost(taken: Sequence[Taken], part: str = "") -> list[float]:
        return [1000 * (each.used[part] if part else each.cpu) / count for each in taken]

    yield Row("1 worker", "pages/s", rate(single), "loop", rate(loop), count, "ratio ≥ 1/1.08")
    yield Row("2 workers", "pages/s", rate(double), "1 worker", rate(single), count, "ratio ≥ 1.85")
    yield Row("2 loops at once", "pages/s", rate(loops), "loop", rate(loop), count)
    yield Row("2 workers", "pages/s", rate(double), "2 loops at once", rate(loops), count)
    unit = "ms CPU a page"
    yield Row("through the queue", unit, cost(single), "loop", cost(loop), count, "ratio ≤ 1.08")
    yield Row("through the queue, 2 workers", unit, cost(double), "loop", cost(loop), count)
    for part in ("children", "main", "server"):
        yield Row(f"of that: {part}", unit, cost(single, part), "loop", cost(loop), count)
    few = len(pages[:_COUNTED])
    total = [sum(each.values()) for each in trips]
    yield Row("round trips to the server, with the producer's one", "a job", total, "", [], few)
    for name in sorted({name for each in trips for name in each}):
        yield Row(f"of that: {name}", "a job", [each.get(name, 0) for each in trips], "", [], few)
