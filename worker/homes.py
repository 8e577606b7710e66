"""Which shard a worker is at home in, where there are several.

Workers note it on the first shard's server, every ten seconds, so that a new one goes where the fewest are, and all
know which shards nobody is at home in.
"""

from __future__ import annotations

import os
import socket
import time
from typing import Final
from zlib import crc32

from celery.utils.log import get_logger
from redis import RedisError

from config.settings import Settings
from worker.connection import open_ledger
from worker.ledger import Ledger

_EVERY: Final = 10.0
"""Seconds between notes."""
_COUNTED: Final = 5
"""Seconds for which a count serves all workers: to count a thousand takes the server a millisecond."""
_FORGOTTEN: Final = 35
"""Seconds after which a worker that notes nothing is forgotten."""
_STARTING: Final = 120
"""The same of one that starts: it loads its models first."""
_PATIENCE: Final = 3.0
"""Seconds that the server may take: its word is not needed."""

logger = get_logger(__name__)


class Homes:
    """The homes of all workers of a ledger, as this process notes its own and learns theirs."""

    def __init__(self, ledger: Ledger, shards: int, worker: str = "") -> None:
        """``ledger``: the first shard's; ``worker``: a name, that of this process unless given."""
        self._keys = [ledger.keys.homes, ledger.keys.homes_counted]
        self._script = ledger.script("home")
        self._shards = shards
        self._worker = worker or f"{socket.gethostname()}:{os.getpid()}"
        self._counts: list[int] = [1] * shards
        self._next = 0.0

    @classmethod
    def of(cls, settings: Settings) -> Homes:
        """Return those of the settings' ledger, on a connection of its own."""
        return cls(open_ledger(settings, retries=0, timeout=_PATIENCE), settings.shards)

    @property
    def lonely(self) -> set[int]:
        """The shards that no worker is at home in, as far as is known."""
        return {shard for shard, count in enumerate(self._counts) if not count}

    def choose(self) -> int:
        """Return the home of this worker, which starts; where the server does not answer, any."""
        try:
            return self._note(None, _STARTING)
        except (RedisError, OSError) as error:
            home = crc32(self._worker.encode()) % self._shards
            logger.warning("shard %d is this worker's home: the server cannot be asked for another, %s", home, error)
            return home

    def keep(self, home: int) -> None:
        """Note now and then that this worker is at home in shard ``home``."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _EVERY
        try:
            self._note(home, _FORGOTTEN)
        except (RedisError, OSError) as error:
            logger.warning("it could not be noted that shard %d is this worker's home: %s", home, error)

    def _note(self, home: int | None, seconds: int) -> int:
        chosen, *self._counts = self._script(
            self._keys, [self._shards, "" if home is None else home, self._worker, seconds, _COUNTED]
        )
        return int(chosen)
