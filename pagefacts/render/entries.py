"""The facts of an article as rows of tables, and the stretches of its text that they stand on.

Every id begins with a prefix, so that one page holds several articles: ``a1-c1`` is the row of figure c1 in the first
of them, ``a1-c1-t`` its words in the text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pagefacts.contracts import CasualtyFact, DateFact, Effect, Entity, Label, LocationFact, Result, Span
from pagefacts.render.cards import definitions, details, place_link, place_words
from pagefacts.render.figures import Figure, coordinates, heading
from pagefacts.render.glyphs import GLYPHS, certainty
from pagefacts.render.highlights import Highlight
from pagefacts.render.markup import Markup, join, tag
from pagefacts.render.words import country_name, days

LETTERS: Final = {
    Effect.KILLED: "K",
    Effect.INJURED: "I",
    Effect.MISSING: "M",
    Effect.DISPLACED: "D",
    Effect.DETAINED: "T",
    Effect.CASUALTIES: "C",
}
"""What the badge of a figure begins with."""

_KINDS: Final = {
    Label.PERSON: "person",
    Label.NORP: "nationality, religion or party",
    Label.FAC: "building or site",
    Label.ORG: "organisation",
    Label.GPE: "country or town",
    Label.LOC: "region or water",
    Label.PRODUCT: "product",
    Label.EVENT: "event",
    Label.WORK_OF_ART: "work",
    Label.LAW: "law",
    Label.LANGUAGE: "language",
    Label.WEAPON: "weapon",
    Label.MISC: "other",
}
"""Of names, in words. What spaCy labels DATE and TIME is left out: the dates have it, with its value."""

_CLASSES: Final = {Label.PERSON: "person", Label.ORG: "org"}


@dataclass(frozen=True)
class Entry:
    """A row of a table, and where the text says it."""

    row: Markup
    highlights: tuple[Highlight, ...]


def figure_entries(result: Result, figures: Sequence[Figure], prefix: str) -> Iterator[Entry]:
    """Yield an entry for each of ``figures`` of ``result``; what is stated again is highlighted again."""
    statements: defaultdict[str, list[CasualtyFact]] = defaultdict(list)
    for fact in result.casualties:
        statements[fact.same_as or fact.id].append(fact)
    numbers: Counter[Effect] = Counter()
    for figure in figures:
        effect = figure.fact.effect
        numbers[effect] += 1
        badge = f"{LETTERS[effect]}{numbers[effect]}"
        highlights = tuple(_figure_highlight(figure, fact, prefix, badge) for fact in statements[figure.fact.id])
        yield Entry(_figure_row(figure, prefix, badge, highlights), highlights)


def _figure_highlight(figure: Figure, fact: CasualtyFact, prefix: str, badge: str) -> Highlight:
    return Highlight(
        start=fact.evidence.start,
        end=fact.evidence.end,
        id=f"{prefix}{fact.id}-t",
        entry=prefix + figure.fact.id,
        kind=f"figure {fact.effect.value} {certainty(fact)}",
        tip="\n".join([heading(figure.fact), _limits(fact), *_said(details(figure, place_words(figure.place)))]),
        badge=badge,
    )


def _limits(fact: CasualtyFact) -> str:
    low, best, high = _bounds(fact)
    return f"lowest: {low}, best: {best}, highest: {high}"


def _bounds(fact: CasualtyFact) -> tuple[str, str, str]:
    """Return the lowest, the best and the highest number in words."""
    return (
        "not known" if fact.min is None else f"{fact.min:,}",
        "not stated" if fact.best is None else f"{fact.best:,}",
        "open" if fact.max is None else f"{fact.max:,}",
    )


def _said(terms: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"{term}: {said}" for term, said in terms)


def _figure_row(figure: Figure, prefix: str, badge: str, highlights: Iterable[Highlight]) -> Markup:
    fact, place = figure.fact, figure.place
    where = place_link(place, prefix + place.id) if place else join(place_words(place))
    return _row(
        prefix + fact.id,
        fact.effect.value,
        join(GLYPHS[fact.effect].icon(fact.effect), heading(figure.fact), _to_text(highlights, badge)),
        *_bounds(fact),
        definitions(details(figure, where)),
    )


def date_entries(dates: Iterable[DateFact], prefix: str) -> Iterator[Entry]:
    """Yield an entry for each of ``dates``."""
    for date in dates:
        covered = days(date.first, date.last)
        said = [date.text, f"{date.type} {date.value}", covered, date.anchor and f"counted from {date.anchor}"]
        highlight = _highlight(date, prefix + date.id, 0, "date", filter(None, said))
        row = _row(highlight.entry, "", join(date.text, _to_text([highlight])), date.type, date.value, covered)
        yield Entry(row, (highlight,))


def place_entries(places: Iterable[LocationFact], prefix: str) -> Iterator[Entry]:
    """Yield an entry for each of ``places``, with all of its mentions."""
    for place in places:
        entry = prefix + place.id
        said = [place_words(place), _position(place), f"confidence: {place.confidence:.2f}"]
        mentions = [_highlight(m, entry, n, "place", filter(None, said)) for n, m in enumerate(place.mentions)]
        country = country_name(place.country) if place.country else ""
        name = place.name if coordinates(place) else place_words(place)
        row = _row(entry, "", join(name, _to_text(mentions)), country, _position(place), _geonames(place))
        yield Entry(row, tuple(mentions))


def _position(place: LocationFact) -> str:
    at = coordinates(place)
    return f"{at[1]:.4f}, {at[0]:.4f}" if at else ""


def _geonames(place: LocationFact) -> Markup | None:
    if place.geonames_id is None:
        return None
    address = f"https://www.geonames.org/{place.geonames_id}"
    return tag("a", str(place.geonames_id), href=address, rel="noopener noreferrer", target="_blank")


def name_entries(result: Result, prefix: str) -> Iterator[Entry]:
    """Yield an entry for each that is named, by its fullest name; a place's name is highlighted as the place it is."""
    places = {
        (mention.start, mention.end): f"{prefix}{place.id}-t{number or ''}"
        for place in result.locations
        for number, mention in enumerate(place.mentions)
    }
    named: defaultdict[str, list[Entity]] = defaultdict(list)
    for entity in result.entities:
        if entity.label in _KINDS:
            named[entity.entity_id or f"{entity.label} {entity.text}"].append(entity)
    for number, mentions in enumerate(named.values()):
        yield _name_entry(mentions, f"{prefix}n{number}", places)


