"""Pages of files as jobs, and through the queue."""

from __future__ import annotations

import time
import uuid
from pathlib import Path

from worker.inputs import read_jobs
from worker.ledger import Ledger
from worker.run import Run


def jobs(pages: list[str], copies: int) -> list[bytes]:
    """Return ``copies`` jobs a page, each with a new id."""
    return list(read_jobs(pages * copies, [], lambda path: f"{Path(path).name}:{uuid.uuid4()}"))


def through_queue(ledger: Ledger, batch: list[bytes]) -> float:
    """Return the seconds until every job is answered."""
    started = time.perf_counter()
    for _ in Run([ledger], again=False, check=lambda: None).answers(batch):
        pass
    return time.perf_counter() - started
