"""The ledgers of all shards, as a producer sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from pagefacts.client import QueueFull
from pagefacts.client.keys import shard_of
from pagefacts.contracts import identify
from worker.ledger import Ledger

T = TypeVar("T")


class Shards:
    """Puts each job onto the shard of its id."""

    def __init__(self, ledgers: Sequence[Ledger]) -> None:
        """``ledgers``: that of each shard, in their order."""
        self.ledgers = ledgers

    def enqueue(self, *jobs: bytes | str) -> None:
        """Append jobs, each JSON, in one round trip a shard.

        Raise `QueueFull` where there is no room for all of them; it has those of all shards that were not enqueued.
        """
        if len(self.ledgers) == 1:  # the ids are not needed
            self.ledgers[0].enqueue(*jobs)
            return
        full: list[QueueFull] = []
        for ledger, of_shard in self.split((identify(job), job) for job in jobs):
            try:
                ledger.enqueue(*of_shard)
            except QueueFull as error:
                full.append(error)
        if full:
            raise QueueFull(full[0].limit, str(full[0]), [job for error in full for job in error.refused])

    def split(self, of_jobs: Iterable[tuple[str, T]]) -> Iterator[tuple[Ledger, list[T]]]:
        """Yield each ledger that has some of the jobs, with what is given of them beside their ids, in its order."""
        found: dict[int, list[T]] = {}
        for job_id, value in of_jobs:
            found.setdefault(shard_of(job_id, len(self.ledgers)), []).append(value)
        for shard, values in sorted(found.items()):
            yield self.ledgers[shard], values
