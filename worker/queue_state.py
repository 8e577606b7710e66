"""The state of the queue, read in one look: what waits, what is in work, who is behind, how the server is.

No part of it grows with the queue: streams are asked for their lengths and single ids, pending entries are looked at
up to a bound, and no page is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import redis

from config.celeryconfig import EXTRACT, FACTS, FETCH, TAG
from worker.ledger import FETCHER, GROUP, Ledger

_PENDING_SEEN: Final = 1_000
"""Pending entries that are looked at, the oldest: far more than the jobs in flight of a few workers."""
_UNREAD_SEEN: Final = 100
"""Answers that are counted where the server cannot say how many a group has not read."""
_QUEUES: Final = (FETCH, EXTRACT, TAG, FACTS)
RUNNING: Final = 10.0
"""Seconds within which a worker that runs has shown itself: its intake does so once a second at least."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A job in work."""

    entry: str
    """Its entry of the jobs stream."""
    worker: str
    """Who holds it."""
    age: float
    """Seconds since it was enqueued."""
    idle: float
    """Seconds since a step of it began, or it was delivered."""
    deliveries: int
    """How often it was delivered."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker that takes jobs in, as the server knows it."""

    name: str
    jobs: int
    """Jobs that it holds, those that are fetched included."""
    seen: float
    """Seconds since it looked for jobs, or a step of one of its jobs began."""


@dataclass(frozen=True, slots=True)
class Group:
    """A consumer group of the results stream."""

    name: str
    pending: int
    """Answers that it was given and has not acknowledged."""
    unread: int
    """Answers that it was not given yet; where the server cannot say, no more than there are."""

    @property
    def behind(self) -> int:
        """Answers that it still needs."""
        return self.pending + self.unread


@dataclass(frozen=True, slots=True)
class Server:
    """The server's own state."""

    name: str
    """Such as ``Redis 7.2.4``."""
    uptime: float
    """Seconds since it was started."""
    role: str
    """``master`` or ``slave``, as servers say."""
    memory: int
    """Bytes in use."""
    memory_max: int
    """Its ``maxmemory`` in bytes; 0: none."""
    eviction: str
    """Its ``maxmemory-policy``."""
    appends: bool
    """Whether it keeps an append-only file."""
    writes: bool
    """Whether its last writes to the disk went well."""

    @property
    def memory_percent(self) -> int:
        """How much of its ``maxmemory`` is in use; 0 where it has none."""
        return 100 * self.memory // self.memory_max if self.memory_max else 0


@dataclass(frozen=True, slots=True)
class QueueState:
    """The queue at one moment."""

    at: float
    """The moment by the server's clock, in seconds since 1970."""
    waiting: int
    """Jobs that no worker has taken in."""
    oldest_waiting: float | None
    """Seconds since the first of them was enqueued; None where none waits."""
    in_flight: int
    """Jobs that a worker has taken in and that are not answered."""
    pending: tuple[Pending, ...]
    """Those, the oldest first, up to a thousand."""
    queued: Mapping[str, int]
    """Steps that wait on each of Celery's queues."""
    results: int
    """Jobs answered with a result so far."""
    failures: int
    """Jobs answered with a failure so far."""
    duplicates: int
    """Entries that were not answered, because another one had their id."""
    on_results_stream: int
    """Answers on the results stream."""
    groups: tuple[Group, ...]
    """The consumer groups of the results stream."""
    dead: int
    """Dead letters."""
    workers: tuple[Worker, ...]
    server: Server

    @property
    def running(self) -> list[Worker]:
        """The workers that show themselves."""
        return [worker for worker in self.workers if worker.seen <= RUNNING]

    @property
    def answered(self) -> int:
        """Jobs answered so far, with a result or a failure."""
        return self.results + self.failures

    @property
    def oldest_in_flight(self) -> float | None:
        """Seconds since the oldest job in work was enqueued; None where none is."""
        return self.pending[0].age if self.pending else None

    @property
    def longest_idle(self) -> float:
        """The most seconds for which no step of a job in work has begun; 0 where none is."""
        return max((each.idle for each in self.pending), default=0.0)

    @property
    def redelivered(self) -> int:
        """Jobs in work that were delivered more than once."""
        return sum(each.deliveries > 1 for each in self.pending)


def read_state(ledger: Ledger) -> QueueState:
    """Read the state of the queue, in two round trips. Errors of the server are raised as they are."""
    clock, info, jobs, counts, results, dead, groups, consumers, pending, summary, readers, *queued = _replies(ledger)
    now = clock[0] + clock[1] / 1e6
    in_flight = summary["pending"] if summary else 0
    waiting = max(0, jobs - in_flight)
    first = _first_waiting(ledger, groups) if waiting else None
    return QueueState(
        at=now,
        waiting=waiting,
        oldest_waiting=_age(now, first) if first else None,
        in_flight=in_flight,
        pending=tuple(_pending(now, each) for each in pending),
        queued=dict(zip(_QUEUES, queued, strict=True)),
        results=int(counts.get(b"results", 0)),
        failures=int(counts.get(b"failures", 0)),
        duplicates=int(counts.get(b"duplicates", 0)),
        on_results_stream=results,
        groups=tuple(_group(ledger, reader, results) for reader in readers),
        dead=dead,
        workers=_workers(consumers),
        server=_server(info),
    )


