"""Which mentions in a page name the same person, organisation or place.

One pass over the names in the order of the text. The rules are those of `pagefacts.tagging.people` and
`pagefacts.tagging.things`; here is what holds for both: which of them a name goes to, and what a page says outright.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from pagefacts.contracts import Entity, Label
from pagefacts.tagging.people import People, read_name, without_titles
from pagefacts.tagging.spelling import bare, folded
from pagefacts.tagging.things import KINDS, Kind, Thing, Things, country_of, kind_by_name, may_declare, read_thing

_TIMES: Final = frozenset({Label.DATE, Label.TIME})

_LABELS: Final = {Kind.PLACE: Label.GPE, Kind.PEOPLE: Label.NORP, Kind.ORGANISATION: Label.ORG}
_WAVERING: Final = frozenset({Label.ORG, Label.GPE, Label.LOC, Label.FAC, Label.MISC})
"""Labels between which general knowledge decides: "US" is a country, "Islamic State" none, "Syrians" are a people
(NORP in OntoNotes 5.0: nationalities, religious and political groups)."""

_LONGEST: Final = 120
"""Code points of the longest name that is read; what is longer is only compared."""
_LONGEST_TITLE: Final = 20
"""Code points before a person's name that are looked at."""
_SURE: Final = 2
"""How many times oftener a word must be tagged otherwise, for a person and a thing of that name to be one."""
_BEHIND_TITLE = re.compile(r"(?:mr|mrs|ms) \S")

# "Israel Defense Forces (IDF)"
_ACRONYM_BEHIND = re.compile(r"(?:['’]s)?[\"”]?\s?\((?:the\s)?[\"“]?([A-Z][\w.&-]{1,9})[\"”]?[),;]")
# "Islamic State, also known as Isis"
_ALSO = re.compile(
    r"[\"”]?,?\s\(?(?:(?:also|better|widely|commonly|previously|formerly)\s)?(?:known\s(?:simply\s)?as|called|aka)"
    r"\s(?:the\s)?[\"“‘']?",
    re.IGNORECASE,
)
_LONGEST_ALSO: Final = 40


