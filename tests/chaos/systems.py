"""What the faults are injected into: pagefacts, and plain Celery chains as a reference. Each has the same face."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import redis
from chaos import chains, pages
from chaos.checker import Answer, Seen
from chaos.server import Server
from chaos.workers import Program
from kombu.exceptions import OperationalError
from redis.backoff import NoBackoff
from redis.retry import Retry

from pagefacts.client import QueueFull
from worker.connection import connect
from worker.keys import Keys
from worker.ledger import Ledger, Superseded

CONCURRENCY: Final = 2
_HERE: Final = Path(__file__).parent
_NAMESPACE: Final = "chaos"
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Limits:
    """The settings of the workers that decide how long a fault lasts."""

    soft: float
    hard: float
    in_flight: int
    claim_after: float
    max_deliveries: int


class Refused(Exception):
    """The server has said that it does not take the job, and why."""


class Unknown(Exception):
    """No answer came: the job may have been taken."""


class System(Protocol):
    """A system under test."""

    name: str
    by_id: bool
    """Whether two jobs of one id are one: else the producers do not send a job again whose fate they do not know."""

    def program(self, starts: Path) -> Program:
        """Return how its workers are started; ``starts``: where poison notes that it began to act."""

    def submit(self, job_id: str, number: int) -> None:
        """Send a job. Raise `Refused` or `Unknown` where it is not known to be taken."""

    def probe(self) -> None:
        """Make one call of the kind that each step of a job makes. Raise an error of redis where none is answered."""

    def answers(self, after: str) -> tuple[str, list[Answer]]:
        """Return the answers behind the entry ``after``, and the last entry."""

    def seen(self) -> Seen:
        """Return all that is there now."""

    def unfinished(self) -> int:
        """Count the jobs that wait or are in work."""


class Pagefacts:
    """The system itself."""

    name = "pagefacts"
    by_id = True

    def __init__(self, server: Server, port: int, limits: Limits) -> None:
        """``port``: of the proxy, where the workers and producers connect."""
        self._url = f"redis://127.0.0.1:{port}/0"
        self._limits = limits
        self._keys = Keys(_NAMESPACE)
        self._server: Any = server.client
        self._producer = Ledger(connect(self._url, retries=0), self._keys, _DAY)
        once = redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0), socket_timeout=10)
        self._prober = Ledger(once, self._keys, _DAY)

    def program(self, starts: Path) -> Program:
        """Return the ordinary command, begun by a module in which poison has its effect."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFACTS_")}
        limits = {
            "PAGEFACTS_SOFT_TIME_LIMIT": self._limits.soft,
            "PAGEFACTS_HARD_TIME_LIMIT": self._limits.hard,
            "PAGEFACTS_IN_FLIGHT": self._limits.in_flight,
            "PAGEFACTS_CLAIM_AFTER": self._limits.claim_after,
            "PAGEFACTS_MAX_DELIVERIES": self._limits.max_deliveries,
            "PAGEFACTS_CHILD_MEMORY_MAX_MB": 1024,
        }
        environment = {
            **clean,
            **{name: str(value) for name, value in limits.items()},
            "REDIS_URL": self._url,
            "PAGEFACTS_NAMESPACE": _NAMESPACE,
            "CHAOS_STARTS": str(starts),
            "TMPDIR": str(starts.parent),  # of workers that are killed something is left
        }
        command = [sys.executable, "-P", str(_HERE / "poisoned.py"), "worker", "--concurrency", str(CONCURRENCY)]
        return Program(command, environment)

    def submit(self, job_id: str, number: int) -> None:
        """Enqueue the job, one try."""
        try:
            self._producer.enqueue(pages.job(job_id, number))
        except QueueFull as error:
            raise Refused(f"QueueFull {error.limit}") from error
        except redis.ResponseError as error:
            raise Refused(_reason(error)) from error
        except redis.RedisError as error:
            raise Unknown(str(error)) from error

    def probe(self) -> None:
        """Begin a step of a job that is not there: one script, as each step calls it."""
        with contextlib.suppress(Superseded):
            self._prober.begin("probe", 1, "extract", [])

    def answers(self, after: str) -> tuple[str, list[Answer]]:
        """Read on, on the results stream."""
        entries = self._server.xrange(self._keys.results, f"({after}" if after else "-", "+")
        last = entries[-1][0].decode() if entries else after
        return last, [_answer(json.loads(fields[b"event"])) for _, fields in entries]

    def seen(self) -> Seen:
        """Look at all streams, and for claims."""
        _, found = self.answers("")
        letters = self._server.xrange(self._keys.dead)
        return Seen(
            answers=found,
            dead=[json.loads(fields[b"dead"])["id"] for _, fields in letters],
            waiting=self._server.xlen(self._keys.jobs),
            pending=self._pending(),
            claims=sum(1 for _ in self._claims()),
        )

    def unfinished(self) -> int:
        """Count what is on the jobs stream."""
        return int(self._server.xlen(self._keys.jobs))

    def _pending(self) -> int:
        return int(self._server.xpending(self._keys.jobs, "workers")["pending"])

    def _claims(self) -> Iterator[bytes]:
        yield from self._server.scan_iter(match=f"{self._keys.claim('*')}", count=1000)


