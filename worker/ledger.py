"""The ledger: a job stays in the jobs stream, pending, until it is answered; it is answered once.

The jobs stream is the only truth. What Celery loses stays pending here and is delivered again; each script below is
one atomic step, and none of them does harm when repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from importlib.resources import files
from typing import Any, Final

import redis

from pagefacts import client
from pagefacts.client.consuming import make_group
from pagefacts.client.producing import append
from pagefacts.client.steps import run
from pagefacts.errors import ClaimTooLarge
from worker.keys import Keys

GROUP: Final = "workers"
"""The consumer group of the jobs stream."""
FETCHER: Final = ":fetch"
"""Ends the name of the consumer that holds a worker's jobs while they are fetched."""
_LAST: Final = f"{2**64 - 1}-0"
"""No entry has a greater id; the greatest possible would mean the same as ``>`` to the server, and take new jobs."""
_CONSUMER_FORGOTTEN: Final = 3_600_000
"""Milliseconds after which a consumer that holds no job is taken off the group's list."""
_CLAIM_FORGOTTEN: Final = 86_400
"""Seconds after which a claim that no step has touched goes: its job is gone from the stream, or will begin anew."""


class Superseded(Exception):
    """This attempt is over: the job was answered, or it was given to another worker."""


@dataclass(frozen=True, slots=True)
class Limits(client.Limits):
    """How much of each there may be; 0: without limit."""

    memory: int = 0
    """Percent of the server's ``maxmemory``."""
    claim_mb: int = 0
    """Mebibytes that one step of a job may leave for those that follow."""


