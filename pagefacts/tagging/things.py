"""Which mentions name the same place, people, organisation, event or weapon."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from pagefacts.contracts import Label
from pagefacts.tables import rows
from pagefacts.tagging.nations import country_named, nationality, people_of
from pagefacts.tagging.spelling import bare, folded, plain


class Kind(StrEnum):
    """What a name names, coarser than its label: a tagger that wavers seldom does between these."""

    PERSON = "person"
    PLACE = "place"
    PEOPLE = "people"
    ORGANISATION = "organisation"
    OTHER = "other"


KINDS: Final = {
    Label.PERSON: Kind.PERSON,
    Label.GPE: Kind.PLACE,
    Label.LOC: Kind.PLACE,
    Label.FAC: Kind.PLACE,
    Label.NORP: Kind.PEOPLE,
    Label.LANGUAGE: Kind.PEOPLE,
    Label.ORG: Kind.ORGANISATION,
}
"""The kinds of labels; those of the others are `Kind.OTHER`."""

_LEGAL_FORMS: Final = frozenset("inc incorporated corp corporation ltd limited llc plc co company gmbh ag sa".split())
_DESCRIPTIONS: Final = frozenset("group holdings airlines motors motor news agency network television movement".split())
_GIVEN_UP: Final = _LEGAL_FORMS | _DESCRIPTIONS | {"international"}
"""Last words that a later mention leaves out: "Toyota Motor Corp", "Amnesty International", "Islamic State group"."""
_SHORTEST_STEM: Final = 3
"""Letters that must be left."""

_NO_INITIAL: Final = frozenset("of the and for in on de la du des y et to".split())
"""Words whose initials acronyms leave out: "Federal Bureau of Investigation"."""
_MOST_WORDS: Final = 12
"""Words of the longest name whose parts and initials are looked at."""
_LONGEST_OWNER: Final = 4
_HYPHEN = re.compile(r"[-–/]")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.?){2,8}")
_SHORTEST_WORDLIKE: Final = 4
"""Letters of the shortest acronym that is written like a word, as British papers do: "Nato", "Unicef"."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A name that is none of a person, as one mention gives it."""

    kind: Kind
    key: Hashable
    """The same for all spellings of one name."""
    text: str
    folded: str


def read_thing(text: str, kind: Kind, key: str) -> Thing:
    """Return the name ``text`` of the ``kind``; ``key`` is ``folded(text)``."""
    return Thing(kind, _identity(kind, key), bare(text), key)


def kind_by_name(key: str) -> Kind | None:
    """Return what the folded name ``key`` is of, where that is general knowledge: countries, nationalities, the UN."""
    if country_named(key):
        return Kind.PLACE
    if people_of(key):
        return Kind.PEOPLE
    return Kind.ORGANISATION if key in _organisations() else None


def may_declare(thing: Thing, acronym: str) -> bool:
    """Return whether ``acronym``, in brackets behind ``thing``, is its other name and no agency or country.

    An organisation's may come from another language: "Kurdistan Workers' Party (PKK)"; a place's are its initials, for
    "NEW YORK (AP)" opens a report.
    """
    key = folded(acronym)
    if not _is_acronym(acronym) or kind_by_name(key) in {Kind.PLACE, Kind.PEOPLE}:
        return False
    if key in _initials(thing.text):
        return True
    names_itself = thing.kind in {Kind.ORGANISATION, Kind.OTHER} and not _is_general(thing)
    return names_itself and " " in thing.folded and acronym[1:] != acronym[1:].lower()


