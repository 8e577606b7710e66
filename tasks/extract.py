"""Page to article."""

from celery import shared_task

from config.celeryconfig import EXTRACT
from pagefacts.contracts import parse_job
from pagefacts.extraction import extract as extract_article
from worker import runtime
from worker.fetching.jobs import with_page
from worker.fetching.page import WANTED
from worker.step import EXPECTED, Step


@shared_task(name=EXTRACT, throws=EXPECTED)
def extract(job_id: str, attempt: int, shard: int | None = None) -> str:
    """Take the article out of the page."""
    with Step(runtime.ledger(shard), job_id, attempt, "extract", ["job", *WANTED]) as step:
        step.save(**extract_article(with_page(parse_job(step["job"]), step.get)).dump())
    return job_id
