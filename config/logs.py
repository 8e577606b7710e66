"""Log lines: UTC time, level, job and stage, message. Never a page's text, and no secret.

What quotes a page is in the values of errors, in what libraries say of it, and in Celery's messages of tasks: of these
lines only what is known to be harmless is written.
"""

from __future__ import annotations

import contextvars
import copy
import logging
import re
import time
import traceback
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, cast

import redis
from billiard.einfo import ExceptionWithTraceback

JOB: Final[contextvars.ContextVar[str]] = contextvars.ContextVar("job", default="-")
STAGE: Final[contextvars.ContextVar[str]] = contextvars.ContextVar("stage", default="-")
"""What the running task works on; set by the worker's signals."""

_OURS: Final = ("config", "pagefacts", "tasks", "worker", "celery", "kombu", "billiard", "redis")
"""Loggers whose messages are written. Libraries that read pages quote them: of their errors the place is written."""
_NO_QUOTES: Final = (redis.ConnectionError, redis.TimeoutError)
"""Errors of others whose messages hold nothing but an address."""
_CELERY_ERROR: Final = re.compile(r"Retry (?:in|at) [\d.]+\w*|[A-Za-z_]\w*(?=\()")
"""What is written of an error that Celery gives as text."""

_CHAIN: Final = 20
"""Errors of one chain that are written; a chain may be a ring."""

_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def described(error: BaseException) -> str:
    """Return the type of ``error``, with its message where that is known to quote neither page nor password.

    An error says so of its class by an attribute ``harmless`` that is true.
    """
    error = getattr(error, "exc", error) if isinstance(error, ExceptionWithTraceback) else error
    name = type(error).__name__
    harmless = isinstance(error, _NO_QUOTES) or getattr(error, "harmless", False) is True
    return f"{name}: {error}" if harmless and str(error) else name


def message_of(record: logging.LogRecord) -> str:
    """Return the message of a log line without what may quote a page."""
    if record.name.partition(".")[0] not in _OURS:
        return f"see {record.module}, line {record.lineno}"
    template = str(record.msg)
    if "body" in template:  # the messages of Celery that repeat one of a task's, which may be anything
        return template.partition("%")[0].strip()
    written = copy.copy(record)
    if isinstance(record.args, Mapping):
        written.args = {**record.args, "exc": _error_of(record)}
    elif record.args:
        written.args = tuple(_harmless(value) for value in record.args)
    if isinstance(record.msg, BaseException):
        written.msg = described(record.msg)
    return written.getMessage()


class _Bare(str):
    """A text that %r writes without quotes."""

    __slots__ = ()
    __repr__ = str.__str__


def _harmless(value: Any) -> Any:
    return _Bare(described(value)) if isinstance(value, BaseException) else value


def _error_of(record: logging.LogRecord) -> str:
    """Return the error that a line of Celery's names in its dictionary, where it has one."""
    if record.exc_info and record.exc_info[1]:
        return described(record.exc_info[1])
    found = _CELERY_ERROR.match(str(cast("Mapping[str, object]", record.args).get("exc")))
    return found[0] if found else "an error"


class _Formatter(logging.Formatter):
    """Writes errors without their values, but where these are harmless."""

    def format(self, record: logging.LogRecord) -> str:
        written = copy.copy(record)
        written.msg, written.args, written.exc_text = message_of(record), None, None
        written.job, written.stage = JOB.get(), STAGE.get()
        return super().format(written)

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - logging's name
        parts: list[str] = []
        error = ei[1]
        while error is not None and len(parts) < _CHAIN:
            stack = "".join(traceback.format_tb(error.__traceback__))
            parts.append(f"Traceback (most recent call last):\n{stack}{described(error)}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\n".join(reversed(parts))


def configure(level: str) -> None:
    """Send the root logger's lines of ``level`` and above to stderr."""
    formatter = _Formatter(
        "%(asctime)s %(levelname)s %(processName)s %(name)s job=%(job)s stage=%(stage)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%SZ",
    )
    formatter.converter = time.gmtime
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    handler.addFilter(_wanted)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)  # among them Celery's, which repeat an error with its value
    logging.raiseExceptions = False  # else a line that cannot be written is, with its arguments
    # At DEBUG it writes the message of each task that it gives to a child.
    logging.getLogger("celery.pool").setLevel(logging.INFO)


def _wanted(record: logging.LogRecord) -> bool:
    """Libraries warn of every odd page, whose reason the answer says."""
    return record.levelno >= logging.ERROR or record.name.partition(".")[0] in _OURS
