"""How fast a page is read: pagefacts beside trafilatura on the same pages, in turn, on one core.

    python benchmarks/pages_speed.py [FOLDER…] [--repeats N] [--limit N]

Both read the bytes of a page as they were fetched. ``pagefacts`` is all of `pagefacts.extraction.extract`: decoding,
parsing, body, kind, metadata, dates and language; ``trafilatura`` is its default, the text alone.
They take turns page by page, so that a machine that drifts drifts for both. Prints milliseconds a page and the ratio of
each round. Without folders (in the layouts that ``benchmarks/README.md`` gives) the pages are those in ``data/``.
"""

from __future__ import annotations

import argparse
import base64
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import gold
import trafilatura
from tagging_speed import bind_to_one_core, show

from pagefacts.contracts import Job
from pagefacts.errors import DataError
from pagefacts.extraction import extract

DATA: Final = Path(__file__).with_name("data") / "pages"


def read_by_pagefacts(job: Job) -> None:
    """Read a page with pagefacts."""
    with suppress(DataError):
        extract(job)


def read_by_trafilatura(job: Job) -> None:
    """Read a page with trafilatura."""
    trafilatura.extract(base64.b64decode(job.html_base64 or ""))


READERS: Final[dict[str, Callable[[Job], None]]] = {"pagefacts": read_by_pagefacts, "trafilatura": read_by_trafilatura}


def milliseconds(jobs: Sequence[Job]) -> dict[str, float]:
    """Read all pages with both; return the mean time a page."""
    total = dict.fromkeys(READERS, 0.0)
    for job in jobs:
        for name, read in READERS.items():
            started = time.perf_counter()
            read(job)
            total[name] += time.perf_counter() - started
    return {name: 1000 * seconds / len(jobs) for name, seconds in total.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=sorted(DATA.glob("*/")))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--limit", type=int, help="pages of a set at most")
    options = parser.parse_args()
    jobs = gold.page_jobs(options.folders, options.limit)
    bind_to_one_core()
    milliseconds(jobs)  # loads what is loaded on first use
    rounds = [milliseconds(jobs) for _ in range(options.repeats)]
    print(f"n = {len(jobs)} pages, {options.repeats} rounds, one core of {os.cpu_count()}")
    for name in READERS:
        show(f"{name}, ms a page", [each[name] for each in rounds], ",.1f")
    show(" / ".join(READERS), [each["pagefacts"] / each["trafilatura"] for each in rounds], ".2f")


if __name__ == "__main__":
    main()
