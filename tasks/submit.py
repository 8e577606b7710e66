"""The door for systems that already speak Celery."""

import json
from typing import Any

from celery import shared_task

from config.celeryconfig import SUBMIT
from worker import runtime
from worker.ledger import QueueFull


# Appending twice does no harm: the second is a duplicate. Where there is no room the message waits in Celery's queue.
@shared_task(
    name=SUBMIT, acks_late=True, throws=(QueueFull,), autoretry_for=(QueueFull,), max_retries=None, retry_backoff=True
)
def submit(job: dict[str, Any]) -> str:
    """Append ``job`` to the jobs stream, where it is checked like every other; return its entry."""
    return runtime.ledger().enqueue(json.dumps(job))[0]
