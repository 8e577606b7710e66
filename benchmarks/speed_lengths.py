"""Queues of 100 to 100,000 jobs of one sentence, and what a job costs server and worker there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from speed_rig import Rig, rig, until

LENGTHS: Final = (100, 1_000, 10_000, 100_000)
DRAINED: Final = 500
"""Jobs that are taken off a queue of each length, or all where there are fewer."""
_AT_ONCE: Final = 1_000
_JOB: Final = '{"id":"%d-%d-%d","body":"At least two people were killed in Aleppo on Monday."}'


def costs(repeats: int) -> Iterator[tuple[int, dict[str, float]]]:
    """Yield each length with the milliseconds that a job takes server and worker, and its bytes in Redis."""
    for repeat in range(repeats):
        for length in LENGTHS:
            with rig(1) as worker:
                weighs = _fill(worker, length, repeat)
                yield length, {"bytes": weighs, **_drain(worker, length)}


def _fill(worker: Rig, length: int, repeat: int) -> float:
    """Enqueue ``length`` jobs while the worker is stopped; return the bytes of each."""
    worker.pause()
    before = _memory(worker)
    for first in range(0, length, _AT_ONCE):
        last = min(first + _AT_ONCE, length)
        worker.ledger.enqueue(*(_JOB % (repeat, length, number) for number in range(first, last)))
    return (_memory(worker) - before) / length


def _memory(worker: Rig) -> int:
    return int(worker.ledger.client.info("memory")["used_memory"])


def _drain(worker: Rig, waiting: int) -> dict[str, float]:
    """Return the milliseconds of processor a job while the first are taken off."""
    before, answered = worker.used(), worker.answered
    worker.go_on()
    until(lambda: worker.answered >= answered + min(DRAINED, waiting), "answers")
    done, after = worker.answered - answered, worker.used()
    spent = {part: 1000 * (used - before[part]) / done for part, used in after.items()}
    return {"server": spent["server"], "worker": spent["main"] + spent["children"]}
