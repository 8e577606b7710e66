"""What poison pages do to the process that works on them: the real things, in the real child.

A job's id says what it does: ``poison-<effect>-<number>``; its number says in which step.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

_MEMORY: Final = 1 << 30
"""Bytes that a process may have whose worker sets no limit."""
_PIECE: Final = 16 << 20
_PIECES: Final = 16
"""What a page takes before the kernel is said to have killed its process."""


# Opened before the pool forks: a child may not be allowed to open files.
_STARTS: Final = os.open(os.environ.get("CHAOS_STARTS", os.devnull), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def act(job_id: str, step: int) -> None:
    """Do what the job does in the step ``step``, 0 to 2: nothing, where it is no poison, or another step's."""
    if not job_id.startswith("poison-"):
        return
    _, effect, number = job_id.split("-")
    if int(number) % 3 == step:
        _note(job_id)
        _EFFECTS[effect]()


def poison_id(effect: str, number: int) -> str:
    """Return the id of a job that has this effect."""
    return f"poison-{effect}-{number}"


def starts(path: Path) -> list[str]:
    """Return the poison jobs that began to act, one id each time, in order."""
    return path.read_text().split() if path.exists() else []


def _note(job_id: str) -> None:
    os.write(_STARTS, f"{job_id}\n".encode())


def _loop() -> NoReturn:
    while True:
        pass


def _deaf() -> NoReturn:
    """As native code in an endless loop: whatever Python raises in it is not seen."""
    while True:
        with contextlib.suppress(BaseException):
            while True:
                time.sleep(1)


def _hog() -> NoReturn:
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if soft == resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY, hard))
    taken = []
    while True:
        taken.append(bytearray(_PIECE))


def _oom() -> None:
    """Take the memory, and be killed for it, as the kernel does; the kill is our own, so that it hits nobody else."""
    taken = [bytearray(_PIECE) for _ in range(_PIECES)]
    os.kill(os.getpid(), signal.SIGKILL)
    taken.clear()


_EFFECTS: Final[dict[str, Callable[[], None]]] = {
    "abort": os.abort,
    "loop": _loop,
    "deaf": _deaf,
    "hog": _hog,
    "oom": _oom,
}
