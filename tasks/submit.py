"""The door for systems that already speak Celery."""

import json
from typing import Any, Final

from celery import shared_task
from celery.utils.log import get_task_logger

from config.celeryconfig import SUBMIT
from pagefacts.client import QueueFull
from worker import runtime

_PAUSE: Final = 10
"""Seconds until a job for which there was no room is tried again; meanwhile it lies in Celery's queue."""

logger = get_task_logger(__name__)


@shared_task(name=SUBMIT, bind=True, acks_late=True, max_retries=None)
def submit(self: Any, job: dict[str, Any]) -> str:
    """Append ``job`` to the jobs stream, where it is checked like every other; return its entry.

    Appending twice does no harm: the second is a duplicate.
    """
    try:
        raw = json.dumps(job)
        return runtime.ledger_of(raw).enqueue(raw)[0]
    except QueueFull as full:
        logger.warning("%s", full)
        raise self.retry(countdown=_PAUSE) from None
