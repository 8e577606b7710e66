"""What is known of a place's name in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from pagefacts.facts.places.base import Place


class Origin(StrEnum):
    """What the tagger took the words of a toponym for."""

    PLACE = "place"
    PART = "part"
    """Part of a place's name."""
    ORGANISATION = "organisation"
    """An organisation, or part of its name; so the next two."""
    PERSON = "person"
    OTHER = "other"
    TEXT = "text"
    """No name at all."""


@dataclass(frozen=True, slots=True)
class Toponym:
    """A stretch of text that names a place: ``text[start:end]``."""

    text: str
    start: int
    end: int
    kind: Literal["name", "demonym"]
    candidates: tuple[Place, ...]
    """The places that the name may mean, the most prominent first."""
    origin: Origin = Origin.PLACE
    """What the tagger took it for."""
    cued: bool = False
    """Whether the words around it are such as stand around places."""
    whole: tuple[int, int] | None = None
    """Where the place's name stands that it is a part of."""
    compound: bool = False
    """Whether a hyphen joins it to another word inside the name of something else: "Egyptian-US"."""


def inside(place: Place, area: Place) -> bool:
    """Return whether ``place`` lies in the country or first-order division ``area``."""
    if place.country is None or place.country != area.country:
        return False
    if area.feature == "PCLI":
        return place.feature != "PCLI"
    return area.feature == "ADM1" and area.admin1 == place.admin1 and place.feature not in {"PCLI", "ADM1"}


def disjoint(toponyms: Iterable[Toponym]) -> list[Toponym]:
    """Return the toponyms in the order of the text; of those that overlap, the first."""
    kept: list[Toponym] = []
    for toponym in sorted(toponyms, key=lambda toponym: (toponym.start, -toponym.end)):
        if not kept or kept[-1].end <= toponym.start:
            kept.append(toponym)
    return kept


def outside(toponyms: Iterable[Toponym], spans: Sequence[tuple[int, int]]) -> Iterator[Toponym]:
    """Yield the toponyms that overlap none of ``spans``; both in one pass over the text."""
    ordered = iter(sorted(spans))
    span = next(ordered, None)
    for toponym in toponyms:
        while span is not None and span[1] <= toponym.start:
            span = next(ordered, None)
        if span is None or toponym.end <= span[0]:
            yield toponym