def country_of(thing: Thing) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of the country that ``thing`` is, or whose people it is."""
    if thing.kind is Kind.PLACE:
        return country_named(thing.folded)
    return nationality(thing.folded) if thing.kind is Kind.PEOPLE else None


def _identity(kind: Kind, key: str) -> Hashable:
    if kind is Kind.PLACE:
        return kind, country_named(key) or key
    if kind is Kind.PEOPLE:
        return kind, people_of(key) or _singular(key)
    if kind is Kind.ORGANISATION:
        stem = _stem(key)
        return kind, _organisations().get(key) or _organisations().get(stem, stem)
    return kind, key


def _singular(key: str) -> str:
    return key.removesuffix("s") if len(key) > _SHORTEST_WORDLIKE else key


def _stem(key: str) -> str:
    """Return ``key`` without the last words that later mentions leave out, where what is left is a name by itself."""
    words = key.split()
    while len(words) > 1 and words[-1] in _GIVEN_UP:
        words.pop()
    stem = " ".join(words)
    return key if len(stem) < _SHORTEST_STEM or kind_by_name(stem) in {Kind.PLACE, Kind.PEOPLE} else stem


@cache
def _organisations() -> dict[str, str]:
    """Return the folded main name by each folded form."""
    forms = [[folded(form) for form in line.split(";")] for (line,) in rows("organisations.tsv")]
    return {form: line[0] for line in forms for form in line}


@dataclass(slots=True)
class Things:
    """The things that a page has named so far, each by a number."""

    _known: dict[Hashable, int] = field(default_factory=dict)
    _acronyms: dict[str, int] = field(default_factory=dict)
    _initials: dict[str, int | None] = field(default_factory=dict)
    """By the initials of their names; None where two have the same."""
    _owned: dict[str, int | None] = field(default_factory=dict)
    """By what is left of "UN Security Council" without "UN"; None where two have the same."""
    _with_owner: set[int] = field(default_factory=set)

    def find(self, thing: Thing) -> int | None:
        """Return what ``thing`` is; None where it is nothing named before, or cannot be told between two."""
        if (number := self._known.get(thing.key)) is not None:
            return number
        if thing.kind is Kind.PEOPLE or _is_general(thing):
            return None
        if _is_acronym(thing.text):
            return self._initials.get(thing.folded)
        if thing.kind is Kind.ORGANISATION:
            return self._by_acronym(thing) if " " in thing.folded else self._owned.get(thing.folded)
        return None

    def _by_acronym(self, thing: Thing) -> int | None:
        for initials in _initials(thing.text):
            if (number := self._acronyms.get(initials)) is not None:
                return number
        return self._short_form(thing)

    def _short_form(self, thing: Thing) -> int | None:
        """Find "Security Council" and "United Nations Security Council" as "UN Security Council", and the reverse.

        "National Security Council" is another.
        """
        owner, rest = self._owner(thing)
        if not owner:
            return self._owned.get(thing.folded)
        unowned = self._known.get((Kind.ORGANISATION, rest))
        return self._known.get((owner, rest), unowned if unowned not in self._with_owner else None)

    def known_as(self, acronym: str) -> int | None:
        """Return what was named by ``acronym`` before its full name."""
        return self._acronyms.get(folded(acronym))

    def declare(self, acronym: str, number: int) -> None:
        """Remember that the page gives ``acronym`` as another name of ``number``."""
        self._initials[folded(acronym)] = number

    def add(self, thing: Thing, number: int) -> None:
        """Remember that ``thing`` was said of ``number``."""
        if thing.key in self._known:
            return
        self._known[thing.key] = number
        if _is_acronym(thing.text):
            self._acronyms.setdefault(thing.folded, number)
        if thing.kind in {Kind.ORGANISATION, Kind.OTHER}:
            for initials in _initials(thing.text):
                _file(self._initials, initials, number)
        if thing.kind is Kind.ORGANISATION:
            self._add_owner(thing, number)

    def _add_owner(self, thing: Thing, number: int) -> None:
        owner, rest = self._owner(thing)
        if owner:
            _file(self._owned, rest, number)
            self._known.setdefault((owner, rest), number)
            self._with_owner.add(number)

    def _owner(self, thing: Thing) -> tuple[str, str]:
        """Return whose the organisation is and what is left of its name: a nationality, a country or place, the UN."""
        words = thing.folded.split(maxsplit=_MOST_WORDS)
        if _is_general(thing):
            return "", thing.folded
        for length in range(min(_LONGEST_OWNER, len(words) - 1), 0, -1):
            key = " ".join(words[:length])
            owner = country_named(key) or people_of(key) or _organisations().get(key)
            if owner or (Kind.PLACE, key) in self._known:
                return owner or key, " ".join(words[length:])
        return "", thing.folded


def _is_general(thing: Thing) -> bool:
    """Whether the name is known beyond the page, where neither initials nor a part of another name can be meant."""
    return kind_by_name(thing.folded) is not None


def _file(index: dict[str, int | None], key: str, number: int) -> None:
    if index.setdefault(key, number) != number:
        index[key] = None


def _is_acronym(text: str) -> bool:
    if not _ACRONYM.fullmatch(text):
        return False
    capitals = sum(map(str.isupper, text))
    return capitals > 1 or (capitals == 1 and text[0].isupper() and len(text) >= _SHORTEST_WORDLIKE)


@lru_cache(maxsize=256)
def _initials(text: str) -> tuple[str, ...]:
    """Return the acronyms that the name may have: with and without small words, hyphenated words as one and as two."""
    words = text.split(maxsplit=_MOST_WORDS)[:_MOST_WORDS]
    if len(words) < 2:
        return ()
    parts = [part for word in words for part in _HYPHEN.split(word)]
    both = (words, parts) if len(parts) > len(words) else (words,)
    found = (each for given in both for each in (given, [word for word in given if word.lower() not in _NO_INITIAL]))
    return tuple(dict.fromkeys(plain("".join(map(_initial, each))) for each in found))


def _initial(word: str) -> str:
    """Return the first letter; of an acronym all: "US Geological Survey" is "usgs"."""
    letters = word.replace(".", "")
    return letters if letters.isupper() and letters.isalpha() and len(letters) <= _SHORTEST_STEM else letters[:1]
