"""Jobs onto the jobs stream."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha1
from importlib.resources import files
from typing import Any, Final, NamedTuple

import redis
from redis.exceptions import NoScriptError

from pagefacts.client.connection import Connection
from pagefacts.client.errors import QueueFull
from pagefacts.client.keys import WireKeys, shard_of
from pagefacts.client.steps import Steps, text
from pagefacts.contracts import Job, identify, parse_job
from pagefacts.errors import DataError, InvalidJob

AnyJob = Job | Mapping[str, Any] | bytes | str
"""A job: checked, as its fields, or as JSON."""
Addressed = tuple[WireKeys, bytes | str]
"""The keys of the shard that a job goes to, and the job, JSON."""

BATCH: Final = 100
"""Jobs of one round trip at most."""
BATCH_BYTES: Final = 8 << 20
"""Bytes of jobs after which a round trip is made, so that large pages do not pile up."""

_ROOM_PAUSE: Final = 0.2
"""Seconds until it is looked again whether there is room."""

_LUA: Final = files("pagefacts.client").joinpath("enqueue.lua").read_text(encoding="utf-8")
_SHA: Final = sha1(_LUA.encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of each there may be before no more jobs are enqueued; 0: without limit."""

    jobs: int = 0
    """Jobs on the stream, waiting and in work."""
    results: int = 0
    """Answers that a consumer group still needs, and those kept beside them."""
    dead: int = 0
    """Dead letters."""
    memory: int = 80
    """Percent of the server's ``maxmemory``, where it has one and tells it this user."""


DEFAULT: Final = Limits()


class Ready(NamedTuple):
    """A job that may be sent."""

    id: str
    """The id under which it will be answered."""
    raw: bytes
    """The job, JSON."""


