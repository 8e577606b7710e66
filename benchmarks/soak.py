"""Whether a worker's processes grow: an hour of pages through a real server and worker, and their memory over time.

    python benchmarks/soak.py [--minutes N] [--rate PAGES_A_SECOND] [--concurrency N] [--seed N] [--series FILE.tsv]

Starts a server and a worker with the current settings, sends pages that all differ in text and size (the pages and
texts of the repository with paragraphs dropped, taken from one another and made up, each under an id of its own), and
reads the answers as a consumer does, with a group that acknowledges them. Every ten seconds it reads what each process
weighs, as Linux states it: USS is what the process has alone, PSS counts a page that n processes share a nth for each.

Prints USS over time, and of each process the growth after the first 2,000 pages, in which caches fill: the slope of
memory against pages by least squares, in mebibytes per 1,000 pages. For a child of the pool those are its own pages: an
equal share of all. A child that was replaced ends its series, and its successor begins one.

Exit status: 0; 1 where the USS of a process grows by 1 MiB or more per 1,000 pages, where a page is lost or answered
twice, and where the time was too short for a slope.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import random
import shlex
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from processes import children, memory

from config.settings import Settings
from worker.child import child_worker
from worker.connection import open_ledger
from worker.embedded import embedded_server
from worker.ledger import Ledger
from worker.queue_state import read_state

_ROOT: Final = Path(__file__).parents[1]
_PAGES: Final = ("tests/golden/*.html.gz", "benchmarks/data/pages/*/html/*.html.gz")
_TEXTS: Final = "examples/*.txt"
_SAMPLE_SECONDS: Final = 10.0
_WARM_UP: Final = 2_000
"""Pages that do not count: those of all children together."""
_LIMIT: Final = 1.0
"""Mebibytes per 1,000 pages."""
_MOST_WAITING: Final = 50
"""Jobs that wait unanswered at most: on a machine that is busy the soak gets slower, and the server no fuller."""
_FEWEST_SAMPLES: Final = 12
"""A process that lived for less than two minutes after the warm-up has no slope."""
_ROWS: Final = 13
_GROUP: Final = "soak"
_SENTENCES: Final = (
    "At least {n} people were killed and {m} injured when a {thing} hit {place} on {day}, officials said.",
    "{person} of {place} told reporters that {n} of the {m} missing had been found alive.",
    "The {thing} near {place} displaced more than {m},000 people, according to {person} of the relief agency.",
    "A hospital in {place} received {n} bodies and {m} wounded after the {thing} of {day}.",
    "“We saw {n} houses burn,” said {person}, who lives in {place}; the {thing} lasted {m} minutes.",
)
_THINGS: Final = ("bomb", "storm", "flood", "bus crash", "landslide", "fire", "rocket", "earthquake", "car bomb")
_DAYS: Final = ("Monday", "Tuesday night", "12 May 2014", "Friday morning", "Sunday", "3 September", "last week")
_SYLLABLES: Final = "ka ro min ta be lo shu van der ek sa mi no ul har ze pi gra don el".split()


class Pages:
    """An endless supply of pages, none like another."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._html = [
            gzip.decompress(path.read_bytes()).decode(errors="replace")
            for pattern in _PAGES
            for path in sorted(_ROOT.glob(pattern))
        ]
        self._texts = [path.read_text(encoding="utf-8") for path in sorted(_ROOT.glob(_TEXTS))]
        self._places = _place_names()
        self.sources = len(self._html) + len(self._texts)

    def __iter__(self) -> Iterator[dict[str, str]]:
        """Yield the page of a job: most are HTML, the others scraped text or a clean article."""
        while True:
            (kind,) = self._random.choices(("html", "text", "body"), (6, 2, 2))
            if kind == "html":
                yield {"html": self._varied(self._random.choice(self._html), "</p>")}
            elif kind == "text":
                yield {"text": self._varied(self._random.choice(self._texts), "\n\n")}
            else:
                yield {"body": "\n\n".join(self._paragraph() for _ in range(self._length()))}

    def _varied(self, page: str, end: str) -> str:
        """Drop some paragraphs of ``page`` and put new ones in their midst."""
        paragraphs = [each for each in page.split(end) if self._random.random() > 0.15]
        middle = self._random.randrange(len(paragraphs) + 1)
        opening = "<p>" if end == "</p>" else ""
        new = [opening + self._paragraph() for _ in range(self._length())]
        return end.join([*paragraphs[:middle], *new, *paragraphs[middle:]])

    def _length(self) -> int:
        """Paragraphs: mostly few, sometimes many."""
        return 1 + min(int(self._random.paretovariate(1.1)), 120)

    def _paragraph(self) -> str:
        return " ".join(self._sentence() for _ in range(self._random.randint(1, 4)))

    def _sentence(self) -> str:
        pick = self._random
        return pick.choice(_SENTENCES).format(
            n=pick.randint(2, 99),
            m=pick.randint(100, 999),
            thing=pick.choice(_THINGS),
            day=pick.choice(_DAYS),
            place=pick.choice(self._places),
            person=f"{self._name()} {self._name()}",
        )

    def _name(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randint(1, 3))).capitalize()


