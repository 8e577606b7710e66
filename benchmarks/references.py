"""What pagefacts is measured against: for each kind of fact, what a newcomer would reach for first.

Each function answers one job. Where a reference needs what another step found, so that both are compared on the same
words, it takes that from pagefacts' result.
"""

from __future__ import annotations

import base64
from datetime import datetime

import spacy_small
import trafilatura
from dateparser.search import search_dates
from predictions import ENTITY_LABELS
from regex_baseline import figures
from scores import Figure, Name, Page, Timex, Toponym

from pagefacts.contracts import Job, Result
from pagefacts.facts.places.mentions import find_toponyms
from worker import runtime


def regular_expression(job: Job, _: Result | None) -> list[Figure]:
    """Casualties: the number nearest to "killed", "wounded", … in its sentence."""
    return figures(job.body or "")


def plain_spacy(job: Job, _: Result | None) -> list[Name]:
    """Entities: spaCy's small English model as it comes."""
    found = spacy_small.load()(job.body or "").ents
    return [Name(e.start_char, e.end_char, ENTITY_LABELS[e.label_]) for e in found if e.label_ in ENTITY_LABELS]


def dateparser_search(job: Job, _: Result | None) -> list[Timex]:
    """Dates: dateparser's search as it comes, told the date of publication.

    It gives a moment and how fine the words are (``period``); the value is cut to that, as TIMEX3 wants it.
    """
    text = job.body or ""
    settings: dict[str, object] = {"RETURN_TIME_AS_PERIOD": True}
    if job.published:
        settings["RELATIVE_BASE"] = datetime.fromisoformat(job.published)
    expressions = []
    at = 0
    for words, moment, period in search_dates(text, languages=["en"], settings=settings, add_period=True) or ():
        start = text.find(words, at)
        if start >= 0:  # dateparser normalises some marks, and then quotes what is not in the text
            at = start + len(words)
            expressions.append(Timex(start, at, timex_value(moment, period)))
    return expressions


def timex_value(moment: datetime, period: str) -> str:
    """Return a moment, cut to how fine dateparser says that the words are."""
    formats = {"year": "%Y", "month": "%Y-%m", "week": "%G-W%V", "time": "%Y-%m-%dT%H:%M"}
    return moment.strftime(formats.get(period, "%Y-%m-%d"))


def most_populous(job: Job, result: Result | None) -> list[Toponym]:
    """Places: of the same mentions and candidates, always the namesake with the most people; no context."""
    entities = result.entities if result else ()
    found = []
    for toponym in find_toponyms(job.body or "", entities, runtime.gazetteer()):
        place = max(toponym.candidates, key=lambda candidate: candidate.population, default=None)
        where = (place.latitude, place.longitude) if place else (None, None)
        found.append(Toponym(toponym.start, toponym.end, *where))
    return found


def plain_trafilatura(job: Job, _: Result | None) -> Page:
    """Pages: trafilatura as it comes, with the metadata that it finds."""
    markup = base64.b64decode(job.html_base64 or "")
    document = trafilatura.bare_extraction(markup, url=job.url, with_metadata=True)
    if document is None or isinstance(document, dict):
        return Page("")
    return Page(document.text or "", document.title or "", document.date or "", document.author or "")
