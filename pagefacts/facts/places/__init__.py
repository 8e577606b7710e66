"""Places: the names and demonyms in a text, and where on Earth they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pagefacts.contracts import Candidate, Entity, LocationFact, Mention
from pagefacts.facts.places.base import Gazetteer, Place
from pagefacts.facts.places.mentions import find_toponyms
from pagefacts.facts.places.ranking import packaged
from pagefacts.facts.places.resolution import Resolved, resolve
from pagefacts.facts.places.toponyms import Origin, Toponym, disjoint, outside

__all__ = ["find_places"]

_UNKNOWN: Final = 0.1
"""Confidence of a name that the gazetteer does not know."""
_UNDECIDED: Final = 0.2
"""Confidence below which a name is not put anywhere: more than four in five such points would be wrong."""
_CANDIDATES: Final = 5
"""Places that are given for a name that cannot be decided."""

Sure = tuple[Resolved, float]
"""A name, and the confidence that it is the first of its places."""


def find_places(
    text: str, entities: Sequence[Entity], gazetteer: Gazetteer, home: Sequence[tuple[Place, ...]] = ()
) -> tuple[LocationFact, ...]:
    """Return the places that ``text`` names, in the order of their first mention, each with all its mentions.

    Names are those of ``entities`` (GPE, LOC, FAC), and others where words around them or the page tell that they are
    places; demonyms ("Syrians", "Turkish") count as mentions of their country. ``home`` are names that the site speaks
    from (`pagefacts.facts.places.home`). A name that the gazetteer does not know comes without coordinates, one that
    cannot be decided with its likeliest candidates instead.

    ``confidence`` is the fitted probability that the name is a place and this one, within 161 km.
    """
    merged: dict[int | str, list[Sure]] = {}
    for name, confidence in _names(text, entities, gazetteer, home):
        decided = _is_decided(name, confidence)
        key = name.ranked[0][0].geonames_id if decided else name.toponyms[0].text.casefold()
        merged.setdefault(key, []).append((name, confidence))
    groups = sorted(merged.values(), key=lambda group: _toponyms(group)[0].start)
    return tuple(_fact(f"l{number}", group, gazetteer) for number, group in enumerate(groups, start=1))


def _names(
    text: str, entities: Sequence[Entity], gazetteer: Gazetteer, home: Sequence[tuple[Place, ...]]
) -> list[Sure]:
    """Return the names with their confidence, but those that only their spelling makes places, and that badly.

    Where the parts of a tagged name are such, the whole is a name that the gazetteer does not know.
    """
    ranking = packaged()
    kept: list[Sure] = []
    wholes: list[Toponym] = []
    for name in resolve(text, find_toponyms(text, entities, gazetteer), home, ranking):
        confidence = ranking.confidence(name.choice) if name.choice else _UNKNOWN
        if confidence >= _UNDECIDED or any(toponym.origin is Origin.PLACE for toponym in name.toponyms):
            kept.append((name, confidence))
        else:
            wholes += [_whole(text, toponym.whole) for toponym in name.toponyms if toponym.whole]
    taken = [(toponym.start, toponym.end) for name, _ in kept for toponym in name.toponyms]
    rest = outside(disjoint(wholes), taken)
    return kept + [(Resolved((toponym,), (), (), None), _UNKNOWN) for toponym in rest]


def _whole(text: str, span: tuple[int, int]) -> Toponym:
    return Toponym(text[slice(*span)], *span, "name", ())


def _is_decided(name: Resolved, confidence: float) -> bool:
    return bool(name.ranked) and confidence >= _UNDECIDED


def _toponyms(group: Sequence[Sure]) -> list[Toponym]:
    return sorted((toponym for name, _ in group for toponym in name.toponyms), key=lambda toponym: toponym.start)


def _fact(identifier: str, group: Sequence[Sure], gazetteer: Gazetteer) -> LocationFact:
    toponyms = _toponyms(group)
    mentions = tuple(map(_mention, toponyms))
    name, confidence = max(group, key=lambda sure: sure[1])
    if not _is_decided(name, confidence):
        return _undecided(identifier, name, mentions, confidence)
    place = name.ranked[0][0]
    return LocationFact(
        id=identifier,
        **_known(place),
        subdivision=gazetteer.subdivision(place.country, place.admin1) if place.country and place.admin1 else None,
        mentions=mentions,
        confidence=round(confidence, 2),
    )


def _undecided(identifier: str, name: Resolved, mentions: tuple[Mention, ...], confidence: float) -> LocationFact:
    """Return a name without coordinates; the country is given where all its candidates lie in one."""
    candidates = tuple(Candidate(**_known(place), share=round(share, 2)) for place, share in name.ranked[:_CANDIDATES])
    countries = {candidate.country for candidate in candidates}
    return LocationFact(
        id=identifier,
        name=mentions[0].text,
        country=countries.pop() if len(countries) == 1 else None,
        mentions=mentions,
        confidence=round(confidence, 2),
        candidates=candidates,
    )


def _known(place: Place) -> dict[str, Any]:
    """Return what the gazetteer knows of ``place``, as results say it; ids that are its own are not given."""
    return {
        "name": place.name,
        "country": place.country,
        "admin1": place.admin1,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "geonames_id": place.geonames_id if place.geonames_id > 0 else None,
        "feature": place.feature,
    }


def _mention(toponym: Toponym) -> Mention:
    return Mention(text=toponym.text, start=toponym.start, end=toponym.end, kind=toponym.kind)
