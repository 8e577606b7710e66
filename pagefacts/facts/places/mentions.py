"""Which words of a text name a place, and which places they may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from pagefacts.contracts import Entity, Label
from pagefacts.facts.places.base import Gazetteer
from pagefacts.facts.places.cues import is_cued, opens_dateline
from pagefacts.facts.places.gazetteer import normalised
from pagefacts.facts.places.lookup import DIRECTION, Lookup
from pagefacts.facts.places.toponyms import Origin, Toponym, disjoint, inside, outside
from pagefacts.tables import rows

_PLACES: Final = frozenset({Label.GPE, Label.LOC, Label.FAC})
_TIMES: Final = frozenset({Label.DATE, Label.TIME})
_NO_DEMONYMS: Final = frozenset(
    {Label.PERSON, Label.WORK_OF_ART, Label.PRODUCT, Label.LAW, Label.EVENT, Label.LANGUAGE}
)

_NEVER: Final = float("inf")
_MAJOR: Final = 5.0
"""Prominence (a town of 100,000) from which a name alone means its place, where the tagger saw something else."""
_THRESHOLDS: Final = {Label.ORG: (_MAJOR, _MAJOR), Label.PERSON: (_MAJOR + 1, _NEVER), None: (_MAJOR, _MAJOR)}
_OTHERS: Final = (_MAJOR, _NEVER)
"""By label, None for words outside all entities: the prominence from which a whole entity and a part of one is a place.
Towns stand in the names of organisations ("Alexandria Police Department"), but "Paris Hilton" is not in Paris."""
_LONGEST_ACRONYM: Final = 5
"""Letters."""

_DEMONYM = re.compile(r"(?<![\w’'])[A-Z][^\W\d_]+")
_NEXT_WORD = re.compile(r" [A-Z][^\W\d_]+")
_LOWER_CASE = re.compile(r"\b[a-z]{2,}\b")

# Contexts that only places have.
_BEHIND_COMMA = re.compile(r",[ ]{1,2}([A-Z][\w.]*(?: [A-Z][\w.]*)?)")
_OPENING = re.compile(r"(?:^|(?<!\w)(?:of|in|at|the|de|for)\s|[,/-]\s{0,2})$", re.IGNORECASE)
_COUNTY = re.compile(r" (?:County|Parish)$", re.IGNORECASE)

_STREET = re.compile(
    r" (?:Streets?|St\.?|Roads?|Rd\.?|Avenues?|Ave\.?|Drive|Dr\.?|Lane|Ln\.?|Boulevard|Blvd\.?|Highway|Hwy\.?|Parkway"
    r"|Pkwy\.?|Pike|Turnpike|Expressway|Freeway|Trail|Terrace|Creek|Christ)$"
)
# "Clarke and Oconee counties": what stands between a name and the word that tells what it is.
_COUNTIES = re.compile(r"(?:(?:,|,? and|,? or) [A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*)?){0,9} [Cc]ounties\b")
_ORIGINS: Final = {Label.ORG: Origin.ORGANISATION, Label.PERSON: Origin.PERSON, None: Origin.TEXT}


def find_toponyms(text: str, entities: Sequence[Entity], gazetteer: Gazetteer) -> list[Toponym]:
    """Return the toponyms of ``text`` in its order, without overlaps."""
    page = _Page(text, entities, gazetteer)
    names = list(page.names())
    known = {normalised(toponym.text) for toponym in names if toponym.candidates}
    names = disjoint([*names, *page.hidden(known)])
    barred = [(entity.start, entity.end) for entity in entities if entity.label in _NO_DEMONYMS]
    demonyms = outside(page.demonyms(), [*barred, *((toponym.start, toponym.end) for toponym in names)])
    return disjoint([*names, *demonyms])


class _Page:
    """A text and what it tells about the names in it."""

    def __init__(self, text: str, entities: Sequence[Entity], gazetteer: Gazetteer) -> None:
        self._text = text
        self._entities = sorted(entities, key=lambda entity: entity.start)
        self._gazetteer = gazetteer
        self._surnames = {
            words[-1] for entity in entities if entity.label is Label.PERSON and len(words := entity.text.split()) > 1
        }
        self._common = set(_LOWER_CASE.findall(text))
        self._lookup = Lookup(gazetteer, capitals=sum(map(str.isupper, text)) > sum(map(str.islower, text)))

    def names(self) -> Iterator[Toponym]:
        """Yield what the tagger took for places, unless it is the surname of somebody on the page."""
        for entity in self._entities:
            if entity.label in _PLACES and any(map(str.isupper, entity.text)):
                yield from (each for each in self._parts(entity) if not self._is_surname(each))

    def _is_surname(self, toponym: Toponym) -> bool:
        minor = not toponym.candidates or toponym.candidates[0].prominence < _MAJOR
        return minor and toponym.text in self._surnames and not self._in_division(toponym)

    def _parts(self, entity: Entity) -> Iterator[Toponym]:
        """Yield the place that an entity names; where the gazetteer knows only parts ("Paris, Texas"), those."""
        name = self._with_stop(entity)
        end = entity.start + len(name)
        demonym = self._gazetteer.demonym(name)
        if self._is_no_town(name, entity.start):
            yield Toponym(name, entity.start, end, "name", ())
        elif _COUNTIES.match(self._text, end) and (county := self._lookup.called(f"{name} County")):
            yield Toponym(name, entity.start, end, "name", county)
        elif initials := self._lookup.country_by_initials(name):
            yield Toponym(name, entity.start, end, "name", initials)
        elif "," in name and len(parts := list(self._lookup.inside_of(name, entity.start))) > 1:
            yield from parts
        elif (whole := self._lookup.candidates(name)) and (demonym is None or whole[0].prominence >= _MAJOR):
            yield Toponym(name, entity.start, end, "name", whole)
        elif demonym is not None:
            yield Toponym(name, entity.start, end, "demonym", (demonym,))
        else:
            parts = [
                replace(each, origin=Origin.PART, whole=(entity.start, end))
                for each in self._lookup.inside_of(name, entity.start)
                if self._begins(each, entity.start) and not _STREET.search(name)
            ]
            # The tagger takes too much for a name where all is in capitals; of "Syrian soil" the demonym is the place.
            named = not self._lookup.capitals and self._gazetteer.demonym(name.split()[0]) is None
            unknown = [Toponym(name, entity.start, end, "name", ())] if named else []
            yield from parts or unknown

    def _is_acronym(self, name: str) -> bool:
        return not self._lookup.capitals and name.isalpha() and name.isupper() and len(name) <= _LONGEST_ACRONYM

    def _is_no_town(self, name: str, start: int) -> bool:
        """Whether capitals are those of an acronym: a railway called BART is not Bart, but "PARIS (AP)" is a dateline.

        Acronyms of places ("UAE") are filed as such, and are found in capitals alone.
        """
        if not self._is_acronym(name) or opens_dateline(self._text, start, start + len(name)):
            return False
        found = self._lookup.called(name)
        is_city = len(name) == _LONGEST_ACRONYM and found and found[0].prominence >= _MAJOR  # "MIAMI"
        return not is_city and found == self._lookup.called(name.capitalize())

    def _begins(self, toponym: Toponym, start: int) -> bool:
        """Whether a part of a name stands where places do: first, behind a preposition, a mark or a direction.

        "Vancouver International Airport" and "City of Montreal" name places, "Dublin Road Bridge" no town of Bridge.
        """
        before = self._text[start : toponym.start]
        return _OPENING.search(before) is not None or DIRECTION.fullmatch(before) is not None

    def hidden(self, known: set[str]) -> Iterator[Toponym]:
        """Yield the places in the names of other things, and where the tagger saw no name at all."""
        for label, start, end in self._stretches():
            for toponym in self._lookup.inside_of(self._text[start:end], start):
                complete = label is None or (toponym.start, toponym.end) == (start, end)
                hidden = replace(
                    toponym,
                    origin=_ORIGINS.get(label, Origin.OTHER),
                    cued=is_cued(self._text, toponym.start, toponym.end),
                    compound=self._is_compound(toponym),
                )
                if self._accepts(hidden, label, known, complete=complete):
                    yield hidden

    def _stretches(self) -> Iterator[tuple[Label | None, int, int]]:
        """Yield the entities that are no places, and the text between entities, as label, start and end."""
        at = 0
        for entity in self._entities:
            yield None, at, entity.start
            if entity.label not in _PLACES | _TIMES:
                yield entity.label, entity.start, entity.end
            at = max(at, entity.end)
        yield None, at, len(self._text)

    def _accepts(self, toponym: Toponym, label: Label | None, known: set[str], *, complete: bool) -> bool:
        """Whether a name is a place by its size, by being one elsewhere in the text, or by the words around it."""
        whole, part = _THRESHOLDS.get(label, _OTHERS)
        threshold = whole if complete or toponym.compound else part
        generic = toponym.text.lower() in _words("generic")
        if generic or self._is_surname(toponym) or (label is None and self._is_common(toponym)):
            return self._in_division(toponym)
        if toponym.cued and (threshold < _NEVER or toponym.compound):
            return True
        if threshold < _NEVER and (
            normalised(toponym.text) in known
            or toponym.candidates[0].prominence >= threshold
            or _COUNTY.search(toponym.text)
        ):
            return True
        return self._in_division(toponym)

    def _is_compound(self, toponym: Toponym) -> bool:
        """Whether a hyphen joins it to another word: "Washington-based", "EU-Israel", "R-Marshall"."""
        around = self._text[max(0, toponym.start - 1) : toponym.start] + self._text[toponym.end : toponym.end + 1]
        return "-" in around

    def _is_common(self, toponym: Toponym) -> bool:
        """Whether it is a month, may be "OK", or stands in lower case too: "Nice", "nice"; but "US" is not "us"."""
        feature = toponym.candidates[0].feature
        if toponym.text.lower() in _words("calendar") or (len(toponym.text) < 3 and feature == "ADM1"):
            return True
        is_country_code = self._is_acronym(toponym.text) and feature.startswith("PCL")
        return toponym.text.lower() in self._common and not is_country_code

    def _in_division(self, toponym: Toponym) -> bool:
        """Whether a division or country that holds the place stands behind a comma: "Alexandria, La."."""
        match = _BEHIND_COMMA.match(self._text, toponym.end)
        if match is None:
            return False
        area = next(self._lookup.inside_of(match[1], match.start(1)), None)
        return area is not None and any(
            inside(place, whole) for place in toponym.candidates for whole in area.candidates
        )

    def demonyms(self) -> Iterator[Toponym]:
        """Yield the demonyms, the longer first: "South African" is not African."""
        end = 0
        for match in _DEMONYM.finditer(self._text):
            if match.start() < end:
                continue
            following = _NEXT_WORD.match(self._text, match.end())
            longer = [match[0] + following[0]] if following and match[0].lower() != "the" else []
            for form in [*longer, match[0]]:
                place = self._gazetteer.demonym(form)
                if place is not None:
                    end = match.start() + len(form)
                    yield Toponym(form, match.start(), end, "demonym", (place,))
                    break

    def _with_stop(self, entity: Entity) -> str:
        """Return the entity with the stop behind it, where that makes it an abbreviation that the gazetteer knows."""
        longer = self._text[entity.start : entity.end + 1]
        return self._lookup.without_stop(longer) if longer == f"{entity.text}." else entity.text


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word for word, own in rows("place_words.tsv") if own == kind)
