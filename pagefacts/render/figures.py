"""What a map shows of an answer: its figures, each once and with its place, and the places that have none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pagefacts.contracts import Candidate, CasualtyFact, DateFact, LocationFact, Qualifier, Result, ResultEvent, Unit

Coordinates = tuple[float, float]
"""Longitude and latitude, WGS 84 degrees."""


@dataclass(frozen=True)
class Figure:
    """A casualty figure, with what its ids stand for."""

    fact: CasualtyFact
    """The first of its statements."""
    stated: int
    """How often the page states it."""
    place: LocationFact | None
    """Where: the place of the first statement that has one."""
    date: DateFact | None
    """When, where the phrase is a date of the result."""
    whole: CasualtyFact | None
    """The figure that includes this one."""
    before: str
    """The sentence up to the quote."""
    after: str
    """The sentence from the quote on."""


@dataclass(frozen=True)
class Page:
    """A page with its figures and places."""

    job: str
    """The job's id."""
    title: str | None
    """The headline."""
    url: str | None
    """Where the page was found, as the producer or the page says."""
    site: str | None
    """The publication."""
    published: str | None
    """ISO 8601."""
    figures: tuple[Figure, ...]
    """Its figures, in the order of the text; what is stated again stands here once."""
    other_places: tuple[LocationFact, ...]
    """The places that no figure stands at."""


def page_of(event: ResultEvent) -> Page:
    """Return what a map shows of ``event``."""
    result = event.data
    article = result.article
    figures = tuple(_figures(result))
    used = {figure.place.id for figure in figures if figure.place is not None}
    return Page(
        job=event.id,
        title=article.title,
        url=article.url or event.subject,
        site=article.site,
        published=article.published.value if article.published else None,
        figures=figures,
        other_places=tuple(place for place in result.locations if place.id not in used),
    )


def _figures(result: Result) -> Iterator[Figure]:
    places = {place.id: place for place in result.locations}
    dates = {date.id: date for date in result.dates}
    facts = {fact.id: fact for fact in result.casualties}
    statements: defaultdict[str, list[CasualtyFact]] = defaultdict(list)
    for fact in result.casualties:
        statements[fact.same_as or fact.id].append(fact)
    for first in (fact for fact in result.casualties if fact.same_as is None):
        evidence, text = first.evidence, result.article.text
        whole = facts[first.part_of] if first.part_of else None
        yield Figure(
            fact=first,
            stated=len(statements[first.id]),
            place=next((places[fact.place] for fact in statements[first.id] if fact.place), None),
            date=dates[first.time.date] if first.time and first.time.date else None,
            whole=facts[whole.same_as] if whole and whole.same_as else whole,
            before=text[evidence.sentence_start : evidence.start],
            after=text[evidence.end : evidence.sentence_end],
        )


def coordinates(place: LocationFact | None) -> Coordinates | None:
    """Return where ``place`` is; None where it cannot be drawn: "the West", and what is not decided."""
    if place is None or place.longitude is None or place.latitude is None:
        return None
    return place.longitude, place.latitude


def candidates(place: LocationFact) -> str | None:
    """Return the places that a name may mean, where it is not decided: name, country, division, GeoNames id, share."""
    return "; ".join(_candidate(candidate) for candidate in place.candidates) or None


def _candidate(candidate: Candidate) -> str:
    known = (candidate.name, candidate.country, candidate.admin1, candidate.geonames_id, f"{candidate.share:.2f}")
    return " ".join(str(part) for part in known if part is not None)


def bounds(fact: CasualtyFact) -> str:
    """Return the figure in words: ``more than 250,000``, ``20 to 30``, ``about 5``."""
    qualifier = fact.qualifier.value.replace("_", " ")
    if fact.best is not None:
        return f"{fact.best:,}" if fact.qualifier.value == "exactly" else f"{qualifier} {fact.best:,}"
    if fact.min is not None and fact.max is not None and fact.min > 0:
        return f"{fact.min:,} to {fact.max:,}"
    bound = fact.max if fact.max is not None else fact.min
    if fact.qualifier is Qualifier.VAGUE:
        return f"{fact.number_text} (at least {bound:,})" if bound is not None else fact.number_text
    return f"{qualifier} {bound:,}" if bound is not None else fact.number_text


def heading(fact: CasualtyFact) -> str:
    """Return the figure in words: ``killed more than 250,000 Syrians``."""
    unit = None if fact.unit is Unit.PERSONS else fact.unit.value
    counted = fact.victims.text if fact.victims else unit
    return " ".join(part for part in (fact.effect.value, bounds(fact), counted) if part)


def size(fact: CasualtyFact) -> int:
    """Return the one number that stands for the figure: the stated one, else the lowest, else the highest."""
    return next((number for number in (fact.best, fact.min, fact.max) if number), 0)
