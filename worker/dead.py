"""Dead letters: jobs that were answered with a failure, kept as they were sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import ValidationError

from pagefacts.contracts import DeadLetter
from worker.errors import OperatorError
from worker.ledger import Ledger

_PAGE: Final = 500


class NoDeadLetter(OperatorError):
    """An entry of the dead-letter stream is none that this version can read."""


class DeadLetters:
    """The dead-letter stream of a ledger."""

    def __init__(self, ledger: Ledger, shard: int | None = None) -> None:
        """``shard``: the ledger's, where there are several; entries are then named ``SHARD/ENTRY``."""
        self._ledger = ledger
        self._prefix = "" if shard is None else f"{shard}/"
        self._retry = ledger.script("retry")

    def __iter__(self) -> Iterator[tuple[str, DeadLetter]]:
        """Yield the entry and content of each, the oldest first. Raises `NoDeadLetter`."""
        after = "-"
        while found := self._ledger.client.xrange(self._ledger.keys.dead, after, "+", count=_PAGE):
            for entry, fields in found:
                yield f"{self._prefix}{entry.decode()}", self._read(entry.decode(), fields)
            after = f"({found[-1][0].decode()}"

    def _read(self, entry: str, fields: Mapping[bytes, bytes]) -> DeadLetter:
        try:
            return DeadLetter.read(fields.get(b"dead", b""))
        except ValidationError as error:
            field = ".".join(map(str, error.errors()[0]["loc"])) or "dead"
            raise NoDeadLetter(
                f"entry {entry} of {self._ledger.keys.dead} is no dead letter that this version can read ({field}); "
                f"pagefacts did not write it, or a later version did"
            ) from None

    def find(self, name: str) -> list[tuple[str, DeadLetter]]:
        """Return the dead letters of a job's id, or the one of an entry."""
        return [(entry, letter) for entry, letter in self if name in {entry, letter.id}]

    def retry(self, entry: str, letter: DeadLetter) -> bool:
        """Enqueue the job again, as it was sent. Return False where the dead letter was gone."""
        keys = self._ledger.keys
        bare = entry.removeprefix(self._prefix)
        return bool(self._retry([keys.dead, keys.done(letter.id), keys.jobs], [bare, letter.raw]))

    def drop(self, entry: str) -> bool:
        """Delete a dead letter. Return False where it was gone."""
        return bool(self._ledger.client.xdel(self._ledger.keys.dead, entry.removeprefix(self._prefix)))
