"""What dates and places cost: milliseconds a page of 600 words, beside dateparser's search on the same pages in turn.

    python benchmarks/facts_speed.py [--texts FOLDER] [--repeats N] [--words N]

The pages are the texts that have so many words, cut after them; without ``--texts`` (``.txt`` files) those of the sets
in ``data/``. The entities are found beforehand, outside the timing. Everything is bound to one core, and what is timed
is the processor's time, so that what else the machine does counts less. Each repeat runs in a fresh fork of a process
that has its tables loaded and never saw the pages: what a worker keeps from page to page is warm, and every name is
looked up for the first time. The second table leaves the pages in capitals out, where every word may be a name. Last
comes the gazetteer alone: each name of the pages the first time, and again. (Its file is in the memory of the operating
system by then.)
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from dateparser.search import search_dates
from tagging_speed import bind_to_one_core, texts_of_sets

from pagefacts.contracts import Entity, Precision, Published
from pagefacts.facts.dates import find_dates
from pagefacts.facts.places import find_places
from pagefacts.tagging.names import find_names
from worker import runtime

DAY: Final = "2015-09-29"
PUBLISHED: Final = Published(value=DAY, precision=Precision.DAY)
BASE: Final = datetime.fromisoformat(DAY)
WARM_UP: Final = "At least 12 people were killed in Springfield on Monday, two weeks after the attacks of May 2015."


@dataclass(frozen=True, slots=True)
class Page:
    """A text, and the names in it."""

    text: str
    entities: tuple[Entity, ...]


Step = Callable[[Page], object]


def our_dates(page: Page) -> object:
    """Find dates."""
    return find_dates(page.text, PUBLISHED)


def our_places(page: Page) -> object:
    """Find places."""
    return find_places(page.text, page.entities, runtime.gazetteer())


def reference(page: Page) -> object:
    """Find dates with dateparser, told the language and the day."""
    return search_dates(page.text, languages=["en"], settings={"RELATIVE_BASE": BASE})


STEPS: Final[dict[str, Step]] = {"dates": our_dates, "places": our_places, "dateparser.search": reference}


def pages_of(texts: Sequence[str], words: int) -> Iterator[Page]:
    """Yield the beginnings of the texts that are long enough."""
    start = re.compile(rf"\s*(?:\S+\s+){{{words - 1}}}\S+")
    for text in texts:
        if (match := start.match(text)) is not None:
            yield Page(match[0], tuple(find_names(runtime.tagger(), match[0])))


def time_pages(pages: Sequence[Page]) -> dict[str, list[float]]:
    """Return the milliseconds of each step, page by page; the steps take turns."""
    milliseconds: dict[str, list[float]] = {name: [] for name in STEPS}
    for page in pages:
        for name, step in STEPS.items():
            started = time.process_time()
            step(page)
            milliseconds[name].append(1000 * (time.process_time() - started))
    return milliseconds


def time_names(names: Sequence[str]) -> dict[str, list[float]]:
    """Return the microseconds of looking up each name for the first time, and again."""
    gazetteer = runtime.gazetteer()
    gazetteer.candidates(WARM_UP.split()[-1])  # the connection is opened again after the fork

    def once() -> list[float]:
        microseconds = []
        for name in names:
            started = time.process_time()
            gazetteer.candidates(name)
            microseconds.append(1e6 * (time.process_time() - started))
        return microseconds

    return {"look-up, first": once(), "look-up, again": once()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, metavar="FOLDER")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--words", type=int, default=600)
    options = parser.parse_args()
    bind_to_one_core()
    if options.texts:
        texts = [path.read_text(encoding="utf-8") for path in sorted(options.texts.rglob("*.txt"))]
    else:
        texts = list(texts_of_sets(None))
    pages = list(pages_of(texts, options.words))
    names = sorted({entity.text for page in pages for entity in page.entities})[:1_000]  # what its cache can hold
    time_pages([Page(WARM_UP, tuple(find_names(runtime.tagger(), WARM_UP)))])
    print(f"n = {len(pages)} pages of {options.words} words, {options.repeats} repeats, one core of {os.cpu_count()}")
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        runs = [pool.apply(time_pages, (pages,)) for _ in range(options.repeats)]
        looks = [pool.apply(time_names, (names,)) for _ in range(options.repeats)]
    for run in runs:
        run["dates and places"] = [sum(pair) for pair in zip(run["dates"], run["places"], strict=True)]
    for name in (*STEPS, "dates and places"):
        show(f"{name}, ms a page", [run[name] for run in runs])
    cased = [n for n, page in enumerate(pages) if not page.text.isupper()]
    print(f"of these, n = {len(cased)} pages that are not in capitals throughout")
    for name in (*STEPS, "dates and places"):
        show(f"{name}, ms a page", [[run[name][n] for n in cased] for run in runs])
    print(f"n = {len(names)} names")
    for name in looks[0]:
        show(f"{name}, microseconds", [look[name] for look in looks])


def show(name: str, runs: Sequence[Sequence[float]]) -> None:
    """Print the mean of a run (least, median and greatest of the runs), and the slowest twentieth of all."""
    means = sorted(map(statistics.fmean, runs))
    slow = statistics.quantiles([value for run in runs for value in run], n=20)[-1]
    shown = {"min": means[0], "median": statistics.median(means), "max": means[-1], "95th percentile": slow}
    print(f"{name:<30}", *(f"{what} {value:8.2f}" for what, value in shown.items()))


if __name__ == "__main__":
    main()
