"""URL to page."""

from typing import Any

from celery import shared_task

from config.celeryconfig import FETCH
from pagefacts.contracts import parse_job
from worker import runtime
from worker.fetching import Later, Trip
from worker.step import EXPECTED, Step


@shared_task(name=FETCH, bind=True, max_retries=None, throws=EXPECTED)
def fetch(self: Any, job_id: str, attempt: int, shard: int | None = None) -> str:
    """Fetch the page that the job names."""
    try:
        ledger = runtime.ledger(shard)
        with Step(ledger, job_id, attempt, "fetch", ["job", "trip?"]) as step:
            trip = Trip.resumed(step.get("trip"), parse_job(step["job"]))
            step.save(**runtime.fetcher().fetch(trip, runtime.hosts().of_job(ledger, job_id, attempt)).dump())
    except Later as later:
        raise self.retry(countdown=runtime.wait(later.seconds)) from None
    return job_id
