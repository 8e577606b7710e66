"""What a worker says of its own health, once a second: `worker.health` has it for probes."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Final

import redis
from celery import bootsteps, signals
from celery.utils.log import get_logger

from worker import runtime
from worker.connection import connect
from worker.errors import OperatorError
from worker.health import Report, withdraw
from worker.intake import IntakeStep

_EVERY: Final = 1.0
_PING_SECONDS: Final = 3.0
"""How long the server may take to answer."""
_LATE: Final = 10.0
"""Seconds after which a loop that has not gone round keeps a worker from being ready."""
_STUCK: Final = 600.0
"""Seconds after which such a loop will not go on by itself: longer than all tries of a server that keeps silent."""

logger = get_logger(__name__)


@dataclass
class Vitals:
    """What is known of a worker; times are by the monotonic clock."""

    looped: float = field(default_factory=time.monotonic)
    """When Celery's loop went round last."""
    served: float = field(default_factory=time.monotonic)
    """When the server answered last."""
    away: str | None = None
    """Why it does not answer; None: it does."""
    away_ended: float = field(default_factory=time.monotonic)
    """When it began to answer again."""
    stopping: bool = False

    def not_live(self, intake: IntakeStep | None, now: float) -> str | None:
        """Return what is wrong with the worker itself, in words.

        A server that is away is no fault of the worker's, and nothing is to be expected of its loops meanwhile.
        """
        if self.stopping:
            return None
        if intake is not None and not intake.alive:
            return "the thread that takes jobs in has ended"
        if intake is not None and now - intake.turned > _STUCK:
            return f"it has not looked for jobs for {now - intake.turned:.0f} s"
        if self.away is None and now - max(self.looped, self.away_ended) > _STUCK:
            return f"Celery's loop has not gone round for {now - self.looped:.0f} s"
        return None

    def not_ready(self, intake: IntakeStep | None, now: float) -> str | None:
        """Return why the worker can take no jobs in, in words."""
        if self.stopping:
            return "it is being stopped"
        if self.away is not None:
            return f"the server has not answered for {now - self.served:.0f} s: {self.away}"
        if now - self.looped > _LATE:
            return f"Celery's loop has not gone round for {now - self.looped:.0f} s"
        if intake is not None and now - intake.served > _LATE:
            return f"it has not been able to look for jobs for {now - intake.served:.0f} s"
        return None


class HealthStep(bootsteps.StartStopStep):  # type: ignore[misc]
    """Writes the worker's health down until it ends."""

    requires = ("celery.worker.components:Timer", IntakeStep)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._vitals = Vitals()
        self._ended = threading.Event()

    def start(self, worker: Any) -> None:
        """Begin to write."""
        worker.timer.call_repeatedly(_EVERY, self._looped)
        # A connection of its own, and no second try: that it does not answer at once is what is to be known.
        settings = runtime.settings()
        client = connect(str(settings.redis_url), 0, _PING_SECONDS, settings.home_namespace)
        thread = threading.Thread(target=self._run, args=(worker, client), name="health", daemon=True)
        thread.start()
        signals.worker_shutdown.connect(lambda **_: self._end(worker.hostname, thread), weak=False)

    def stop(self, worker: Any) -> None:
        """Say so."""
        self._vitals.stopping = True

    terminate = stop

    def _looped(self) -> None:
        self._vitals.looped = time.monotonic()

    def _run(self, worker: Any, client: redis.Redis) -> None:
        intake = getattr(worker, "intake", None)
        try:
            while not self._ended.wait(_EVERY):
                self._ping(client)
                now, vitals = time.monotonic(), self._vitals
                not_live, not_ready = vitals.not_live(intake, now), vitals.not_ready(intake, now)
                Report(worker.hostname, os.getpid(), now, not_live, not_ready).write()
        except (OSError, OperatorError) as error:
            logger.warning("`pagefacts health` will not know of this worker, its report cannot be written: %s", error)

    def _ping(self, client: redis.Redis) -> None:
        vitals = self._vitals
        try:
            client.ping()
        except (redis.RedisError, OSError) as error:
            vitals.away = str(error)
            return
        vitals.served = time.monotonic()
        if vitals.away is not None:
            vitals.away, vitals.away_ended = None, vitals.served

    def _end(self, name: str, thread: threading.Thread) -> None:
        self._ended.set()
        thread.join(timeout=2 * _PING_SECONDS)
        withdraw(name)
