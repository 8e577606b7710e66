"""What is wrong with a queue, in words, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from config.settings import Settings
from worker.flow import Flow
from worker.limits import limits_reached
from worker.queue_state import QueueState
from worker.whereabouts import Whereabouts

_LOST: Final = 60.0
"""Seconds after which a worker that holds jobs and does not show itself is taken for lost."""
_WAITS_LONG: Final = 60.0
"""Seconds for which a job may wait before the queue is looked at."""
_SOON: Final = 30.0
"""Seconds within which a job that waits is taken in where there is room."""
_BEHIND_MINUTES: Final = 10
"""A consumer group may be behind by the answers of as many minutes ..."""
_BEHIND_LEAST: Final = 100
"""... or by as many answers, before it is named."""
_FULL: Final = 90
"""Percent of the server's memory."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that an operator should know."""

    code: str
    """For programs."""
    message: str
    """For people, with what to do."""
    urgent: bool = True
    """Whether something is wrong now; else it is advice."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that findings are made of."""

    state: QueueState
    settings: Settings
    flow: Flow
    dead_codes: Mapping[str, int] = field(default_factory=dict)
    """Dead letters of the last hour by their failure's code."""
    oldest: Whereabouts | None = None
    """Where the oldest job in work is."""
    shards: Sequence[QueueState] = ()
    """The state of each shard, where there are several; ``state`` has all of them together."""


_Look = Callable[[Seen], Iterator[Finding]]


def findings(seen: Seen) -> list[Finding]:
    """Return what is wrong, the most urgent first; an empty list where all is well."""
    found = [finding for look in _LOOKS for finding in (_at_shards(look, seen) if look in _EACH else look(seen))]
    return sorted(found, key=lambda finding: not finding.urgent)


def _at_shards(look: _Look, seen: Seen) -> Iterator[Finding]:
    """Look at each shard, and name those that something is wrong with unless it is all of them."""
    if not seen.shards:
        yield from look(seen)
        return
    where: dict[Finding, list[str]] = {}
    for shard, state in enumerate(seen.shards):
        # Where no worker is at home all see to it.
        for finding in look(replace(seen, state=replace(state, workers=seen.state.workers))):
            where.setdefault(finding, []).append(str(shard))
    for finding, shards in where.items():
        named = "" if len(shards) == len(seen.shards) else f"Shard {', '.join(shards)}: "
        yield replace(finding, message=named + finding.message)