def link(text: str, entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """Return ``entities``, which stand in the order of ``text``, with the id, name and country of what each names.

    Countries, peoples and well-known organisations get their label too, where the tagger took one for the other.
    Ids are ``e1``, ``e2``, … in the order of first mention; dates and times have none. What these fields held before is
    not looked at. Takes time in proportion to the length of ``entities``.
    """
    keys = [_key(entity) for entity in entities]
    entities = list(map(_relabelled, entities, keys))
    page = _Page(text, zip(entities, keys, strict=True))
    numbers = [
        None if entity.label in _TIMES else page.number(entity, key) for entity, key in zip(entities, keys, strict=True)
    ]
    return tuple(page.linked(entity, number) for entity, number in zip(entities, numbers, strict=True))


class _Page:
    """A text and what its names were found to name, by number from 0."""

    def __init__(self, text: str, names: Iterable[tuple[Entity, str]]) -> None:
        self._text = text
        self._kinds: defaultdict[str, Counter[Kind]] = defaultdict(Counter)
        for entity, key in names:
            self._kinds[key][_kind(entity)] += 1
        folded = (key.split() for key, kinds in self._kinds.items() if _top(kinds) is Kind.PERSON)
        full_names = [words for words in folded if len(words) > 1]
        self._surnames = {words[-1] for words in full_names}
        self._borne = {word for words in full_names for word in words}
        self._people, self._things = People(), Things()
        self._names: list[str] = []
        self._countries: list[str | None] = []
        self._before: tuple[Entity, Kind, int] | None = None

    def number(self, entity: Entity, key: str) -> int:
        """Return the number of what ``entity``, of the folded name ``key``, names: a new one at first mention."""
        kind = self._kind_of(entity, key)
        if kind is Kind.PERSON:
            number, name, country = self._person(entity), without_titles(entity.text), None
        else:
            thing = read_thing(entity.text, kind, key)
            number, name, country = self._thing(entity, thing), bare(entity.text), country_of(thing)
        self._note(number, name, country)
        self._before = entity, kind, number
        return number

    def linked(self, entity: Entity, number: int | None) -> Entity:
        """Return ``entity`` as a mention of ``number``."""
        if number is None:
            return entity.model_copy(update={"entity_id": None, "name": None, "country": None})
        found = {"entity_id": f"e{number + 1}", "name": self._names[number], "country": self._countries[number]}
        return entity.model_copy(update=found)

    def _kind_of(self, entity: Entity, key: str) -> Kind:
        """Return what the name is of, which is the same throughout the page however the tagger wavers.

        One word may still be two names where somebody in the page bears it beside another: "Jordan" then is a person
        or a country as each is tagged, unless one is far oftener; but an organisation called "Tillerson" is the person.
        """
        own = _kind(entity)
        if own is not Kind.PERSON and (general := kind_by_name(key)):
            return general
        if _BEHIND_TITLE.match(key) or (key in self._surnames and own is not Kind.PLACE):
            return Kind.PERSON
        kinds = self._kinds[key]
        top = _top(kinds)
        return own if key in self._borne and Kind.PERSON in {own, top} and kinds[top] < _SURE * kinds[own] else top

    def _person(self, entity: Entity) -> int:
        if len(entity.text) > _LONGEST:
            return self._thing(entity, read_thing(entity.text, Kind.PERSON, _key(entity)))
        name = read_name(entity.text, self._text[max(0, entity.start - _LONGEST_TITLE) : entity.start])
        number = self._people.find(name)
        if number is None:
            number = self._also(entity, Kind.PERSON)
        self._people.add(name, number)
        return number

    def _thing(self, entity: Entity, thing: Thing) -> int:
        match = _ACRONYM_BEHIND.match(self._text, entity.end)
        acronym = match[1] if match and may_declare(thing, match[1]) else None
        number = self._things.find(thing)
        if number is None and acronym is not None:
            number = self._things.known_as(acronym)
        if number is None:
            number = self._also(entity, thing.kind)
        self._things.add(thing, number)
        if acronym is not None:
            self._things.declare(acronym, number)
        return number

    def _also(self, entity: Entity, kind: Kind) -> int:
        """Return the mention before where the page says that this is another name for it, else a new number."""
        if self._before is not None:
            before, other, number = self._before
            between = self._text[before.end : min(entity.start, before.end + _LONGEST_ALSO)]
            if (kind is Kind.PERSON) is (other is Kind.PERSON) and _ALSO.fullmatch(between):
                return number
        self._names.append("")
        self._countries.append(None)
        return len(self._names) - 1

    def _note(self, number: int, name: str, country: str | None) -> None:
        """Keep the first country and the first of the longest names, rather not in capitals."""
        self._countries[number] = self._countries[number] or country
        if not self._names[number] or (len(name) <= _LONGEST and _fullness(name) > _fullness(self._names[number])):
            self._names[number] = name


def _relabelled(entity: Entity, key: str) -> Entity:
    """Return ``entity`` with the label of the country, people or organisation that its folded name ``key`` is of."""
    kind = kind_by_name(key) if entity.label in _WAVERING else None
    if kind not in _LABELS or _kind(entity) is kind:
        return entity
    return entity.model_copy(update={"label": _LABELS[kind]})


def _fullness(name: str) -> tuple[bool, int, bool]:
    return len(name) <= _LONGEST, len(name), not name.isupper()


def _top(kinds: Counter[Kind]) -> Kind:
    """Return the most frequent kind, the first of equals."""
    return kinds.most_common(1)[0][0]


def _kind(entity: Entity) -> Kind:
    return KINDS.get(entity.label, Kind.OTHER)


def _key(entity: Entity) -> str:
    """Return the folded name; an overlong one, or one of marks alone, as it is."""
    return (folded(entity.text) if len(entity.text) <= _LONGEST else "") or entity.text
