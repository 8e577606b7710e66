"""From text to casualty facts: sentences, numbers, effects, links; then status, source, victims, time and place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from pagefacts.contracts import (
    CasualtyFact,
    DateFact,
    Entity,
    Evidence,
    Group,
    LocationFact,
    Qualifier,
    Source,
    Status,
    Victims,
)
from pagefacts.facts.casualties.circumstances import Circumstances
from pagefacts.facts.casualties.clause import Clause
from pagefacts.facts.casualties.lexicon import Frame, effects
from pagefacts.facts.casualties.linking import Link, link
from pagefacts.facts.casualties.names import by_violence, person_names
from pagefacts.facts.casualties.phrases import Cue, Demonym, Marks, read_clause
from pagefacts.facts.casualties.standing import read_standing
from pagefacts.facts.context import Reading, Statement, statements
from pagefacts.facts.sentences import sentences

# How often each linking step was right, on 285 figures of development texts (docs/facts.md), drawn towards
# nine in ten where there were few: (right + 9) / (n + 10).
_CONFIDENCE: Final = {
    "adjacent": 0.96,  # n = 177
    "object": 0.95,  # 73
    "list": 0.91,  # 13
    "subject": 0.96,  # 13
    "part": 0.87,  # 5
    "toll": 0.92,  # 2
    "gapped": 0.92,  # 2
}
# And how much less often where more is left to guess; from 150 figures that were read by hand.
_VAGUE_OR_SINGLE: Final = 0.95
_NOT_PLAIN: Final = 0.85  # hypothetical, disputed or historical
# A refugee or evacuee to whom something else happens is counted for that alone.
_WEAK: Final = frozenset({"refugee-noun", "evacuated-noun"})
# Effects that are nouns for the people themselves, and the groups that they name.
_PEOPLE: Final[dict[str, tuple[Group, ...]]] = {
    "refugee-noun": (Group.REFUGEE,),
    "evacuated-noun": (),
    "detained-hostages": (),
}
# Verbs of hindering or undoing a flight; they tell of no displacement.
_HINDERED: Final = frozenset(
    {
        "stopped",
        "stopping",
        "stop",
        "intercepted",
        "intercepting",
        "caught",
        "deported",
        "deporting",
        "expelled",
        "returned",
        "repatriated",
    }
)
_LONGEST: Final = 1_500  # code points; a longer sentence is none, and is read in pieces
_MORE = re.compile(r"(?:(?:more|additional|further)(?:\s+|$))+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def find_casualties(
    text: str,
    entities: Sequence[Entity],
    dates: Sequence[DateFact],
    locations: Sequence[LocationFact],
    demonym: Demonym,
) -> tuple[CasualtyFact, ...]:
    """Return the casualty figures that ``text`` states, in its order.

    Of ``entities`` those labelled PERSON may be victims by name, except in sentences in capitals: there taggers, which
    go by case, are no guide.

    ``dates`` and ``locations`` are the facts that ``time`` and ``place`` may name. ``demonym`` returns the ISO 3166-1
    alpha-2 code of a demonym ("Syrians" → "SY") or None.
    """
    cues = effects(text)
    finder = _Finder(text, entities, dates, locations, demonym)
    starts = [start for start, _, _ in cues]
    for start, end in sentences(text) if cues else ():
        if bisect_left(starts, start) == bisect_left(starts, end):
            continue
        for first, last in _pieces(text, start, end):
            finder.read((first, last), cues[bisect_left(starts, first) : bisect_left(starts, last)])
    return tuple(finder.facts)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is too long to be a sentence at spaces, so that its cost stays in proportion to its length."""
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + 1, start + _LONGEST)
        cut = cut if cut > 0 else start + _LONGEST
        yield start, cut
        start = cut
    yield start, end


