"""A worker as a child of this process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from worker.errors import OperatorError

_GRACE: Final = 30.0
_TAIL: Final = 4_000


class WorkerDied(OperatorError):
    """The worker ended while jobs were waiting."""


class ChildWorker:
    """A running child."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    def check(self) -> None:
        """Raise `WorkerDied`, with the end of its log, where the child has ended."""
        if self._process.poll() is not None:
            tail = self._log.read_text(errors="replace")[-_TAIL:]
            raise WorkerDied(f"the worker ended with status {self._process.returncode}:\n{tail}")


@contextmanager
def child_worker(redis_url: str, concurrency: int, log: Path) -> Iterator[ChildWorker]:
    """Run a worker until the block ends; its lines go to ``log``. It ends with this process, however that ends."""
    # -P: the folder that the command is run in may hold a `config` or a `tasks` of its own.
    command = [sys.executable, "-P", "-m", "pagefacts", "worker", "--with-parent", "--concurrency", str(concurrency)]
    # Its log is shown to people, and the port of metrics is that of a worker which stays.
    ours = {"REDIS_URL": redis_url, "PAGEFACTS_METRICS_PORT": ""}
    environment = {"PAGEFACTS_LOG_FORMAT": "text", **os.environ, **ours}
    with log.open("wb") as lines:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=subprocess.PIPE, stdout=lines, stderr=lines, env=environment, start_new_session=True
        )
    try:
        yield ChildWorker(process, log)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=_GRACE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.stdin is not None:
        process.stdin.close()


_has_parent: Final = threading.Event()


def has_parent() -> bool:
    """Tell whether this process is such a child, or a fork of one."""
    return _has_parent.is_set()


def end_with_parent() -> None:
    """In the child: stop, as on SIGTERM, when the parent's end of stdin is closed, as it is when the parent dies."""
    _has_parent.set()

    def watch() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
