"""Page to answer in one task."""

from celery import shared_task

from config.celeryconfig import PAGE
from pagefacts.contracts import parse_job
from pagefacts.pipeline import process
from worker import runtime
from worker.fetching.jobs import with_page
from worker.fetching.page import WANTED
from worker.step import EXPECTED, Step


@shared_task(name=PAGE, throws=EXPECTED)
def page(job_id: str, attempt: int, shard: int | None = None) -> str:
    """Do all three steps, and answer the job; Flower shows what is returned: the time of each."""
    with Step(runtime.ledger(shard), job_id, attempt, "extract", ["job", *WANTED, "fetch_ms?"]) as step:
        job = parse_job(step["job"])
        step.answer(job.head, process(with_page(job, step.get), runtime.models(), step.watch))
    return ", ".join(f"{stage} {ms:.0f} ms" for stage, ms in step.watch.milliseconds.items())
