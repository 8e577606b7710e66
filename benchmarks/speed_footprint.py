"""What it weighs and how soon it is there: bytes in Redis, memory of a worker, time to start.

Memory is the proportional set size (PSS): a page of memory that n processes share counts a nth for each, so that the
sum over the processes is what the machine has less.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from processes import children, memory
from speed_rig import WORKER, Rig, batch, rig, until
from speed_table import Options, Row

_MEBIBYTE: Final = 1.048576
"""Megabytes."""
_PROGRAM: Final = (sys.executable, "-P", "-m", "pagefacts")
_LIBRARIES: Final = (sys.executable, "-c", "import celery, trafilatura, onnxruntime")
_NOTHING: Final = (sys.executable, "-c", "pass")
_PAGE: Final = Path(__file__).parents[1] / "examples" / "independent-2015-09-29.txt"
_CHILDREN: Final = (1, 2, 4)


def queued(options: Options) -> Iterator[Row]:
    """Yield what a job that waits weighs in Redis, beside its own bytes."""
    weighs, raw, count = [], [], len(options.pages)
    with rig() as server:
        for _ in range(options.repeats):
            jobs = batch(options.pages)
            raw.append(sum(map(len, jobs)) / count)
            before = int(server.ledger.client.info("memory")["used_memory"])
            for job in jobs:
                server.ledger.enqueue(job)
            weighs.append((int(server.ledger.client.info("memory")["used_memory"]) - before) / count)
            server.ledger.client.flushall(asynchronous=False)
    yield Row("a queued job in Redis", "bytes", weighs, "its JSON", raw, count)


def weight(options: Options, processes: int) -> float:
    """Return megabytes of a worker with so many children, all of which have answered pages."""
    with rig() as server:
        worker = server.start((*WORKER[:-1], str(processes)))
        server.warm()
        server.through(batch([*options.pages[:40]] * processes))
        return _MEBIBYTE * sum(memory(each)["PSS"] for each in (worker.pid, *children(worker.pid)))


def worker_memory(options: Options) -> Iterator[Row]:
    """Yield what workers weigh, and what each further child adds."""
    weights = {number: [weight(options, number) for _ in range(options.repeats)] for number in _CHILDREN}
    for number, values in weights.items():
        yield Row(f"worker, {number} children", "MB (PSS)", values, "", [], number * len(options.pages[:40]))
    for fewer, more in pairwise(_CHILDREN):
        pairs = zip(weights[fewer], weights[more], strict=True)
        further = [(heavier - lighter) / (more - fewer) for lighter, heavier in pairs]
        yield Row(
            f"each further child, {fewer} to {more}", "MB (PSS)", further, "", [], len(options.pages[:40]), "≤ 120"
        )


def took(command: Sequence[str]) -> float:
    """Return the seconds until a command has ended."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def first_answer() -> float:
    """Return the seconds to the first answer of ``pagefacts process``, on a server of its own that is new."""
    environment = {name: value for name, value in os.environ.items() if name != "REDIS_URL"}
    command = (*_PROGRAM, "process", str(_PAGE))
    with tempfile.TemporaryDirectory() as folder:
        environment["PAGEFACTS_DATA_DIR"] = folder
        started = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
            answer = process.stdout.readline() if process.stdout else b""
            seconds = time.perf_counter() - started
            process.communicate()
    if b"pagefacts.result" not in answer:
        sys.exit(f"no answer: {answer!r}")
    return seconds


def ready(server: Rig) -> float:
    """Return the seconds until a worker says that it takes jobs in."""
    started = time.perf_counter()
    worker = server.start()
    until(lambda: b" ready." in server.log.read_bytes(), "the worker to start", look=0.01)
    seconds = time.perf_counter() - started
    worker.terminate()
    worker.wait(60)
    return seconds


def starts(options: Options) -> Iterator[Row]:
    """Yield how soon each is there."""
    times = range(options.repeats)
    took(_LIBRARIES)
    helped, nothing = zip(*((took((*_PROGRAM, "--help")), took(_NOTHING)) for _ in times), strict=True)
    yield Row("pagefacts --help", "s", helped, "python -c pass", nothing, 1, "≤ 0.15")
    answered, imported = zip(*((first_answer(), took(_LIBRARIES)) for _ in times), strict=True)
    yield Row("pagefacts process, first answer", "s", answered, "import of its libraries", imported, 1, "≤ 4")
    with rig() as server:
        started = [ready(server) for _ in times]
    yield Row("worker, until it is ready", "s", started, "import of its libraries", imported, 1)


def rows(options: Options) -> Iterator[Row]:
    """Yield the rows."""
    yield from queued(options)
    yield from worker_memory(options)
    yield from starts(options)
