"""What happens beside the tasks, by Celery's signals: models at start, log context, Sentry."""

from __future__ import annotations

import os
import sys
from typing import Any, Final

import sentry_sdk
from celery import signals
from sentry_sdk.integrations.celery import CeleryIntegration

from config import logs
from config.settings import Settings, SettingsError
from pagefacts import __version__
from worker import runtime

_WRONG_USAGE: Final = 2
"""Exit status, as of every setting that cannot be used."""


def connect_signals() -> None:
    """Connect the handlers of this module."""
    signals.setup_logging.connect(_configure_logs)
    signals.worker_init.connect(_prepare)
    signals.task_prerun.connect(_enter)
    signals.task_postrun.connect(_leave)


def init_sentry(settings: Settings) -> None:
    """Report errors to Sentry where ``SENTRY_DSN`` is set. A page's text never leaves: no locals, no bodies."""
    if settings.sentry_dsn is None:
        return
    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        release=f"pagefacts@{__version__}",
        integrations=[CeleryIntegration()],
        include_local_variables=False,
        max_request_body_size="never",
        send_default_pii=False,
    )


def _configure_logs(**_: Any) -> None:
    logs.configure(Settings.from_env(os.environ).log_level)


def _prepare(sender: Any, **_: Any) -> None:
    """Load the models before the pool forks."""
    init_sentry(runtime.settings())
    try:
        runtime.preload(sender.app.amqp.queues.consume_from)
    except SettingsError as error:
        # Celery only logs what a handler raises: the worker would go on, and fail every page.
        sys.stderr.write(f"pagefacts: {error}\n")
        sys.exit(_WRONG_USAGE)


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
