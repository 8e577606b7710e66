"""From enqueued to answered: an idle worker's answer beside the work alone, and what waiting adds under load.

Load is open: jobs come at random moments (Poisson), whether those before them are answered or not, at 10, 50 and 90 %
of the pages a second that the worker has just shown it can do. The reference is the time that the same pages take in
this process, without any queue; an idle worker takes turns with it, page by page.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Final

from speed_rig import Rig, batch, rig
from speed_table import Options, Row

from pagefacts.contracts import Job
from worker import runtime
from worker.inline import answer_here

_PAGES: Final = 40
"""Pages at most, taken at even distances from those given: the same in each part."""
_SECONDS: Final = 15.0
"""How long jobs come, each repeat."""
_LOADS: Final = (0.1, 0.5, 0.9)
_ENOUGH: Final = {50: 10, 95: 40, 99: 200}
"""Percentiles, and how many jobs of a repeat tell them."""


class Reader:
    """Reads the answers as a consumer does that blocks on the stream."""

    def __init__(self, worker: Rig) -> None:
        self._client, self._stream = worker.ledger.client, worker.ledger.keys.results
        newest = self._client.xrevrange(self._stream, count=1)
        self._after = newest[0][0] if newest else "0-0"

    def read(self, wait: float) -> dict[str, float]:
        """Return when each answer was here that came within ``wait`` seconds, by its job."""
        reply = self._client.xread({self._stream: self._after}, block=max(1, int(1000 * wait)))
        now = time.perf_counter()
        entries = reply[0][1] if reply else []
        for self._after, _ in entries:
            pass
        return {json.loads(fields[b"event"])["id"]: now for _, fields in entries}


def in_turn(worker: Rig, pages: Sequence[Job]) -> tuple[list[float], list[float]]:
    """Return milliseconds of each page in this process and through the idle worker, one after the other."""
    models, reader, alone, through = runtime.models(), Reader(worker), [], []
    for raw in batch(pages):
        started = time.perf_counter()
        answer_here(raw, models)
        sent = time.perf_counter()
        alone.append(1000 * (sent - started))
        worker.ledger.enqueue(raw)
        while not (answered := reader.read(60)):
            pass
        through.append(1000 * (max(answered.values()) - sent))
    return alone, through


def under_load(worker: Rig, pages: Sequence[Job], rate: float, chance: random.Random) -> list[float]:
    """Return milliseconds of each job of those that come at ``rate`` a second."""
    reader = Reader(worker)
    sent: dict[str, float] = {}
    took: list[float] = []
    jobs = iter(batch([*islice(cycle(pages), int(2 * rate * _SECONDS) + 20)]))
    began = due = time.perf_counter()
    while due - began < _SECONDS or sent:
        now = time.perf_counter()
        if due - began < _SECONDS and now >= due:
            raw = next(jobs)
            sent[json.loads(raw)["id"]] = due
            worker.ledger.enqueue(raw)
            due += chance.expovariate(rate)
            continue
        wait = due - now if due - began < _SECONDS else 1.0
        took += [1000 * (at - sent.pop(job)) for job, at in reader.read(wait).items()]
    return took


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that ``percent`` of the others are below, by linear interpolation."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def rows(options: Options) -> Iterator[Row]:
    """Yield the rows."""
    pages = options.pages[:: max(1, len(options.pages) // _PAGES)]
    chance = random.Random(1)  # noqa: S311 - no secret
    loaded: dict[float, list[list[float]]] = {load: [] for load in _LOADS}
    alone, idle = [], []
    with rig(1) as worker:
        in_turn(worker, pages)
        for _ in range(options.repeats):
            here, through = in_turn(worker, pages)
            alone.append(here)
            idle.append(through)
            capacity = len(pages) / worker.through(batch(pages))
            for load in _LOADS:
                loaded[load].append(under_load(worker, pages, load * capacity, chance))
    added = [
        statistics.median(through - without for through, without in zip(*pair, strict=True))
        for pair in zip(idle, alone, strict=True)
    ]
    yield Row("idle, added to the work: median", "ms", added, "", [], len(pages), "≤ 15")
    for percent in _ENOUGH:
        against = [percentile(each, percent) for each in alone]
        values = [percentile(each, percent) for each in idle]
        yield Row(f"idle: p{percent}", "ms", values, "in process", against, len(pages))
        for load, rounds in loaded.items():
            enough = [each for each in rounds if len(each) >= _ENOUGH[percent]]
            together = [[took for each in rounds for took in each]]  # where one repeat has too few to tell
            values = [percentile(each, percent) for each in enough or together]
            count = min(map(len, enough or together))
            yield Row(f"load {load:.0%}: p{percent}", "ms", values, "in process", against[: len(values)], count)
