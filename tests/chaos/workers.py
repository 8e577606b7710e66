"""Workers in process groups of their own, that are killed and started anew."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from support import until

_START: Final = 180.0
_GRACE: Final = 40.0
"""Seconds that a stopping worker has: longer than the hard limit of a step."""


@dataclass(frozen=True, slots=True)
class Program:
    """How a worker is started: its command up to the name of the host, and its environment."""

    command: list[str]
    environment: dict[str, str]


class Group:
    """A worker: its main process and the children of its pool."""

    def __init__(self, program: Program, name: str, log: Path) -> None:
        self.name = name
        self.log = log
        self._gone = False
        with log.open("wb") as lines:
            self.process = subprocess.Popen(
                [*program.command, "--hostname", name],
                env=program.environment,
                stdout=lines,
                stderr=lines,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether the main process runs."""
        return self.process.poll() is None

    @property
    def ready(self) -> bool:
        """Whether it has said that it takes jobs, or has ended."""
        return b" ready." in self.log.read_bytes() or not self.alive

    def children(self) -> list[int]:
        """The processes of its pool."""
        try:
            listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        except FileNotFoundError:
            return []
        return [int(pid) for pid in listed.split()]

    def signal(self, number: int) -> None:
        """Send a signal to the whole group."""
        if self._gone:  # the number may be another group's by now
            return
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            self._gone = True

    def kill(self) -> None:
        """End the whole group at once."""
        self.signal(signal.SIGKILL)
        self.process.wait()
        self._gone = True

    def kill_main(self) -> None:
        """End the main process alone."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> None:
        """End it as an operator does, who kills what does not end in time."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=_GRACE)
        self.kill()


class Workers:
    """So many workers, as a service manager keeps them."""

    def __init__(self, program: Program, count: int, folder: Path, say: Callable[[str], None]) -> None:
        self._program = program
        self._folder = folder
        self._say = say
        self._started = 0
        self._all: list[Group] = []
        self.ended = 0
        """How many ended though nobody had ended them."""
        self._groups = [self._start(slot) for slot in range(count)]
        for group in self._groups:
            self._wait(group)

    def pick(self, number: int) -> int:
        """Return one of the places, after those that stand empty are filled."""
        self.revive()
        return number % len(self._groups)

    def __getitem__(self, slot: int) -> Group:
        return self._groups[slot]

    def replace(self, slot: int) -> None:
        """Start a new worker of the same name, and wait until it takes jobs."""
        self._groups[slot] = self._start(slot)
        self._wait(self._groups[slot])

    def revive(self) -> None:
        """Start those anew that have ended by themselves."""
        for slot, group in enumerate(self._groups):
            if not group.alive:
                self.ended += 1
                self._say(f"{group.name} has ended by itself with status {group.process.returncode}: {group.log}")
                group.kill()
                self.replace(slot)

    def close(self) -> None:
        """End all, and whatever they left."""
        for group in self._all:
            group.kill()

    def _start(self, slot: int) -> Group:
        self._started += 1
        group = Group(self._program, f"w{slot}@chaos", self._folder / f"worker{slot}-{self._started}.log")
        self._all.append(group)
        return group

    def _wait(self, group: Group) -> None:
        until(lambda: group.ready, _START, f"{group.log} ready")
        time.sleep(0.1)