def total(states: Sequence[QueueState]) -> QueueState:
    """Return the state of a queue of several shards as one; of their servers that of the fullest."""
    if len(states) == 1:
        return states[0]
    waits = [state.oldest_waiting for state in states if state.oldest_waiting is not None]
    return QueueState(
        at=max(state.at for state in states),
        waiting=sum(state.waiting for state in states),
        oldest_waiting=max(waits, default=None),
        in_flight=sum(state.in_flight for state in states),
        pending=tuple(sorted((each for state in states for each in state.pending), key=lambda each: -each.age)),
        queued={queue: sum(state.queued.get(queue, 0) for state in states) for queue in _QUEUES},
        results=sum(state.results for state in states),
        failures=sum(state.failures for state in states),
        duplicates=sum(state.duplicates for state in states),
        on_results_stream=sum(state.on_results_stream for state in states),
        groups=_together(group for state in states for group in state.groups),
        dead=sum(state.dead for state in states),
        workers=_as_one(worker for state in states for worker in state.workers),
        server=max((state.server for state in states), key=lambda server: (server.memory_percent, server.memory)),
    )


def _together(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Return the groups of all shards, those of a name as one."""
    found: dict[str, Group] = {}
    for group in groups:
        other = found.get(group.name, Group(group.name, 0, 0))
        found[group.name] = Group(group.name, group.pending + other.pending, group.unread + other.unread)
    return tuple(found.values())


def _replies(ledger: Ledger) -> list[Any]:
    """Ask all at once, so that the figures are of one moment."""
    keys, pipe = ledger.keys, ledger.client.pipeline(transaction=True)
    pipe.time()
    pipe.info()
    pipe.xlen(keys.jobs)
    pipe.hgetall(keys.counts)
    pipe.xlen(keys.results)
    pipe.xlen(keys.dead)
    pipe.xinfo_groups(keys.jobs)
    pipe.xinfo_consumers(keys.jobs, GROUP)
    pipe.xpending_range(keys.jobs, GROUP, "-", "+", _PENDING_SEEN)
    pipe.xpending(keys.jobs, GROUP)
    pipe.xinfo_groups(keys.results)
    for queue in _QUEUES:
        pipe.llen(keys.celery(queue))
    return [_or_nothing(reply) for reply in pipe.execute(raise_on_error=False)]


def _or_nothing(reply: Any) -> Any:
    """Return a reply; nothing where it is about a stream or group that nobody has made yet."""
    if isinstance(reply, redis.ResponseError) and ("NOGROUP" in str(reply) or "no such key" in str(reply)):
        return []
    if isinstance(reply, Exception):
        raise reply
    return reply


def time_of(entry: str) -> float:
    """Return when an entry of a stream was made, by the server's clock, in seconds since 1970."""
    return int(entry.partition("-")[0]) / 1000


def _first_waiting(ledger: Ledger, groups: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the entry of the first job that no worker has taken in."""
    read = next((each["last-delivered-id"].decode() for each in groups if each["name"] == GROUP.encode()), "0-0")
    first = ledger.peek(ledger.keys.jobs, after=read)
    return first[0][0] if first else None


def _group(ledger: Ledger, reader: Mapping[str, Any], answers: int) -> Group:
    unread = reader.get("lag")
    if unread is None:  # a server before 7.0, or one that lost count because entries were deleted
        after = reader["last-delivered-id"].decode()
        seen = len(ledger.peek(ledger.keys.results, after=after, count=_UNREAD_SEEN))
        unread = seen if seen < _UNREAD_SEEN else answers
    return Group(reader["name"].decode(), reader["pending"], int(unread))


def _workers(consumers: Sequence[Mapping[str, Any]]) -> tuple[Worker, ...]:
    return _as_one(
        Worker(consumer["name"].decode().removesuffix(FETCHER), consumer["pending"], consumer["idle"] / 1000)
        for consumer in consumers
    )


def _as_one(workers: Iterable[Worker]) -> tuple[Worker, ...]:
    """Return the workers by their names: each may be several consumers."""
    found: dict[str, Worker] = {}
    for worker in workers:
        other = found.get(worker.name, Worker(worker.name, 0, worker.seen))
        found[worker.name] = Worker(worker.name, worker.jobs + other.jobs, min(worker.seen, other.seen))
    return tuple(sorted(found.values(), key=lambda worker: worker.name))


def _pending(now: float, each: Mapping[str, Any]) -> Pending:
    entry = each["message_id"].decode()
    return Pending(
        entry=entry,
        worker=each["consumer"].decode().removesuffix(FETCHER),
        age=_age(now, entry),
        idle=each["time_since_delivered"] / 1000,
        deliveries=each["times_delivered"],
    )


def _server(info: Mapping[str, Any]) -> Server:
    valkey = info.get("valkey_version")
    return Server(
        name=f"Valkey {valkey}" if valkey else f"Redis {info.get('redis_version', '')}",
        uptime=float(info.get("uptime_in_seconds", 0)),
        role=str(info.get("role", "master")),
        memory=int(info.get("used_memory", 0)),
        memory_max=int(info.get("maxmemory", 0)),
        eviction=str(info.get("maxmemory_policy", "")),
        appends=bool(info.get("aof_enabled", 0)),
        writes=all(info.get(name, "ok") == "ok" for name in ("aof_last_write_status", "rdb_last_bgsave_status")),
    )


def _age(now: float, entry: str) -> float:
    """Return the seconds since an entry was made; 0 where the server's clock was set back meanwhile."""
    return max(0.0, now - time_of(entry))
