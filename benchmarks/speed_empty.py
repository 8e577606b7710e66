"""What a queue costs when there is nothing to do: steps that return at once, beside other queues on the same server.

Each has a real server and a real worker of one process for the work, started and warm before the clock. The jobs are
put in while the worker is stopped (SIGSTOP); the clock runs from when it goes on to the last answer. They take turns,
and all but one are stopped meanwhile. Each ends its jobs with an entry on a stream; what pagefacts does beside that
(validation, claims, delivery again after a crash, one answer an id, limits, logs, a sandbox) the others do not. Taskiq
works on many jobs at once and Huey in a thread of its one process, as they come; the others on one in a child.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from speed_rig import Rig, rig, until
from speed_table import Options, Row

_FOLDER: Final = Path(__file__).with_name("empty")
_JOBS: Final = 1_000
_WARM: Final = 50
_REFERENCE: Final = "Celery, chain of three"
_PYTHON: Final = sys.executable
_BIN: Final = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Rival:
    """A queue, with the command of its worker and that which puts jobs in."""

    worker: Sequence[str]
    put: Sequence[str] = ()
    """Without the number of jobs; empty for pagefacts, whose client this process has."""
    environment: dict[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()
    """Further arguments of ``put``."""


def _script(name: str) -> str:
    return str(_FOLDER / f"{name}.py")


def _put(name: str) -> Sequence[str]:
    return (_PYTHON, "-c", f"import {name}; {name}.main()")


def _celery(*more: str) -> Sequence[str]:
    return (str(_BIN / "celery"), "-A", "celery_app", "worker", "--concurrency=1", "--loglevel=WARNING", *more)


_PAGEFACTS: Final = (_PYTHON, _script("pagefacts_worker"))
_CELERY: Final = _put("celery_app")
RIVALS: Final[dict[str, Rival]] = {
    "pagefacts": Rival(_PAGEFACTS),
    "pagefacts, PAGEFACTS_PIPELINE=chain": Rival(_PAGEFACTS, environment={"PAGEFACTS_PIPELINE": "chain"}),
    _REFERENCE: Rival(_celery(), _CELERY),
    "Celery, single task": Rival(_celery(), _CELERY, options=("single",)),
    "taskiq, Redis stream": Rival(
        (str(_BIN / "taskiq"), "worker", "--workers=1", "taskiq_app:broker"), _put("taskiq_app")
    ),
    "huey": Rival((str(_BIN / "huey_consumer"), "huey_app.huey", "--workers=1"), _put("huey_app")),
    "dramatiq": Rival((str(_BIN / "dramatiq"), "--processes=1", "--threads=1", "dramatiq_app"), _put("dramatiq_app")),
    "XREADGROUP in a loop": Rival((_PYTHON, _script("raw_loop")), (_PYTHON, _script("raw_loop"))),
}


class Runner:
    """A rival that runs."""

    def __init__(self, rival: Rival, place: Rig) -> None:
        self._rival = rival
        self._place = place
        self._sent = 0
        place.start(rival.worker, PYTHONPATH=str(_FOLDER), **rival.environment)

    @property
    def _stream(self) -> str:
        return "out" if self._rival.put else self._place.ledger.keys.results

    def _answered(self) -> int:
        return int(self._place.ledger.client.xlen(self._stream))

    def _look_for_failures(self) -> None:
        """End where a job has failed: it is answered, too, and sooner."""
        if failed := self._place.ledger.client.hget(self._place.ledger.keys.counts, "failures"):
            sys.exit(f"{failed.decode()} jobs failed: {self._place.log.read_text()[-2000:]}")

    def _put(self, count: int) -> None:
        if self._rival.put:
            environment = {"REDIS_URL": self._place.url, "PYTHONPATH": str(_FOLDER)}
            subprocess.run([*self._rival.put, str(count), *self._rival.options], check=True, env=environment)
        else:
            jobs = [json.dumps({"id": f"{self._sent + n}", "body": "0" * 200}) for n in range(count)]
            self._place.ledger.enqueue(*jobs)
        self._sent += count

    def warm(self) -> None:
        """Wait for the first answers, and stop."""
        self._put(_WARM)
        until(lambda: self._answered() >= self._sent, f"the first answers: {self._place.log}")
        self._place.pause()

    def measure(self) -> tuple[float, float]:
        """Return jobs a second, and milliseconds of processor a job: the worker's and the server's."""
        self._put(_JOBS)
        before, started = self._place.used(), time.time()
        self._place.go_on()
        until(lambda: self._answered() >= self._sent, f"answers: {self._place.log}")
        seconds, after = self._place.last(self._stream) - started, self._place.used()
        self._place.pause()
        self._look_for_failures()
        return _JOBS / seconds, 1000 * (sum(after.values()) - sum(before.values())) / _JOBS


def rows(options: Options) -> Iterator[Row]:
    """Yield what each does in a second, and what a job costs it."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in RIVALS}
    with ExitStack() as stack:
        runners = {name: Runner(rival, stack.enter_context(rig())) for name, rival in RIVALS.items()}
        for runner in runners.values():
            runner.warm()
        for _ in range(options.repeats):
            for name, runner in runners.items():
                found[name].append(runner.measure())
    yield from _rows(found, "jobs/s", lambda each: each[0], "ratio ≥ 1.5")
    yield from _rows(found, "ms CPU a job", lambda each: each[1])


def _rows(
    found: dict[str, list[tuple[float, float]]],
    unit: str,
    pick: Callable[[tuple[float, float]], float],
    wanted: str = "",
) -> Iterator[Row]:
    against = [pick(each) for each in found[_REFERENCE]]
    for name, values in found.items():
        yield Row(name, unit, [*map(pick, values)], _REFERENCE, against, _JOBS, wanted if name == "pagefacts" else "")
