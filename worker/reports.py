"""Reports of errors and of the way of jobs, where ``SENTRY_DSN`` says where to: `worker.sentry` makes them.

Sentry's library is imported only there: without a DSN a process need not load it, nor ask it anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from types import ModuleType
from typing import Any

from config.settings import Settings

_sentry: ModuleType | None = None


def init_sentry(settings: Settings) -> None:
    """Report to Sentry where ``SENTRY_DSN`` is set: errors, and the way of a share of the jobs.

    Each process must call it for itself. Raises `config.settings.SettingsError` where that is no DSN.
    """
    global _sentry  # noqa: PLW0603 - a process reports to one place
    if settings.sentry_dsn is None:
        return
    from worker import sentry  # noqa: PLC0415 - see above

    sentry.init(settings.sentry_dsn, settings.sentry_traces)
    _sentry = sentry


def about(job_id: str, stage: str, host: str | None = None) -> None:
    """Let what is reported from here on say which job and stage it is about, and which ``host`` its page is of."""
    if _sentry is not None:
        _sentry.about(job_id, stage, host)


def processing(
    traceparent: str | None, job_id: str, host: str | None, data: Mapping[str, Any]
) -> AbstractContextManager[None]:
    """Report the block as a transaction that takes a job in; it belongs to the trace of ``traceparent``."""
    if _sentry is None:
        return nullcontext()
    reported: AbstractContextManager[None] = _sentry.processing(traceparent, job_id, host, data)
    return reported


def publishing(data: Mapping[str, Any]) -> AbstractContextManager[None]:
    """Report the block, which sends a message, as a part of what is under way."""
    if _sentry is None:
        return nullcontext()
    reported: AbstractContextManager[None] = _sentry.publishing(data)
    return reported
