"""What can go wrong between a program and the queue."""

from __future__ import annotations

from collections.abc import Sequence

from pagefacts.errors import OperatorError


class QueueFull(OperatorError):
    """A job was not enqueued: a limit that the operator has set is reached, or the server's memory or disk is full."""

    def __init__(self, limit: str, message: str, refused: Sequence[bytes | str]) -> None:
        super().__init__(message)
        self.limit = limit
        """Which one: ``jobs``, ``results``, ``dead``, ``memory``, or the server's ``disk``."""
        self.refused = refused
        """The jobs that were not enqueued, JSON, of those that were to be."""


class WaitTimeout(TimeoutError):
    """No answer within the time; the job may still be answered."""

    def __init__(self, job_id: str, seconds: float) -> None:
        super().__init__(f"job {job_id}: no answer within {seconds:g} s")
        self.job_id = job_id
        """The job's id."""


class AnswerGone(LookupError):
    """The job was answered, and its answer has been trimmed from the results stream."""

    def __init__(self, job_id: str) -> None:
        super().__init__(f"job {job_id}: its answer is no longer on the results stream")
        self.job_id = job_id
        """The job's id."""