def _place_names() -> list[str]:
    resource = _ROOT / "pagefacts" / "resources" / "gazetteer.sqlite"
    with sqlite3.connect(f"{resource.as_uri()}?mode=ro", uri=True) as database:
        return [name for (name,) in database.execute("SELECT DISTINCT name FROM place ORDER BY name")]


class Traffic:
    """Sends pages at a steady rate and reads the answers, each in a thread of its own."""

    def __init__(self, producer: Ledger, consumer: Ledger, pages: Pages, rate: float) -> None:
        self.sent = 0
        self.characters = 0
        self.answers: Counter[str] = Counter()
        """How often each id was answered."""
        self.failures: Counter[str] = Counter()
        self._producer, self._consumer = producer, consumer
        self._pages = iter(pages)
        self._interval = 1 / rate
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._send, self._read)]

    def start(self) -> None:
        """Start the threads."""
        self._consumer.create_group(self._consumer.keys.results, _GROUP)
        for thread in self._threads:
            thread.start()

    def check(self) -> None:
        """End the soak where a thread has ended; it has said why."""
        if not all(thread.is_alive() for thread in self._threads):
            sys.exit("soak: the pages or the answers stopped")

    def finish(self, seconds: float) -> None:
        """Send no more, and wait up to ``seconds`` for the answers that are missing."""
        self._ended.set()
        deadline = time.monotonic() + seconds
        while len(self.answers) < self.sent and time.monotonic() < deadline:
            time.sleep(0.1)

    def _send(self) -> None:
        due = time.monotonic()
        while not self._ended.wait(max(0.0, due - time.monotonic())):
            due = max(due + self._interval, time.monotonic())
            if self.sent - len(self.answers) >= _MOST_WAITING:
                continue
            page = next(self._pages)
            self.characters += len(next(iter(page.values())))
            self._producer.enqueue(json.dumps({"id": f"soak-{self.sent}", "published": "2014-05-13", **page}))
            self.sent += 1

    def _read(self) -> None:
        client, results = self._consumer.client, self._consumer.keys.results
        while True:
            reply = client.xreadgroup(_GROUP, "reader", {results: ">"}, count=100, block=1000)
            for entry, fields in reply[0][1] if reply else []:
                event = json.loads(fields[b"event"])
                self.answers[event["id"]] += 1
                if failure := event["data"].get("failure"):
                    self.failures[failure["code"]] += 1
                client.xack(results, _GROUP, entry)


@dataclass(frozen=True, slots=True)
class Sample:
    """What one process weighed at one moment."""

    minutes: float
    pages: int
    """Answered so far."""
    sizes: Mapping[str, float]
    """RSS, PSS and USS in mebibytes."""


