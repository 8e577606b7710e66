"""Dead letters: jobs that were answered with a failure, kept as they were sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any, Final

from worker.ledger import Ledger

_PAGE: Final = 500


class DeadLetters:
    """The dead-letter stream of a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._retry = ledger.script("retry")

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the entry and content of each, the oldest first."""
        after = "-"
        while found := self._ledger.client.xrange(self._ledger.keys.dead, after, "+", count=_PAGE):
            for entry, fields in found:
                yield entry.decode(), json.loads(fields[b"dead"])
            after = f"({found[-1][0].decode()}"

    def find(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        """Return the dead letters of a job's id, or the one of an entry."""
        return [(entry, letter) for entry, letter in self if name in {entry, letter["id"]}]

    def retry(self, entry: str, letter: dict[str, Any]) -> bool:
        """Enqueue the job again, as it was sent. Return False where the dead letter was gone."""
        keys = self._ledger.keys
        job = letter["job"].encode() if "job" in letter else base64.b64decode(letter["job_base64"])
        return bool(self._retry([keys.dead, keys.done(letter["id"]), keys.jobs], [entry, job]))

    def drop(self, entry: str) -> bool:
        """Delete a dead letter. Return False where it was gone."""
        return bool(self._ledger.client.xdel(self._ledger.keys.dead, entry))
