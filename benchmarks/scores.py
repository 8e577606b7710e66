"""How well predictions agree with gold annotations: one function a kind of fact.

Every function takes pairs of a document's gold and its prediction and returns a `Score`. Precision is the share of
predictions that are right, recall the share of the gold that is found, F1 their harmonic mean; counts are summed over
the documents first (micro average), except for pages, which are averaged.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, TypeVar

EARTH_DIAMETER_KM: Final = 12_742
NEAR_KM: Final = 161
"""A hundred miles: the customary radius within which a place counts as found."""
SHINGLE: Final = 4
"""Words of a shingle, after article-extraction-benchmark."""
TITLE_HEAD: Final = 60
"""Characters of a title or author that must agree."""
LABELS: Final = ("PER", "LOC", "ORG")
"""The labels that entities are scored on."""

_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\s*['’]s?\s*$")


@dataclass(frozen=True, slots=True)
class Score:
    """How well one system did on one set."""

    value: float
    """The headline figure, 0 to 1: F1, or the share of places found."""
    precision: float | None = None
    recall: float | None = None
    details: dict[str, float] = field(default_factory=dict)
    """What else the kind of fact is measured by, 0 to 1."""


@dataclass(slots=True)
class Counts:
    """What was found, invented and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the predictions that are right; 0 where nothing was predicted."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the gold that was found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return harmonic_mean(self.precision, self.recall)

    def add(self, right: int, wrong: int, missed: int) -> None:
        """Count one document."""
        self.right += right
        self.wrong += wrong
        self.missed += missed

    def score(self, **details: float) -> Score:
        """Return the score with F1 as its value."""
        return Score(self.f1, self.precision, self.recall, details)


def harmonic_mean(one: float, other: float) -> float:
    """Return the harmonic mean of two shares; 0 where both are 0."""
    return 2 * one * other / (one + other) if one + other else 0.0


def share(part: int, whole: int) -> float:
    """Return ``part`` of ``whole``; 0 of nothing."""
    return part / max(1, whole)


# Casualties


@dataclass(frozen=True, slots=True)
class Figure:
    """How many people, and what happened to them."""

    effect: str
    low: int | None
    high: int | None
    hypothetical: bool = False
    """A prediction that the text gives as a mere possibility; it is not scored."""
    optional: bool = False
    """A gold figure that may be found or left out."""

    @property
    def key(self) -> tuple[str, int | None]:
        """What two figures must share to match: the effect, and the lower bound, or the upper where only that is."""
        number = self.high if not self.low and self.high else self.low
        return self.effect, number


@dataclass(frozen=True, slots=True)
class FiguresWanted:
    """The gold figures of one text, and the effects that its annotators looked for."""

    figures: tuple[Figure, ...]
    effects: frozenset[str]


def score_casualties(pairs: Iterable[tuple[FiguresWanted, Sequence[Figure]]]) -> Score:
    """Match figures on effect and number; the same figure stated twice in a text counts once.

    ``bounds_right`` is the share of the figures found whose bounds both agree.
    """
    counts = Counts()
    same_bounds = 0
    for wanted, predicted in pairs:
        found = _figures_by_key(each for each in predicted if each.effect in wanted.effects and not each.hypothetical)
        gold = {key: figures[0] for key, figures in _figures_by_key(wanted.figures).items()}
        required = [key for key, figure in gold.items() if not figure.optional]
        matched = [key for key in required if key in found]
        counts.add(len(matched), len(found.keys() - gold.keys()), len(required) - len(matched))
        same_bounds += sum(any(_same_bounds(gold[key], figure) for figure in found[key]) for key in matched)
    return counts.score(bounds_right=share(same_bounds, counts.right))


def _figures_by_key(figures: Iterable[Figure]) -> dict[tuple[str, int | None], list[Figure]]:
    grouped: dict[tuple[str, int | None], list[Figure]] = {}
    for figure in figures:
        grouped.setdefault(figure.key, []).append(figure)
    return grouped


def _same_bounds(one: Figure, other: Figure) -> bool:
    return (one.low, one.high) == (other.low, other.high)


# Entities


class Name(NamedTuple):
    """A span with one of `LABELS`."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class NamesWanted:
    """The gold names of one text; ``text`` because spans are trimmed before they are compared."""

    text: str
    names: frozenset[Name]


def score_entities(pairs: Iterable[tuple[NamesWanted, Iterable[Name]]]) -> Score:
    """Match names on exact span and label, a leading article and a trailing 's set aside. Details: F1 by label."""
    by_label = {label: Counts() for label in LABELS}
    for wanted, predicted in pairs:
        gold = {_trimmed(wanted.text, name) for name in wanted.names}
        found = {_trimmed(wanted.text, name) for name in predicted}
        for label, counts in by_label.items():
            ours, theirs = _labelled(found, label), _labelled(gold, label)
            counts.add(len(ours & theirs), len(ours - theirs), len(theirs - ours))
    total = Counts()
    for counts in by_label.values():
        total.add(counts.right, counts.wrong, counts.missed)
    return total.score(**{label: counts.f1 for label, counts in by_label.items()})


def _labelled(names: Iterable[Name], label: str) -> set[Name]:
    return {name for name in names if name.label == label}


