"""Reads the state of the queue for scrapes, and keeps none of them waiting for long."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from threading import Lock, Thread
from typing import Final, Generic, TypeVar

from celery.utils.log import get_logger
from redis import RedisError

_FRESH: Final = 1.0
"""Seconds for which a state that was read serves all scrapes."""
_PATIENCE: Final = 1.5
"""Seconds for which a scrape waits for the state: it then goes without."""

_State = TypeVar("_State")

logger = get_logger(__name__)


class Lookout(Generic[_State]):
    """Has the state of the queue for whoever asks."""

    def __init__(self, read: Callable[[], _State]) -> None:
        self._read = read
        self._turn = Lock()
        self._look: _Look[_State] | None = None
        self._was_away = False
        # A child forked while a message is being sent would inherit locks that nobody there will ever release.
        self._reading = Lock()
        os.register_at_fork(
            before=self._reading.acquire, after_in_parent=self._reading.release, after_in_child=self._reading.release
        )

    def state(self) -> _State | None:
        """Return the state, at most a second old; None where the server does not give it."""
        with self._turn:
            if self._look is None or self._look.is_over():
                self._look = _Look(self._try)
            look = self._look
        return look.outcome()

    def _try(self) -> _State | None:
        try:
            with self._reading:
                state = self._read()
        except (RedisError, OSError) as error:
            if not self._was_away:
                logger.warning("the metrics are told without the state of the queue: %s", error)
            self._was_away = True
            return None
        self._was_away = False
        return state


class _Look(Generic[_State]):
    """One reading, in a thread of its own: some of what it does, such as finding a host, has no time limit."""

    def __init__(self, read: Callable[[], _State | None]) -> None:
        self._read = read
        self._state: _State | None = None
        self._began = time.monotonic()
        self._thread = Thread(target=self._run, name="queue state", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        self._state = self._read()

    def is_over(self) -> bool:
        """Tell whether it has ended, and what it found is too old."""
        return not self._thread.is_alive() and time.monotonic() - self._began > _FRESH

    def outcome(self) -> _State | None:
        """Return what it found, or None where it takes too long."""
        self._thread.join(max(0.0, self._began + _PATIENCE - time.monotonic()))
        return self._state
