"""Many jobs to their answers, through the queue."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final

from pagefacts.contracts import identify
from worker.ledger import Ledger

_BATCH: Final = 100
_OUTSTANDING: Final = 1_000
"""Jobs enqueued and not answered at most, so that a large input does not fill the server."""
_BLOCK_MS: Final = 500


class Run:
    """Jobs on their way through the queue, and their answers as they arrive."""

    def __init__(self, ledger: Ledger, again: bool, check: Callable[[], None]) -> None:
        self.ledger = ledger
        self._again = again
        self._check = check
        """Called while waiting; raises where no answer can come any more."""
        self._cursor = _last_entry(ledger)
        self._waiting: set[str] = set()
        self._early: deque[str] = deque()
        self.taken = 0
        """Jobs that will be answered, so far."""

    def answers(self, jobs: Iterable[bytes]) -> Iterator[str]:
        """Enqueue ``jobs`` and yield an event, JSON, for each id among them."""
        source, more = iter(jobs), True
        while more or self._waiting:
            while more and len(self._waiting) < _OUTSTANDING:
                batch = list(islice(source, _BATCH))
                more = len(batch) == _BATCH
                self._enqueue(batch)
                yield from self._drain()
            yield from self._read()

    def _enqueue(self, batch: list[bytes]) -> None:
        new = {job_id: raw for raw in batch if (job_id := identify(raw)) not in self._waiting}
        self.taken += len(new)
        if self._again:
            self.ledger.forget(list(new))
        for job_id, event in self._answered(list(new)):
            self._early.append(event)
            del new[job_id]
        self._waiting |= new.keys()

        self.ledger.enqueue(*new.values())

    def _drain(self) -> Iterator[str]:
        while self._early:
            yield self._early.popleft()

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

    def _read(self) -> Iterator[str]:
        self._check()
        reply = self.ledger.client.xread({self.ledger.keys.results: self._cursor}, count=_BATCH, block=_BLOCK_MS)
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
