"""The ledger: a job stays in the jobs stream, pending, until it is answered; it is answered once.

The jobs stream is the only truth. What Celery loses stays pending here and is delivered again; each script below is
one atomic step, and none of them does harm when repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import redis

from worker.keys import Keys

GROUP: Final = "workers"
"""The consumer group of the jobs stream."""
_CONSUMER_FORGOTTEN: Final = 3_600_000
"""Milliseconds after which a consumer that holds no job is taken off the group's list."""


class Superseded(Exception):
    """This attempt is over: the job was answered, or it was given to another worker."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A job as the stream delivers it."""

    entry: str
    """Its entry of the jobs stream."""
    raw: bytes
    """The job as the producer wrote it; empty where the entry has no field ``job``."""
    count: int
    """How often it was delivered, this time included."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is written in answer to a job."""

    job_id: str
    event: str
    """The event, JSON."""
    dead: str | None = None
    """The dead letter, JSON; None for a result."""


class Ledger:
    """The ledger of one namespace on one server."""

    def __init__(self, client: redis.Redis, keys: Keys, done_ttl: int) -> None:
        self.client: Any = client  # redis-py types every reply as maybe awaitable, which would need a cast a call
        self.keys = keys
        self._done_ttl = done_ttl
        self._admit = self.script("admit")
        self._begin = self.script("begin")
        self._save = self.script("save")
        self._answer = self.script("answer")
        self._forget = self.script("forget")

    def script(self, name: str) -> Any:
        """Return the Lua script ``lua/<name>.lua``, to be called with its keys and arguments."""
        return self.client.register_script(files("worker").joinpath("lua", f"{name}.lua").read_text())

    def create_group(self, stream: str, group: str) -> None:
        """Create the stream and its consumer group, from the oldest entry on, where they do not exist."""
        try:
            self.client.xgroup_create(stream, group, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    # --- producers -------------------------------------------------------------------------------------------------

    def enqueue(self, *jobs: bytes | str) -> list[str]:
        """Append jobs, each JSON, in one round trip; return their entries."""
        pipe = self.client.pipeline(transaction=False)
        for job in jobs:
            pipe.xadd(self.keys.jobs, {"job": job})
        return [entry.decode() for entry in pipe.execute()]

    # --- intake ----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Create the jobs stream and its group where they do not exist."""
        self.create_group(self.keys.jobs, GROUP)

    def held(self, consumer: str, most: int) -> int:
        """Count the jobs that ``consumer`` took in and that are not answered, up to ``most``."""
        return len(self.client.xpending_range(self.keys.jobs, GROUP, "-", "+", most, consumername=consumer))

    def read(self, consumer: str, count: int, block_ms: int) -> list[Delivery]:
        """Take up to ``count`` new jobs; wait up to ``block_ms`` for the first."""
        reply = self.client.xreadgroup(GROUP, consumer, {self.keys.jobs: ">"}, count=count, block=block_ms)
        entries = reply[0][1] if reply else []
        return [_delivery(entry, fields, 1) for entry, fields in entries]

    def reclaim(self, consumer: str, count: int, idle_ms: int) -> list[Delivery]:
        """Take over up to ``count`` jobs of any consumer that have been idle for ``idle_ms``."""
        entries: list[tuple[bytes, dict[bytes, bytes]]] = []
        cursor: bytes | str = "0-0"
        while len(entries) < count:
            # One call looks at ten times its count of pending entries; the cursor goes on where it stopped.
            reply = self.client.xautoclaim(self.keys.jobs, GROUP, consumer, idle_ms, cursor, count=count - len(entries))
            cursor = reply[0]
            entries += [(entry, fields) for entry, fields in reply[1] if entry is not None]
            if cursor == b"0-0":
                break
        if not entries:
            return []
        pending = self.client.xpending_range(
            self.keys.jobs, GROUP, entries[0][0], entries[-1][0], 10 * count + 100, consumer
        )
        counts = {each["message_id"]: each["times_delivered"] for each in pending}
        return [_delivery(entry, fields, counts.get(entry, 2)) for entry, fields in entries]

    def reclaim_own(self, consumer: str, count: int, idle_ms: int) -> list[Delivery]:
        """Take up to ``count`` jobs of ``consumer`` itself again that have been idle for ``idle_ms``."""
        pending = self.client.xpending_range(
            self.keys.jobs, GROUP, "-", "+", count, consumername=consumer, idle=idle_ms
        )
        counts = {each["message_id"]: each["times_delivered"] + 1 for each in pending}
        if not counts:
            return []
        entries = self.client.xclaim(self.keys.jobs, GROUP, consumer, idle_ms, list(counts))
        return [_delivery(entry, fields, counts[entry]) for entry, fields in entries if entry is not None]

    def admit(self, delivery: Delivery, job_id: str, consumer: str, head: str, fetcher: str | None = None) -> bool:
        """Claim ``job_id`` for this delivery; ``head`` is the job without its page.

        A job that begins with the step "fetch" is held by the consumer ``fetcher`` until its next step begins.

        Return False where the job was answered, or another entry with its id is in work: this entry is then gone.
        """
        keys = [self.keys.claim(job_id), self.keys.done(job_id), self.keys.jobs, self.keys.counts]
        return bool(self._admit(keys, [GROUP, delivery.entry, delivery.count, consumer, head, fetcher or ""]))

    def forget_idle_consumers(self) -> int:
        """Take consumers that hold nothing and have not been seen for an hour off the group's list; return how many.

        A worker that comes back is put on the list again when it reads.
        """
        return int(self._forget([self.keys.jobs], [GROUP, _CONSUMER_FORGOTTEN]))

    # --- steps -----------------------------------------------------------------------------------------------------

    def begin(self, job_id: str, attempt: int, stage: str, fields: Sequence[str]) -> tuple[str, list[bytes | None]]:
        """Begin a step: return the job's entry and the ``fields`` of the claim (``job``: the job itself).

        Resets the job's idle time. Raise `Superseded` where the attempt is over.
        """
        reply = self._begin([self.keys.claim(job_id), self.keys.jobs], [GROUP, attempt, stage, *fields])
        if reply is None:
            raise Superseded(job_id)
        return reply[0].decode(), reply[1:]

    def save(self, job_id: str, attempt: int, fields: Mapping[str, str | bytes | float]) -> None:
        """Keep ``fields`` with the claim. Raise `Superseded` where the attempt is over."""
        pairs = [part for pair in fields.items() for part in pair]
        if not self._save([self.keys.claim(job_id)], [attempt, *pairs]):
            raise Superseded(job_id)

    def original(self, entry: str) -> bytes | None:
        """Return the job of ``entry`` as the producer wrote it; None where it is answered."""
        found = self.client.xrange(self.keys.jobs, entry, entry)
        return found[0][1].get(b"job", b"") if found else None

    def stage(self, job_id: str) -> str | None:
        """Return the step that the job in work began last."""
        stage = self.client.hget(self.keys.claim(job_id), "stage")
        return stage.decode() if stage else None

    def answer(self, entry: str, answer: Answer) -> bool:
        """Publish the answer and end the job. Return False where it had been answered."""
        keys = self.keys
        return bool(
            self._answer(
                [keys.claim(answer.job_id), keys.done(answer.job_id), keys.jobs, keys.results, keys.dead, keys.counts],
                [
                    GROUP,
                    entry,
                    answer.event,
                    self._done_ttl,
                    "failures" if answer.dead else "results",
                    answer.dead or "",
                ],
            )
        )

    # --- operators -------------------------------------------------------------------------------------------------

    def forget(self, job_ids: Sequence[str]) -> None:
        """Forget that these jobs were answered, so that they are processed anew."""
        if job_ids:
            self.client.delete(*(self.keys.done(job_id) for job_id in job_ids))

    def workers_seen(self, within_ms: int) -> int:
        """Count the workers that have looked for jobs within the last ``within_ms``."""
        try:
            consumers = self.client.xinfo_consumers(self.keys.jobs, GROUP)
        except redis.ResponseError as error:  # no worker has created the stream or the group yet
            if "NOGROUP" in str(error) or "no such key" in str(error):
                return 0
            raise
        return sum(consumer["idle"] <= within_ms for consumer in consumers)

    def status(self) -> dict[str, int]:
        """Return how many jobs wait (``lag``), are in work (``in_flight``), were answered, and lie dead."""
        pipe = self.client.pipeline(transaction=True)
        pipe.xlen(self.keys.jobs)
        pipe.hgetall(self.keys.counts)
        pipe.xlen(self.keys.results)
        pipe.xlen(self.keys.dead)
        waiting, counts, results, dead = pipe.execute()
        in_flight = self._in_flight()
        counted = {name.decode(): int(value) for name, value in counts.items()}
        return {
            "lag": max(0, waiting - in_flight),
            "in_flight": in_flight,
            "answered": counted.get("results", 0) + counted.get("failures", 0),
            "failed": counted.get("failures", 0),
            "duplicates": counted.get("duplicates", 0),
            "on_results_stream": results,
            "dead": dead,
        }

    def _in_flight(self) -> int:
        try:
            return int(self.client.xpending(self.keys.jobs, GROUP)["pending"])
        except redis.ResponseError as error:  # no worker has created the group yet
            if "NOGROUP" in str(error):
                return 0
            raise


def _delivery(entry: bytes, fields: Mapping[bytes, bytes], count: int) -> Delivery:
    return Delivery(entry.decode(), fields.get(b"job", b""), count)
