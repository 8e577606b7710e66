"""Places: the names and demonyms in a text, and where on Earth they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pagefacts.contracts import Entity, LocationFact, Mention
from pagefacts.facts.places.base import Gazetteer, Place
from pagefacts.facts.places.mentions import Toponym, find_toponyms
from pagefacts.facts.places.resolution import Resolved, resolve

__all__ = ["find_places"]

_UNKNOWN: Final = 0.1
"""Confidence of a name that the gazetteer does not know."""
_KNOWN: Final = 0.95
"""Confidence of a name without rivals: about one in twenty is another thing, or a namesake that is not listed."""


def find_places(text: str, entities: Sequence[Entity], gazetteer: Gazetteer) -> tuple[LocationFact, ...]:
    """Return the places that ``text`` names, in the order of their first mention, each with all its mentions.

    Names are those of ``entities`` (GPE, LOC, FAC); demonyms ("Syrians", "Turkish") count as mentions of their country.
    A name that the gazetteer does not know comes without coordinates.

    ``confidence`` is a heuristic: how far the place is ahead of its namesakes (`Resolved.share`), times 0.95.
    """
    merged: dict[int | str, list[Resolved]] = {}
    for resolved in resolve(text, find_toponyms(text, entities, gazetteer)):
        key = resolved.place.geonames_id if resolved.place else resolved.toponyms[0].text.casefold()
        merged.setdefault(key, []).append(resolved)
    groups = sorted(merged.values(), key=_first)
    return tuple(_fact(f"l{number}", group) for number, group in enumerate(groups, start=1))


def _first(group: Sequence[Resolved]) -> int:
    return min(toponym.start for resolved in group for toponym in resolved.toponyms)


def _fact(identifier: str, group: Sequence[Resolved]) -> LocationFact:
    toponyms = sorted((toponym for each in group for toponym in each.toponyms), key=lambda toponym: toponym.start)
    mentions = tuple(map(_mention, toponyms))
    place = group[0].place
    if place is None:
        return LocationFact(id=identifier, name=toponyms[0].text, mentions=mentions, confidence=_UNKNOWN)
    return LocationFact(
        id=identifier,
        name=place.name,
        country=place.country,
        admin1=place.admin1,
        latitude=place.latitude,
        longitude=place.longitude,
        geonames_id=_public(place),
        feature=place.feature,
        mentions=mentions,
        confidence=round(_KNOWN * max(each.share for each in group), 2),
    )


def _public(place: Place) -> int | None:
    return place.geonames_id if place.geonames_id > 0 else None


def _mention(toponym: Toponym) -> Mention:
    return Mention(text=toponym.text, start=toponym.start, end=toponym.end, kind=toponym.kind)
