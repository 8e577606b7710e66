"""Puts pages in, from files, and writes the id of each: enqueue.py PAGE..."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from pagefacts.client import Client, InvalidJob, QueueFull


def jobs(paths: list[Path]) -> Iterator[dict[str, str]]:
    """Yield a job for each page; an ``id`` of your own is better than the hash that it has without."""
    for path in paths:
        kind = "html" if path.suffix == ".html" else "text"
        yield {kind: path.read_text(encoding="utf-8")}


with Client(os.environ["REDIS_URL"]) as client:
    try:
        ids = client.enqueue_many(jobs([Path(name) for name in sys.argv[1:]]), wait_for_room=60)
    except InvalidJob as error:
        sys.exit(f"{error} {' '.join(error.__notes__)}")  # those before it are enqueued
    except QueueFull as error:
        sys.exit(f"{error}; {len(error.refused)} of these and all after them are not enqueued")
print("\n".join(ids))
