"""What a worker's processes weigh: a real worker, after pages have gone through it.

    python benchmarks/worker_memory.py PAGE… [--copies N] [--concurrency N]

Starts an embedded server and a worker with the current settings, lets the pages through, and prints of the worker's
main process and of each child the resident memory (RSS), its proportional share (PSS: a page that n processes share
counts a nth for each), and what is its own alone (USS), as Linux states them. The sum of PSS is what the worker takes.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from batches import jobs, through_queue
from processes import children, memory

from config.settings import Settings
from worker.child import child_worker
from worker.connection import open_ledger
from worker.embedded import embedded_server


def measure(pages: list[str], copies: int, concurrency: int) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each process of a worker that has answered the pages, by its part."""
    with tempfile.TemporaryDirectory() as folder, embedded_server(folder) as server:
        settings = Settings.from_env({**os.environ, "REDIS_URL": server.url})
        before = set(children(os.getpid()))
        with child_worker(server.url, concurrency, Path(folder) / "worker.log"):
            through_queue(open_ledger(settings), jobs(pages, copies))
            (main_process,) = set(children(os.getpid())) - before
            yield "main", memory(main_process)
            yield from ((f"child {n}", memory(child)) for n, child in enumerate(children(main_process), start=1))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+")
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--concurrency", type=int, default=2)
    options = parser.parse_args()
    rows = list(measure(options.pages, options.copies, options.concurrency))
    print(f"n = {len(options.pages) * options.copies} pages, MiB")
    for name, sizes in rows:
        print(f"{name:<10}", *(f"{field} {size:7.1f}  " for field, size in sizes.items()))
    print(f"{'sum of PSS':<10} {sum(sizes['PSS'] for _, sizes in rows):.1f}")


if __name__ == "__main__":
    main()