def _name_entry(mentions: Sequence[Entity], entry: str, places: dict[tuple[int, int], str]) -> Entry:
    label = Counter(entity.label for entity in mentions).most_common(1)[0][0]
    name = next((entity.name for entity in mentions if entity.name), mentions[0].text)
    country = next((country_name(entity.country) for entity in mentions if entity.country), "")
    kind = f"name {_CLASSES.get(label, 'other')}"
    tip = [said for said in (name, _KINDS[label], country) if said]
    highlights = [_highlight(entity, entry, number, kind, tip) for number, entity in enumerate(mentions)]
    own = [highlight for highlight in highlights if (highlight.start, highlight.end) not in places]
    targets = [places.get((highlight.start, highlight.end), highlight.id) for highlight in highlights]
    row = _row(entry, kind, join(name, _links(targets)), _KINDS[label], country)
    return Entry(row, tuple(own))


def _highlight(span: Span, entry: str, number: int, kind: str, tip: Iterable[str]) -> Highlight:
    return Highlight(span.start, span.end, f"{entry}-t{number or ''}", entry, kind, "\n".join(tip))


def _to_text(highlights: Iterable[Highlight], first: str = "1") -> Markup:
    return _links([highlight.id for highlight in highlights], first)


def _links(targets: Sequence[str], first: str = "1") -> Markup:
    """Return links to the elements ``targets`` of the text, numbered; ``first`` is what the first one says."""
    said = [first, *map(str, range(2, len(targets) + 1))]
    links = (
        tag("a", words, href=f"#{target}", aria_label=f"{words}: to the words")
        for words, target in zip(said, targets, strict=True)
    )
    return tag("span", *(join(" ", link) for link in links), class_="to-text")


def _row(entry: str, kind: str, *cells: str | None) -> Markup:
    """Return the row with the id ``entry``; the first of ``cells`` is its heading."""
    head, *rest = cells
    heading_cell, others = tag("th", head, scope="row", dir="auto"), (tag("td", cell) for cell in rest)
    return tag("tr", heading_cell, *others, id=entry, class_=kind or None, tabindex=-1)
