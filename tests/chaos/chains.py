"""The reference: the same work as a plain Celery chain of three tasks, the last of which writes the answer.

``python chains.py worker …`` runs a worker. `celery_config` has the two ways in which such a system is set up.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any, Final

sys.path.append(str(Path(__file__).parents[1]))

import redis
from celery import Celery, chain
from chaos.effects import act

ANSWERS: Final = "chaos:answers"
"""Stream of answers; each entry has the field ``id``."""
VISIBILITY: Final = 30
"""Seconds after which a message that nobody has acknowledged is delivered again; Celery's own value is an hour."""
_WORK: Final = 0.01
"""Seconds of work in each task."""


def chain_app(url: str, *, late: bool, soft: float, hard: float) -> Celery:
    """Return the application: with Celery's defaults, or with late acks.

    The same time limits as pagefacts has, a short visibility timeout, and endless tries to connect are in its favour.
    """
    app = Celery("chains", broker=url)
    app.conf.update(
        task_ignore_result=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={"visibility_timeout": VISIBILITY},
        task_soft_time_limit=soft,
        task_time_limit=hard,
    )
    if late:
        app.conf.update(task_acks_late=True, task_reject_on_worker_lost=True, worker_prefetch_multiplier=1)
    return app


def send(app: Celery, job_id: str) -> None:
    """Send a job, as three tasks in a chain; one try."""
    tasks = [app.signature(f"chains.{name}", args=(job_id,), immutable=True) for name in ("first", "second", "third")]
    chain(*tasks).apply_async(retry=False)


def _worker_app() -> Celery:
    environment = os.environ
    url = environment["CHAOS_BROKER"]
    limits = {name: float(environment[f"CHAOS_{name.upper()}"]) for name in ("soft", "hard")}
    app = chain_app(url, late="CHAOS_LATE" in environment, **limits)
    client: Any = redis.Redis.from_url(url)

    def work(job_id: str, step: int) -> None:
        act(job_id, step)
        until = time.process_time() + _WORK
        while time.process_time() < until:
            pass

    @app.task(name="chains.first")  # type: ignore[untyped-decorator]
    def first(job_id: str) -> None:
        work(job_id, 0)

    @app.task(name="chains.second")  # type: ignore[untyped-decorator]
    def second(job_id: str) -> None:
        work(job_id, 1)

    @app.task(name="chains.third")  # type: ignore[untyped-decorator]
    def third(job_id: str) -> None:
        work(job_id, 2)
        client.xadd(ANSWERS, {"id": job_id})

    return app


if __name__ == "__main__":
    _worker_app().worker_main(sys.argv[1:])
