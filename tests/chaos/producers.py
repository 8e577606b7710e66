"""Producers that try again until they know, and what they know."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Final

from chaos.systems import Refused, System, Unknown

_THREADS: Final = 4
_OUTSTANDING: Final = {"before": 4, "during": 150, "after": 4}
"""Jobs sent and not answered at most: few where times without faults are taken, enough for all faults to meet some."""
_AGAIN: Final = 0.1


class Book:
    """What the producers know, and how long things took; for all threads."""

    def __init__(self, late: float) -> None:
        """``late``: seconds after which a job without an answer holds no producer back; it may be lost."""
        self._late = late
        self.accepted: set[str] = set()
        self.unknown: set[str] = set()
        self.poison: set[str] = set()
        self.refusals: Counter[str] = Counter()
        """Errors that a server gave, by their first word."""
        self.unclear: list[str] = []
        """Errors of a kind that no producer should see."""
        self.phase = "before"
        self.seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
        """Durations by what was timed, and the phase in which it began."""
        self._sent: dict[str, tuple[str, float]] = {}
        self._answered: set[str] = set()
        self._lock = threading.Lock()

    def accept(self, job_id: str, phase: str, started: float) -> None:
        """Note that the server has acknowledged a job."""
        now = time.monotonic()
        with self._lock:
            self.seconds["enqueue", phase].append(now - started)
            if job_id not in self._answered:
                self._sent.setdefault(job_id, (phase, now))
            self.accepted.add(job_id)
            self.unknown.discard(job_id)

    def doubt(self, job_id: str) -> None:
        """Note that a job was sent and no answer came."""
        with self._lock:
            if job_id not in self.accepted:
                self.unknown.add(job_id)

    def refuse(self, reason: str) -> None:
        """Note that the server has refused a job."""
        with self._lock:
            self.refusals[reason] += 1

    def answer(self, job_id: str) -> None:
        """Note that an answer was seen."""
        with self._lock:
            self._answered.add(job_id)
            if (sent := self._sent.pop(job_id, None)) and job_id not in self.poison:
                self.seconds["answer", sent[0]].append(time.monotonic() - sent[1])

    @property
    def waiting(self) -> set[str]:
        """Accepted and not answered."""
        with self._lock:
            return self.accepted - self._answered

    @property
    def outstanding(self) -> int:
        """How many were accepted lately and are not answered."""
        since = time.monotonic() - self._late
        with self._lock:
            return sum(sent > since for _, sent in self._sent.values())

    @property
    def answered(self) -> int:
        """How many ids were answered."""
        with self._lock:
            return len(self._answered)


class Producers:
    """Threads that send jobs as far as they are let."""

    def __init__(self, system: System, book: Book) -> None:
        self._system = system
        self._book = book
        self._busy = 0
        self._next = 0
        self._allowed = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, name=f"producer{n}", daemon=True) for n in range(_THREADS)]
        for thread in self._threads:
            thread.start()

    def allow(self, jobs: int) -> None:
        """Let so many jobs be sent in all."""
        self._allowed = jobs

    @property
    def taken(self) -> int:
        """How many were sent, or are being sent."""
        return self._next

    @property
    def done(self) -> bool:
        """Whether all that may be sent was sent, and its fate is known."""
        return self._next >= self._allowed and not self._busy

    def send(self, job_id: str, number: int) -> None:
        """Send a job until it is accepted, or the fate of one that may not be sent twice is unknown."""
        phase, started = self._book.phase, time.monotonic()
        while not self._stop.is_set():
            if self._try(job_id, number, phase, started):
                return
            time.sleep(_AGAIN)

    def close(self) -> None:
        """Send no more."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _try(self, job_id: str, number: int, phase: str, started: float) -> bool:
        """Send a job once; return whether there is nothing more to do."""
        try:
            self._system.submit(job_id, number)
        except Refused as error:
            self._book.refuse(str(error))
            return False
        except Unknown:
            self._book.doubt(job_id)
            return not self._system.by_id
        except Exception as error:  # whatever it is, it is told
            self._book.unclear.append(repr(error))
            self._book.doubt(job_id)
            return not self._system.by_id
        self._book.accept(job_id, phase, started)
        return True

    def _take(self) -> int | None:
        with self._lock:
            if self._next >= self._allowed or self._book.outstanding >= _OUTSTANDING[self._book.phase]:
                return None
            self._next += 1
            self._busy += 1
            return self._next - 1

    def _run(self) -> None:
        while not self._stop.is_set():
            if (number := self._take()) is None:
                time.sleep(0.02)
                continue
            self.send(f"job-{number}", number)
            with self._lock:
                self._busy -= 1


class Watcher:
    """Calls ``look`` again and again in a thread of its own, whatever it raises, until it is closed."""

    def __init__(self, look: Callable[[], None], seconds: float) -> None:
        self._look = look
        self._seconds = seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            self._look()
