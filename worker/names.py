"""The name of a worker that was given none."""

from __future__ import annotations

import fcntl
from itertools import count
from typing import IO, Final

from worker.errors import OperatorError
from worker.folders import private_folder

_HELD: Final[list[IO[str]]] = []
"""The lock of this process's name, kept open until it ends."""


def free_name() -> str:
    """Return the first of ``pagefacts1@%h``, ``pagefacts2@%h``, ... that no worker of this machine has; ``%h``: host.

    Two of one name would share their jobs in flight, and hide each other in Flower. The name is this process's until
    it ends, however it ends. Where no file can be locked all workers have the first name.
    """
    for number in count(1):
        try:
            lock = (private_folder() / f"pagefacts{number}.lock").open("w")
        except (OSError, OperatorError):
            return "pagefacts1@%h"
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # it is another's
            lock.close()
            continue
        _HELD.append(lock)
        break
    return f"pagefacts{number}@%h"
