"""The limits that the operator has set to what lies in the queue."""

from __future__ import annotations

from collections.abc import Iterable

from config.settings import Settings
from worker.queue_state import QueueState


def limits_reached(state: QueueState, settings: Settings) -> dict[str, bool]:
    """Tell of each limit, by its setting's name, whether the queue has reached it, so that no more jobs are enqueued.

    They are looked at as `pagefacts/client/enqueue.lua` does, which is what holds producers back.
    """
    amounts = {
        "jobs": (state.waiting + state.in_flight, settings.jobs_max),
        # Answers that no consumer group waits for are trimmed.
        "results": (state.on_results_stream if state.groups else 0, settings.results_max),
        "dead": (state.dead, settings.dead_max),
        "memory": (state.server.memory_percent, settings.memory_max),
    }
    return {limit: 0 < most <= there for limit, (there, most) in amounts.items()}


def any_reached(states: Iterable[QueueState], settings: Settings) -> dict[str, bool]:
    """Tell of each limit whether one of the shards, of these ``states``, has reached it."""
    reached = [limits_reached(state, settings) for state in states]
    return {limit: any(each[limit] for each in reached) for limit in reached[0]}
