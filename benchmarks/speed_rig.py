"""A real server and real workers to measure, and what their processes have used."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import redis
from processes import descendants, seconds

from config.settings import Settings
from pagefacts.contracts import Job
from worker.connection import check_server, open_ledger
from worker.embedded import embedded_server
from worker.ledger import Ledger

WORKER: Final = (sys.executable, "-P", "-m", "pagefacts", "worker", "--concurrency", "1")
_LOOK: Final = 0.1
"""Seconds between looks whether all is answered: a look costs the server as much as a command of the worker's."""
_PATIENCE: Final = 600.0
_SMALL: Final = '{"id":"%s","body":"At least two people were killed in Aleppo on Monday."}'


@dataclass
class Rig:
    """A server of its own, and the workers on it."""

    url: str
    ledger: Ledger
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    log: Path = Path()
    """The lines of the worker that was started last."""

    @property
    def server(self) -> int:
        """The process of the server."""
        return int(self.ledger.client.info("server")["process_id"])

    @property
    def version(self) -> str:
        """Name and version of the server."""
        return check_server(self.ledger.client)

    def start(self, command: Sequence[str] = WORKER, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker; its lines go to a file, as JSON, as where programs read them."""
        self.log = self.folder / f"worker{len(self.workers)}.log"
        with self.log.open("wb") as log:
            given = {**os.environ, "REDIS_URL": self.url, "PAGEFACTS_LOG_FORMAT": "json", **environment}
            worker = subprocess.Popen(command, stdout=log, stderr=log, env=given, start_new_session=True)
        self.workers.append(worker)
        return worker

    def warm(self, jobs: Sequence[bytes] = ()) -> None:
        """Wait until all workers have answered jobs, each of its own accord."""
        until(lambda: len(self._consumers()) >= len(self.workers), "the workers to start")
        self.through(jobs or [(_SMALL % uuid.uuid4()).encode() for _ in range(10 * len(self.workers))])

    def _consumers(self) -> list[Any]:
        try:
            return list(self.ledger.client.xinfo_consumers(self.ledger.keys.jobs, "workers"))
        except redis.ResponseError:  # no stream yet
            return []

    def through(self, jobs: Sequence[bytes]) -> float:
        """Return the seconds from before the first job is enqueued until all are answered."""
        answered = self.answered + len(jobs)
        started = time.time()
        for first in range(0, len(jobs), 100):
            self.ledger.enqueue(*jobs[first : first + 100])
        until(lambda: self.answered >= answered, "the answers")
        return self.last(self.ledger.keys.results) - started

    def pause(self) -> None:
        """Stop all workers where they are."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let the workers go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                os.killpg(worker.pid, number)

    @property
    def answered(self) -> int:
        """Answers so far."""
        return int(self.ledger.client.xlen(self.ledger.keys.results))

    def last(self, stream: str) -> float:
        """Return when the last answer was written on ``stream``, Unix seconds: server and benchmark have one clock."""
        ((entry, _),) = self.ledger.client.xrevrange(stream, count=1)
        return int(entry.partition(b"-")[0]) / 1000

    def used(self) -> dict[str, float]:
        """Return the processor's seconds that each part has used: main processes, their children, the server."""
        return {
            "server": seconds(self.server),
            "main": sum(seconds(worker.pid) for worker in self.workers),
            "children": sum(seconds(each) for worker in self.workers for each in descendants(worker.pid)),
        }


@contextmanager
def rig(workers: int = 0, environment: Mapping[str, str] | None = None) -> Iterator[Rig]:
    """Run a server and ``workers`` of one child each until the block ends."""
    with tempfile.TemporaryDirectory() as folder, embedded_server(folder) as server, ExitStack() as stack:
        settings = Settings.from_env({**os.environ, "REDIS_URL": server.url})
        built = Rig(server.url, open_ledger(settings), Path(folder))
        stack.callback(_end, built)
        for _ in range(workers):
            built.start(**(environment or {}))
        if workers:
            built.warm()
        yield built


def _end(built: Rig) -> None:
    built.go_on()
    for worker in built.workers:
        worker.terminate()
    for worker in built.workers:
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def until(condition: Callable[[], bool], what: str, look: float = _LOOK) -> None:
    """Wait until ``condition`` holds; it is asked every ``look`` seconds."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"waited for {what} in vain")
        time.sleep(look)


def batch(pages: Sequence[Job]) -> list[bytes]:
    """Return the pages as jobs, JSON, each with a new id."""
    return [_job(page) for page in pages]


def _job(page: Job) -> bytes:
    job = page.model_copy(update={"id": str(uuid.uuid4())})
    return job.model_dump_json(exclude_unset=True, exclude_none=True).encode()
