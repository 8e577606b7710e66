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
from pagefacts.facts.places.ranking import ChoiceFeatures, PlaceFeatures, Ranking, logit
from pagefacts.facts.places.toponyms import Origin, Toponym, inside

_ROUNDS: Final = 3
"""Times that the names are scored again by what the others have come to mean; more change nothing."""
_NEAR_KM: Final = 150.0
"""Distance at which a neighbour counts a third (exp -1) of one on the spot."""
_FAR_DEGREES: Final = 7.0
"""Difference in latitude from which a neighbour counts nothing."""
_SAME_SPOT_KM: Final = 100.0
"""Two places of one name this near (a town and its county) are no doubt about where it is."""
_ENOUGH: Final = 2.0
"""Names in the same country, division or neighbourhood, beyond which more say nothing new: a page on America that names
Peru among others does not mean the one in Illinois."""
_FAMOUS: Final = 8.5
"""Prominence beyond which more says nothing new: that of capitals and middling countries."""
_GREAT: Final = 6.0
"""Prominence from which a place needs no other from its country on the page: a city of a million."""
_NEIGHBOURS: Final = 30
"""Names that nearness is measured to, the most frequent first: bounds the work on a page that lists the world."""
_WIDE: Final = ("PCL", "CONT", "RGN", "OCN", "SEA", "ZN")
"""Features too large for nearness to their centre to mean anything."""

_CLEARNESS: Final = {origin: number for number, origin in enumerate(Origin)}
"""The clearest first."""

Votes = defaultdict[str | tuple[str | None, str | None] | None, float]
"""Votes for countries, or for divisions as country and code."""

_COMMA = re.compile(r"\s{0,3},\s{0,3}")
_NATIONS: Final = frozenset({("GB", "ENG")})
"""Divisions that are countries in size, of which a shared one says nothing: England is no state or province."""


@dataclass
class Name:
    """All toponyms of a text with the same name: one sense per discourse (Gale, Church & Yarowsky 1992)."""

    places: tuple[Place, ...]
    """What the name may mean."""
    toponyms: list[Toponym] = field(default_factory=list)
    """Empty for a name that stands not in the text but over it: that of its site."""
    contained: set[int] = field(default_factory=set)
    """The places, by their index, that what stands behind a comma makes likely."""
    features: list[PlaceFeatures] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    @property
    def best(self) -> int:
        """Index of the place with the largest share."""
        return max(range(len(self.places)), key=self.shares.__getitem__)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A name's toponyms, and the place they mean."""

    toponyms: tuple[Toponym, ...]
    ranked: tuple[tuple[Place, float], ...]
    """The places that the name may mean with their shares, the likeliest first; empty where the gazetteer has none."""
    features: tuple[PlaceFeatures, ...]
    """What spoke for each of them."""
    choice: ChoiceFeatures | None
    """What the choice was like; None where there was none."""


def resolve(
    text: str, toponyms: Sequence[Toponym], home: Sequence[tuple[Place, ...]], ranking: Ranking
) -> list[Resolved]:
    """Return the places of each name of ``toponyms``.

    ``home`` are names that speak for the places in their country and near them, as if the text named them too.
    """
    names: dict[str, Name] = {}
    for toponym in toponyms:
        names.setdefault(_key(toponym), Name(toponym.candidates)).toponyms.append(toponym)
    known = [name for name in names.values() if name.places] + [Name(places) for places in home]
    _add_containment(text, toponyms, names)
    _start(known, ranking)
    for _ in range(_ROUNDS):
        _weigh(known, ranking)
    total = sum(map(_located, known))
    return [_resolved(name, total - _located(name)) for name in names.values()]


def _key(toponym: Toponym) -> str:
    return f"{toponym.kind} {normalised(toponym.text)}"


def _add_containment(text: str, toponyms: Sequence[Toponym], names: dict[str, Name]) -> None:
    """Mark places that lie in the division or country named behind a comma: "Alexandria, Louisiana"."""
    pairs = {
        (_key(inner), _key(outer))
        for inner, outer in pairwise(toponyms)
        if _COMMA.fullmatch(text, inner.end, outer.start)
    }
    for part, whole in ((names[inner], names[outer]) for inner, outer in pairs):
        areas = [j for j, area in enumerate(whole.places) if area.feature in {"PCLI", "ADM1"}]
        for j in areas:
            held = {i for i, town in enumerate(part.places) if inside(town, whole.places[j])}
            part.contained |= held
            whole.contained |= {j} if held else set()


def _start(names: Iterable[Name], ranking: Ranking) -> None:
    """Share each name among its places by what is known without the others."""
    for name in names:
        name.features = [
            PlaceFeatures(min(place.prominence, _FAMOUS), float(i in name.contained), 0, 0, 0, 0)
            for i, place in enumerate(name.places)
        ]
        name.shares = ranking.shares(name.features)


