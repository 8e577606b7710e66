"""The door for systems that already speak Celery."""

import json
from typing import Any

from celery import shared_task

from config.celeryconfig import SUBMIT
from worker import runtime


@shared_task(name=SUBMIT, acks_late=True)  # appending twice does no harm: the second is a duplicate
def submit(job: dict[str, Any]) -> str:
    """Append ``job`` to the jobs stream, where it is checked like every other; return its entry."""
    return runtime.ledger().enqueue(json.dumps(job))[0]
