"""How fast it all is: one table, each figure beside a named reference of the same run.

    python benchmarks/speed.py [FOLDER…] [--only PART,…] [--repeats N] [--limit N] [--json FILE] [--plot FILE.svg]

FOLDER holds pages in the layouts that ``benchmarks/README.md`` gives; without any, those in ``data/``. The parts:

| part | what |
|---|---|
| stages | the processor's time of a page, step by step, beside trafilatura and spaCy |
| queue | pages a second with one and two workers beside a plain loop; who spends what; round trips to the server |
| empty | steps that return at once, in jobs a second, beside Celery and other queues |
| latency | from enqueued to answered, idle and at 10, 50 and 90 % of what the worker can do |
| footprint | bytes in Redis, memory of a worker, time to start |
| growth | how page and queue grow with the size of a page and the length of the queue |

A ratio is taken repeat by repeat, so that a machine that drifts drifts for both; quote none from a machine at work.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import gold
from speed_rig import rig
from speed_table import Options, Row, as_json, head, table

from pagefacts.contracts import Job

DATA: Final = Path(__file__).with_name("data") / "pages"
PARTS: Final = ("stages", "queue", "empty", "latency", "footprint", "growth")


def rows_of(part: str, options: Options) -> Iterator[Row]:
    """Yield the rows of a part."""
    rows: Callable[[Options], Iterator[Row]] = import_module(f"speed_{part}").rows
    return rows(options)


def main() -> None:
    """Print the table, part by part as they come."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=sorted(DATA.glob("*/")))
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between them")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--limit", type=int, help="pages of a set at most")
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--plot", type=Path, help="draw how things grow, as SVG")
    given = parser.parse_args()
    options = Options(gold.page_jobs(given.folders, given.limit), given.repeats, given.plot)
    with rig() as server:
        print(head(server.version), flush=True)
    print(f"{len(options.pages)} pages, {sum(map(size, options.pages)) / len(options.pages):,.0f} bytes a page\n")
    found: dict[str, list[Row]] = {}
    for part in given.only.split(","):
        started = time.monotonic()
        found[part] = [*rows_of(part, options)]
        print(f"## {part} ({time.monotonic() - started:.0f} s)\n\n{table(found[part])}\n", flush=True)
    if given.json:
        written = {part: [as_json(row) for row in rows] for part, rows in found.items()}
        given.json.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def size(page: Job) -> int:
    """Return the bytes of a page as it was fetched."""
    return len(page.html_base64 or "") * 3 // 4 + len((page.html or page.text or page.body or "").encode())


if __name__ == "__main__":
    main()
