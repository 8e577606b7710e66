"""SIGINT and SIGTERM for a command that has something to finish first."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(BaseException):
    """A person or a supervisor has asked for the end."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.exit_status = 128 + signal_number
        """As a shell has it."""


class Stop:
    """Both signals raise `Stopped`, but not within what has to be done in one piece."""

    def __init__(self) -> None:
        self._asked: int | None = None
        self._holding = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the signals until the block ends."""
        before = {number: signal.signal(number, self._take) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Raise only at the end of the block; a second signal does not wait for that."""
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
        if self._asked is not None:
            raise Stopped(self._asked)

    def _take(self, number: int, _: FrameType | None) -> None:
        again, self._asked = self._asked is not None, number
        if again or not self._holding:
            raise Stopped(number)
