"""Which place each name means, decided over the whole text."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from pagefacts.facts.places.base import Place
from pagefacts.facts.places.gazetteer import normalised
from pagefacts.facts.places.mentions import Toponym, inside

_ROUNDS: Final = 3
"""Times that the names are scored again by what the others have come to mean; more change nothing."""
_SHARPNESS: Final = 1.5
"""Turns scores into shares: a lead of 1, ten times the population, is worth a factor of e to the 1.5."""
_COUNTRY: Final = 1.2
"""Weight of the other names that lie in the same country, as the logarithm of one plus their shares; so the next two.
The weights were set by hand on development data; the result is flat around them."""
_DIVISION: Final = 2.5
"""Weight of those in the same first-order division."""
_NEARNESS: Final = 2.0
"""Weight of those near by."""
_NEAR_KM: Final = 150.0
"""Distance at which a neighbour counts a third (exp -1) of one on the spot."""
_FAR_DEGREES: Final = 7.0
"""Difference in latitude from which a neighbour counts nothing."""
_NEIGHBOURS: Final = 30
"""Names that nearness is measured to, the most frequent first: bounds the work on a page that lists the world."""
_CONTAINMENT: Final = 6.0
"""Bonus of "Alexandria, Louisiana": more than any difference in population."""
_WIDE: Final = ("PCL", "CONT", "RGN", "OCN", "SEA", "ZN")
"""Features too large for nearness to their centre to mean anything."""

Votes = defaultdict[str | tuple[str | None, str | None] | None, float]
"""Votes for countries, or for divisions as country and code."""

_COMMA = re.compile(r"\s{0,3},\s{0,3}")


@dataclass
class Name:
    """All toponyms of a text with the same name: one sense per discourse (Gale, Church & Yarowsky 1992)."""

    toponyms: list[Toponym] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    bonus: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    @property
    def places(self) -> tuple[Place, ...]:
        """What the name may mean."""
        return self.toponyms[0].candidates


@dataclass(frozen=True, slots=True)
class Resolved:
    """A name's toponyms, and the place they mean."""

    toponyms: tuple[Toponym, ...]
    place: Place | None
    """None where the gazetteer knows no place of the name."""
    share: float
    """How far this place is ahead of the others that the name may mean, 0 to 1."""


def resolve(text: str, toponyms: Sequence[Toponym]) -> list[Resolved]:
    """Return the place of each name of ``toponyms``."""
    names: dict[str, Name] = defaultdict(Name)
    for toponym in toponyms:
        names[_key(toponym)].toponyms.append(toponym)
    known = [name for name in names.values() if name.places]
    _start(known)
    _add_containment(text, toponyms, names)
    for _ in range(_ROUNDS):
        _share(known)
        _score(known)
    _share(known)
    return [_decide(name) for name in names.values()]


def _key(toponym: Toponym) -> str:
    return f"{toponym.kind} {normalised(toponym.text)}"


def _start(names: Iterable[Name]) -> None:
    for name in names:
        name.bonus = [0.0] * len(name.places)
        name.scores = [place.prominence for place in name.places]


def _share(names: Iterable[Name]) -> None:
    """Turn each name's scores into shares that sum to one."""
    for name in names:
        best = max(score + bonus for score, bonus in zip(name.scores, name.bonus, strict=True))
        powers = [
            math.exp(_SHARPNESS * (score + bonus - best)) for score, bonus in zip(name.scores, name.bonus, strict=True)
        ]
        total = sum(powers)
        name.shares = [power / total for power in powers]


def _add_containment(text: str, toponyms: Sequence[Toponym], names: dict[str, Name]) -> None:
    """Prefer places that lie in the division or country named behind a comma: "Alexandria, Louisiana"."""
    pairs = {
        (_key(inner), _key(outer))
        for inner, outer in pairwise(toponyms)
        if _COMMA.fullmatch(text, inner.end, outer.start)
    }
    for part, whole in ((names[inner], names[outer]) for inner, outer in pairs):
        areas = [j for j, area in enumerate(whole.places) if area.feature in {"PCLI", "ADM1"}]
        held = [(i, j) for i, town in enumerate(part.places) for j in areas if inside(town, whole.places[j])]
        for i, j in held:
            part.bonus[i] = whole.bonus[j] = _CONTAINMENT


def _score(names: Sequence[Name]) -> None:
    """Score the candidates of each name by what the other names mean."""
    countries: Votes = defaultdict(float)
    divisions: Votes = defaultdict(float)
    for name in names:
        _vote(name, countries, divisions, 1.0)
    frequent = sorted(names, key=lambda name: -len(name.toponyms))[:_NEIGHBOURS]
    anchors = [(name, place) for name in frequent if not (place := _best(name)).feature.startswith(_WIDE)]
    for name in names:
        _vote(name, countries, divisions, -1.0)
        others = [place for other, place in anchors if other is not name]
        name.scores = [
            place.prominence
            + _COUNTRY * _log(countries[place.country] if place.country else 0.0)
            + _DIVISION * _log(divisions[place.country, place.admin1] if place.admin1 else 0.0)
            + _NEARNESS * _log(sum(_nearness(place, other) for other in others))
            for place in name.places
        ]
        _vote(name, countries, divisions, 1.0)


def _log(votes: float) -> float:
    return math.log1p(max(0.0, votes))


def _vote(name: Name, countries: Votes, divisions: Votes, sign: float) -> None:
    """Add the shares of a name's places to the votes for their countries and divisions, or take them away again."""
    for place, share in zip(name.places, name.shares, strict=True):
        countries[place.country] += sign * share
        divisions[place.country, place.admin1] += sign * share


def _best(name: Name) -> Place:
    return name.places[max(range(len(name.places)), key=lambda i: name.shares[i])]


def _decide(name: Name) -> Resolved:
    if not name.places:
        return Resolved(tuple(name.toponyms), None, 0.0)
    return Resolved(tuple(name.toponyms), _best(name), max(name.shares))


def _nearness(one: Place, other: Place) -> float:
    """Return 1 on the spot, falling with distance; measured on a plane, which is close enough for what is near."""
    height = one.latitude - other.latitude
    if abs(height) > _FAR_DEGREES:
        return 0.0
    width = abs(one.longitude - other.longitude)
    width = min(width, 360 - width) * math.cos(math.radians(one.latitude))
    return math.exp(-111.2 * math.hypot(height, width) / _NEAR_KM)
