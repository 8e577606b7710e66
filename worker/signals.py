"""What happens beside the tasks, by Celery's signals: models at start, limits of the children, log context, Sentry."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import Any, Final

import sentry_sdk
from billiard.process import current_process
from celery import signals
from celery.concurrency.prefork import TaskPool
from celery.utils.log import get_logger

from config import logs
from config.celeryconfig import FETCH
from config.settings import Sandbox, Settings, SettingsError
from worker import runtime, sandbox
from worker.reports import init_sentry
from worker.sandbox import memory

_WRONG_USAGE: Final = 2
"""Exit status, as of every setting that cannot be used."""

logger = get_logger(__name__)


def connect_signals() -> None:
    """Connect the handlers of this module."""
    signals.setup_logging.connect(_configure_logs)
    signals.worker_init.connect(_prepare)
    signals.worker_ready.connect(_say_unconfined)
    signals.task_prerun.connect(_enter)
    signals.task_postrun.connect(_leave)


def _configure_logs(**_: Any) -> None:
    logs.configure(Settings.from_env(os.environ).log_level)


def _prepare(sender: Any, **_: Any) -> None:
    """Load the models before the pool forks, and see to it that its children are confined."""
    init_sentry(runtime.settings())
    queues = sender.app.amqp.queues.consume_from
    try:
        runtime.preload(queues)
    except SettingsError as error:
        # Celery only logs what a handler raises: the worker would go on, and fail every page.
        sys.stderr.write(f"pagefacts: {error}\n")
        sys.exit(_WRONG_USAGE)
    signals.worker_process_init.connect(_confinement(runtime.settings(), FETCH in queues), weak=False)


def _confinement(settings: Settings, fetches: bool) -> Callable[..., None]:
    """Return what confines a child of this process before it is given a page."""
    needs = sandbox.Needs.of(settings, fetches)
    main = os.getpid()

    def confine(**_: Any) -> None:
        if os.getpid() == main:  # the pool `solo` has no children
            return
        memory.limit(settings.child_memory_max_mb)
        signals.task_postrun.connect(_end_without_memory)
        signals.task_postrun.connect(memory.trimmer(), weak=False)
        if settings.sandbox is Sandbox.ON:
            _log_once(sandbox.enter(needs))

    return confine


def _log_once(held: sandbox.Held) -> None:
    """Say what holds the children: all are held by the same, so the first speaks for them."""
    if getattr(current_process(), "index", 0) == 0:
        logger.log(logging.INFO if held.complete else logging.WARNING, "sandbox: %s", held.line)


def _say_unconfined(sender: Any, **_: Any) -> None:
    if not isinstance(sender.pool, TaskPool):
        logger.warning("sandbox: none, and no limit of memory: only the pool prefork has processes to confine")


def _enter(task: Any, args: Any, **_: Any) -> None:
    job = str(args[0]) if args and isinstance(args[0], str) else "-"
    stage = task.name.rpartition(".")[2]
    logs.JOB.set(job)
    logs.STAGE.set(stage)
    sentry_sdk.set_tag("job_id", job)
    sentry_sdk.set_tag("stage", stage)


def _leave(**_: Any) -> None:
    logs.JOB.set("-")
    logs.STAGE.set("-")


def _end_without_memory(retval: Any, **_: Any) -> None:
    """End this child where a step had no memory left: what libraries hold may be torn. Another takes its place."""
    if isinstance(retval, MemoryError):
        raise SystemExit
