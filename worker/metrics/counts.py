"""What a worker counts of its jobs and steps, in all its processes together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeVar, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from pagefacts.contracts import FailureEvent, Result, ResultEvent, Stage
from pagefacts.errors import PagefactsError
from worker.metrics.shared import Table

STAGES: Final = tuple(stage for stage in get_args(Stage) if stage != "intake")
KINDS: Final = ("casualties", "dates", "locations", "entities")
"""What is found in a page, by its name in the result."""
OTHER: Final = "other"
"""The code of a failure that is not known here."""

_PROCESSES: Final = 256
"""Rows for the processes of a worker; in a larger pool some share one, and may lose a count now and then."""
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90)
_BYTES: Final = tuple(1024 * 4**power for power in range(9))
"""1 KiB to 64 MiB, the largest job."""

_Metric = TypeVar("_Metric", Counter, Histogram)


class Counts:
    """The counts of a worker. Made before its pool forks, and added to by each of its processes."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        """Of all that is told at a scrape."""
        self.table = Table(_PROCESSES)
        with self.table.holding_new_metrics():
            self._make()
        # Set by the main process alone.
        self.intake_stopped = Gauge(
            "pagefacts_intake_stopped",
            "Whether this worker takes no new jobs in because a limit of the operator's is reached (1) or not (0).",
            registry=self.registry,
        )

    def _make(self) -> None:
        self._accepted = self._counter("jobs_accepted", "Jobs taken in for the first time, also those refused at once.")
        self._redelivered = self._counter(
            "redeliveries", "Jobs taken in again, because a worker was lost or a step did not come to its end."
        )
        self._answered = _by(
            ("result", "failure"), self._counter("jobs_answered", "Jobs that this worker answered.", "outcome")
        )
        self._failed = _by(codes(), self._counter("jobs_failed", "Jobs answered with a failure.", "code"))
        self._found = _by(KINDS, self._counter("facts_found", "Facts and names in the results.", "kind"))
        self._seconds = _by(STAGES, self._histogram("stage_seconds", "Seconds that a step took.", _SECONDS, "stage"))
        self._page_bytes = self._histogram(
            "page_bytes", "Bytes of the pages read: as they were fetched, or of the job (JSON) that holds one.", _BYTES
        )

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"pagefacts_{name}", meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"pagefacts_{name}", meaning, labels, buckets=buckets, registry=self.registry)

    def taken_in(self, delivery: int) -> None:
        """Count a job that the intake dispatched or refused, at its first or a later ``delivery``."""
        (self._accepted if delivery == 1 else self._redelivered).inc()

    def page_read(self, size: int) -> None:
        """Count a page of ``size`` bytes."""
        self._page_bytes.observe(size)

    def step_ended(self, seconds: Mapping[Stage, float]) -> None:
        """Count the time that each stage of a task took."""
        for stage, taken in seconds.items():
            self._seconds[stage].observe(taken)

    def answered(self, event: ResultEvent | FailureEvent) -> None:
        """Count an answer of this worker's that stands on the results stream."""
        if isinstance(event, FailureEvent):
            self._answered["failure"].inc()
            self._failed.get(_label(event.data.failure.code), self._failed[OTHER]).inc()
            return
        self._answered["result"].inc()
        self._count_facts(event.data)

    def _count_facts(self, result: Result) -> None:
        for kind in KINDS:
            self._found[kind].inc(len(getattr(result, kind)))


def codes() -> tuple[str, ...]:
    """Return the codes of failures: those of all errors, the classes of HTTP statuses, and one for the rest."""
    named = {error.code for error in _below(PagefactsError) if not error.code.startswith("http_")}
    return (*sorted(named), "http_1xx", "http_2xx", "http_3xx", "http_4xx", "http_5xx", OTHER)


def _label(code: str) -> str:
    """Return how ``code`` is told: an HTTP status by its class, for there are hundreds."""
    return f"{code[:6]}xx" if code.startswith("http_") else code


def _below(error: type[PagefactsError]) -> Iterator[type[PagefactsError]]:
    yield error
    for narrower in error.__subclasses__():
        yield from _below(narrower)


def _by(values: Iterable[str], metric: _Metric) -> dict[str, _Metric]:
    """Return ``metric`` for each value of its label: all are there from the beginning, at 0."""
    return {value: metric.labels(value) for value in values}
