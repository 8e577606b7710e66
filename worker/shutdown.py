"""The end of a worker: what it has begun is finished within the grace time, all else is given back at once."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
from typing import Any, Final

from billiard.exceptions import WorkerLostError
from celery import bootsteps, signals
from celery.utils.log import get_logger

from worker import runtime

_SETTLED: Final = 0.5
"""Seconds after which it is known what the pool has begun with."""

logger = get_logger(__name__)


class ShutdownStep(bootsteps.StartStopStep):  # type: ignore[misc]
    """Stops between the consumer, which takes no more messages then, and the pool, which waits for what runs."""

    requires = ("celery.worker.components:Pool",)

    def start(self, worker: Any) -> None:
        """Listen for tasks that are cancelled."""
        signals.task_retry.connect(send_again)

    def stop(self, worker: Any) -> None:
        """Give back what has not begun, and let what runs go on for the grace time."""
        # At the signal of a cold shutdown Celery cancels what runs.
        grace = threading.Timer(runtime.settings().grace, os.kill, (os.getpid(), signal.SIGQUIT))
        grace.daemon = True
        grace.start()
        signals.worker_shutdown.connect(lambda **_: grace.cancel(), weak=False)
        signals.task_failure.connect(send_lost_again)
        tasks = worker.consumer.task_consumer
        if tasks is None:
            return
        # Celery requeues these messages too, but only when the last task has ended.
        with contextlib.suppress(*worker.consumer.connection_errors):
            _read_out(tasks.channel)
        worker.timer.call_after(_SETTLED, tasks.recover, (), {"requeue": True})

    def terminate(self, worker: Any) -> None:
        """Leave the rest to Celery, which waits for nothing at a cold shutdown."""


def _read_out(channel: Any) -> None:
    """Requeue the message that the server may still give to this worker, which asks for one a second ahead."""
    if channel._in_poll:  # noqa: SLF001 - kombu does the same, when it closes the channel
        with contextlib.suppress(queue.Empty):
            channel._brpop_read()  # noqa: SLF001


def send_lost_again(sender: Any, exception: BaseException, **_: Any) -> None:
    """Send a task anew whose process has ended while the worker stops: some supervisors signal the whole group."""
    if isinstance(exception, WorkerLostError):
        send_again(sender, sender.request)


def send_again(sender: Any, request: Any, reason: Any = None, **_: Any) -> None:
    """Send a task anew that Celery has cancelled, with the rest of its chain: the next worker does it at once.

    The attempt stays the same: that a worker stops is no fault of the page, and does not count against it.
    """
    if reason is not None:  # the task itself asked for another try, and Celery has sent it
        return
    logger.warning("%s of job %s is stopped and given back", sender.name, request.args[0])
    sender.signature_from_request(request).apply_async()
