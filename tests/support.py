"""What the tests of the running system share."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from worker.ledger import Ledger

EXAMPLE = Path(__file__).parents[1] / "examples" / "independent-2015-09-29.txt"
COMMAND = [sys.executable, "-P", "-m", "pagefacts"]


class Worker:
    """A worker in a process group of its own."""

    def __init__(self, environment: dict[str, str], log: Path, *options: str, command: Sequence[str] = COMMAND) -> None:
        """``command``: what runs pagefacts; a program of a test's own may change something first."""
        self.log = log
        with log.open("wb") as lines:
            self.process = subprocess.Popen(
                [*command, "worker", "--concurrency", "1", *options],
                env=environment,
                stdout=lines,
                stderr=lines,
                start_new_session=True,
            )

    def children(self) -> list[int]:
        """The processes of its pool."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill(self) -> None:
        """End the whole group at once, as a machine that loses its power does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        """End it as an operator does; return its exit status."""
        self.process.terminate()
        return self.process.wait(timeout=60)


def environment_of(server: str, name: str) -> dict[str, str]:
    """What programs are started with: the server, a namespace after ``name``, and no other setting."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PAGEFACTS_")}
    return {**clean, "REDIS_URL": server, "PAGEFACTS_NAMESPACE": re.sub(r"[^\w.-]", ".", name)[:60]}


def events(ledger: Ledger) -> list[dict[str, Any]]:
    """All events on the results stream."""
    return [json.loads(fields[b"event"]) for _, fields in ledger.client.xrange(ledger.keys.results)]


def until(condition: Callable[[], Any], seconds: float = 90, what: str = "") -> Any:
    """Wait until ``condition`` holds; return what it gave."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what or condition}"
        time.sleep(0.05)
    return value


def answered(ledger: Ledger, count: int) -> list[dict[str, Any]]:
    """Wait for ``count`` answers; return all events."""
    return until(lambda: len(found := events(ledger)) >= count and found, what=f"{count} answers")


def body_of(sentences: int) -> str:
    """A long article, so that its steps take a while."""
    return " ".join(
        f"Officials in Aleppo said on Monday that {n} people were killed and {n + 1} wounded near Damascus, Syria."
        for n in range(2, sentences + 2)
    )
