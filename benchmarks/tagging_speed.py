"""How fast names are found: words a second of pagefacts' tagger beside spaCy's small model, on the same core in turn.

    python benchmarks/tagging_speed.py [--texts FOLDER] [--repeats N] [--limit N]

Each tagger has a process of its own with one thread; all are bound to one core, and work one at a time. pagefacts
tags text by text, as its worker does. spaCy runs as a user runs it for names alone: nothing loaded but the recogniser,
which needs no other part of the model, and all texts through ``nlp.pipe``. A word is what stands between blanks. Prints
words a second, the ratio run by run (a machine that drifts drifts for both), and the resident memory of each process.
Without ``--texts`` (``.txt`` files) the texts are those of the sets in ``data/``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from pagefacts.tagging.engines import ENGINES

DATA: Final = Path(__file__).with_name("data")

Run = Callable[[Sequence[str]], int]
"""Tags texts; returns how many names there are."""


def load_pagefacts() -> Run:
    """Load our tagger."""
    tagger = ENGINES["pagefacts"].load()
    return lambda texts: sum(len(tagger.tag(text)) for text in texts)


def load_reference() -> Run:
    """Load spaCy's."""
    import spacy_small  # noqa: PLC0415 - in its own process only

    nlp = spacy_small.load()
    return lambda texts: sum(len(document.ents) for document in nlp.pipe(texts))


LOADERS: Final = {"pagefacts": load_pagefacts, "spaCy small": load_reference}


def texts_of_sets(limit: int | None) -> Iterator[str]:
    """Yield the texts of the sets in the repository, of pages the article; at most ``limit`` a set."""
    import gold  # noqa: PLC0415 - the processes whose memory is measured do not need it

    for casualties in gold.find_sets(DATA, "casualties/*.jsonl", gold.read_casualties):
        yield from (document.job.body or "" for document in casualties.documents(limit))
    for entities in gold.find_sets(DATA, "entities/*/", gold.read_entities):
        yield from (document.job.body or "" for document in entities.documents(limit))
    for pages in gold.find_sets(DATA, "pages/*/", gold.read_pages):
        yield from (document.gold.text for document in pages.documents(limit))


@dataclass(frozen=True, slots=True)
class Tagger:
    """A process that tags when it is told to."""

    connection: Connection
    base: int
    """Resident bytes before the model is loaded."""
    loaded: int
    """And after."""

    def seconds(self, texts: Sequence[str]) -> float:
        """Tag ``texts``; return the time it took."""
        self.connection.send(texts)
        return float(self.connection.recv())

    def end(self) -> int:
        """End the process; return its resident bytes at the end."""
        self.connection.send(None)
        return int(self.connection.recv())


def start(name: str) -> Tagger:
    """Start the process of one tagger."""
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe()
    context.Process(target=serve, args=(name, its), daemon=True).start()
    base, loaded = ours.recv()
    return Tagger(ours, base, loaded)


def serve(name: str, connection: Connection) -> None:
    """Load a tagger, and tag what comes until nothing does."""
    base = resident()
    run = LOADERS[name]()
    connection.send((base, resident()))
    while (texts := connection.recv()) is not None:
        started = time.perf_counter()
        run(texts)
        connection.send(time.perf_counter() - started)
    connection.send(resident())


def resident() -> int:
    """Return the resident bytes of this process (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def bind_to_one_core() -> None:
    """Bind this process and those that it starts to one core and one thread each."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    for library in ("OMP", "OPENBLAS", "MKL", "BLIS"):
        os.environ[f"{library}_NUM_THREADS"] = "1"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, metavar="FOLDER")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--limit", type=int, help="texts of a set at most")
    options = parser.parse_args()
    if options.texts:
        texts = [path.read_text(encoding="utf-8") for path in sorted(options.texts.rglob("*.txt"))]
    else:
        texts = list(texts_of_sets(options.limit))
    words = sum(len(text.split()) for text in texts)
    bind_to_one_core()
    taggers = {name: start(name) for name in LOADERS}
    speeds: dict[str, list[float]] = {name: [] for name in LOADERS}
    for turn in range(options.repeats + 1):  # the first round warms up, and does not count
        for name, tagger in taggers.items():
            seconds = tagger.seconds(texts)
            if turn:
                speeds[name].append(words / seconds)
    print(f"n = {len(texts)} texts of {words:,} words, {options.repeats} runs, one core of {os.cpu_count()}")
    for name, values in speeds.items():
        show(f"{name}, words a second", values, ",.0f")
    pairs = zip(*speeds.values(), strict=True)
    show(" / ".join(LOADERS), [ours / theirs for ours, theirs in pairs], ".3f")
    for name, tagger in taggers.items():
        sizes = {"before loading": tagger.base, "loaded": tagger.loaded, "after tagging": tagger.end()}
        print(f"{name + ', resident MiB':<28}", *(f"{when} {size / 2**20:.0f}  " for when, size in sizes.items()))


def show(name: str, values: Sequence[float], style: str) -> None:
    """Print least, median and greatest."""
    shown = (format(value, style) for value in (min(values), statistics.median(values), max(values)))
    print("{:<28} min {:>8}  median {:>8}  max {:>8}".format(name, *shown))


if __name__ == "__main__":
    main()