class Chains:
    """Celery chains, with Celery's defaults or with late acks."""

    by_id = False

    def __init__(self, server: Server, port: int, limits: Limits, *, late: bool) -> None:
        self.name = "celery-late" if late else "celery"
        self._url = f"redis://127.0.0.1:{port}/0"
        self._limits = limits
        self._late = late
        self._server: Any = server.client
        self._app = chains.chain_app(self._url, late=late, soft=limits.soft, hard=limits.hard)

    def program(self, starts: Path) -> Program:
        """Return a worker of the chain's tasks."""
        environment = {
            **os.environ,
            "CHAOS_BROKER": self._url,
            "CHAOS_SOFT": str(self._limits.soft),
            "CHAOS_HARD": str(self._limits.hard),
            "CHAOS_STARTS": str(starts),
            "TMPDIR": str(starts.parent),  # of workers that are killed something is left
            **({"CHAOS_LATE": "1"} if self._late else {}),
        }
        options = ["--concurrency", str(CONCURRENCY), "--loglevel", "INFO"]
        return Program([sys.executable, "-P", str(_HERE / "chains.py"), "worker", *options], environment)

    def submit(self, job_id: str, number: int) -> None:
        """Send the chain, one try; its work is the same for all."""
        try:
            chains.send(self._app, job_id)
        except (OperationalError, redis.RedisError, OSError) as error:
            cause = error.__cause__ or error  # kombu puts the server's error into one of its own
            if isinstance(cause, redis.ResponseError):
                raise Refused(_reason(cause)) from error
            raise Unknown(str(error)) from error

    def probe(self) -> None:
        """The reference has no ledger."""

    def answers(self, after: str) -> tuple[str, list[Answer]]:
        """Read on, on the stream of answers."""
        entries = self._server.xrange(chains.ANSWERS, f"({after}" if after else "-", "+")
        last = entries[-1][0].decode() if entries else after
        return last, [Answer(fields[b"id"].decode(), "") for _, fields in entries]

    def seen(self) -> Seen:
        """Look at the answers; what else there is belongs to Celery."""
        return Seen(self.answers("")[1], pending=self._server.hlen("unacked"), waiting=self._server.llen("celery"))

    def unfinished(self) -> int:
        """Count the messages of Celery's queue, and those that are not acknowledged."""
        return int(self._server.llen("celery")) + int(self._server.hlen("unacked"))


def _reason(error: redis.ResponseError) -> str:
    """Name the error as the server does, where redis-py has no class for it."""
    name = type(error).__name__
    return name if name != "ResponseError" else str(error).partition(" ")[0]


def _answer(event: dict[str, Any]) -> Answer:
    return Answer(event["id"], pages.content(event["data"]))
