"""Log lines: JSON for programs, or text for people. Never a page's text, and no secret.

What quotes a page is in the values of errors, in what libraries say of it, and in Celery's messages of tasks: of these
lines only what is known to be harmless is written.
"""

from __future__ import annotations

import contextvars
import json
import logging
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast

import redis
from billiard.einfo import ExceptionWithTraceback
from billiard.util import get_logger as get_pool_logger

from config.settings import LogFormat

JOB: Final[contextvars.ContextVar[str]] = contextvars.ContextVar("job", default="")
STAGE: Final[contextvars.ContextVar[str]] = contextvars.ContextVar("stage", default="")
"""What is worked on here and now; each line says it."""

_PROJECT: Final = ("config", "pagefacts", "tasks", "worker")
"""Loggers whose fields are written: what they give as ``extra={"fields": …}``."""
_OURS: Final = (*_PROJECT, "celery", "kombu", "billiard", "multiprocessing", "redis", "flower")
"""Loggers whose messages are written. Libraries that read pages quote them: of their errors the place is written."""
_NO_QUOTES: Final = (redis.ConnectionError, redis.TimeoutError)
"""Errors of others whose messages hold nothing but an address."""
_CELERY_ERROR: Final = re.compile(r"Retry (?:in|at) [\d.]+\w*|[A-Za-z_]\w*(?=\()")
"""What is written of an error that Celery gives as text."""

_CHAIN: Final = 20
"""Errors of one chain that are written; a chain may be a ring."""
_A_LINE_A_TASK: Final = ("celery.worker.strategy", "celery.app.trace")
"""Loggers of Celery that say of each task what the worker's own line says of each stage."""
_LEAST: Final = {
    "celery.pool": logging.INFO,
    "flower": logging.INFO,
    "flower.inspector": logging.ERROR,
    "multiprocessing": logging.WARNING,
}
"""The least level of loggers that below it write whole messages and settings, or what is of no use: how billiard comes
by its memory, and that Flower has found no worker yet."""

_UNNAMED: Final = frozenset({"timestamp", "level", "event", "logger", "exception"})
"""Fields that in text stand before the others, or below, without their names."""
_PLAIN: Final = re.compile(r"[^\s='\"\\]+")
"""A value that needs no quotes."""
_COLORS: Final = {
    "time": 2,
    "event": 1,
    "name": 36,
    "value": 35,
    "critical": 31,
    "error": 31,
    "warning": 33,
    "info": 32,
    "debug": 32,
}
"""Of each part of a line, and of each level (ECMA-48, SGR)."""

_Fields = dict[str, Any]

_worker = ""


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
    if isinstance(record.msg, BaseException):
        template = described(record.msg)
    if isinstance(record.args, Mapping):
        return template % {**record.args, "exc": _error_of(record)}
    return template % tuple(map(_harmless, record.args)) if record.args else template


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


def _stack_of(error: BaseException | None) -> str:
    """Return the stack of ``error`` and of those that led to it, without their values, but where these are harmless."""
    parts: list[str] = []
    while error is not None and len(parts) < _CHAIN:
        stack = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{stack}{described(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(reversed(parts))


class _Formatter(logging.Formatter):
    """Lines of all loggers, those of libraries too, in one form."""

    def __init__(self, render: Callable[[_Fields], str]) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        return self._render(_fields(record))


def _fields(record: logging.LogRecord) -> _Fields:
    """Return the fields of a line, in their order."""
    named = {"worker": _worker, "job": JOB.get(), "stage": STAGE.get()}
    ours = record.name.partition(".")[0] in _PROJECT
    return {
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
        "level": record.levelname.lower(),
        "event": " ".join(message_of(record).split()),
        "logger": record.name,
        "process": record.processName,
        **{name: value for name, value in named.items() if value},
        **(getattr(record, "fields", {}) if ours else {}),
        **({"exception": _stack_of(record.exc_info[1])} if record.exc_info else {}),
    }


def _as_json(fields: _Fields) -> str:
    return json.dumps(fields, default=repr)


def _as_text(fields: _Fields) -> str:
    return _line(fields, lambda text, _: text)


def _in_color(fields: _Fields) -> str:
    return _line(fields, lambda text, what: f"\x1b[{_COLORS.get(what, 0)}m{text}\x1b[0m")


def _line(fields: _Fields, paint: Callable[[str, str], str]) -> str:
    """Write a line for people, and the stack of its error below; ``paint`` is told what a text is."""
    level, event, stack = fields["level"], _printable(fields["event"]), fields.get("exception")
    rest = {name: value for name, value in fields.items() if name not in _UNNAMED}
    first = [
        paint(fields["timestamp"], "time"),
        f"[{paint(level.ljust(8), level)}]",
        paint(event.ljust(30), "event"),
        f"[{fields['logger']}]",
        *(f"{paint(name, 'name')}={paint(_value(value), 'value')}" for name, value in rest.items()),
    ]
    # Indented, so that none of its lines looks like one of the log.
    below = [f"  {_printable(line)}" for line in stack.split("\n")] if stack else []
    return "\n".join([" ".join(first), *below])


def _value(value: object) -> str:
    """Write a value so that its end is seen: ids of others may hold anything."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) and text.isprintable() else repr(text)


def _printable(text: str) -> str:
    """Escape what a terminal would obey, or take for the end of a line."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def for_people(form: LogFormat) -> bool:
    """Tell whether lines of this ``form`` are text for people here."""
    return form is LogFormat.TEXT or (form is LogFormat.AUTO and sys.stderr.isatty())


def _renderer(form: LogFormat) -> Callable[[_Fields], str]:
    if not for_people(form):
        return _as_json
    return _in_color if sys.stderr.isatty() and not os.environ.get("NO_COLOR") else _as_text  # no-color.org


def configure(level: str, form: LogFormat = LogFormat.AUTO) -> None:
    """Send the root logger's lines of ``level`` and above to stderr, and what Python would print there itself."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter(_renderer(form)))
    handler.addFilter(_wanted)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)  # among them Celery's, which repeat an error with its value
    logging.raiseExceptions = False  # else a line that cannot be written is, with its arguments
    get_pool_logger().propagate = True  # billiard's, which would print by itself
    for name, least in _LEAST.items():
        logging.getLogger(name).setLevel(least)
    for name in _A_LINE_A_TASK:
        logging.getLogger(name).setLevel(logging.WARNING if level == "INFO" else logging.NOTSET)
    # Python would print these with their values.
    sys.excepthook = lambda _, error, __: _uncaught("this process ends", error)
    threading.excepthook = lambda of: _uncaught("a thread ends", of.exc_value)
    sys.unraisablehook = lambda of: _uncaught("an error that cannot be raised", of.exc_value)


def _uncaught(what: str, error: BaseException | None) -> None:
    logging.getLogger(__name__).error("%s", what, exc_info=error)


def name_worker(name: str) -> None:
    """Let each line of this process, and of those that it forks, say which worker it is of."""
    global _worker  # noqa: PLW0603 - a process is one worker's
    _worker = name


def _wanted(record: logging.LogRecord) -> bool:
    """Libraries warn of every odd page, whose reason the answer says."""
    return record.levelno >= logging.ERROR or record.name.partition(".")[0] in _OURS
