"""Many jobs to their answers, through the queue."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from pagefacts.client import QueueFull
from pagefacts.contracts import identify
from worker.feed import Feed
from worker.ledger import Ledger

_BATCH: Final = 100
_OUTSTANDING: Final = 1_000
"""Jobs enqueued and not answered at most, so that a large input does not fill the server."""
_BLOCK_MS: Final = 500
_GLANCE_MS: Final = 50
"""Milliseconds of waiting for answers while more jobs may come."""


class Run:
    """Jobs on their way through the queue, and their answers as they arrive."""

    def __init__(
        self, ledger: Ledger, again: bool, check: Callable[[], None], warn: Callable[[str], None] = lambda _: None
    ) -> None:
        self.ledger = ledger
        self._again = again
        self._check = check
        """Called while waiting; raises where no answer can come any more."""
        self._warn = warn
        """Tells a person what holds the jobs back."""
        self._held_back: Sequence[bytes | str] = ()
        self._cursor = _last_entry(ledger)
        self._waiting: set[str] = set()
        self._seen: set[str] = set()

    @property
    def taken(self) -> int:
        """How many ids will have an answer, so far."""
        return len(self._seen)

    def answers(self, jobs: Iterable[bytes]) -> Iterator[str]:
        """Enqueue ``jobs`` as they come and yield an event, JSON, for each id among them as it comes.

        What reading the jobs raises is raised when those before it are answered.
        """
        feed = Feed(jobs, len)
        while feed.open or self._waiting:
            room = 0 if self._held_back else _OUTSTANDING - len(self._waiting)
            batch = feed.take(min(_BATCH, room))
            yield from self._enqueue(batch)
            yield from self._read(_BLOCK_MS if not feed.open else 1 if batch else _GLANCE_MS)
        if feed.error is not None:
            raise feed.error

    def _enqueue(self, batch: list[bytes]) -> list[str]:
        """Enqueue the jobs whose ids are new here; return the events of those that were answered earlier."""
        new = {job_id: raw for raw in batch if (job_id := identify(raw)) not in self._seen}
        self._seen |= new.keys()
        if self._again:
            self.ledger.forget(list(new))
        early = dict(self._answered(list(new)))
        waiting = {job_id: raw for job_id, raw in new.items() if job_id not in early}
        self._waiting |= waiting.keys()
        self._send([*self._held_back, *waiting.values()])
        return list(early.values())

    def _send(self, jobs: Sequence[bytes | str]) -> None:
        """Enqueue ``jobs``; those for which there is no room are tried again with the next batch."""
        full_before, self._held_back = bool(self._held_back), ()
        try:
            self.ledger.enqueue(*jobs)
        except QueueFull as error:
            self._held_back = error.refused
            if not full_before:
                self._warn(f"{error}; waiting for room")

    def _answered(self, job_ids: list[str]) -> Iterator[tuple[str, str]]:
        """Yield the jobs that were answered earlier with their event; those trimmed away are forgotten."""
        keys, client = self.ledger.keys, self.ledger.client
        entries = client.mget([keys.done(job_id) for job_id in job_ids]) if job_ids else []
        for job_id, entry in zip(job_ids, entries, strict=True):
            if entry is None:
                continue
            found = client.xrange(keys.results, entry, entry)
            if found:
                yield job_id, found[0][1][b"event"].decode()
            else:
                self.ledger.forget([job_id])

    def _read(self, block_ms: int) -> Iterator[str]:
        self._check()
        reply = self.ledger.client.xread({self.ledger.keys.results: self._cursor}, count=_BATCH, block=block_ms)
        for entry, fields in reply[0][1] if reply else []:
            self._cursor = entry.decode()
            event = fields[b"event"].decode()
            job_id = json.loads(event)["id"]
            if job_id in self._waiting:
                self._waiting.discard(job_id)
                yield event


def _last_entry(ledger: Ledger) -> str:
    last: list[tuple[bytes, Any]] = ledger.client.xrevrange(ledger.keys.results, count=1)
    return last[0][0].decode() if last else "0-0"
