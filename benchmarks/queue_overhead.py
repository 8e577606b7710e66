"""What the queue costs: pages through Redis and one worker, against the same pages in a plain loop.

    python benchmarks/queue_overhead.py PAGE… [--copies N] [--repeats N]

Both sides do the same work on the same pages, in turn, on one process each: the loop calls the three functions, the
worker has one child and is started and warm before the clock starts. Prints milliseconds of wall time a page, and the
ratio, pair by pair: a machine that drifts drifts for both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from config.settings import Settings
from worker import runtime
from worker.child import child_worker
from worker.connection import open_ledger
from worker.embedded import embedded_server
from worker.inline import answer_here
from worker.inputs import read_jobs
from worker.ledger import Ledger
from worker.run import Run


def jobs(pages: list[str], copies: int) -> list[bytes]:
    """Return ``copies`` jobs a page, each with a new id."""
    return list(read_jobs(pages * copies, [], lambda path: f"{Path(path).name}:{uuid.uuid4()}"))


def through_queue(ledger: Ledger, batch: list[bytes]) -> float:
    """Return the seconds until every job is answered."""
    started = time.perf_counter()
    for _ in Run(ledger, again=False, check=lambda: None).answers(batch):
        pass
    return time.perf_counter() - started


def in_loop(batch: list[bytes]) -> float:
    """Return the seconds that a plain loop takes."""
    models = runtime.models()
    started = time.perf_counter()
    for raw in batch:
        answer_here(raw, models)
    return time.perf_counter() - started


def measure(pages: list[str], copies: int, repeats: int) -> Iterator[tuple[float, float]]:
    """Yield milliseconds a page, loop and queue, after one round that does not count."""
    with tempfile.TemporaryDirectory() as folder, embedded_server(folder) as server:
        settings = Settings.from_env({**os.environ, "REDIS_URL": server.url})
        with child_worker(server.url, 1, Path(folder) / "worker.log"):
            ledger = open_ledger(settings)
            for count in range(repeats + 1):
                batch = jobs(pages, copies)
                pair = in_loop(batch) / len(batch) * 1000, through_queue(ledger, batch) / len(batch) * 1000
                if count:
                    yield pair


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+")
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    pairs = list(measure(options.pages, options.copies, options.repeats))
    print(f"n = {len(options.pages) * options.copies} pages a run, {len(pairs)} runs, {os.cpu_count()} cores")
    rows = {
        "loop, ms a page": [loop for loop, _ in pairs],
        "queue, ms a page": [queue for _, queue in pairs],
        "queue / loop": [queue / loop for loop, queue in pairs],
    }
    for name, values in rows.items():
        print(f"{name:<18} min {min(values):8.3f}  median {statistics.median(values):8.3f}  max {max(values):8.3f}")


if __name__ == "__main__":
    main()
