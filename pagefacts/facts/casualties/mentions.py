"""One figure, stated again: headline figures come back in the body, and nobody shall add them up.

Two statements are the same figure where nothing in them disagrees: effect, number, standing, victims, place and time.
Claims that differ stay apart, whoever makes them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Final

from pagefacts.contracts import CasualtyFact, DateFact, Group, LocationFact, Status

_ACTUAL: Final = frozenset({Status.REPORTED, Status.CONFIRMED, Status.CLAIMED, Status.DISPUTED})
_MOST_FIGURES: Final = 50
"""Figures with one number that a new one is compared with; a page with more is a list."""
_NEAR_KM: Final = 50
"""Kilometres within which a suburb and its town are one place."""
_KM_A_DEGREE: Final = 111.2
_SIDES: Final = frozenset({Group.MILITARY, Group.POLICE, Group.REBEL, Group.CIVILIAN})
"""Groups of which a person belongs to one alone."""


def link_mentions(
    facts: Iterable[CasualtyFact], dates: Sequence[DateFact], locations: Sequence[LocationFact]
) -> tuple[CasualtyFact, ...]:
    """Return ``facts`` with ``same_as`` set on each that states an earlier one again."""
    days = {date.id: date for date in dates}
    places = {place.id: place for place in locations}
    firsts: dict[Hashable, list[CasualtyFact]] = defaultdict(list)
    linked = []
    for fact in facts:
        earlier = firsts[_key(fact)]
        first = next((each for each in earlier if _agree(each, fact, days, places)), None)
        if first is None and len(earlier) < _MOST_FIGURES:
            earlier.append(fact)
        linked.append(fact.model_copy(update={"same_as": first.id if first else None}))
    return tuple(linked)


def _key(fact: CasualtyFact) -> Hashable:
    """Return what the same figure has in common to the letter: the number without its bound, and what it counts."""
    standing = "actual" if fact.status in _ACTUAL else fact.status.value
    return (fact.effect, fact.unit, _number(fact), standing, fact.part_of is None)


def _number(fact: CasualtyFact) -> int | tuple[int, int] | None:
    if fact.best is not None:
        return fact.best
    if fact.min and fact.max is not None:
        return (fact.min, fact.max)
    return fact.min or fact.max


def _agree(
    first: CasualtyFact, second: CasualtyFact, days: dict[str, DateFact], places: dict[str, LocationFact]
) -> bool:
    return (
        _same_victims(first, second)
        and _same_place(first.place, second.place, places)
        and _same_time(first, second, days)
    )


def _same_victims(first: CasualtyFact, second: CasualtyFact) -> bool:
    one, other = first.victims, second.victims
    if one is None or other is None:
        return first.best != 1  # "one died" and "a nurse died" may be two
    if one.nationality and other.nationality and one.nationality != other.nationality:
        return False
    sides = _SIDES.intersection(one.groups), _SIDES.intersection(other.groups)
    if all(sides) and sides[0] != sides[1]:
        return False
    if first.best == 1:
        return one.groups == other.groups and one.text.split()[-1:] == other.text.split()[-1:]
    return True


def _same_place(one: str | None, other: str | None, places: dict[str, LocationFact]) -> bool:
    """Whether two places may be one: the same, unknown, near each other, or a place and its country."""
    if one is None or other is None or one == other:
        return True
    first, second = places[one], places[other]
    if first.country is not None and first.country == second.country:
        return any((place.feature or "").startswith("PCL") for place in (first, second)) or _near(first, second)
    return False


def _near(first: LocationFact, second: LocationFact) -> bool:
    if first.latitude is None or first.longitude is None or second.latitude is None or second.longitude is None:
        return False
    north = first.latitude - second.latitude
    east = (first.longitude - second.longitude) * math.cos(math.radians(first.latitude))
    return math.hypot(north, east) * _KM_A_DEGREE < _NEAR_KM


def _same_time(first: CasualtyFact, second: CasualtyFact, days: dict[str, DateFact]) -> bool:
    """Whether two times may be one: unknown, or with a day in common."""
    one, other = (days.get(fact.time.date) if fact.time and fact.time.date else None for fact in (first, second))
    if one is None or other is None or not (one.first and one.last and other.first and other.last):
        return True
    return one.first <= other.last and other.first <= one.last
