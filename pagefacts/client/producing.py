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

from pagefacts.client.errors import QueueFull
from pagefacts.client.keys import WireKeys
from pagefacts.client.steps import Steps, text
from pagefacts.contracts import Job, identify, parse_job
from pagefacts.errors import DataError, InvalidJob

AnyJob = Job | Mapping[str, Any] | bytes | str
"""A job: checked, as its fields, or as JSON."""

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
    """Sends jobs, within limits, and waits for room."""

    client: Any
    keys: WireKeys
    limits: Limits
    sleep: Callable[[float], Any]
    """Waits for so many seconds."""

    def send(self, jobs: Sequence[Ready], wait_for_room: float) -> Steps[list[str]]:
        """Append ``jobs``; return their ids. Raises `QueueFull` after ``wait_for_room`` seconds without room."""
        deadline = time.monotonic() + wait_for_room
        waiting: Sequence[bytes | str] = [job.raw for job in jobs]
        while waiting:
            try:
                yield from append(self.client, self.keys, self.limits, waiting)
                break
            except QueueFull as full:
                if time.monotonic() >= deadline:
                    raise
                waiting = full.refused
            yield self.sleep(_ROOM_PAUSE)
        return [job.id for job in jobs]


def append(client: Any, keys: WireKeys, limits: Limits, jobs: Sequence[bytes | str]) -> Steps[list[str]]:
    """Append jobs, each JSON, in one round trip; return their entries.

    Raises `QueueFull` where there is no room for all of them; it has those that were not enqueued.
    """
    replies = yield from _append(client, keys, limits, jobs)
    unknown = [n for n, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
    if unknown:
        yield client.script_load(_LUA)
        again = yield from _append(client, keys, limits, [jobs[n] for n in unknown])
        for n, reply in zip(unknown, again, strict=True):
            replies[n] = reply
    refused = [n for n, reply in enumerate(replies) if not isinstance(reply, (bytes, str))]
    if refused:
        raise _refusal(replies[refused[0]], [jobs[n] for n in refused])
    return [text(entry) for entry in replies]


def _append(client: Any, keys: WireKeys, limits: Limits, jobs: Sequence[bytes | str]) -> Steps[list[Any]]:
    pipe = client.pipeline(transaction=False)
    most = (limits.jobs, limits.results, limits.dead, limits.memory)
    for job in jobs:
        # The method evalsha is barred in redis-py's pipelines of a cluster, whose slots differ; ours are one.
        pipe.execute_command("EVALSHA", _SHA, 3, keys.jobs, keys.results, keys.dead, job, *most)
    replies: list[Any] = yield pipe.execute(raise_on_error=False)
    return replies


_FULL: Final = {
    "jobs": "{} jobs wait or are in work; the limit is {} (PAGEFACTS_JOBS_MAX)",
    "results": "{} answers are on the results stream, and a consumer group still needs them; the limit is {} "
    "(PAGEFACTS_RESULTS_MAX)",
    "dead": "{} dead letters lie there; the limit is {} (PAGEFACTS_DEAD_MAX): retry or drop some (`pagefacts dead`)",
    "memory": "{} % of the server's memory are used; the limit is {} (PAGEFACTS_MEMORY_MAX)",
}


def _refusal(reply: Any, refused: Sequence[bytes | str]) -> Exception:
    """Return what is raised for jobs that were not enqueued, from the reply to the first of them."""
    if isinstance(reply, redis.OutOfMemoryError):
        return QueueFull("memory", "the server's memory is full (maxmemory)", refused)
    if isinstance(reply, redis.ResponseError) and str(reply).startswith("MISCONF"):
        return QueueFull("disk", "the server cannot write to its disk, and takes nothing until it can", refused)
    if isinstance(reply, Exception):
        return reply
    limit = text(reply[0])
    return QueueFull(limit, f"no more jobs are enqueued: {_FULL[limit].format(*reply[1:])}", refused)