def period(seconds: float) -> str:
    """Return a length of time for people: ``0.4 s``, ``45 s``, ``12 min``, ``3.5 h``, ``2.1 d``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7_200:
        return f"{seconds / 60:.0f} min"
    if seconds < 172_800:
        return f"{seconds / 3_600:.1f} h"
    return f"{seconds / 86_400:.1f} d"


def _workers(seen: Seen) -> Iterator[Finding]:
    state = seen.state
    if not state.running and (state.waiting or state.in_flight):
        last = min(state.workers, key=lambda worker: worker.seen, default=None)
        known = f"; {last.name} was seen {period(last.seen)} ago" if last else ""
        waiting = f"{_jobs(state.waiting, 'waits', 'wait')}, {_jobs(state.in_flight, 'is', 'are')} in work"
        yield Finding("no_worker", f"No worker takes jobs in ({waiting}{known}): start one with `pagefacts worker`.")
        return
    for worker in state.workers:
        if worker.jobs and worker.seen > _LOST:
            after = f"{seen.settings.claim_after:.0f} s without a step (PAGEFACTS_CLAIM_AFTER)"
            yield Finding(
                "worker_lost",
                f"{worker.name} has not been seen for {period(worker.seen)} and holds {_jobs(worker.jobs)}: "
                f"others take these over after {after}. If it still runs, look at its log.",
            )


def _intake(seen: Seen) -> Iterator[Finding]:
    state, settings = seen.state, seen.settings
    limits = list(_limits(state, settings))
    yield from limits
    if (state.oldest_waiting or 0) > _SOON and not state.in_flight and state.running and not limits:
        yield Finding(
            "not_taken_in",
            f"Workers run and take no jobs in, though {_jobs(state.waiting, 'waits', 'wait')}: their logs say why. "
            "A limit may be set for them that is not set here.",
        )


def _limits(state: QueueState, settings: Settings) -> Iterator[Finding]:
    reached = limits_reached(state, settings)
    if reached["dead"]:
        yield Finding(
            "limit_dead",
            f"{state.dead} dead letters: the limit PAGEFACTS_DEAD_MAX is reached, no jobs are enqueued or taken in. "
            "Retry or drop some: `pagefacts dead`.",
        )
    if reached["results"]:
        slowest = max(state.groups, key=lambda group: group.behind)
        yield Finding(
            "limit_results",
            f"{state.on_results_stream} answers are kept: the limit PAGEFACTS_RESULTS_MAX is reached, no jobs are "
            f"enqueued or taken in. The consumer group {slowest.name} is behind by {slowest.behind}: let it read and "
            f"acknowledge, or delete it where nobody reads (`XGROUP DESTROY`).",
        )
    if reached["jobs"]:
        yield Finding(
            "limit_jobs",
            f"{state.waiting + state.in_flight} jobs wait or are in work: the limit PAGEFACTS_JOBS_MAX is reached, no "
            "more are enqueued. Start more workers.",
        )
    if reached["memory"]:
        yield Finding(
            "limit_memory",
            f"{state.server.memory_percent} % of the server's memory are used: above PAGEFACTS_MEMORY_MAX "
            f"({settings.memory_max} %) no more jobs are enqueued. Start more workers, let consumers acknowledge their "
            "answers, drop dead letters, or give the server more.",
        )


def _speed(seen: Seen) -> Iterator[Finding]:
    state, flow = seen.state, seen.flow
    if not state.running or (state.oldest_waiting or 0) < _WAITS_LONG or flow.arrivals <= flow.answers:
        return
    yield Finding(
        "growing",
        f"Jobs come faster than they are answered, about {flow.arrivals:.0f} a minute against {flow.answers:.0f}; the "
        f"oldest of {state.waiting} waits for {period(state.oldest_waiting or 0)}. Start more workers.",
    )


def _stuck(seen: Seen) -> Iterator[Finding]:
    state, settings = seen.state, seen.settings
    idle = [job for job in state.pending if job.idle > settings.claim_after]
    if idle:
        yield Finding(
            "idle",
            f"{_jobs(len(idle), 'has', 'have')} been in work for {period(state.longest_idle)} without a step, longer "
            f"than PAGEFACTS_CLAIM_AFTER ({settings.claim_after:.0f} s): a worker with room delivers them again.",
        )
    # Each process may have a page that takes as long as the limit allows; then one of them must have begun another.
    quiet = min((job.idle for job in state.pending), default=0.0)
    unserved = [f"{count} on {queue}" for queue, count in state.queued.items() if count]
    if state.running and unserved and quiet > settings.hard_time_limit + _SOON:
        yield Finding(
            "queue_unserved",
            f"No step has begun for {period(quiet)}, and steps wait: {', '.join(unserved)}. Does a worker consume that "
            "queue (-Q)?",
        )


def _consumers(seen: Seen) -> Iterator[Finding]:
    allowed = max(_BEHIND_LEAST, _BEHIND_MINUTES * seen.flow.answers)
    for group in seen.state.groups:
        if group.behind > allowed:
            yield Finding(
                "group_behind",
                f"The consumer group {group.name} is behind by {group.behind} answers ({group.pending} given and not "
                "acknowledged): does its reader run? What it needs is kept for it, in the server's memory.",
            )


def _dead(seen: Seen) -> Iterator[Finding]:
    for code, count in seen.dead_codes.items():
        if code in _ADVICE:
            yield Finding(
                f"dead_{code}",
                f"{count} of the jobs that failed within the hour have the code {code}: {_ADVICE[code]}.",
                urgent=code in _URGENT,
            )


def _server(seen: Seen) -> Iterator[Finding]:
    server = seen.state.server
    if server.role != "master":
        yield Finding("server_replica", "REDIS_URL names a replica, which takes no jobs: name the primary.")
    if not server.writes:
        yield Finding(
            "server_disk",
            f"{server.name} could not write to its disk the last time: it may refuse jobs and answers. Give it room; "
            "its log says more.",
        )
    if not seen.settings.memory_max and server.memory_percent >= _FULL:
        yield Finding("server_memory", f"{server.memory_percent} % of the server's memory are used: give it more.")
    if server.eviction not in {"noeviction", ""}:
        yield Finding(
            "server_evicts",
            f"A full server throws jobs or answers away (maxmemory-policy {server.eviction}): set it to noeviction.",
            urgent=server.memory_max > 0,
        )
    if not server.appends:
        yield Finding(
            "server_forgets",
            "The server keeps no append-only file: what it holds may be lost when it is started again. Set appendonly "
            "to yes.",
            urgent=False,
        )


_LOOKS: Final[Sequence[_Look]] = (_workers, _intake, _speed, _stuck, _consumers, _server, _dead)
_EACH: Final[Sequence[_Look]] = (_intake, _server)
"""What is looked at on each shard: its limits and its server are its own."""
_ADVICE: Final = {
    "internal_error": "a defect of pagefacts, which the log and Sentry have; keep the jobs and retry them when it is "
    "mended (`pagefacts dead retry`)",
    "too_many_deliveries": "their pages ended the worker each time; its log and the kernel's say how",
    "memory_limit": "their pages need more than PAGEFACTS_CHILD_MEMORY_MAX_MB",
    "time_limit": "their pages need more than PAGEFACTS_SOFT_TIME_LIMIT, or the machine is overloaded",
    "unknown_version": "a producer is newer than the workers: replace these, then `pagefacts dead retry all`",
    "fetch_not_enabled": "they give only a url and no worker fetches: set PAGEFACTS_FETCH=on, or send the pages",
    "invalid_job": "a producer sends what is no job; `pagefacts dead list` names the field",
}
_URGENT: Final = {"internal_error", "too_many_deliveries", "unknown_version"}


def _jobs(count: int, one: str = "", many: str = "") -> str:
    """Return ``1 job waits`` or ``3 jobs wait``."""
    return (f"1 job {one}" if count == 1 else f"{count} jobs {many}").rstrip()
