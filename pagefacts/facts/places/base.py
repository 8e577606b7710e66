"""What a gazetteer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the gazetteer, as the meaning of one name."""

    geonames_id: int
    """GeoNames id; negative for the places that were added without one."""
    name: str
    country: str | None
    """ISO 3166-1 alpha-2; None for continents, seas and regions over several countries."""
    admin1: str | None
    """GeoNames code of the first-order division within the country."""
    latitude: float
    """WGS 84 degrees."""
    longitude: float
    feature: str
    """GeoNames feature code."""
    population: int
    prominence: float = 0.0
    """How readily the name means this place before any context: about the decimal logarithm of its population, more for
    countries and capitals, less for districts and for names that are not the place's own."""


class Gazetteer(Protocol):
    """Knows the places that a name may mean. Opened once a process and passed in; read-only."""

    @property
    def version(self) -> str:
        """Name and version of the data, for provenance."""
        ...

    def candidates(self, name: str) -> Sequence[Place]:
        """Return the places called ``name`` in any case, the most prominent first; empty where none is."""
        ...

    def begins(self, word: str) -> bool:
        """Return whether any name of several words begins with ``word``, in any case: spares looks at what follows."""
        ...

    def country(self, code: str) -> Place | None:
        """Return the country or territory with an ISO 3166-1 alpha-2 code; None where there is none."""
        ...

    def subdivision(self, country: str, admin1: str) -> str | None:
        """Return the ISO 3166-2 code of a first-order division by its GeoNames code; None where it has none."""
        ...

    def demonym(self, word: str) -> Place | None:
        """Return the place of a demonym or its adjective ("Syrians", "Turkish"); None where it is none."""
        ...