def ready(job: AnyJob, check: bool) -> Ready:
    """Return ``job`` as it goes onto the stream: JSON (bytes, str) as it is.

    Raises `pagefacts.errors.InvalidJob` where a field cannot be told in JSON, and where the job is to be checked also
    for what the workers would refuse; then `pagefacts.errors.UnknownVersion`, too.
    """
    raw = job if isinstance(job, (bytes, str)) else _to_json(job)
    job_id = str(parse_job(raw).id) if check else identify(raw)
    return Ready(job_id, raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass"))


def _to_json(job: Job | Mapping[str, Any]) -> str:
    if isinstance(job, Job):  # what was not set is left out: the id is a hash of the content
        return job.model_dump_json(exclude_unset=True, exclude_none=True)
    fields = (f"{json.dumps(name)}: {_value(name, value)}" for name, value in job.items())
    return f"{{{', '.join(fields)}}}"


def _value(field: str, value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_iso)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidJob(f"{field}: {error}", field=field) from error


def _iso(value: object) -> str:
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be told in JSON")


class Batch:
    """Jobs that are gathered until they are worth a round trip."""

    def __init__(self, check: bool) -> None:
        """``check``: whether each is looked at as the workers look at it."""
        self._check = check
        self._jobs: list[Ready] = []
        self._bytes = 0
        self._count = 0

    def add(self, job: AnyJob) -> bool:
        """Add a job; return whether the batch is to be sent. Raises what `ready` raises."""
        self._count += 1
        try:
            added = ready(job, self._check)
        except DataError as error:
            error.add_note(f"It is number {self._count} of the jobs given.")
            raise
        self._jobs.append(added)
        self._bytes += len(added.raw)
        return len(self._jobs) >= BATCH or self._bytes >= BATCH_BYTES

    def take(self) -> list[Ready]:
        """Return the jobs, and begin anew."""
        jobs, self._jobs, self._bytes = self._jobs, [], 0
        return jobs


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends jobs, each to its shard, within limits, and waits for room."""

    connection: Connection
    shards: Sequence[WireKeys]
    """The keys of each shard; the limits are those of one."""
    limits: Limits
    sleep: Callable[[float], Any]
    """Waits for so many seconds."""

    def send(self, jobs: Sequence[Ready], wait_for_room: float) -> Steps[list[str]]:
        """Append ``jobs``; return their ids. Raises `QueueFull` after ``wait_for_room`` seconds without room.

        A shard that is full holds back its own jobs only.
        """
        client = yield from self.connection.client()
        deadline = time.monotonic() + wait_for_room
        waiting = [(self.shards[shard_of(job.id, len(self.shards))], job.raw) for job in jobs]
        while waiting:
            replies = yield from _replies(client, self.limits, waiting)
            refused = _refused(replies)
            error = _refusal(replies, waiting) if refused else None
            if error and (not isinstance(error, QueueFull) or time.monotonic() >= deadline):
                raise error
            waiting = [waiting[n] for n in refused]
            if waiting:
                yield self.sleep(_ROOM_PAUSE)
        return [job.id for job in jobs]


def append(client: Any, keys: WireKeys, limits: Limits, jobs: Sequence[bytes | str]) -> Steps[list[str]]:
    """Append jobs, each JSON, to one shard in one round trip; return their entries.

    Raises `QueueFull` where there is no room for all of them; it has those that were not enqueued.
    """
    sent = [(keys, job) for job in jobs]
    replies = yield from _replies(client, limits, sent)
    if _refused(replies):
        raise _refusal(replies, sent)
    return [text(entry) for entry in replies]


def _replies(client: Any, limits: Limits, jobs: Sequence[Addressed]) -> Steps[list[Any]]:
    """Append jobs in one round trip, also to several shards; return of each its entry, or why it was refused."""
    replies = yield from _append(client, limits, jobs)
    unknown = [n for n, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
    if unknown:
        yield client.script_load(_LUA)
        again = yield from _append(client, limits, [jobs[n] for n in unknown])
        for n, reply in zip(unknown, again, strict=True):
            replies[n] = reply
    return replies


def _append(client: Any, limits: Limits, jobs: Sequence[Addressed]) -> Steps[list[Any]]:
    pipe = client.pipeline(transaction=False)
    most = (limits.jobs, limits.results, limits.dead, limits.memory)
    for keys, job in jobs:
        # The method evalsha is barred in redis-py's pipelines of a cluster, whose slots differ; those of a job are one.
        pipe.execute_command("EVALSHA", _SHA, 3, keys.jobs, keys.results, keys.dead, job, *most)
    replies: list[Any] = yield pipe.execute(raise_on_error=False)
    return replies


def _refused(replies: Sequence[Any]) -> list[int]:
    return [n for n, reply in enumerate(replies) if not isinstance(reply, (bytes, str))]


_FULL: Final = {
    "jobs": "{} jobs wait or are in work; the limit is {} (PAGEFACTS_JOBS_MAX)",
    "results": "{} answers are on the results stream, and a consumer group still needs them; the limit is {} "
    "(PAGEFACTS_RESULTS_MAX)",
    "dead": "{} dead letters lie there; the limit is {} (PAGEFACTS_DEAD_MAX): retry or drop some (`pagefacts dead`)",
    "memory": "{} % of the server's memory are used; the limit is {} (PAGEFACTS_MEMORY_MAX)",
}


def _refusal(replies: Sequence[Any], jobs: Sequence[Addressed]) -> Exception:
    """Return what is raised for those of ``jobs`` that were not enqueued, from the reply to the first of them.

    An error that is no lack of room goes before one that is: to wait would not help.
    """
    numbers = _refused(replies)
    refused = [jobs[n][1] for n in numbers]
    errors = [_error(replies[n], refused) for n in numbers]
    return next((error for error in errors if not isinstance(error, QueueFull)), errors[0])


def _error(reply: Any, refused: Sequence[bytes | str]) -> Exception:
    if isinstance(reply, redis.OutOfMemoryError):
        return QueueFull("memory", "the server's memory is full (maxmemory)", refused)
    if isinstance(reply, redis.ResponseError) and str(reply).startswith("MISCONF"):
        return QueueFull("disk", "the server cannot write to its disk, and takes nothing until it can", refused)
    if isinstance(reply, Exception):
        return reply
    limit = text(reply[0])
    return QueueFull(limit, f"no more jobs are enqueued: {_FULL[limit].format(*reply[1:])}", refused)