@dataclass(slots=True)
class Watch:
    """The samples of each process, by its name; a child of the pool is named in the order of its start."""

    server: int
    worker: int
    samples: dict[str, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    _names: dict[int, str] = field(default_factory=dict)

    def look(self, minutes: float, pages: int) -> None:
        """Take a sample of every process."""
        for child in children(self.worker):
            self._names.setdefault(child, f"child {len(self._names) + 1}")
        for process, name in {self.server: "server", self.worker: "main", **self._names}.items():
            try:
                sizes = memory(process)
            except (FileNotFoundError, ProcessLookupError):  # it was replaced
                continue
            if sizes["RSS"]:
                self.samples[name].append(Sample(minutes, pages, sizes))


@dataclass(frozen=True, slots=True)
class Growth:
    """How a process grew after the warm-up."""

    samples: list[Sample]
    share: float
    """Of all pages, those that went through it."""

    @property
    def slope(self) -> Mapping[str, float] | None:
        """Mebibytes per 1,000 pages of each measure; None where there are too few samples."""
        pages = [sample.pages * self.share / 1000 for sample in self.samples]
        if len(pages) < _FEWEST_SAMPLES or pages[-1] == pages[0]:
            return None
        return {
            measure: statistics.linear_regression(pages, [sample.sizes[measure] for sample in self.samples]).slope
            for measure in ("USS", "PSS", "RSS")
        }


def soak(options: argparse.Namespace) -> tuple[Traffic, Watch]:
    """Run it."""
    # A minute of answers: what is kept for late readers would grow for as long as the setting says.
    os.environ.setdefault("PAGEFACTS_RESULTS_KEEP", "60")
    pages = Pages(options.seed)
    print(
        f"n = {pages.sources} pages and texts to vary, {options.rate:g} pages a second for {options.minutes:g} minutes"
    )
    with tempfile.TemporaryDirectory() as folder, embedded_server(folder) as server:
        settings = Settings.from_env({**os.environ, "REDIS_URL": server.url})
        before = set(children(os.getpid()))
        with child_worker(server.url, options.concurrency, Path(folder) / "worker.log") as worker:
            ledger = open_ledger(settings)
            traffic = Traffic(ledger, open_ledger(settings), pages, options.rate)
            (main_process,) = set(children(os.getpid())) - before
            watch = Watch(ledger.client.info("server")["process_id"], main_process)
            while not read_state(ledger).running:
                worker.check()
                time.sleep(0.1)
            traffic.start()
            started = time.monotonic()
            while (minutes := (time.monotonic() - started) / 60) < options.minutes:
                watch.look(minutes, len(traffic.answers))
                if options.series:
                    write_series(watch, options.series)
                worker.check()
                traffic.check()
                time.sleep(_SAMPLE_SECONDS)
            traffic.finish(120)
    return traffic, watch


def print_series(watch: Watch) -> None:
    """Print USS over time."""
    names = list(watch.samples)
    moments = sorted({(sample.minutes, sample.pages) for series in watch.samples.values() for sample in series})
    chosen = [moments[round(n * (len(moments) - 1) / (_ROWS - 1))] for n in range(_ROWS)]
    print("\nUSS, MiB")
    print(f"{'minutes':>8}{'pages':>8}", *(f"{name:>9}" for name in names))
    for minutes, pages in dict.fromkeys(chosen):
        sizes = (
            next(
                (f"{each.sizes['USS']:9.1f}" for each in watch.samples[name] if each.minutes == minutes), " " * 8 + "-"
            )
            for name in names
        )
        print(f"{minutes:8.1f}{pages:8}", *sizes)


def print_growth(watch: Watch, concurrency: int) -> dict[str, float]:
    """Print the growth of each process; return the slopes of USS."""
    print(f"\nAfter {_WARM_UP} pages (warm-up), MiB: USS at the start and end, highest; MiB per 1,000 pages by measure")
    print(f"{'process':<10}{'samples':>8}{'start':>8}{'end':>8}{'most':>8}{'USS':>9}{'PSS':>9}{'RSS':>9}")
    slopes = {}
    for name, series in watch.samples.items():
        late = [sample for sample in series if sample.pages >= _WARM_UP]
        slope = Growth(late, 1 / concurrency if name.startswith("child") else 1).slope
        if slope is None:
            print(f"{name:<10}{len(late):8}   too short for a slope")
            continue
        uss = [sample.sizes["USS"] for sample in late]
        by_measure = "".join(f"{slope[measure]:9.3f}" for measure in ("USS", "PSS", "RSS"))
        print(f"{name:<10}{len(late):8}{uss[0]:8.1f}{uss[-1]:8.1f}{max(uss):8.1f}{by_measure}")
        slopes[name] = slope["USS"]
    return slopes


def write_series(watch: Watch, path: Path) -> None:
    """Write every sample as a line of a table."""
    rows = [
        "\t".join([name, f"{each.minutes:.3f}", str(each.pages), *(f"{size:.3f}" for size in each.sizes.values())])
        for name, series in watch.samples.items()
        for each in series
    ]
    path.write_text("\n".join(["process\tminutes\tpages\tRSS\tPSS\tUSS", *rows, ""]), encoding="utf-8")


def print_traffic(traffic: Traffic) -> bool:
    """Print what became of the pages; return whether each was answered once."""
    twice = sum(count > 1 for count in traffic.answers.values())
    lost = traffic.sent - len(traffic.answers)
    size = traffic.characters / max(1, traffic.sent) / 1000
    print(f"\n{traffic.sent} pages of {size:.1f} thousand characters on average; lost {lost}, answered twice {twice};")
    print("failures:", ", ".join(f"{code} {count}" for code, count in traffic.failures.most_common()) or "none")
    return not (lost or twice)


def main() -> None:
    """Run the soak and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=5)
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--series", type=Path)
    options = parser.parse_args()
    print(f"python {shlex.join(sys.argv)}  ({os.cpu_count()} cores, Python {platform.python_version()})", flush=True)
    traffic, watch = soak(options)
    print_series(watch)
    slopes = print_growth(watch, options.concurrency)
    whole = print_traffic(traffic)
    growing = [name for name, slope in slopes.items() if slope >= _LIMIT]
    if growing:
        print(f"\n{_LIMIT:g} MiB or more per 1,000 pages:", ", ".join(growing))
    sys.exit(0 if whole and slopes and not growing else 1)


if __name__ == "__main__":
    main()
