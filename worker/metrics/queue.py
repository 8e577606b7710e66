"""The state of the queue, asked of the server when Prometheus asks the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from config.settings import Settings
from worker.limits import any_reached
from worker.metrics.lookout import Lookout
from worker.queue_state import QueueState, total

_SEEN: Final = 60.0
"""Seconds for which a worker counts that was not seen since."""
_GROUPS_TOLD: Final = 20
"""Consumer groups that are told by name at most, the slowest: whoever may read answers can make groups."""


class QueueCollector(Collector):
    """Tells the state of the queue, as all its workers do, and what ``worker`` has of it."""

    def __init__(self, settings: Settings, worker: str, read: Callable[[], Sequence[QueueState]]) -> None:
        """``read`` gives the state of each shard."""
        self._lookout = Lookout(read)
        self._settings = settings
        self._worker = worker

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; where the server does not answer, that it does not, and the settings."""
        states = self._lookout.state()
        yield GaugeMetricFamily(
            "pagefacts_server_up", "Whether the server answers this worker (1) or not (0).", states is not None
        )
        yield GaugeMetricFamily(
            "pagefacts_claim_after_seconds",
            "PAGEFACTS_CLAIM_AFTER: a job that is idle for longer is dispatched again.",
            self._settings.claim_after,
        )
        if states is not None:
            state = total(states)
            yield from _jobs(state, self._worker)
            yield from _answers(state)
            yield from _server(state)
            yield _limits(states, self._settings)


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


def _limits(states: Sequence[QueueState], settings: Settings) -> Metric:
    reached = GaugeMetricFamily(
        "pagefacts_limit_reached",
        "Whether a limit of the operator's is reached (1), so that no more jobs are enqueued.",
        labels=["limit"],
    )
    for limit, is_reached in any_reached(states, settings).items():
        reached.add_metric([limit], is_reached)
    return reached