class _Finder:
    """Collects the facts of one text."""

    def __init__(
        self,
        text: str,
        entities: Sequence[Entity],
        dates: Sequence[DateFact],
        locations: Sequence[LocationFact],
        demonym: Demonym,
    ) -> None:
        self.text, self.demonym = text, demonym
        self.dates = sorted(dates, key=lambda date: date.start)
        self._date_starts = [date.start for date in self.dates]
        self.names = person_names(text, entities)
        self.circumstances = Circumstances(text, dates, locations)
        self.facts: list[CasualtyFact] = []

    def read(self, span: tuple[int, int], cues: Sequence[Cue]) -> None:
        """Add the facts of the sentence ``text[slice(*span)]``, whose effects are ``cues``."""
        sentence = self.text[slice(*span)]
        usable = [
            (start, min(end, span[1]), rule)
            for start, end, rule in cues
            if rule.requires is None or rule.requires.search(sentence)
        ]
        if not usable:
            return
        dates = self.dates[bisect_left(self._date_starts, span[0]) : bisect_left(self._date_starts, span[1])]
        clause = read_clause(self.text, span, Marks(usable, self._names(span), dates), self.demonym)
        links = [each for each in _without_weak(link(clause), clause) if _is_casualty(each, clause, sentence)]
        told = statements(sentence) if links else ()
        found: list[tuple[Link, CasualtyFact]] = []
        for each in links:
            fact = self._fact(f"c{len(self.facts) + len(found) + 1}", each, clause, span, told)
            if fact is not None:
                found.append((each, fact))
        self.facts += [fact.model_copy(update={"part_of": _whole(each, found)}) for each, fact in found]

    def _names(self, span: tuple[int, int]) -> list[tuple[int, int]]:
        within = self.names[bisect_left(self.names, (span[0], 0)) : bisect_left(self.names, (span[1], 0))]
        return [] if within and self.text[slice(*span)].isupper() else within

    def _fact(
        self, name: str, found: Link, clause: Clause, span: tuple[int, int], told: Sequence[Statement]
    ) -> CasualtyFact | None:
        figure = found.phrase.figure
        start, end = _evidence(found, clause)
        source = _source(told, start - span[0], self.text[start:end])
        victims = self._victims(found, clause)
        time, place = self.circumstances.around((start, end), span, victims)
        standing = read_standing(self.text, span, found, clause, source)
        if standing.status is Status.REPORTED and time is not None and self.circumstances.is_past(time):
            standing = Reading(Status.HISTORICAL, time.text)
        if standing.status is Status.NEGATED and figure.high != 0:
            return None
        return CasualtyFact(
            id=name,
            effect=found.rule.effect,
            min=figure.low,
            max=figure.high,
            best=figure.best,
            qualifier=figure.qualifier,
            number_text=self.text[figure.number_start : figure.number_end],
            unit=found.phrase.unit,
            term=found.rule.term,
            victims=victims,
            status=standing.status,
            cumulative=found.rule.frame is Frame.TOLL,
            previous=found.previous,
            time=time,
            place=place,
            source=source,
            evidence=Evidence(
                quote=self.text[start:end],
                start=start,
                end=end,
                sentence_start=span[0],
                sentence_end=span[1],
                cue=standing.cue,
            ),
            rule=f"{found.rule.id}/{found.how}",
            confidence=_confidence(found, standing.status),
        )

    def _victims(self, found: Link, clause: Clause) -> Victims | None:
        start, end = found.phrase.words or (0, 0)
        groups = found.phrase.groups
        if found.rule.id in _PEOPLE:  # "40,000 Iraqi *refugees*": the noun is the effect
            cue = clause.nodes[found.cue]
            start, end = start or cue.start, cue.end
            groups = tuple(dict.fromkeys((*groups, *_PEOPLE[found.rule.id])))
        words = _MORE.sub("", self.text[start:end])
        if words.lower() in {"", "other"}:
            return None
        nationality = self._nationality(words) or self.circumstances.country_named((start, end))
        return Victims(text=words, groups=groups, nationality=nationality)

    def _nationality(self, words: str) -> str | None:
        """Return the country of the demonym in ``words``: of "South Korean" before "Korean"."""
        single = _WORD.findall(words)
        pairs = (f"{first} {second}" for first, second in pairwise(single))
        return next((code for word in (*pairs, *single) if (code := self.demonym(word))), None)


def _evidence(found: Link, clause: Clause) -> tuple[int, int]:
    first, last = clause.nodes[found.phrase.first], clause.nodes[found.phrase.last - 1]
    cue = clause.nodes[found.cue]
    return min(first.start, cue.start), max(last.end, cue.end)


def _source(told: Sequence[Statement], position: int, quote: str) -> Source | None:
    source = next((part.source for part in reversed(told) if part.start <= position), None)
    # What is told is not who tells it.
    if source is None or source.text in quote or quote in source.text:
        return None
    return source


def _is_casualty(found: Link, clause: Clause, sentence: str) -> bool:
    phrase = found.phrase
    return (
        phrase.figure.low != 1
        or phrase.figure.high != 1
        or by_violence(found.rule.id, clause.nodes[found.cue].lower, sentence, named=phrase.named)
    )


def _without_weak(links: list[Link], clause: Clause) -> list[Link]:
    return [each for each in links if each.rule.id not in _WEAK or not _met_otherwise(each, links, clause)]


def _met_otherwise(found: Link, links: list[Link], clause: Clause) -> bool:
    """Whether something else is told of refugees: "16 refugees were killed", "guards stopped 58 refugees"."""
    if any(other.phrase.first == found.phrase.first and other is not found for other in links):
        return True
    around = {clause.lower(found.phrase.first - 1), *clause.words(found.cue + 1, found.cue + 4)}
    return not around.isdisjoint(_HINDERED)


def _whole(part: Link, found: Sequence[tuple[Link, CasualtyFact]]) -> str | None:
    """Return the id of the figure that includes ``part``, of the same effect where it has several."""
    wholes = [(each, fact) for each, fact in found if each.phrase is part.whole and each is not part]
    same = [fact.id for each, fact in wholes if each.rule.effect is part.rule.effect]
    return next(iter([*same, *(fact.id for _, fact in wholes)]), None)


def _confidence(found: Link, status: Status) -> float:
    sure = _CONFIDENCE[found.how]
    if not found.phrase.counted or found.phrase.figure.qualifier is Qualifier.VAGUE:
        sure *= _VAGUE_OR_SINGLE
    if status in {Status.HYPOTHETICAL, Status.DISPUTED, Status.HISTORICAL}:
        sure *= _NOT_PLAIN
    return round(sure, 3)
