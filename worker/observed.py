"""What the log, the metrics, OpenTelemetry and Sentry are told of a job's way: the intake and the steps tell it here.

One line of the log, and one span, for each stage of each attempt.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar
from urllib.parse import urlsplit

from celery.utils.log import get_logger

from pagefacts.contracts import FailureEvent, JobHead, Result, ResultEvent, Stage
from worker import metrics, reports, traces
from worker.ledger import GROUP, Delivery

if TYPE_CHECKING:
    from worker.traces.spans import Attempt

_Event = TypeVar("_Event", ResultEvent, FailureEvent)

_Head = TypeVar("_Head", JobHead, JobHead | None)

_ENDED: Final = "stage ended"

logger = get_logger(__name__)


class Outcome(StrEnum):
    """How a stage ended."""

    DONE = "done"
    """The next one may begin."""
    RESULT = "result"
    """The job was answered with a result."""
    FAILURE = "failure"
    """The job was answered with a failure."""
    OVER = "over"
    """There was nothing to do: the job was answered, or is in other hands."""
    AGAIN = "again"
    """It did not come to its end: the job will be delivered again."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A task that has ended: one stage of an attempt, or several."""

    job_id: str
    attempt: int
    began: int
    """When, Unix nanoseconds."""
    seconds: Mapping[Stage, float]
    """What each of its stages took, in their order."""
    counts: Mapping[Stage, Mapping[str, int]]
    """What each read or found, by name."""
    outcome: Outcome
    """Of the last stage."""
    code: str | None
    """Of the failure, where it is one."""
    head: JobHead | None
    """The job, where it was found."""


def step_ended(ended: Ended) -> None:
    """Tell of each stage of a task."""
    metrics.counts().step_ended(ended.seconds)
    began, last = ended.began, [*ended.seconds][-1]
    for stage, seconds in ended.seconds.items():
        outcome, code = (ended.outcome, ended.code) if stage == last else (Outcome.DONE, None)
        counts = ended.counts.get(stage, {})
        fields = {"stage": stage, "delivery": ended.attempt, "outcome": outcome.value, "code": code, **counts}
        _log(logging.INFO, ended.head, seconds, fields)
        until = began + int(seconds * 1e9)
        if tracing := traces.tracing():
            attributes = {
                **_of_job(ended.job_id, ended.attempt, ended.head),
                **{f"pagefacts.{name}": count for name, count in counts.items()},
                "pagefacts.outcome": outcome.value,
                **({"error.type": code} if code else {}),
            }
            tracing.stage(stage, _trace_of(ended.head), began, until, attributes)
        began = until


@contextmanager
def publishing(results: str, event: _Event, traceparent: str | None) -> Iterator[_Event]:
    """Tell of the block, which writes ``event`` to the stream ``results``; yield the event as it is to be written.

    ``traceparent``: of the attempt.
    """
    data = {"messaging.destination.name": results}
    with ExitStack() as told:
        told.enter_context(reports.publishing({**data, "messaging.message.id": event.id}))
        if tracing := traces.tracing():
            of_job = {**data, "messaging.message.conversation_id": event.id}
            event = event.model_copy(update={"traceparent": told.enter_context(tracing.sending(traceparent, of_job))})
        yield event