def _trimmed(text: str, name: Name) -> Name:
    words = text[name.start : name.end]
    article = _ARTICLE.match(words)
    cut = article.end() if article and article.end() < len(words) else 0
    possessive = _POSSESSIVE.search(words, cut)
    end = name.start + possessive.start() if possessive and possessive.start() > cut else name.end
    return Name(name.start + cut, end, name.label)


# Spans that overlap


class Spanned(Protocol):
    """Anything with a place in the text."""

    @property
    def start(self) -> int:
        """First code point."""
        ...

    @property
    def end(self) -> int:
        """One past the last."""
        ...


Wanted = TypeVar("Wanted", bound=Spanned)
Found = TypeVar("Found", bound=Spanned)


def align(gold: Sequence[Wanted], predicted: Sequence[Found]) -> Iterator[tuple[Wanted, Found | None]]:
    """Yield each gold span with the first prediction that overlaps it and was not yet taken, or None."""
    free = list(predicted)
    for wanted in gold:
        match = next((span for span in free if span.start < wanted.end and wanted.start < span.end), None)
        if match is not None:
            free.remove(match)
        yield wanted, match


# Dates


class Timex(NamedTuple):
    """A temporal expression with its TIMEX3 value."""

    start: int
    end: int
    value: str


def score_dates(pairs: Iterable[tuple[Sequence[Timex], Sequence[Timex]]]) -> Score:
    """Match overlapping spans with equal values, as TempEval-3 does. ``span_f1`` leaves the values out."""
    values, spans = Counts(), Counts()
    for gold, predicted in pairs:
        matches = [(wanted, match) for wanted, match in align(gold, predicted) if match is not None]
        right = sum(wanted.value == match.value for wanted, match in matches)
        spans.add(len(matches), len(predicted) - len(matches), len(gold) - len(matches))
        values.add(right, len(predicted) - right, len(gold) - right)
    return values.score(span_f1=spans.f1)


# Places


class Toponym(NamedTuple):
    """A place's name in the text, and where on Earth it is, in WGS 84 degrees; None where that is not known."""

    start: int
    end: int
    latitude: float | None
    longitude: float | None


def score_places(pairs: Iterable[tuple[Sequence[Toponym], Sequence[Toponym]]]) -> Score:
    """Return the share of all gold places with coordinates that are found and put within `NEAR_KM`.

    ``span_f1`` says how well the names are found, wherever they are put.
    """
    spans = Counts()
    near = located = 0
    for gold, predicted in pairs:
        matches = [(wanted, match) for wanted, match in align(gold, predicted) if match is not None]
        spans.add(len(matches), len(predicted) - len(matches), len(gold) - len(matches))
        located += sum(wanted.latitude is not None for wanted in gold)
        near += sum(distance_km(wanted, match) <= NEAR_KM for wanted, match in matches)
    details = {"span_precision": spans.precision, "span_recall": spans.recall, "span_f1": spans.f1}
    return Score(share(near, located), details=details)


def distance_km(one: Toponym, other: Toponym) -> float:
    """Return the great-circle distance (haversine); infinite where either has no coordinates."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return math.inf
    lat, lon = math.radians(one.latitude), math.radians(one.longitude)
    other_lat, other_lon = math.radians(other.latitude), math.radians(other.longitude)
    height = math.sin((other_lat - lat) / 2) ** 2
    width = math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return EARTH_DIAMETER_KM * math.asin(min(1.0, math.sqrt(height + width)))


# Pages


@dataclass(frozen=True, slots=True)
class Page:
    """An article; an empty string is what is not known, and in the gold what is not scored."""

    text: str
    title: str = ""
    date: str = ""
    """ISO 8601 calendar date."""
    author: str = ""


def score_pages(pairs: Iterable[tuple[Page, Page]]) -> Score:
    """Average precision and recall of the shingles of lower-cased words over the pages; F1 is that of the averages.

    Details: the shares of titles, dates and authors that agree, of those the gold gives.
    """
    precisions, recalls = [], []
    agreed: dict[str, list[bool]] = {"title": [], "date": [], "author": []}
    for gold, page in pairs:
        wanted, found = _shingles(gold.text), _shingles(page.text)
        common = (wanted & found).total()
        precisions.append(common / found.total() if found else 0.0)
        recalls.append(common / wanted.total() if wanted else 1.0)
        for name, agrees in _agreements(gold, page):
            agreed[name].append(agrees)
    precision, recall = _mean(precisions), _mean(recalls)
    details = {name: share(sum(marks), len(marks)) for name, marks in agreed.items() if marks}
    return Score(harmonic_mean(precision, recall), precision, recall, details)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of `SHINGLE` words; a shorter text is one run."""
    words = _WORD.findall(text.lower())
    if not words:
        return Counter()
    return Counter(tuple(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1)))


def _agreements(gold: Page, page: Page) -> Iterator[tuple[str, bool]]:
    """Yield what the gold page gives besides its text, and whether ``page`` agrees."""
    if gold.title:
        yield "title", _holds(page.title, gold.title) or (bool(page.title) and _words(page.title) in _words(gold.title))
    if gold.date:
        yield "date", gold.date[:10] == page.date[:10]
    if gold.author:
        yield "author", _holds(page.author, gold.author)


def _holds(whole: str, part: str) -> bool:
    return _words(part)[:TITLE_HEAD] in _words(whole)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))
