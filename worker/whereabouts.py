"""Where one job is: waiting, in work, answered, or not known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from pagefacts.client.keys import shard_of
from pagefacts.contracts import identify
from worker.dead import DeadLetters
from worker.ledger import Ledger
from worker.queue_state import Pending, QueueState, time_of

_WAITING_SEEN: Final = 1_000
"""Jobs that wait and are looked through, the oldest: their pages must be read for their ids. Others are not known."""
_BATCH: Final = 20


class Place(StrEnum):
    """Where a job is."""

    WAITING = "waiting"
    IN_WORK = "in work"
    ANSWERED = "answered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a job is, and what is known of it; what does not apply is None."""

    id: str
    place: Place
    entry: str | None = None
    """Its entry of the jobs stream, or its answer's of the results stream."""
    since: str | None = None
    """When it was enqueued, or answered (UTC, ISO 8601)."""
    position: int | None = None
    """Its place among the jobs that wait, from 1."""
    stage: str | None = None
    """The step that began last, or failed."""
    running: bool | None = None
    """Whether that step has not ended."""
    idle: float | None = None
    """Seconds since it began."""
    attempt: int | None = None
    """How often the job was delivered, this time included."""
    worker: str | None = None
    """Who holds it."""
    code: str | None = None
    """The code of its failure; None for a result."""
    message: str | None = None
    """What the failure says."""
    dead: str | None = None
    """Its entry among the dead letters."""


def find_on_shards(shards: Sequence[tuple[Ledger, QueueState]], job_id: str) -> Whereabouts:
    """Return where the job is: on the shard of its id, or on another, where it was put by mistake."""
    own = shard_of(job_id, len(shards))
    for ledger, state in [shards[own], *shards[:own], *shards[own + 1 :]]:
        if (found := find_job(ledger, job_id, state)).place is not Place.UNKNOWN:
            return found
    return Whereabouts(job_id, Place.UNKNOWN)


def find_job(ledger: Ledger, job_id: str, state: QueueState) -> Whereabouts:
    """Return where the job is, in a queue of this ``state``."""
    return (
        _claimed(ledger, job_id, state)
        or _answered(ledger, job_id)
        or _on_stream(ledger, job_id, state)
        or _left_over(ledger, job_id)
        or Whereabouts(job_id, Place.UNKNOWN)
    )


def oldest_in_work(ledger: Ledger, state: QueueState) -> Whereabouts | None:
    """Return where the oldest job in work is; None where none is, or it was answered meanwhile."""
    raw = ledger.original(state.pending[0].entry) if state.pending else None
    if raw is None:
        return None
    job_id = identify(raw)
    return _claimed(ledger, job_id, state) or _in_work(job_id, state.pending[0])


def _claimed(ledger: Ledger, job_id: str, state: QueueState) -> Whereabouts | None:
    claim = ledger.client.hmget(ledger.keys.claim(job_id), "entry", "stage", "running")
    entry, stage, running = (value.decode() if value is not None else None for value in claim)
    # A claim may outlive its entry.
    held = next((job for job in state.pending if job.entry == entry), None)
    return _in_work(job_id, held, stage, running is not None) if held else None


def _in_work(job_id: str, held: Pending, stage: str | None = None, running: bool = False) -> Whereabouts:
    return Whereabouts(
        job_id,
        Place.IN_WORK,
        entry=held.entry,
        since=_moment(held.entry),
        stage=stage,
        running=running,
        idle=held.idle,
        attempt=held.deliveries,
        worker=held.worker,
    )


def _answered(ledger: Ledger, job_id: str) -> Whereabouts | None:
    done = ledger.client.get(ledger.keys.done(job_id))
    if done is None:
        return None
    entry = done.decode()
    found = ledger.client.xrange(ledger.keys.results, entry, entry)
    told = json.loads(found[0][1][b"event"])["data"].get("failure") if found else None
    if found and told is None:  # a result
        return _ended(job_id, entry, {}, None)
    dead, kept = _letter(ledger, job_id)
    return _ended(job_id, entry, told or kept, dead)


def _on_stream(ledger: Ledger, job_id: str, state: QueueState) -> Whereabouts | None:
    """Look for a job that waits, or was taken in a moment ago."""
    held = {job.entry: job for job in state.pending}
    after, position = "-", 0
    while position < _WAITING_SEEN and (entries := ledger.client.xrange(ledger.keys.jobs, after, "+", count=_BATCH)):
        for entry, fields in entries:
            name = entry.decode()
            position += name not in held
            if identify(fields.get(b"job", b"")) != job_id:
                continue
            if name in held:
                return _in_work(job_id, held[name])
            return Whereabouts(job_id, Place.WAITING, entry=name, since=_moment(name), position=position)
        after = f"({entries[-1][0].decode()}"
    return None


def _left_over(ledger: Ledger, job_id: str) -> Whereabouts | None:
    """Look for a job that failed so long ago that only its dead letter is left."""
    dead, failure = _letter(ledger, job_id)
    return _ended(job_id, dead, failure, dead) if dead else None


def _ended(job_id: str, entry: str, failure: Mapping[str, str], dead: str | None) -> Whereabouts:
    return Whereabouts(
        job_id,
        Place.ANSWERED,
        entry=entry,
        since=_moment(entry),
        stage=failure.get("stage"),
        code=failure.get("code"),
        message=failure.get("message"),
        dead=dead,
    )


def _letter(ledger: Ledger, job_id: str) -> tuple[str | None, Mapping[str, str]]:
    """Return the newest dead letter of the job: its entry, None where there is none, and the failure."""
    letters = DeadLetters(ledger).find(job_id)
    return (letters[-1][0], letters[-1][1].failure.model_dump()) if letters else (None, {})


def _moment(entry: str) -> str:
    return datetime.fromtimestamp(time_of(entry), UTC).isoformat(timespec="seconds")
