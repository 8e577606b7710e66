"""The sign of a figure: its shape says what happened, its size how many, its filling how sure."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, log10, pi, sin
from typing import Final

from pagefacts.contracts import CasualtyFact, Effect, Qualifier, Status
from pagefacts.render.figures import size
from pagefacts.render.markup import Markup, tag

_SMALLEST: Final = 9.0
_TENFOLD: Final = 4.5
"""Units that the radius grows by for ten times the number."""
_LETTER: Final = 3.3
"""Units of half a letter of the number in it."""

_BEFORE: Final = {
    Qualifier.MORE_THAN: ">",
    Qualifier.AT_LEAST: "≥",
    Qualifier.FEWER_THAN: "<",
    Qualifier.AT_MOST: "≤",
    Qualifier.ABOUT: "~",
    Qualifier.VAGUE: "≥",
}

_CERTAINTY: Final = {
    Status.REPORTED: "firm",
    Status.CONFIRMED: "firm",
    Status.CLAIMED: "contested",
    Status.DISPUTED: "contested",
    Status.HYPOTHETICAL: "unreal",
    Status.HISTORICAL: "unreal",
    Status.NEGATED: "unreal",
}


@dataclass(frozen=True)
class Shape:
    """A regular polygon or star around the number; a circle has no corners."""

    corners: int
    outer: float
    """Distance of the corners, where the circle's radius is 1."""
    inner: float | None = None
    """Distance of a star's inner corners."""
    turn: float = 0
    """By which part of the angle between two corners it is turned."""

    def points(self, radius: float) -> list[tuple[float, float]]:
        """Return the corners, y down."""
        distances = [self.outer, self.inner or self.outer] * self.corners
        angles = [2 * pi * (i / len(distances) + self.turn / self.corners) - pi / 2 for i in range(len(distances))]
        points = [(radius * d * cos(a), radius * d * sin(a)) for d, a in zip(distances, angles, strict=True)]
        return points if self.inner else points[::2]

    def path(self, radius: float) -> str:
        """Return the SVG path around the origin."""
        if not self.corners:
            r = f"{radius:.1f}"
            return f"M-{r} 0a{r} {r} 0 1 0 {2 * radius:.1f} 0a{r} {r} 0 1 0-{2 * radius:.1f} 0z"
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in self.points(radius)) + "z"

    def extent(self, radius: float) -> tuple[float, float]:
        """Return half of its width and of its height."""
        points = self.points(radius) or [(radius, radius)]
        return max(abs(x) for x, _ in points), max(abs(y) for _, y in points)

    def icon(self, effect: Effect) -> Markup:
        """Return a small picture of it, for the legend and the list."""
        path = tag("path", d=self.path(7))
        return tag("svg", path, class_=f"icon figure {effect.value} firm", viewBox="-11 -11 22 22", aria_hidden="true")


GLYPHS: Final = {
    Effect.KILLED: Shape(0, 1),
    Effect.INJURED: Shape(4, 1.3, turn=0.5),
    Effect.MISSING: Shape(4, 1.4),
    Effect.DISPLACED: Shape(5, 1.2),
    Effect.DETAINED: Shape(6, 1.15, turn=0.5),
    Effect.CASUALTIES: Shape(8, 1.25, inner=1),
}


@dataclass(frozen=True)
class Glyph:
    """A sign as it is drawn."""

    path: str
    """SVG path around the origin."""
    width: float
    """Half of it, in units of the map."""
    height: float
    """Half of it, in units of the map."""


def glyph(fact: CasualtyFact) -> Glyph:
    """Return the sign of ``fact``, large enough for the number that stands in it."""
    radius = max(_SMALLEST + _TENFOLD * log10(max(1, size(fact))), _LETTER * len(short(fact)) + 2)
    shape = GLYPHS[fact.effect]
    return Glyph(shape.path(radius), *shape.extent(radius))


def certainty(fact: CasualtyFact) -> str:
    """Return how the status is drawn: ``firm`` filled, ``contested`` as an outline, ``unreal`` as a broken one."""
    return _CERTAINTY[fact.status]


def short(fact: CasualtyFact) -> str:
    """Return the figure as it fits into its sign: ``>250k``, ``20–30``, ``~5``."""
    if fact.best is None and fact.min and fact.max:
        return f"{_compact(fact.min)}–{_compact(fact.max)}"
    known = any(number is not None for number in (fact.best, fact.min, fact.max))
    return _BEFORE.get(fact.qualifier, "") + _compact(size(fact)) if known else "?"


def _compact(number: int) -> str:
    for unit, letter in ((10**9, "B"), (10**6, "M"), (10**3, "k")):
        if number >= unit:
            return f"{_two_digits(number / unit)}{letter}"
    return str(number)


def _two_digits(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0") if number < 9.95 else f"{number:.0f}"
