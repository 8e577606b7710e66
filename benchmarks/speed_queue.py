"""What the queue costs a page, and what a second worker brings.

The reference is a plain loop in this process over the same pages, as `pagefacts process --in-process` does. Server and
workers are real, each worker a main process and one child; they are warm before the clock starts, and idle while
another of the three runs. ``CPU`` is that of the processes: main, child and server.
"""

from __future__ import annotations

import gc
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

_OWN: Final = {"INFO", "XLEN", "MONITOR"}
"""Commands of this benchmark's own."""
_COUNTED: Final = 50
"""Jobs of the run in which the server's commands are counted."""


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


def in_loop(pages: Sequence[Job]) -> Taken:
    """Answer the pages in this process."""
    models, jobs = runtime.models(), batch(pages)
    wall, used = time.perf_counter(), time.process_time()
    for raw in jobs:
        answer_here(raw, models)
    return Taken(time.perf_counter() - wall, {"loop": time.process_time() - used})


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


def rows(options: Options) -> Iterator[Row]:
    """Yield the rows."""
    pages, count = options.pages, len(options.pages)
    with rig(1) as one, rig(2) as two:
        in_loop(pages[:20])
        gc.collect()
        gc.freeze()  # as the workers do
        rounds = [(in_loop(pages), through(one, pages), through(two, pages)) for _ in range(options.repeats)]
        trips = [round_trips(one, pages[:_COUNTED]) for _ in range(options.repeats)]
    loop, single, double = zip(*rounds, strict=True)

    def rate(taken: Sequence[Taken]) -> list[float]:
        return [count / each.wall for each in taken]

    def cost(taken: Sequence[Taken], part: str = "") -> list[float]:
        return [1000 * (each.used[part] if part else each.cpu) / count for each in taken]

    yield Row("1 worker", "pages/s", rate(single), "loop", rate(loop), count, "ratio ≥ 1/1.08")
    yield Row("2 workers", "pages/s", rate(double), "1 worker", rate(single), count, "ratio ≥ 1.85")
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
