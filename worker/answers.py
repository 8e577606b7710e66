"""What is written in answer to a job, from what happened to it."""

from __future__ import annotations

from datetime import UTC, datetime

from billiard.exceptions import SoftTimeLimitExceeded

from pagefacts.contracts import DeadLetter, Failure, FailureDetail, FailureEvent, JobHead, Result, ResultEvent, Stage
from pagefacts.errors import InternalError, MemoryLimit, PagefactsError, TimeLimit
from worker.ledger import Answer


def typed(error: BaseException) -> PagefactsError:
    """Return what a job is answered with where ``error`` has ended a step."""
    if isinstance(error, PagefactsError):
        return error
    if isinstance(error, SoftTimeLimitExceeded):
        return TimeLimit()
    if isinstance(error, MemoryError):
        return MemoryLimit()
    return InternalError(f"({type(error).__name__})")


def result_event(job: JobHead, job_id: str, result: Result) -> ResultEvent:
    """Return the event of a result."""
    return ResultEvent(id=job_id, subject=job.url, time=datetime.now(UTC), traceparent=job.traceparent, data=result)


def failure_event(
    job: JobHead | None, job_id: str, error: PagefactsError, stage: Stage, deliveries: int
) -> FailureEvent:
    """Return the event of a failure; ``job`` is None where the job itself could not be read."""
    detail = FailureDetail(
        stage=stage,
        code=error.code,
        message=error.message,
        field=error.field,
        retryable=error.retryable,
        deliveries=deliveries,
    )
    return FailureEvent(
        id=job_id,
        subject=job.url if job else None,
        time=datetime.now(UTC),
        traceparent=job.traceparent if job else None,
        data=Failure(failure=detail, attributes=job.attributes if job else None),
    )


def failed(event: FailureEvent, raw: bytes) -> Answer:
    """Return the answer with ``event`` and the dead letter that keeps the job as it was sent."""
    return Answer(event.id, event.to_json(), DeadLetter.of(event, raw).to_json())
