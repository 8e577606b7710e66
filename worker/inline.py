"""A job to its answer in this process, without any queue."""

from __future__ import annotations

import time
from collections.abc import Callable

from pagefacts.contracts import Job, JobHead, identify, parse_job
from pagefacts.errors import DataError, InternalError, PagefactsError
from pagefacts.pipeline import Models, Stopwatch, process
from worker.answers import failure_event, result_event
from worker.fetching import is_wanted


def answer_here(raw: bytes, models: Models, fetch: Callable[[Job], Job] | None = None) -> str:
    """Process one job in this process; return its event, JSON. ``fetch`` puts the page into a job that has none."""
    head: JobHead | None = None
    watch = Stopwatch(time.perf_counter, "intake")
    try:
        job = parse_job(raw)
        head = job.head
        if fetch is not None and is_wanted(job):
            with watch.step("fetch"):
                job = fetch(job)
        return result_event(head, str(job.id), process(job, models, watch)).to_json()
    except DataError as error:
        return _failure(head, raw, error, watch)
    except Exception as error:  # a defect costs one page, not the run; the answer names it
        return _failure(head, raw, InternalError(f"({type(error).__name__}: {error})"), watch)


def _failure(head: JobHead | None, raw: bytes, error: PagefactsError, watch: Stopwatch) -> str:
    job_id = str(head.id) if head else identify(raw)
    return failure_event(head, job_id, error, watch.stage, 1).to_json()
