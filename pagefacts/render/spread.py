"""Where boxes stand so that none hides another. The map page's script does the same when the map is zoomed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import cos, pi, sin, sqrt
from typing import Final

_GOLDEN_ANGLE: Final = pi * (3 - sqrt(5))
"""Points at n of it, as far out as the root of n, cover a disc evenly (Vogel 1979)."""
_STEP: Final = 4.0
"""Units, and for a larger box this part of its smaller half: it would find none of the spots between free."""
_PART: Final = 0.5
_CELL: Final = 48.0
_GAP: Final = 1.0

Spot = tuple[float, float]
"""The middle of a box that is placed."""


@dataclass(frozen=True)
class Box:
    """Something to be placed, as near to ``x`` and ``y`` as others leave room."""

    x: float
    """Where its middle belongs."""
    y: float
    """Where its middle belongs; down."""
    width: float
    """Half of it."""
    height: float
    """Half of it."""
    tries: int
    """How many spots may be tried: one that finds none stands nowhere."""


class _Taken:
    """The boxes placed so far, by the cells of a grid that they touch."""

    def __init__(self) -> None:
        self._cells: defaultdict[tuple[int, int], list[tuple[Spot, Box]]] = defaultdict(list)

    def add(self, spot: Spot, box: Box) -> None:
        for cell in _cells(spot, box):
            self._cells[cell].append((spot, box))

    def free(self, spot: Spot, box: Box) -> bool:
        return not any(_overlap(spot, box, *other) for cell in _cells(spot, box) for other in self._cells.get(cell, ()))


def spread(boxes: Iterable[Box], width: float, height: float) -> Iterator[Spot | None]:
    """Yield for each of ``boxes`` its middle in the frame; the first ones have the first choice."""
    taken = _Taken()
    begun: dict[tuple[float, float, int], int] = {}  # the same anchor again: what was full there is full still
    for box in boxes:
        key = (box.x, box.y, box.tries)
        spots = enumerate(_spots(box, begun.get(key, 0)), start=begun.get(key, 0))
        found = next(
            ((n, spot) for n, spot in spots if _inside(spot, box, width, height) and taken.free(spot, box)), None
        )
        if found is None:
            yield None
            continue
        begun[key], spot = found
        taken.add(spot, box)
        yield spot


def _spots(box: Box, first: int) -> Iterator[Spot]:
    step = max(_STEP, _PART * min(box.width, box.height))
    for n in range(first, box.tries):
        distance, angle = step * sqrt(n), n * _GOLDEN_ANGLE
        yield box.x + distance * cos(angle), box.y + distance * sin(angle)


def _cells(spot: Spot, box: Box) -> Iterator[tuple[int, int]]:
    x, y = spot
    columns = range(int((x - box.width) // _CELL), int((x + box.width) // _CELL) + 1)
    rows = range(int((y - box.height) // _CELL), int((y + box.height) // _CELL) + 1)
    return product(columns, rows)


def _overlap(spot: Spot, box: Box, other_spot: Spot, other: Box) -> bool:
    across = abs(spot[0] - other_spot[0]) < box.width + other.width + _GAP
    return across and abs(spot[1] - other_spot[1]) < box.height + other.height + _GAP


def _inside(spot: Spot, box: Box, width: float, height: float) -> bool:
    across = box.width <= spot[0] <= width - box.width
    return across and box.height <= spot[1] <= height - box.height
