"""How fast jobs come and are answered, and why jobs fail of late: from the newest entries of the streams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from worker.ledger import Ledger
from worker.queue_state import QueueState, time_of

_NEWEST: Final = 100
"""Entries that are looked at, at most."""
_SPAN_MOST: Final = 300.0
_SPAN_LEAST: Final = 10.0
"""Seconds that a rate is taken over, at most and at least."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How fast things go, from the newest answers and jobs."""

    answers: float = 0.0
    """Answers a minute."""
    arrivals: float = 0.0
    """Jobs enqueued a minute; 0 where none comes at present."""

    def __add__(self, other: Flow) -> Flow:
        return Flow(self.answers + other.answers, self.arrivals + other.arrivals)

    def seconds_to_empty(self, waiting: int) -> float | None:
        """Return when no job will wait if all goes on so; None where that is never."""
        if not waiting:
            return 0.0
        return 60 * waiting / (self.answers - self.arrivals) if self.answers > self.arrivals else None


def read_flow(ledger: Ledger, state: QueueState) -> Flow:
    """Return how fast things go in a queue of this ``state``."""
    keys = ledger.keys
    # Jobs are taken in one after the other, so of those that came since the first that waits none is missing.
    arrived = _newest(ledger, keys.jobs, min(_NEWEST, state.waiting))
    answers = _a_minute(_newest(ledger, keys.results, _NEWEST), state.at)
    return Flow(answers, _a_minute(arrived, state.at) if _still_come(arrived, state.at) else 0.0)


def recent_failures(ledger: Ledger, now: float, within: float) -> dict[str, int]:
    """Return how many dead letters of the last seconds ``within`` have each code, of the newest hundred."""
    newest = ledger.peek(ledger.keys.dead, newest=True, count=_NEWEST, pattern='"code": "([%w_]+)"')
    return dict(Counter(code for entry, code in newest if now - time_of(entry) <= within).most_common())


def _newest(ledger: Ledger, stream: str, count: int) -> list[float]:
    """Return when the newest entries were made, the newest first."""
    return [time_of(entry) for entry, _ in ledger.peek(stream, newest=True, count=count)] if count else []


def _still_come(times: Sequence[float], now: float) -> bool:
    """Tell whether the pause since the newest is no longer than those before it."""
    return bool(times) and now - times[0] <= max(_SPAN_LEAST, 3 * (times[0] - times[-1]) / len(times))


def _a_minute(times: Sequence[float], now: float) -> float:
    if not times:
        return 0.0
    span = min(max(now - times[-1], _SPAN_LEAST), _SPAN_MOST)
    return 60 * sum(now - time <= span for time in times) / span
