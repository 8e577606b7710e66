"""The state of the queue, asked of the server when Prometheus asks the worker."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from threading import Lock, Thread
from typing import Final

from celery.utils.log import get_logger
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from redis import RedisError

from config.settings import Settings
from worker.queue_state import QueueState

_FRESH: Final = 1.0
"""Seconds for which a state that was read serves all scrapes."""
_PATIENCE: Final = 1.5
"""Seconds for which a scrape waits for the state: it then goes without."""
_SEEN: Final = 60.0
"""Seconds for which a worker counts that was not seen since."""
_GROUPS_TOLD: Final = 20
"""Consumer groups that are told by name at most, the slowest: whoever may read answers can make groups."""

logger = get_logger(__name__)


class QueueCollector(Collector):
    """Tells the state of the queue, as all its workers do, and what ``worker`` has of it."""

    def __init__(self, settings: Settings, worker: str, read: Callable[[], QueueState]) -> None:
        self._lookout = Lookout(read)
        self._settings = settings
        self._worker = worker

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; where the server does not answer, that it does not, and the settings."""
        state = self._lookout.state()
        yield GaugeMetricFamily(
            "pagefacts_server_up", "Whether the server answers this worker (1) or not (0).", state is not None
        )
        yield GaugeMetricFamily(
            "pagefacts_claim_after_seconds",
            "PAGEFACTS_CLAIM_AFTER: a job that is idle for longer is dispatched again.",
            self._settings.claim_after,
        )
        if state is not None:
            yield from _jobs(state, self._worker)
            yield from _answers(state)
            yield from _server(state)
            yield _limits(state, self._settings)


def _jobs(state: QueueState, worker: str) -> Iterator[Metric]:
    own = sum(each.jobs for each in state.workers if each.name == worker)
    yield GaugeMetricFamily("pagefacts_jobs_in_flight", "Jobs that this worker holds and that are not answered.", own)
    yield GaugeMetricFamily("pagefacts_stream_lag_jobs", "Jobs that no worker has taken in.", state.waiting)
    yield GaugeMetricFamily(
        "pagefacts_oldest_waiting_age_seconds",
        "Seconds since the first of the jobs that wait was enqueued; 0 where none waits.",
        state.oldest_waiting or 0,
    )
    yield GaugeMetricFamily(
        "pagefacts_pending_jobs", "Jobs that a worker has taken in and that are not answered.", state.in_flight
    )
    yield GaugeMetricFamily(
        "pagefacts_oldest_pending_age_seconds",
        "Seconds since the oldest of the jobs in work was enqueued; 0 where none is.",
        state.oldest_in_flight or 0,
    )
    yield GaugeMetricFamily(
        "pagefacts_longest_idle_seconds",
        "The most seconds for which no step of a job in work has begun.",
        state.longest_idle,
    )
    steps = GaugeMetricFamily("pagefacts_queued_steps", "Steps that wait on a queue of Celery's.", labels=["queue"])
    for queue, waiting in state.queued.items():
        steps.add_metric([queue], waiting)
    yield steps
    seen = sum(each.seen <= _SEEN for each in state.workers)
    yield GaugeMetricFamily("pagefacts_workers", "Workers that have looked for jobs within the last minute.", seen)


def _answers(state: QueueState) -> Iterator[Metric]:
    answers = CounterMetricFamily(
        "pagefacts_ledger_answers", "Jobs answered by all workers, as the ledger counts them.", labels=["outcome"]
    )
    answers.add_metric(["result"], state.results)
    answers.add_metric(["failure"], state.failures)
    yield answers
    yield CounterMetricFamily(
        "pagefacts_ledger_duplicates", "Jobs not answered, as one of their id was before.", state.duplicates
    )
    yield GaugeMetricFamily(
        "pagefacts_results_stream_answers", "Answers on the results stream.", state.on_results_stream
    )
    lag = GaugeMetricFamily(
        "pagefacts_consumer_group_lag_answers",
        f"Answers that a consumer group still needs; of the {_GROUPS_TOLD} that need most.",
        labels=["group"],
    )
    for group in sorted(state.groups, key=lambda group: group.behind)[-_GROUPS_TOLD:]:
        lag.add_metric([group.name], group.behind)
    yield lag
    yield GaugeMetricFamily("pagefacts_dead_letters", "Failed jobs kept in the dead-letter stream.", state.dead)


def _server(state: QueueState) -> Iterator[Metric]:
    yield GaugeMetricFamily("pagefacts_server_memory_used_bytes", "Memory that the server uses.", state.server.memory)
    yield GaugeMetricFamily(
        "pagefacts_server_memory_max_bytes", "The server's maxmemory; 0: none.", state.server.memory_max
    )
    yield GaugeMetricFamily(
        "pagefacts_server_disk_ok",
        "Whether the server's last writes to its disk went well (1) or not (0).",
        state.server.writes,
    )


def _limits(state: QueueState, settings: Settings) -> Metric:
    """Tell which limits of the operator's hold jobs back, as `pagefacts/client/enqueue.lua` looks at them."""
    needed = state.on_results_stream if state.groups else 0
    percent = 100 * state.server.memory // state.server.memory_max if state.server.memory_max else 0
    reached = GaugeMetricFamily(
        "pagefacts_limit_reached",
        "Whether a limit of the operator's is reached (1), so that no more jobs are enqueued.",
        labels=["limit"],
    )
    for limit, there, most in (
        ("jobs", state.waiting + state.in_flight, settings.jobs_max),
        ("results", needed, settings.results_max),
        ("dead", state.dead, settings.dead_max),
        ("memory", percent, settings.memory_max),
    ):
        reached.add_metric([limit], 0 < most <= there)
    return reached


class Lookout:
    """Reads the state for scrapes, and keeps none of them waiting for long."""

    def __init__(self, read: Callable[[], QueueState]) -> None:
        self._read = read
        self._turn = Lock()
        self._look: _Look | None = None
        self._was_away = False
        # A child forked while a message is being sent would inherit locks that nobody there will ever release.
        self._reading = Lock()
        os.register_at_fork(
            before=self._reading.acquire, after_in_parent=self._reading.release, after_in_child=self._reading.release
        )

    def state(self) -> QueueState | None:
        """Return the state, at most a second old; None where the server does not give it."""
        with self._turn:
            if self._look is None or self._look.is_over():
                self._look = _Look(self._try)
            look = self._look
        return look.outcome()

    def _try(self) -> QueueState | None:
        try:
            with self._reading:
                state = self._read()
        except (RedisError, OSError) as error:
            if not self._was_away:
                logger.warning("the metrics are told without the state of the queue: %s", error)
            self._was_away = True
            return None
        self._was_away = False
        return state


class _Look:
    """One reading, in a thread of its own: some of what it does, such as finding a host, has no time limit."""

    def __init__(self, read: Callable[[], QueueState | None]) -> None:
        self._read = read
        self._state: QueueState | None = None
        self._began = time.monotonic()
        self._thread = Thread(target=self._run, name="queue state", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self._state = self._read()

    def is_over(self) -> bool:
        """Tell whether it has ended, and what it found is too old."""
        return not self._thread.is_alive() and time.monotonic() - self._began > _FRESH

    def outcome(self) -> QueueState | None:
        """Return what it found, or None where it takes too long."""
        self._thread.join(max(0.0, self._began + _PATIENCE - time.monotonic()))
        return self._state
