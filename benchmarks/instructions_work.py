"""The fixed work whose instructions ``instructions.py`` counts; it runs this file under callgrind.

    python benchmarks/instructions_work.py MARKS

``MARKS`` is the library made from ``instructions_marks.c``. Everything is loaded and done once before it is counted, on
the same page with a further paragraph: what is kept for one text must not make the counted run look cheap.
"""

from __future__ import annotations

import ctypes
import gc
import gzip
import json
import re
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from pagefacts.contracts import (
    Article,
    DeadLetter,
    Entity,
    FailureEvent,
    dump_entities,
    load_entities,
    parse_job,
    read_event,
)
from pagefacts.extraction import Extraction, extract
from pagefacts.facts import find_facts
from pagefacts.pipeline import Stopwatch, assemble, names_in, process
from worker import runtime
from worker.answers import result_event

ROOT: Final = Path(__file__).parents[1]
GOLDEN: Final = ROOT / "tests" / "golden"
PAGE: Final = "sfgate-stabbing"
YARDSTICK: Final = "yardstick: "
"""Begins the name of work that is none of pagefacts: it tells whether two machines count alike."""
_MORE: Final = "More than 30 people were hurt in Cairo on Tuesday, officials said."
"""Stands at the end of the page that warms up."""


Make = Callable[[bool], Callable[[], object]]
"""Gives the call, on input of its own; told whether it is for the warm-up."""


class Work(NamedTuple):
    """Something to be counted."""

    name: str
    make: Make
    times: int = 1
    """How often it is done: of little work, a few allocations that fall otherwise would show."""


def html(name: str, warm: bool) -> bytes:
    """Return a golden page; to warm up, with one more paragraph."""
    page = gzip.decompress((GOLDEN / f"{name}.html.gz").read_bytes())
    return re.sub(rb"(?i)</body>", f"<p>{_MORE}</p></body>".encode(), page, count=1) if warm else page


def text(warm: bool) -> str:
    """Return the example of scraped text; to warm up, with one more paragraph."""
    example = (ROOT / "examples" / "independent-2015-09-29.txt").read_text(encoding="utf-8")
    return f"{example}\n\n{_MORE}\n" if warm else example


def job(warm: bool, page: str | None = None) -> bytes:
    """Return a job as it stands in the stream: a golden page in base64, or the example."""
    carried = {"html_base64": b64encode(html(page, warm)).decode()} if page else {"text": text(warm)}
    return json.dumps({"url": "https://news.example/page", "attributes": {"feed": 7}, **carried}).encode()


def golden(warm: bool) -> tuple[Article, tuple[Entity, ...]]:
    """Return the article and the names of the golden page, as they are checked in: new objects in every call."""
    found = json.loads((GOLDEN / f"{PAGE}.json").read_text(encoding="utf-8"))["result"]
    if warm:
        found["article"]["text"] += f"\n\n{_MORE}"
    article = Article.model_validate_json(json.dumps(found["article"]))
    return article, load_entities(json.dumps(found["entities"]))


def parse(warm: bool) -> Callable[[], object]:
    """A job's bytes to a job."""
    raw = job(warm, PAGE)
    return lambda: parse_job(raw)


def extract_page(page: str | None) -> Make:
    """A job to its article."""

    def make(warm: bool) -> Callable[[], object]:
        parsed = parse_job(job(warm, page))
        return lambda: extract(parsed)

    return make


def tag(warm: bool) -> Callable[[], object]:
    """An article to its names: only its beginning, as valgrind takes long over the model's arithmetic."""
    article, _ = golden(warm)
    beginning = article.model_copy(update={"text": _MORE if warm else article.text[:500]})
    return lambda: names_in(beginning, runtime.tagger())


def facts(warm: bool) -> Callable[[], object]:
    """An article and its names to its facts."""
    article, entities = golden(warm)
    return lambda: find_facts(article, entities, runtime.gazetteer())