class Taking:
    """A delivery in the hands of the intake, as a context manager.

    Of a block that raises nothing is told: the intake takes the delivery up again.
    """

    def __init__(self, jobs: str, delivery: Delivery) -> None:
        """``jobs``: the stream."""
        self._jobs = jobs
        self.delivery = delivery
        self._began, self._started = time.time_ns(), time.perf_counter()
        self._told = ExitStack()
        self._job_id = ""
        self._head: JobHead | None = None
        self._attempt: Attempt | None = None
        self._outcome = Outcome.OVER
        self._stage: Stage = "intake"
        self._code: str | None = None

    def __enter__(self) -> Self:
        return self

    def is_of(self, job_id: str, head: _Head, earlier: str | None = None) -> _Head:
        """Say whose delivery it is; return ``head`` with the trace context of this attempt.

        ``earlier``: the trace context of the attempt before.
        """
        if self._job_id:
            return head
        self._job_id, self._head = job_id, head
        data: dict[str, str | int] = {
            "messaging.destination.name": self._jobs,
            "messaging.message.id": self.delivery.entry,
            "messaging.message.body.size": len(self.delivery.raw),
        }
        self._report(data)
        self._trace(data, earlier)
        if head is None or self._attempt is None:
            return head
        self._head = head = head.model_copy(update={"traceparent": self.traceparent})
        return head

    def _report(self, data: Mapping[str, str | int]) -> None:
        waited = self._began / 1e6 - int(self.delivery.entry.partition("-")[0])
        of_sentry = {
            "messaging.message.receive.latency": waited,
            "messaging.message.retry.count": self.delivery.count - 1,
        }
        job = _trace_of(self._head), self._job_id, host_of(self._head)
        self._told.enter_context(reports.processing(*job, {**data, **of_sentry}))

    def _trace(self, data: Mapping[str, str | int], earlier: str | None) -> None:
        if not (tracing := traces.tracing()):
            return
        of_job = _of_job(self._job_id, self.delivery.count, self._head)
        attributes = {**data, "messaging.consumer.group.name": GROUP, **of_job}
        span = tracing.attempt(_trace_of(self._head), self._began, earlier, attributes)
        self._attempt = self._told.enter_context(span)

    @property
    def traceparent(self) -> str | None:
        """The trace context of this attempt; None where nothing is traced."""
        return self._attempt.traceparent if self._attempt else None

    def dispatched(self) -> None:
        """Say that its tasks were sent."""
        self._outcome = Outcome.DONE

    def refused(self, event: FailureEvent) -> None:
        """Say that it was answered with the failure ``event``."""
        failure = event.data.failure
        self._outcome, self._stage, self._code = Outcome.FAILURE, failure.stage, failure.code
        metrics.counts().answered(event)
        if self._attempt:
            self._attempt.fail(failure.code)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._told.__exit__(kind, error, traceback)
        if error is not None:
            return
        if self._outcome is not Outcome.OVER:
            metrics.counts().taken_in(self.delivery.count)
        level = logging.WARNING if self._outcome is Outcome.FAILURE else logging.INFO
        fields = {
            "job": self._job_id,
            "stage": self._stage,
            "entry": self.delivery.entry,
            "delivery": self.delivery.count,
            "outcome": self._outcome.value,
            "code": self._code,
            "bytes": len(self.delivery.raw),
        }
        _log(level, self._head, time.perf_counter() - self._started, fields)


def _log(level: int, head: JobHead | None, seconds: float, fields: Mapping[str, Any]) -> None:
    traceparent = _trace_of(head)
    trace = {"trace_id": traceparent.split("-")[1]} if traceparent else {}
    given = {name: value for name, value in fields.items() if value is not None}
    logger.log(level, _ENDED, extra={"fields": {**given, "ms": round(seconds * 1000, 1), **trace}})


def _trace_of(head: JobHead | None) -> str | None:
    """Return the trace context of the job, where it has one."""
    return head.traceparent if head else None


def _of_job(job_id: str, attempt: int, head: JobHead | None) -> dict[str, str | int]:
    """Return what all spans say of their job."""
    host = host_of(head)
    return {"pagefacts.job.id": job_id, "pagefacts.attempt": attempt, **({"url.domain": host} if host else {})}


def host_of(head: JobHead | None) -> str | None:
    """Return the host of the job's page; never its address, which may hold more than is meant for others."""
    return urlsplit(head.url).hostname if head and head.url else None


def found(result: Result) -> dict[str, int]:
    """Count what a result has."""
    return {kind: len(getattr(result, kind)) for kind in metrics.KINDS}
