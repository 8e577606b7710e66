"""The state of the queue and of single jobs, as ``pagefacts status`` shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from config.settings import Settings
from pagefacts.render.words import plural
from worker.diagnosis import Finding, Seen, period
from worker.queue_state import QueueState
from worker.whereabouts import Place, Whereabouts


def report(seen: Seen, found: Sequence[Finding]) -> Iterator[str]:
    """Yield the lines of the report for people."""
    queue = [*_jobs(seen), *_shards(seen), *_workers(seen), *_consumers(seen.state), *_failures(seen)]
    rows = [*queue, ("server", _server(seen.state))]
    shown = ""
    for heading, text in rows:
        yield f"{heading if heading != shown else '':<11}{text}"
        shown = heading
    yield ""
    if not any(finding.urgent for finding in found):
        yield "All is well."
    for finding in found:
        yield f"{'!' if finding.urgent else '-'} {finding.message}"


def as_json_object(seen: Seen, found: Sequence[Finding]) -> dict[str, Any]:
    """Return the report for programs; times are seconds, sizes bytes."""
    state, flow = seen.state, seen.flow
    return {
        "lag": state.waiting,
        "in_flight": state.in_flight,
        "answered": state.answered,
        "failed": state.failures,
        "duplicates": state.duplicates,
        "on_results_stream": state.on_results_stream,
        "dead": state.dead,
        "oldest_waiting": state.oldest_waiting,
        "oldest_in_flight": state.oldest_in_flight,
        "oldest_job": asdict(seen.oldest) if seen.oldest else None,
        "redelivered": state.redelivered,
        "answers_a_minute": flow.answers,
        "arrivals_a_minute": flow.arrivals,
        "seconds_to_empty": flow.seconds_to_empty(state.waiting),
        "steps_queued": dict(state.queued),
        "workers": [asdict(worker) for worker in state.workers],
        "groups": [{**asdict(group), "behind": group.behind} for group in state.groups],
        "recent_failures": dict(seen.dead_codes),
        "server": asdict(state.server),
        "findings": [asdict(finding) for finding in found],
        **({"shards": [_shard(shard) for shard in seen.shards]} if seen.shards else {}),
    }


def _shard(state: QueueState) -> dict[str, Any]:
    return {
        "lag": state.waiting,
        "in_flight": state.in_flight,
        "answered": state.answered,
        "failed": state.failures,
        "on_results_stream": state.on_results_stream,
        "dead": state.dead,
        "oldest_waiting": state.oldest_waiting,
        "server": asdict(state.server),
    }


def _jobs(seen: Seen) -> Iterator[tuple[str, str]]:
    state, flow = seen.state, seen.flow
    waits = "" if state.oldest_waiting is None else f", the oldest for {period(state.oldest_waiting)}"
    yield "waiting", f"{state.waiting:,}{waits}"
    again = f", {state.redelivered} of them delivered again" if state.redelivered else ""
    since = "" if state.oldest_in_flight is None else f", the oldest enqueued {period(state.oldest_in_flight)} ago"
    yield "in work", f"{state.in_flight:,}{again}{since}"
    if seen.oldest is not None:
        yield "in work", f"{seen.oldest.id}: {_step(seen.oldest)}"
    empty = flow.seconds_to_empty(state.waiting)
    ends = f"; none waits in about {period(empty)}" if empty else ""
    yield "answered", f"{state.answered:,}, {state.failures:,} of them failures; {flow.answers:.0f} a minute{ends}"


def _shards(seen: Seen) -> Iterator[tuple[str, str]]:
    for number, state in enumerate(seen.shards):
        jobs = f"{state.waiting:,} waiting, {state.in_flight:,} in work, {state.answered:,} answered"
        dead = f", {plural(state.dead, 'dead letter')}" if state.dead else ""
        yield "shards", f"{number}: {jobs}{dead}; {state.server.name}, {_size(state.server.memory)}"


def _workers(seen: Seen) -> Iterator[tuple[str, str]]:
    shown = [worker for worker in seen.state.workers if worker.jobs or worker in seen.state.running]
    for worker in shown:
        yield "workers", f"{worker.name}: {plural(worker.jobs, 'job')}, seen {period(worker.seen)} ago"
    if not shown:
        yield "workers", "none"


def _consumers(state: QueueState) -> Iterator[tuple[str, str]]:
    for group in state.groups:
        yield "consumers", f"{group.name}: {group.behind:,} behind, {group.pending:,} of them given to it"
    yield "results", f"{plural(state.on_results_stream, 'answer')} on the stream"


def _failures(seen: Seen) -> Iterator[tuple[str, str]]:
    codes = ", ".join(f"{code} {count}" for code, count in seen.dead_codes.items())
    yield "dead", f"{plural(seen.state.dead, 'letter')}" + (f"; of the last hour: {codes}" if codes else "")


def _server(state: QueueState) -> str:
    server = state.server
    most = f" of {_size(server.memory_max)}" if server.memory_max else ""
    keeps = "append-only file" if server.appends else "no append-only file"
    return f"{server.name}, up {period(server.uptime)}, {_size(server.memory)}{most}, {server.eviction}, {keeps}"


def _size(octets: int) -> str:
    return f"{octets / (1 << 30):.1f} GiB" if octets >= 1 << 30 else f"{octets / (1 << 20):.0f} MiB"


def _step(job: Whereabouts) -> str:
    """Return what is done with a job in work."""
    step = f"{job.stage} {'runs' if job.running else 'is done'}" if job.stage else "no step has begun"
    again = f", delivery {job.attempt}" if (job.attempt or 1) > 1 else ""
    return f"{step}, for {period(job.idle or 0)} at {job.worker}{again}"


def words_of(job: Whereabouts, settings: Settings) -> str:
    """Return where a job is, for people."""
    match job.place:
        case Place.WAITING:
            return f"{job.id}: waits as number {job.position}, enqueued at {job.since}"
        case Place.IN_WORK:
            return f"{job.id}: in work, {_step(job)}; enqueued at {job.since}"
        case Place.ANSWERED if job.code or job.dead:
            kept = f"; the job is kept: `pagefacts dead retry {job.id}`" if job.dead else ""
            return f"{job.id}: failed at {job.since} ({job.stage}: {job.code}): {job.message}{kept}"
        case Place.ANSWERED:
            return f"{job.id}: answered at {job.since}, entry {job.entry} of the results stream"
    return (
        f"{job.id}: not known: it was not enqueued, was answered more than {period(settings.done_ttl)} ago "
        "(PAGEFACTS_DONE_TTL), or waits behind a thousand others"
    )
