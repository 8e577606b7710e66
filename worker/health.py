"""The health of the workers on this machine: each says itself, once a second, what is wrong with it.

A probe is run every few seconds and must be quick: it reads a file, asks no server and imports next to nothing.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Final
from urllib.parse import quote

from worker.folders import private_folder

_FOLDER: Final = "workers"
"""Has a file for each worker, within `private_folder`."""


class Probe(Enum):
    """What is asked of a worker; the value is how many seconds old its last word may be."""

    LIVE = 60.0
    """Whether it works at all: one that does not should be started again."""
    READY = 15.0
    """Whether it can take jobs in now; starting it again does not help where it cannot."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker says of itself."""

    name: str
    pid: int
    at: float
    """When, by the machine's monotonic clock."""
    not_live: str | None
    """What is wrong with the worker itself; None: nothing."""
    not_ready: str | None
    """Why it can take no jobs in; None: it can."""

    def write(self) -> None:
        """Put it where probes look, in place of what the worker said before."""
        path = _path(self.name)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self)), encoding="utf-8")
        fresh.replace(path)

    def wrong(self, probe: Probe) -> str | None:
        """Return what is wrong, in words; None where nothing is."""
        silent = time.monotonic() - self.at
        # Younger than now is what was written before the machine was started.
        if not 0 <= silent <= probe.value:
            return f"it has said nothing for {silent:.0f} s" if silent > 0 else "it has said nothing"
        return self.not_live or (self.not_ready if probe is Probe.READY else None)

    @property
    def forgotten(self) -> bool:
        """Whether the worker is gone that has left this behind."""
        try:
            os.kill(self.pid, 0)
        except (ProcessLookupError, PermissionError):  # the second: by now the number is another user's
            return True
        return False


def reports() -> Iterator[Report]:
    """Yield what the workers of this user on this machine say, by their names."""
    for path in sorted(_folder().glob("*.json")):
        try:
            report = Report(**json.loads(path.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            continue  # it has ended meanwhile; or the machine has, or the worker is of another version
        if not report.forgotten:
            yield report


def withdraw(name: str) -> None:
    """Take away what the worker ``name`` said: it ends."""
    _path(name).unlink(missing_ok=True)


def _path(name: str) -> Path:
    return _folder() / f"{quote(name, safe='@')}.json"


def _folder() -> Path:
    folder = private_folder() / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
