"""What the gazetteer says of a name as texts write it: with "northern" before it, a stop behind it, or in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pagefacts.facts.places.base import Gazetteer, Place
from pagefacts.facts.places.gazetteer import normalised
from pagefacts.facts.places.toponyms import Toponym

_LONGEST: Final = 4
"""Capitalised words of the longest place name that is looked for inside other names, and its code points."""
_LONGEST_NAME: Final = 60

# A word, or initials with their stops; a possessive is not part of it, a stop may be ("Calif.").
_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W\d_]+(?:[’'](?!s\b)[^\W\d_]+)*\.?")
_INITIALS = re.compile(r"(?:^|[\s.])[A-Z]\.$")
DIRECTION: Final = re.compile(
    r"(?:(?:far\s+)?(?:north|south)?-?(?:north|south|east|west)(?:ern)?|central|upper|lower|inner|greater|rural|upstate"
    r"|downtown|mainland|metro|metropolitan|suburban|occupied)\s+",
    re.IGNORECASE,
)
"""What says which part of a place is meant, before its name."""
# What says which kind of place is meant.
_KIND = re.compile(
    r"\s+(?:province|governorate|region|state|oblast|district|prefecture|department|city|town|township|village|island"
    r"|area|borough)$",
    re.IGNORECASE,
)
_KIND_OF = re.compile(
    r"(?:city|town|county|state|province|republic|district|village|island|port)\s+of\s+", re.IGNORECASE
)
_RIVER = re.compile(r"River (.+)|(.+) River")
_BARE: Final = frozenset(
    f"{direction}{ending}" for direction in ("north", "south", "east", "west") for ending in ("", "ern")
) | {"center", "centre", "central"}
"""Directions by themselves are places only by context that no gazetteer has: "the West" is not Cameroon's."""


class Lookup:
    """Looks names up for one text."""

    def __init__(self, gazetteer: Gazetteer, *, capitals: bool) -> None:
        self._gazetteer = gazetteer
        self.capitals = capitals
        """Whether all of the text is in capitals, which then tell nothing."""

    def called(self, name: str) -> tuple[Place, ...]:
        """Return the places of ``name``; where all is in capitals, only stops tell initials ("U.S.") from words."""
        if normalised(name) in _BARE:
            return ()
        form = name.capitalize() if self.capitals and "." not in name else name.rstrip("$€£ \u00ad\u200b")
        return tuple(self._gazetteer.candidates(form))

    def inside_of(self, name: str, start: int) -> Iterator[Toponym]:
        """Yield the longest place names inside ``name``, from the left; they begin and end with a capitalised word."""
        words = [word for word in _WORD.finditer(name) if word[0][0].isupper()]
        taken = 0
        for first, word in enumerate(words):
            if word.start() < taken or word[0].lower() == "the":
                continue
            longest = _LONGEST if self._gazetteer.begins(word[0]) else 1
            for last in reversed(words[first : first + longest]):
                if last.end() - word.start() > _LONGEST_NAME:
                    continue
                form = self.without_stop(name[word.start() : last.end()])
                if places := self.called(form):
                    begin, taken = start + word.start(), word.start() + len(form)
                    yield Toponym(form, begin, begin + len(form), "name", places)
                    break

    def country_by_initials(self, name: str) -> tuple[Place, ...]:
        """Return the country that ``name`` means where all is in capitals: what the tagger took for it is not "us"."""
        found = self._gazetteer.candidates(name) if self.capitals and name.isalpha() and len(name) <= 3 else ()
        return tuple(found) if found and found[0].feature == "PCLI" else ()

    def without_stop(self, form: str) -> str:
        """Drop the stop of a sentence; keep that of initials and of abbreviations that the gazetteer knows."""
        plain = form.removesuffix(".")
        abbreviated = plain != form and (_INITIALS.search(form) or self.called(form) != self.called(plain))
        return form if abbreviated else plain

    def candidates(self, name: str) -> tuple[Place, ...]:
        """Return what ``name`` may mean, without "northern" before it or "province" behind it if need be."""
        plain = _KIND.sub("", name)
        for form in dict.fromkeys(
            (name, plain, _strip(_KIND_OF, name), _strip(DIRECTION, name), _strip(DIRECTION, plain))
        ):
            if found := self.called(form):
                return found
        return self._rivers(name)

    def _rivers(self, name: str) -> tuple[Place, ...]:
        """Return the river of a name with "River" on either side: gazetteers and news do not agree on which."""
        river = _RIVER.fullmatch(name)
        if river is None:
            return ()
        bare = river[1] or river[2]
        forms = (f"{bare} River", f"River {bare}", bare)
        return tuple(place for form in forms for place in self.called(form) if place.feature == "STM")


def _strip(prefix: re.Pattern[str], name: str) -> str:
    match = prefix.match(name)
    return name[match.end() :] if match else name
