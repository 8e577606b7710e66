"""Many jobs into the queue: as fast as there is room for them, and on from where an earlier run stopped."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Protocol

from pagefacts.client import QueueFull
from worker.checkpoint import Checkpoint, Place, Progress
from worker.feed import Feed
from worker.inputs import Source, read_source
from worker.shards import Shards
from worker.stop import Stop

_BATCH: Final = 100
_GLANCE: Final = 0.2
"""Seconds of waiting for the next job of a slow producer."""
_PAUSE: Final = 0.5
"""Seconds until it is looked again whether there is room."""


class Placed(NamedTuple):
    """A job with where it stands in the input."""

    place: Place
    raw: bytes
    """The job, JSON."""
    read: int
    """Bytes of the input that have been read so far."""


class Report(Protocol):
    """What a person is told meanwhile."""

    def enqueued(self, jobs: Sequence[Placed], read: int) -> None:
        """``jobs`` are on the stream; ``read`` bytes of the input have been read, those before an earlier stop too."""

    def full(self, reason: QueueFull) -> None:
        """There is no room; it is tried again when this returns."""


class Bulk:
    """The jobs of an input on their way into the queue."""

    def __init__(self, shards: Shards, sources: Sequence[Source], checkpoint: Checkpoint | None, stop: Stop) -> None:
        self.progress = checkpoint.read() if checkpoint else Progress()
        self.is_kept = checkpoint is not None
        """Whether the same command goes on where this one stops."""
        self._shards = shards
        self._sources = sources
        self._checkpoint = checkpoint
        self._stop = stop

    def enqueue(self, report: Report) -> None:
        """Enqueue what is not enqueued yet; wait where there is no room. At the end the progress is forgotten.

        Raises `worker.stop.Stopped`, what ``report`` raises, and what the reading raises when the jobs before it are
        enqueued; the progress is kept then.
        """
        feed = Feed(self._jobs(), lambda job: len(job.raw))
        while feed.open:
            if batch := feed.take(_BATCH, wait=_GLANCE):
                self._send(batch, report)
        if feed.error is not None:
            raise feed.error
        if self._checkpoint:
            self._checkpoint.remove()

    def _send(self, batch: Sequence[Placed], report: Report) -> None:
        waiting, room = batch, True
        while waiting:
            portion = waiting if room else waiting[:1]  # one is enough to see whether there is room again
            with self._stop.held_back():
                full = self._try(portion)
                refused = _among(portion, full.refused) if full else []
                enqueued = [job for job in portion if job not in refused]
                waiting = [*refused, *waiting[len(portion) :]]
                report.enqueued(enqueued, batch[-1].read)
                self._keep(enqueued, waiting, batch[-1])
            room = full is None
            if full:
                report.full(full)
                time.sleep(_PAUSE)

    def _try(self, jobs: Sequence[Placed]) -> QueueFull | None:
        try:
            self._shards.enqueue(*(job.raw for job in jobs))
        except QueueFull as full:
            return full
        return None

    def _keep(self, enqueued: Sequence[Placed], waiting: Sequence[Placed], last: Placed) -> None:
        file, number = last.place
        refused = {*self.progress.refused, *(job.place for job in waiting)} - {job.place for job in enqueued}
        self.progress = Progress(
            enqueued=self.progress.enqueued + len(enqueued),
            next=max(self.progress.next, (file, number + 1)),  # those refused before stand in front of it
            refused=tuple(sorted(refused)),
        )
        if self._checkpoint:
            self.is_kept = self._checkpoint.write(self.progress)

    def _jobs(self) -> Iterator[Placed]:
        """Read on from where the progress is: the files before it are not opened."""
        start, refused = self.progress.next, frozenset(self.progress.refused)
        first, _ = min([start, *refused])
        meter = Meter(sum(size_of(source) for source in self._sources[:first]))
        for file in range(first, len(self._sources)):
            source = self._sources[file]
            for number, raw in enumerate(read_source(source, lambda _: None, meter.open)):
                place = (file, number)
                if place >= start or place in refused:
                    yield Placed(place, raw, meter.read)
            meter.close(size_of(source))


def _among(jobs: Sequence[Placed], refused: Sequence[bytes | str]) -> list[Placed]:
    """Return those of ``jobs`` that were ``refused``; of equal ones any may stand for another."""
    counts = Counter(refused)
    found = []
    for job in jobs:
        if counts[job.raw] > 0:
            counts[job.raw] -= 1
            found.append(job)
    return found


class Meter:
    """How much of the input has been read, in bytes."""

    def __init__(self, before: int) -> None:
        self._before = before
        self._file: BinaryIO | None = None

    def open(self, file: BinaryIO) -> None:
        """Look at the next file."""
        self._file = file if file.seekable() else None

    @property
    def read(self) -> int:
        """Bytes of all files so far."""
        return self._before + (self._file.tell() if self._file and not self._file.closed else 0)

    def close(self, size: int) -> None:
        """Count a file of ``size`` that was read to its end."""
        self._before += size
        self._file = None


def size_of(source: Source) -> int:
    """Return how many bytes there are to be read; 0 where nobody knows."""
    return 0 if source.is_once else Path(source.path).stat().st_size
