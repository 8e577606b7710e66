"""Many jobs to their answers, through the queue."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from pagefacts.client import QueueFull
from pagefacts.contracts import identify
from worker.feed import Feed
from worker.ledger import Ledger
from worker.shards import Shards

_BATCH: Final = 100
_OUTSTANDING: Final = 1_000
"""Jobs enqueued and not answered at most, so that a large input does not fill the server."""
_BLOCK_MS: Final = 500
_GLANCE_MS: Final = 50
"""Milliseconds of waiting for answers while more jobs may come."""


class Run:
    """Jobs on their way through the queue, and their answers as they arrive."""

    def __init__(
        self,
        ledgers: Sequence[Ledger],
        again: bool,
        check: Callable[[], None],
        warn: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``ledgers``: that of each shard."""
        self._shards = Shards(ledgers)
        self._again = again
        self._check = check
        """Called while waiting; raises where no answer can come any more."""
        self._warn = warn
        """Tells a person what holds the jobs back."""
        self._held_back: Sequence[bytes | str] = ()
        self._cursors = [_last_entry(ledger) for ledger in ledgers]
        self._turn = 0
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
            for ledger, job_ids in self._of_shards(new):
                ledger.forget(job_ids)
        early = dict(pair for ledger, job_ids in self._of_shards(new) for pair in _answered(ledger, job_ids))
        waiting = {job_id: raw for job_id, raw in new.items() if job_id not in early}
        self._waiting |= waiting.keys()
        self._send([*self._held_back, *waiting.values()])
        return list(early.values())

    def _send(self, jobs: Sequence[bytes | str]) -> None:
        """Enqueue ``jobs``; those for which there is no room are tried again with the next batch."""
        full_before, self._held_back = bool(self._held_back), ()
        try:
            self._shards.enqueue(*jobs)
        except QueueFull as error:
            self._held_back = error.refused
            if not full_before:
                self._warn(f"{error}; waiting for room")

    def _of_shards(self, job_ids: Iterable[str]) -> Iterator[tuple[Ledger, list[str]]]:
        return self._shards.split((job_id, job_id) for job_id in job_ids)

    def _read(self, block_ms: int) -> Iterator[str]:
        """Yield events of one shard or more; where there are several, it is waited at each in turn."""
        self._check()
        shards = len(self._cursors)
        if shards == 1:
            yield from self._read_one(0, block_ms)
            return
        found = [event for shard in range(shards) for event in self._read_one(shard, None)]
        until = time.monotonic() + block_ms / 1000
        while not found and time.monotonic() < until:
            self._turn = (self._turn + 1) % shards
            found = self._read_one(self._turn, max(1, min(block_ms, _GLANCE_MS) // shards))
        yield from found

    def _read_one(self, shard: int, block_ms: int | None) -> list[str]:
        """Return the events of the jobs that are waited for among the next of a shard."""
        ledger = self._shards.ledgers[shard]
        reply = ledger.client.xread({ledger.keys.results: self._cursors[shard]}, count=_BATCH, block=block_ms)
        found = []
        for entry, fields in reply[0][1] if reply else []:
            self._cursors[shard] = entry.decode()
            event = fields[b"event"].decode()
            job_id = json.loads(event)["id"]
            if job_id in self._waiting:
                self._waiting.discard(job_id)
                found.append(event)
        return found


def _answered(ledger: Ledger, job_ids: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the jobs that were answered earlier with their event; those trimmed away are forgotten."""
    keys, client = ledger.keys, ledger.client
    entries = client.mget([keys.done(job_id) for job_id in job_ids])
    for job_id, entry in zip(job_ids, entries, strict=True):
        if entry is None:
            continue
        found = client.xrange(keys.results, entry, entry)
        if found:
            yield job_id, found[0][1][b"event"].decode()
        else:
            ledger.forget([job_id])


def _last_entry(ledger: Ledger) -> str:
    last: list[tuple[bytes, Any]] = ledger.client.xrevrange(ledger.keys.results, count=1)
    return last[0][0].decode() if last else "0-0"
