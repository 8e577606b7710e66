"""What happens beside the tasks, by Celery's signals: models at start, limits of the children, log context, Sentry."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import Any

from billiard.process import current_process
from celery import signals
from celery.apps import worker as program
from celery.concurrency.prefork import TaskPool
from celery.utils.log import get_logger

from config import logs
from config.celeryconfig import FETCH
from config.settings import Sandbox, Settings, SettingsError
from worker import metrics, reports, runtime, sandbox, traces
from worker.child import has_parent
from worker.cluster import nodes_at
from worker.errors import OperatorError
from worker.sandbox import memory

_COULD_NOT, _WRONG_USAGE = 1, 2
"""Exit statuses; the second is that of every setting that cannot be used."""

logger = get_logger(__name__)


def connect_signals() -> None:
    """Connect the handlers of this module."""
    signals.celeryd_init.connect(_open_log)
    signals.setup_logging.connect(_configure_logs)
    signals.worker_init.connect(_prepare)
    signals.worker_process_init.connect(_report_anew)
    signals.worker_ready.connect(_say_unconfined)
    signals.task_prerun.connect(_enter)
    signals.task_postrun.connect(_leave)
    signals.worker_process_shutdown.connect(_send_spans)
    signals.worker_shutdown.connect(_send_spans)


def _open_log(sender: Any, instance: Any, **_: Any) -> None:
    """Let the log name the worker; where programs read it, what Celery would print for people is in it, too."""
    logs.name_worker(str(sender))
    _configure_logs()
    if not logs.for_people(runtime.settings().log_format):
        instance.quiet = True  # no banner
        program.safe_say = lambda said, *_: logger.info("%s", said)


def _configure_logs(**_: Any) -> None:
    """Keep Celery from a log of its own."""
    logs.configure(runtime.settings().log_level, runtime.settings().log_format)


def _prepare(sender: Any, **_: Any) -> None:
    """Load the models before the pool forks, and see to it that its children are confined."""
    queues = sender.app.amqp.queues.consume_from
    try:
        reports.init_sentry(runtime.settings())
        traces.start(os.environ, sender.hostname)
        metrics.serve(metrics.counts(), runtime.settings(), sender.hostname)
        runtime.preload(queues, briefly=has_parent())
    except (SettingsError, OperatorError) as error:
        # Celery only logs what a handler raises: the worker would go on, and fail every page.
        logger.critical("%s", str(error))
        sys.exit(_WRONG_USAGE if isinstance(error, SettingsError) else _COULD_NOT)
    signals.worker_process_init.connect(_confinement(runtime.settings(), FETCH in queues), weak=False)


def _report_anew(**_: Any) -> None:
    """Report from a child by means of its own: its parent's are a connection in use, and locks that may be held."""
    reports.init_sentry(runtime.settings())


def _confinement(settings: Settings, fetches: bool) -> Callable[..., None]:
    """Return what confines a child of this process before it is given a page."""
    needs = sandbox.Needs.of(settings, fetches, nodes_at(settings.redis_url or ""))
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
    job = str(args[0]) if args and isinstance(args[0], str) else ""
    stage = task.name.rpartition(".")[2]
    logs.JOB.set(job)
    logs.STAGE.set(stage)
    reports.about(job, stage)


def _leave(**_: Any) -> None:
    logs.JOB.set("")
    logs.STAGE.set("")


def _send_spans(**_: Any) -> None:
    if tracing := traces.tracing():
        tracing.stop()


def _end_without_memory(retval: Any, **_: Any) -> None:
    """End this child where a step had no memory left: what libraries hold may be torn. Another takes its place."""
    if isinstance(retval, MemoryError):
        raise SystemExit