def steps(warm: bool) -> Callable[[], object]:
    """What the steps leave for each other at the server, written and read."""
    extraction, (_, entities) = extract(parse_job(job(warm, PAGE))), golden(warm)

    def run() -> object:
        left = {name: value.encode() for name, value in extraction.dump().items()}
        return Extraction.load(left.__getitem__), load_entities(dump_entities(entities))

    return run


def answer(warm: bool) -> Callable[[], object]:
    """What the steps gave to the answer's JSON, and back, as a consumer reads it."""
    parsed = parse_job(job(warm, PAGE))
    extraction, (_, entities) = extract(parsed), golden(warm)
    found = find_facts(extraction.article, entities, runtime.gazetteer())

    def run() -> object:
        result = assemble(parsed.head, extraction, entities, found, {"tagger": "1", "gazetteer": "1"}, {"extract": 1.5})
        return read_event(result_event(parsed.head, "id", result).to_json())

    return run


def whole(warm: bool) -> Callable[[], object]:
    """A job's bytes to its result; what warms up is short."""
    article, _ = golden(False)
    shown = _MORE if warm else article.text[:500]
    page = f"<html><body><h1>{article.title}</h1><article><p>{shown}</p></article></body></html>"
    raw = json.dumps({"url": "https://news.example/page", "html": page}).encode()
    return lambda: process(parse_job(raw), runtime.models(), Stopwatch(lambda: 0.0))


def failure(_: bool) -> Callable[[], object]:
    """Return what writes a failure's event and its dead letter."""
    raw = job(False)
    example = json.loads((ROOT / "pagefacts" / "contracts" / "examples" / "failure.json").read_text(encoding="utf-8"))

    def run() -> object:
        event = FailureEvent.model_validate(example)
        return event.to_json(), DeadLetter.of(event, raw).to_json()

    return run


def plain_python(_: bool) -> Callable[[], object]:
    """Return a loop of what pagefacts is made of, without any of its code or a library's."""
    words = [f"word{number * 7919 % 1000}" for number in range(6000)]

    def run() -> object:
        counts: dict[str, int] = {}
        for word in words:
            counts[word] = counts.get(word, 0) + len(word.upper())
        found = re.findall(r"\b\w+?(\d{2,3})\b", " ".join(words))
        return sorted(found), json.loads(json.dumps(counts)), [str(value / 7) for value in counts.values()]

    return run


def plain_numpy(_: bool) -> Callable[[], object]:
    """Return arithmetic whose machine code numpy chooses by the processor, as ONNX Runtime does."""
    matrix = (np.arange(128 * 384, dtype=np.float32) % 97).reshape(128, 384) / 97

    def run() -> object:
        product = matrix @ matrix.T
        return np.exp(-product).sum(), np.sort(product, axis=None)

    return run


def works() -> Iterator[Work]:
    """Yield what is counted."""
    yield Work(f"{YARDSTICK}python", plain_python)
    yield Work(f"{YARDSTICK}numpy", plain_numpy)
    yield Work("parse", parse)
    yield Work("extract: html", extract_page(PAGE))
    yield Work("extract: html 2", extract_page("aljazeera-helicopter"))
    yield Work("extract: text", extract_page(None))
    yield Work("tag", tag)
    yield Work("facts", facts)
    yield Work("between steps", steps, 20)
    yield Work("answer", answer, 10)
    yield Work("failure", failure, 20)
    yield Work("process", whole)


def main() -> None:
    """Do all work to warm up, then once more, with a mark after each."""
    marks = ctypes.CDLL(sys.argv[1])
    ready = []
    for work in works():
        work.make(True)()
        ready.append((work.name.encode(), work.make(False), work.times))
    gc.collect()
    gc.disable()  # when it runs depends on all that was made before
    marks.count_begin()  # callgrind translates all code anew here: once, and not for each
    for name, run, times in ready:
        marks.count_anew()
        for _ in range(times):
            run()
        marks.count_end(name)


if __name__ == "__main__":
    main()