class Admission(IntEnum):
    """What is to be done with a delivery."""

    DISPATCH = 1
    """Its tasks are to be sent."""
    AGAIN = 2
    """They are to be sent once more: it was admitted before, and no step of it runs."""
    OVER = 0
    """Nothing: a step of it runs, it was answered, another entry has its id, or it was delivered again meanwhile."""
    PARK = -1
    """It is to be answered with a failure: it has ended its process within a step as often as allowed."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A job as the stream delivers it."""

    entry: str
    """Its entry of the jobs stream."""
    raw: bytes
    """The job as the producer wrote it; empty where the entry has no field ``job``."""
    count: int
    """How often it was delivered, this time included."""
    consumer: str
    """The consumer that it was delivered to."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a job until it is answered."""

    consumer: str
    """The consumer, of the jobs stream's group."""
    fetcher: str | None = None
    """The one that holds it until its page is there, where that is to be fetched."""


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

    def __init__(self, client: redis.Redis, keys: Keys, done_ttl: int, limits: Limits = Limits()) -> None:
        self.client: Any = client  # redis-py types every reply as maybe awaitable, which would need a cast a call
        self.keys = keys
        self.limits = limits
        self._done_ttl = done_ttl
        self._admit = self.script("admit")
        self._begin = self.script("begin")
        self._save = self.script("save")
        self._answer = self.script("answer")
        self._forget = self.script("forget")
        self._peek = self.script("peek")

    def script(self, name: str) -> Any:
        """Return the Lua script ``lua/<name>.lua``, to be called with its keys and arguments."""
        return self.client.register_script(files("worker").joinpath("lua", f"{name}.lua").read_text())

    def create_group(self, stream: str, group: str) -> None:
        """Create the stream and its consumer group, from the oldest entry on, where they do not exist."""
        run(make_group(self.client, stream, group))

    # --- producers -------------------------------------------------------------------------------------------------

    def enqueue(self, *jobs: bytes | str) -> list[str]:
        """Append jobs, each JSON, in one round trip; return their entries.

        Raise `QueueFull` where there is no room for all of them; it has those that were not enqueued.
        """
        return run(append(self.client, self.keys, self.limits, jobs))

    # --- intake ----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Create the jobs stream and its group where they do not exist."""
        self.create_group(self.keys.jobs, GROUP)

    def held(self, consumer: str, most: int) -> int:
        """Count the jobs that ``consumer`` took in and that are not answered, up to ``most``."""
        return len(self._pending(consumer, most))

    def _pending(self, consumer: str, most: int, idle_ms: int | None = None) -> list[dict[str, Any]]:
        """Return up to ``most`` of the jobs that ``consumer`` holds, of those that have been idle for ``idle_ms``."""
        found: list[dict[str, Any]] = self.client.xpending_range(
            self.keys.jobs, GROUP, "-", "+", most, consumername=consumer, idle=idle_ms
        )
        return found

    def read(self, consumer: str, count: int, block_ms: int | None) -> list[Delivery]:
        """Take up to ``count`` new jobs; wait up to ``block_ms`` for the first, or not (None)."""
        reply = self.client.xreadgroup(GROUP, consumer, {self.keys.jobs: ">"}, count=count, block=block_ms)
        entries = reply[0][1] if reply else []
        return [_delivery(entry, fields, 1, consumer) for entry, fields in entries]

    def show(self, consumer: str) -> None:
        """Show that ``consumer`` is there, without taking jobs: it asks for those of its own past the last possible."""
        self.client.xreadgroup(GROUP, consumer, {self.keys.jobs: _LAST}, count=1)

    def held_by(self, consumer: str, most: int) -> list[Delivery]:
        """Return up to ``most`` of the jobs that ``consumer`` holds, as they were delivered last."""
        pending = self._pending(consumer, most)
        pipe = self.client.pipeline(transaction=False)
        for each in pending:
            pipe.xrange(self.keys.jobs, each["message_id"], each["message_id"])
        return [
            _delivery(found[0][0], found[0][1], each["times_delivered"], consumer)
            for each, found in zip(pending, pipe.execute(), strict=True)
            if found  # else it was answered meanwhile
        ]

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
        pipe = self.client.pipeline(transaction=False)
        for entry, _ in entries:
            pipe.xpending_range(self.keys.jobs, GROUP, entry, entry, 1)
        return [
            _delivery(entry, fields, pending[0]["times_delivered"], consumer)
            for (entry, fields), pending in zip(entries, pipe.execute(), strict=True)
            if pending  # else it was answered meanwhile
        ]

    def reclaim_own(self, consumer: str, count: int, idle_ms: int) -> list[Delivery]:
        """Take up to ``count`` jobs of ``consumer`` itself again that have been idle for ``idle_ms``."""
        counts = {each["message_id"]: each["times_delivered"] + 1 for each in self._pending(consumer, count, idle_ms)}
        if not counts:
            return []
        entries = self.client.xclaim(self.keys.jobs, GROUP, consumer, idle_ms, list(counts))
        return [_delivery(entry, fields, counts[entry], consumer) for entry, fields in entries if entry is not None]

    def admit(self, delivery: Delivery, job_id: str, holder: Holder, head: str, strikes: int) -> Admission:
        """Claim ``job_id`` for this delivery; ``head`` is the job without its page.

        The job is to be parked where ``strikes`` of its attempts have begun a step and did not come to its end.
        """
        keys = [self.keys.claim(job_id), self.keys.done(job_id), self.keys.jobs, self.keys.counts]
        of_delivery = [GROUP, delivery.entry, delivery.count, delivery.consumer]
        of_job = [holder.consumer, holder.fetcher or "", head, strikes, _CLAIM_FORGOTTEN]
        return Admission(self._admit(keys, [*of_delivery, *of_job]))

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
        keys = [self.keys.claim(job_id), self.keys.jobs]
        reply = self._begin(keys, [GROUP, attempt, stage, _CLAIM_FORGOTTEN, *fields])
        if reply is None:
            raise Superseded(job_id)
        return reply[0].decode(), reply[1:]

    def save(self, job_id: str, attempt: int, entry: str, fields: Mapping[str, str | bytes | float]) -> None:
        """Keep ``fields`` with the claim of the job's ``entry``.

        Raise `Superseded` where the attempt is over, and `ClaimTooLarge`.
        """
        size = sum(len(value) for value in fields.values() if isinstance(value, (str, bytes)))
        if 0 < self.limits.claim_mb << 20 < size:
            raise ClaimTooLarge(f"({size >> 20} MiB; the limit is {self.limits.claim_mb})")
        pairs = [part for pair in fields.items() for part in pair]
        if not self._save([self.keys.claim(job_id)], [attempt, entry, *pairs]):
            raise Superseded(job_id)

    def original(self, entry: str) -> bytes | None:
        """Return the job of ``entry`` as the producer wrote it; None where it is answered."""
        found = self.client.xrange(self.keys.jobs, entry, entry)
        return found[0][1].get(b"job", b"") if found else None

    def stage(self, job_id: str) -> str | None:
        """Return the step that the job in work began last."""
        stage = self.client.hget(self.keys.claim(job_id), "stage")
        return stage.decode() if stage else None

    def is_at(self, job_id: str, attempt: int) -> bool:
        """Tell whether the job in work is in this attempt."""
        return bool(self.client.hget(self.keys.claim(job_id), "attempt") == str(attempt).encode())

    def head(self, job_id: str) -> bytes | None:
        """Return the job in work without its page, as its latest attempt has it."""
        found: bytes | None = self.client.hget(self.keys.claim(job_id), "head")
        return found

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

    def peek(
        self, stream: str, *, after: str = "", count: int = 1, newest: bool = False, pattern: str = ""
    ) -> list[tuple[str, str]]:
        """Return up to ``count`` entries of a stream without their content: the oldest ``after`` one, or the newest.

        Each comes with what the Lua ``pattern`` finds in it, or "".
        """
        command = ("XREVRANGE", "+", "-") if newest else ("XRANGE", f"({after}" if after else "-", "+")
        return [(entry.decode(), found.decode()) for entry, found in self._peek([stream], [*command, count, pattern])]


def _delivery(entry: bytes, fields: Mapping[bytes, bytes], count: int, consumer: str) -> Delivery:
    return Delivery(entry.decode(), fields.get(b"job", b""), count, consumer)
