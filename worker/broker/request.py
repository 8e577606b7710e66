"""What a worker's main process says of a task, to Flower and to `celery inspect`: never what its page is, or quotes."""

from __future__ import annotations

import re
from typing import Any, Final

from celery import Task
from celery.utils.dispatch import Signal
from celery.utils.log import get_logger
from celery.worker import state
from celery.worker.request import Request

from config.celeryconfig import SUBMIT

_TYPE: Final = re.compile(r"[A-Za-z_]\w*(?=\()")

moved_on: Final = Signal(name="moved_on")
"""Sent in the main process when a child begins a task, or ends one and no other waits: there may be room for a job."""

logger = get_logger(__name__)


class PageRequest(Request):  # type: ignore[misc]
    """A task as the worker has received it."""

    def info(self, safe: bool = False) -> Any:
        """Return what `celery inspect` shows: the arguments as the message shows them, for one task's hold a page."""
        return super().info(safe=True)

    def send_event(self, type: str, **fields: Any) -> None:  # noqa: A002 - Celery's name
        """Send the event with an error's type only; its value may quote the page, the traceback has it too."""
        if "exception" in fields:
            found = _TYPE.match(str(fields["exception"]))
            fields["exception"] = f"{found[0]}()" if found else "Exception()"
            fields["traceback"] = "in the worker's log"
        super().send_event(type, **fields)

    def on_accepted(self, *args: Any, **options: Any) -> None:
        """Take note of a child that has begun."""
        super().on_accepted(*args, **options)
        moved_on.send(sender=self)

    def on_success(self, *args: Any, **options: Any) -> None:
        """Take note of a child that has ended a task well."""
        super().on_success(*args, **options)
        self._end()

    def on_failure(self, *args: Any, **options: Any) -> None:
        """Take note of a failure in a child."""
        try:
            super().on_failure(*args, **options)
        except MemoryError:  # Celery raises the child's here again, where it would end all
            logger.exception("a child had no memory left: %s", self.humaninfo())
        self._end()

    def _end(self) -> None:
        if len(state.reserved_requests) == len(state.active_requests):  # else a child begins another now
            moved_on.send(sender=self)


class PageTask(Task):  # type: ignore[misc]
    """The class of all tasks."""

    abstract = True
    Request = f"{PageRequest.__module__}:{PageRequest.__qualname__}"

    def apply_async(self, *args: Any, **options: Any) -> Any:
        """Send the task; of a job that is sent again, as where the stream was full, no event shows the page."""
        if self.name == SUBMIT:
            options.setdefault("argsrepr", "(job,)")
        return super().apply_async(*args, **options)
