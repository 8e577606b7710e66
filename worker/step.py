"""A step of a job's way: what every task does around its one call of pagefacts."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from types import TracebackType
from typing import Final, Self, TypeVar, cast

from celery import current_app, current_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.utils.log import get_task_logger
from redis import RedisError

from config import logs
from config.celeryconfig import PAGE
from pagefacts import __version__
from pagefacts.contracts import FailureEvent, JobHead, Result, ResultEvent, Stage, parse_job
from pagefacts.errors import DataError, PagefactsError, TransientError
from pagefacts.pipeline import Stopwatch
from worker import metrics, observed, reports
from worker.answers import failed, failure_event, result_event, typed
from worker.fetching import Later
from worker.ledger import Answer, Ledger, Superseded
from worker.observed import Ended, Outcome
from worker.sandbox import memory

EXPECTED: Final = (DataError, Superseded)
"""Errors that are no defect of the worker: a task that raises one is logged without a traceback."""

VERSION: Final = __version__.encode()
"""Stands in a claim beside what a step has made: steps that follow use it where they are of the same version."""

_Event = TypeVar("_Event", ResultEvent, FailureEvent)

logger = get_task_logger(__name__)


class Step:
    """One step of one attempt, as a context manager: begins it, and answers the job where it fails.

    A page at fault, a time limit and a defect are answered with a failure, and the error goes on to Celery, which ends
    the chain there. After a `TransientError` or an error of the server the job stays pending: it is delivered again.
    A page that is to be fetched `Later` is no failure: how far it has come is left for the next time.
    """

    def __init__(self, ledger: Ledger, job_id: str, attempt: int, stage: Stage, wanted: Sequence[str]) -> None:
        """``wanted``: what earlier steps left; a name with a ``?`` at its end may be absent."""
        self.watch = Stopwatch(time.perf_counter, stage, entered=self.go_on)
        self._ledger = ledger
        self._job_id = job_id
        self._attempt = attempt
        self._wanted = wanted
        self._values: dict[str, bytes] = {}
        self._entry = ""
        self._earlier: Collection[str] = ()
        self._began = 0
        self._started = 0.0
        self._entered = self._worked = 0.0
        """By the clock and of the processor, when it was to begin: what it waits for the server then counts, too."""
        self._head: JobHead | None = None
        """To say more of the job than its id."""
        self._counts: dict[Stage, dict[str, int]] = {}
        self._outcome, self._code = Outcome.AGAIN, ""

    def __enter__(self) -> Self:
        self._entered, self._worked = time.perf_counter(), time.process_time()
        names = list(dict.fromkeys(name.removesuffix("?") for name in (*self._wanted, "head")))
        self._entry, values = self._ledger.begin(self._job_id, self._attempt, self.watch.stage, names)
        self._values = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        if "version" in names and self.get("version") != VERSION:
            self._begin_anew()
        self._meet_job()
        missing = [name for name in self._wanted if not name.endswith("?") and name not in self._values]
        if missing:
            raise TransientError(f"The claim has no {', '.join(missing)}.")
        before = {name.removesuffix("_ms"): float(ms) for name, ms in self._values.items() if name.endswith("_ms")}
        self.watch.milliseconds.update(before)
        if self.watch.stage == "extract":
            size = len(self.get("page") or self["job"])
            metrics.counts().page_read(size)
            self._counts["extract"] = {"bytes": size}
        self._earlier = before.keys()
        self._began, self._started = time.time_ns(), time.perf_counter()
        return self

    def _meet_job(self) -> None:
        """Let what is told from here on name the trace and the host of the page."""
        if head := self.get("head"):
            self._head = JobHead.model_validate_json(head)
            reports.about(self._job_id, self.watch.stage, observed.host_of(self._head))

    def go_on(self, stage: Stage) -> None:
        """Begin a further step in the same task: the ledger knows then where a page is that ends its process."""
        self._ledger.begin(self._job_id, self._attempt, stage, [])

    def _begin_anew(self) -> None:
        """Let one task of one worker do all steps: an earlier one was done by another version of pagefacts.

        While a new version is rolled out workers of both take steps of one job, and what they leave may differ.
        """
        logger.info("an earlier step was done by version %s", (self.get("version") or b"unknown").decode())
        current_app.send_task(PAGE, current_task.request.args)
        raise Superseded(self._job_id)

    def __getitem__(self, name: str) -> bytes:
        """Return what an earlier step left under ``name``; one of the names wanted."""
        return self._values[name]

    def get(self, name: str) -> bytes | None:
        """Return what an earlier step left under ``name``, one of the names wanted; None where it is absent."""
        return self._values.get(name)

    @property
    def head(self) -> JobHead:
        """The job without its page, where ``head`` is one of the names wanted."""
        return cast("JobHead", self._head)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, Later):
            self._keep({"trip": error.trip.to_json()})
            return
        try:
            self._settle(error)
        finally:
            observed.step_ended(self._ended())

    def _settle(self, error: BaseException | None) -> None:
        """Answer the job where ``error`` is one that it is to be answered with."""
        if isinstance(error, Superseded):
            self._outcome = Outcome.OVER
        elif self._was_held_up(error):
            logger.warning("the time limit met a step that could not run: its job will be delivered again")
        elif isinstance(error, Exception) and not isinstance(error, (RedisError, TransientError)):
            if isinstance(error, MemoryError):
                memory.open_reserve()
            # Where one task does all steps, what is said of the error names the one that it was in.
            logs.STAGE.set(self.watch.stage)
            reports.about(self._job_id, self.watch.stage)
            self._fail(typed(error))

    def _ended(self) -> Ended:
        return Ended(
            self._job_id,
            self._attempt,
            self._began,
            self._seconds(),
            self._counts,
            self._outcome,
            self._code or None,
            self._head,
        )

    def _was_held_up(self, error: BaseException | None) -> bool:
        """Tell whether a time limit is not the page's fault: its worker was stopped meanwhile, or the server away.

        The process then has hardly worked. In a step that fetches it waits for the page's host, and that is at fault.
        """
        if not isinstance(error, SoftTimeLimitExceeded) or self.watch.stage == "fetch":
            return False
        return time.process_time() - self._worked < (time.perf_counter() - self._entered) / 2

    @property
    def milliseconds(self) -> dict[str, float]:
        """Wall time of the steps before that were asked for, and of this one so far."""
        return {**self.watch.milliseconds, self.watch.stage: round((time.perf_counter() - self._started) * 1000, 3)}

    def _seconds(self) -> dict[Stage, float]:
        """Wall time of each stage of this task; what it takes beside them is that of the last."""
        took = {stage: ms / 1000 for stage, ms in self.watch.milliseconds.items() if stage not in self._earlier}
        rest = time.perf_counter() - self._started - sum(took.values())
        return cast("dict[Stage, float]", {**took, self.watch.stage: took.get(self.watch.stage, 0) + rest})

    def save(self, **fields: str | bytes) -> None:
        """Leave ``fields`` for the steps that follow, with the time that this one took as ``<stage>_ms``."""
        stage = self.watch.stage
        self._keep({**fields, "version": VERSION, f"{stage}_ms": self.milliseconds[stage]})
        self._outcome = Outcome.DONE

    def _keep(self, fields: Mapping[str, str | bytes | float]) -> None:
        self._ledger.save(self._job_id, self._attempt, self._entry, fields)

    def answer(self, job: JobHead, result: Result) -> None:
        """Answer the job with its result."""
        self._counts.setdefault(self.watch.stage, {}).update(observed.found(result))
        event = result_event(job, self._job_id, result)
        self._publish(event, lambda event: Answer(self._job_id, event.to_json()), Outcome.RESULT)

    def _fail(self, error: PagefactsError) -> None:
        raw = self._ledger.original(self._entry)
        if raw is None:  # another attempt has answered meanwhile
            self._outcome = Outcome.OVER
            return
        self._code = error.code
        event = failure_event(parse_job(raw), self._job_id, error, self.watch.stage, self._attempt)
        self._publish(event, lambda event: failed(event, raw), Outcome.FAILURE)

    def _publish(self, event: _Event, answer: Callable[[_Event], Answer], outcome: Outcome) -> None:
        traceparent = self._head.traceparent if self._head else None
        with observed.publishing(self._ledger.keys.results, event, traceparent) as written:
            answered = self._ledger.answer(self._entry, answer(written))
        self._outcome = outcome if answered else Outcome.OVER
        if answered:
            metrics.counts().answered(event)
