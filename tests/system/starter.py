"""Runs `pagefacts`, with faults that jobs bring in by their ids: what a page would do that had taken a process over.

``python starter.py worker …`` is `pagefacts worker …` but for jobs whose id begins with the name of a fault. The marker
in ``STARTER_MARKER`` stands for the text of their pages.
"""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tasks.extract
import tasks.page
from pagefacts.contracts import Job
from pagefacts.errors import UnreadablePage
from worker import runtime
from worker.broker.request import PageTask

MARKER = os.environ.get("STARTER_MARKER", "")


def probe() -> None:
    """Try everything that no page has a reason to, and leave what came of it on the server."""
    attempts: dict[str, Callable[[], Any]] = {
        "connect": lambda: socket.create_connection(("127.0.0.1", int(os.environ["STARTER_PORT"])), 5).close(),
        "connect by sending": lambda: _fast_open(int(os.environ["STARTER_PORT"])),
        "listen": lambda: socket.create_server(("127.0.0.1", 0)),
        "datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "read": lambda: Path(os.environ["STARTER_SECRET"]).read_text(),
        "list": lambda: list(Path(os.environ["STARTER_SECRET"]).parent.iterdir()),
        "write": lambda: os.close(tempfile.mkstemp(dir=Path(os.environ["STARTER_SECRET"]).parent)[0]),
        "delete": lambda: Path(os.environ["STARTER_SECRET"]).with_suffix(".other").unlink(),
        "run": lambda: subprocess.run(["/bin/true"]),
        "replace": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "fork": lambda: os.fork() or os._exit(0),
        "signal": lambda: os.kill(os.getppid(), 0),
        "environment": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    }
    runtime.ledger().client.rpush(f"probes:{runtime.settings().namespace}", json.dumps(_tried(attempts)))


def _tried(attempts: dict[str, Callable[[], Any]]) -> dict[str, str]:
    outcomes = {}
    for name, attempt in attempts.items():
        try:
            attempt()
        except OSError as error:
            outcomes[name] = type(error).__name__
        else:
            outcomes[name] = "done"
    return outcomes


def _fast_open(port: int) -> None:
    with socket.socket() as connection:
        connection.sendto(b"x", 0x20000000, ("127.0.0.1", port))  # MSG_FASTOPEN


def hog() -> None:
    taken = []
    while True:
        taken.append(b"x" * 10_000_000)


def huge() -> None:
    bytearray(1 << 40)


def value_error() -> None:
    float(MARKER)


def unicode_error() -> None:
    (MARKER.encode() + b"\xff").decode()


def key_error() -> None:
    {}[MARKER]


def chained_error() -> None:
    try:
        float(MARKER)
    except ValueError as error:
        raise RuntimeError(MARKER) from error


def validation_error() -> None:
    Job.model_validate({"body": MARKER, MARKER: MARKER})


def system_error() -> None:
    Path(f"/{MARKER}").read_text()


def page_error() -> None:
    raise UnreadablePage(MARKER)


def group_error() -> None:
    raise ExceptionGroup(MARKER, [ValueError(MARKER)])


class _Rude(Exception):
    def __repr__(self) -> str:
        return MARKER


def rude_error() -> None:
    raise _Rude(MARKER)


def talk() -> None:
    """Log as libraries do."""
    for name in ("trafilatura.core", "a.library", "urllib3.connectionpool"):
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
            logging.getLogger(name).log(level, "discarded %s", MARKER)
            logging.getLogger(name).log(level, f"discarded {MARKER}")  # noqa: G004
    try:
        float(MARKER)
    except ValueError:
        logging.getLogger("a.library").exception(MARKER)
        logging.getLogger("worker.step").exception("the step failed")
    warnings.warn(MARKER, stacklevel=1)


FAULTS: dict[str, Callable[[], None]] = {
    name: globals()[name.replace("-", "_")]
    for name in (
        *("probe", "hog", "huge", "talk", "value-error", "unicode-error", "key-error", "chained-error"),
        *("validation-error", "system-error", "page-error", "group-error", "rude-error"),
    )
}


def _faulty(function: Callable[..., Any]) -> Callable[..., Any]:
    def with_fault(job: Job, *rest: Any) -> Any:
        if fault := FAULTS.get(str(job.id).partition(":")[0]):
            fault()
        return function(job, *rest)

    return with_fault


def _after_return(_: Any, state: str, retval: Any, task_id: str, args: Any, *rest: Any) -> None:
    if str(args[0]).startswith("late-hog"):
        raise MemoryError


if __name__ == "__main__":
    tasks.extract.extract_article = _faulty(tasks.extract.extract_article)
    tasks.page.process = _faulty(tasks.page.process)
    PageTask.after_return = _after_return

    from pagefacts.__main__ import main

    sys.exit(main())
