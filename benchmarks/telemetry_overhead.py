"""What logs, traces and Sentry cost: pages through workers that write and send more and more of them.

    python benchmarks/telemetry_overhead.py PAGE… [--copies N] [--repeats N]

Each worker has one process in its pool, and all are started and warm before the first round; they get the same pages
in turn, so a machine that drifts drifts for all. Traces and Sentry's envelopes go to a server in the process that
measures. Prints milliseconds of processor time a page, of the worker's main process and its child, and the ratio to the
worker that writes errors only, round by round. Counts for metrics are kept by all of them. For Linux.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import accumulate
from operator import or_
from pathlib import Path
from typing import Any
from unittest.mock import patch

from batches import jobs, through_queue
from processes import children, seconds

from config.settings import Settings
from worker.child import child_worker
from worker.connection import open_ledger
from worker.embedded import embedded_server
from worker.ledger import Ledger


class _Taker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def taker() -> Iterator[str]:
    """Take all that is posted until the block ends; yield host and port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Taker) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


def workers(place: str) -> dict[str, dict[str, str]]:
    """Return the settings of each worker; ``place``: where traces and envelopes are taken."""
    added = {
        "errors": {"PAGEFACTS_LOG_LEVEL": "ERROR", "PAGEFACTS_LOG_FORMAT": "json"},
        "+ stages": {"PAGEFACTS_LOG_LEVEL": "INFO"},
        "+ traces": {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{place}"},
        "+ Sentry": {"SENTRY_DSN": f"http://key@{place}/1"},
        "+ its queues": {"PAGEFACTS_SENTRY_TRACES": "1"},
    }
    return dict(zip(added, accumulate(added.values(), or_), strict=True))


@dataclass
class Measured:
    """A worker that runs."""

    process: int
    ledger: Ledger

    def milliseconds(self, batch: list[bytes]) -> float:
        """Return the processor time that ``batch`` takes, of its main process and its child."""
        before = self._seconds()
        through_queue(self.ledger, batch)
        return (self._seconds() - before) * 1000

    def _seconds(self) -> float:
        return sum(seconds(process) for process in (self.process, *children(self.process)))


@contextmanager
def running(url: str, log: Path, settings: dict[str, str]) -> Iterator[Measured]:
    """Run a worker with ``settings`` until the block ends."""
    others = {*children(os.getpid())}
    with ExitStack() as stack:
        with patch.dict(os.environ, settings):
            stack.enter_context(child_worker(url, 1, log))
            ledger = open_ledger(Settings.from_env({**os.environ, "REDIS_URL": url}))
        (process,) = {*children(os.getpid())} - others
        yield Measured(process, ledger)


def measure(pages: list[str], copies: int, repeats: int) -> Iterator[dict[str, float]]:
    """Yield milliseconds a page of each worker, after one round that does not count."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(embedded_server(str(folder))).url
        measured: dict[str, Measured] = {}
        for name, settings in workers(stack.enter_context(taker())).items():
            namespace = f"w{len(measured)}"
            log = folder / f"{namespace}.log"
            measured[name] = stack.enter_context(running(url, log, {**settings, "PAGEFACTS_NAMESPACE": namespace}))
        for count in range(repeats + 1):
            batch = jobs(pages, copies)
            taken = {name: worker.milliseconds(batch) / len(batch) for name, worker in measured.items()}
            if count:
                yield taken


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+")
    parser.add_argument("--copies", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=10)
    options = parser.parse_args()
    rounds = list(measure(options.pages, options.copies, options.repeats))
    print(f"n = {len(options.pages) * options.copies} pages a run, {len(rounds)} runs, {os.cpu_count()} cores")
    plain = next(iter(rounds[0]))
    for name in rounds[0]:
        milliseconds = statistics.median(taken[name] for taken in rounds)
        ratios = sorted(taken[name] / taken[plain] for taken in rounds)
        print(
            f"{name:<16}{milliseconds:8.2f} ms a page   ratio: min {ratios[0]:.3f}  "
            f"median {statistics.median(ratios):.3f}  max {ratios[-1]:.3f}"
        )


if __name__ == "__main__":
    main()