def _weigh(names: Sequence[Name], ranking: Ranking) -> None:
    """Share each name among its places by what the other names mean."""
    countries: Votes = defaultdict(float)
    divisions: Votes = defaultdict(float)
    for name in names:
        _vote(name, countries, divisions, 1.0)
    neighbours = list(_neighbours(names))
    total = sum(map(_located, names))
    for name in names:
        _vote(name, countries, divisions, -1.0)
        rest = 1 + total - _located(name)
        others = [(place, share) for other, place, share in neighbours if other is not name]
        name.features = [
            features._replace(
                country=_log(countries[place.country] if place.country else 0.0),
                division=_log(divisions[place.country, place.admin1] if place.admin1 else 0.0),
                locality=divisions[place.country, place.admin1] / rest if place.admin1 else 0.0,
                nearness=_log(sum(share * _nearness(place, other) for other, share in others)),
            )
            for place, features in zip(name.places, name.features, strict=True)
        ]
        _vote(name, countries, divisions, 1.0)
    for name in names:
        name.shares = ranking.shares(name.features)


def _log(votes: float) -> float:
    return math.log1p(min(max(0.0, votes), _ENOUGH))


def _vote(name: Name, countries: Votes, divisions: Votes, sign: float) -> None:
    """Add the shares of a name's places to the votes for their countries and divisions, or take them away again."""
    for place, share in zip(name.places, name.shares, strict=True):
        countries[place.country] += sign * share
        if (place.country, place.admin1) not in _NATIONS:
            divisions[place.country, place.admin1] += sign * share


def _neighbours(names: Sequence[Name]) -> Iterable[tuple[Name, Place, float]]:
    """Yield the most frequent names with the likeliest place of each, and its share."""
    for name in sorted(names, key=lambda name: -len(name.toponyms))[:_NEIGHBOURS]:
        place = name.places[name.best]
        if not place.feature.startswith(_WIDE):
            yield name, place, name.shares[name.best]


def _located(name: Name) -> float:
    """Return how much of a name lies in any country."""
    return sum(share for place, share in zip(name.places, name.shares, strict=False) if place.country)


def _resolved(name: Name, others: float) -> Resolved:
    """Return what ``name`` means; ``others`` is how many of the other names lie in any country."""
    toponyms = tuple(name.toponyms)
    if not name.places:
        return Resolved(toponyms, (), (), None)
    order = sorted(range(len(name.places)), key=lambda n: -name.shares[n])
    ranked = tuple((name.places[n], name.shares[n]) for n in order)
    features = tuple(name.features[n] for n in order)
    return Resolved(toponyms, ranked, features, _choice(toponyms, ranked, features[0], others))


def _choice(
    toponyms: Sequence[Toponym], ranked: Sequence[tuple[Place, float]], features: PlaceFeatures, others: float
) -> ChoiceFeatures:
    best = ranked[0][0]
    clearest = min(toponyms, key=lambda toponym: _CLEARNESS[toponym.origin])
    return ChoiceFeatures(
        bias=1.0,
        share=logit(sum(share for place, share in ranked if _kilometres(place, best) <= _SAME_SPOT_KM)),
        country=features.country,
        division=features.division,
        nearness=features.nearness,
        containment=features.containment,
        prominence=features.prominence,
        own_name=float(normalised(best.name) == normalised(clearest.text)),
        stranger=_stranger(best, math.expm1(features.country), others),
        demonym=float(clearest.kind == "demonym"),
        part=float(clearest.origin is Origin.PART),
        organisation=float(clearest.origin is Origin.ORGANISATION),
        person=float(clearest.origin is Origin.PERSON),
        other=float(clearest.origin is Origin.OTHER),
        text=float(clearest.origin is Origin.TEXT),
        cued=float(clearest.cued),
        compound=float(clearest.compound),
    )


def _stranger(place: Place, compatriots: float, others: float) -> float:
    if place.country is None or place.feature == "PCLI" or place.prominence >= _GREAT:
        return 0.0
    return math.exp(-compatriots) * others / (1 + others)


def _nearness(one: Place, other: Place) -> float:
    """Return 1 on the spot, falling with distance."""
    if abs(one.latitude - other.latitude) > _FAR_DEGREES:
        return 0.0
    return math.exp(-_kilometres(one, other) / _NEAR_KM)


def _kilometres(one: Place, other: Place) -> float:
    """Return the distance, measured on a plane, which is close enough for what is near."""
    height = one.latitude - other.latitude
    width = abs(one.longitude - other.longitude)
    width = min(width, 360 - width) * math.cos(math.radians(one.latitude))
    return 111.2 * math.hypot(height, width)
