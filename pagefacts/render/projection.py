"""Where a place stands on the map: an equidistant cylindrical projection, true to shape in the middle of the view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians
from typing import Final, Self

from pagefacts.render.figures import Coordinates

WIDTH: Final = 1000.0
HEIGHT: Final = 620.0
"""The map, in its own units; a browser scales it."""

_MARGIN: Final = 90.0
"""Units around the outermost places, where markers and names have room."""
_NEAREST: Final = HEIGHT / 10
"""Units a degree at most: nearer, a single place would have no coast or border around it."""
_FARTHEST: Final = WIDTH / 360
_STEEPEST: Final = 60.0
"""Standard parallel at most: nearer the poles the world would become a thin column."""


@dataclass(frozen=True)
class View:
    """A part of the world, on the map."""

    longitude: float
    """In the middle, degrees."""
    latitude: float
    """In the middle, degrees."""
    scale: float
    """Units a degree of latitude."""

    @classmethod
    def fit(cls, places: Sequence[Coordinates]) -> Self:
        """Return the view that shows all ``places``, given as longitude and latitude; without any, the world."""
        if not places:
            return cls(longitude=10, latitude=5, scale=_FARTHEST)  # the world, no country cut in two
        west, east = _narrowest(sorted(longitude for longitude, _ in places))
        south, north = min(latitude for _, latitude in places), max(latitude for _, latitude in places)
        view = cls(longitude=(west + east) / 2, latitude=(south + north) / 2, scale=_NEAREST)
        across = (WIDTH - 2 * _MARGIN) / max((east - west) * view.narrowing, 1e-9)
        down = (HEIGHT - 2 * _MARGIN) / max(north - south, 1e-9)
        return cls(view.longitude, view.latitude, max(_FARTHEST, min(_NEAREST, across, down)))

    @property
    def narrowing(self) -> float:
        """How long a degree of longitude is beside one of latitude."""
        return cos(radians(min(abs(self.latitude), _STEEPEST)))

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a place stands, x to the right and y down; it may be outside of the map."""
        east = (longitude - self.longitude + 180) % 360 - 180  # the near way round the world
        return WIDTH / 2 + east * self.narrowing * self.scale, HEIGHT / 2 - (latitude - self.latitude) * self.scale

    def matrix(self, unit: float) -> str:
        """Return the SVG transform that puts degrees, in steps of ``unit`` and south as positive, on the map."""
        across, down = self.narrowing * self.scale, self.scale
        left, top = WIDTH / 2 - self.longitude * across, HEIGHT / 2 + self.latitude * down
        return f"matrix({across * unit:.6f} 0 0 {down * unit:.6f} {left:.3f} {top:.3f})"


def _narrowest(longitudes: Sequence[float]) -> tuple[float, float]:
    """Return west and east of the narrowest stretch with all of the sorted ``longitudes``; east may be over 180."""
    around = [*longitudes, longitudes[0] + 360]
    _, east, west = max((after - before, before, after) for before, after in pairwise(around))
    return (west - 360, east) if west >= 180 else (west, east + 360)
