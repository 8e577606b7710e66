"""Build the world outline of the map page: ``python models/outline/build.py countries-50m.json OUT``.

The input is a file of the npm package world-atlas 2.0.2: Natural Earth's countries at 1:50 million as TopoJSON
(https://github.com/topojson/topojson-specification), in WGS 84 degrees. The same input gives the same content, a JSON
object:

- ``unit``: degrees of one unit in the two paths
- ``land``, ``borders``: SVG paths, x to the east and y to the south
- ``countries``: ``[name, longitude, latitude, degrees]``, the middle and the length of a stretch from west to east
  of the country's largest part, where its name stands best

The lines are simplified arc by arc, so that neighbours keep one common border. Rings that cross the antimeridian run on
beyond 180 degrees instead of being cut; whoever draws them repeats the world beside itself.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from typing import Any, Final

Point = tuple[float, float]
Line = list[Point]

TOLERANCE: Final = 0.05
"""Degrees by which a simplified line may be off: about five kilometres, a pixel where a country fills the map."""
DIGITS: Final = 2
"""Decimals of a degree that are kept."""
SCAN_LINES: Final = 40
"""Parallels of a country on which room for its name is looked for."""
NAME_SHAPE: Final = 5.0
"""How much longer a name is than high."""
SOUTH_POLE: Final = -90.0


def main(source: Path, target: Path) -> None:
    """Read the TopoJSON file ``source`` and write the outline to ``target``."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    exact = list(decoded(topology))
    arcs = [simplified(arc, TOLERANCE) for arc in exact]
    land = topology["objects"]["land"]["geometries"]
    countries = topology["objects"]["countries"]["geometries"]
    outline = {
        "unit": 10**-DIGITS,
        "land": path((closed(ring(indices, arcs)) for shape in land for indices in rings(shape)), "z"),
        "borders": path((arcs[index] for index in shared(countries)), ""),
        "countries": sorted(label(shape, exact) for shape in countries),
    }
    text = json.dumps(outline, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8")


def decoded(topology: dict[str, Any]) -> Iterator[Line]:
    """Yield the arcs in degrees: the file has integers, each the difference from the one before."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * scale_x + left, y * scale_y + bottom))
        yield line


def rings(shape: dict[str, Any]) -> Iterator[list[int]]:
    """Yield the rings of a Polygon or MultiPolygon, outer and inner ones, as indices of arcs."""
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    for polygon in polygons:
        yield from polygon


def ring(indices: Iterable[int], arcs: list[Line]) -> Line:
    """Join arcs; the index ``~i`` means arc ``i`` backwards, and each arc begins where the last one ends."""
    line: Line = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        line.extend(arc[1:] if line else arc)
    return line


def shared(countries: list[dict[str, Any]]) -> list[int]:
    """Return the arcs that two countries have in common: the borders on land."""
    uses = Counter(index if index >= 0 else ~index for shape in countries for line in rings(shape) for index in line)
    return sorted(index for index, count in uses.items() if count > 1)


def simplified(line: Line, tolerance: float) -> Line:
    """Return ``line`` without the points that are less than ``tolerance`` off it (Douglas and Peucker 1973)."""
    kept = {0, len(line) - 1}
    stretches = [(0, len(line) - 1)]
    while stretches:
        first, last = stretches.pop()
        if last - first < 2:
            continue
        far = max(range(first + 1, last), key=lambda i: distance(line[i], line[first], line[last]))
        if distance(line[far], line[first], line[last]) > tolerance:
            kept.add(far)
            stretches += [(first, far), (far, last)]
    small_island = len(kept) < 4 and line[0] == line[-1]
    return line if small_island else [line[i] for i in sorted(kept)]


def distance(point: Point, start: Point, end: Point) -> float:
    """Return how far ``point`` is from the stretch between ``start`` and ``end``, in degrees of a great circle."""
    narrow = cos(radians(start[1]))
    (px, py), (ax, ay), (bx, by) = ((x * narrow, y) for x, y in (point, start, end))
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = min(1.0, max(0.0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length)) if length else 0.0
    return float(((px - ax - along * (bx - ax)) ** 2 + (py - ay - along * (by - ay)) ** 2) ** 0.5)


def unwrapped(line: Line) -> Line:
    """Return ``line`` running on over the antimeridian instead of jumping to the other side."""
    shift = 0.0
    result = line[:1]
    for (before, _), (x, y) in pairwise(line):
        shift -= 360 * round((x - before) / 360)
        result.append((x + shift, y))
    return result


def closed(line: Line) -> Line:
    """Return the unwrapped ring; one that goes round the whole globe, Antarctica, is closed along the pole."""
    run = unwrapped(line)
    (first, _), (last, _) = run[0], run[-1]
    return run if abs(last - first) < 180 else [*run, (last, SOUTH_POLE), (first, SOUTH_POLE)]


def path(lines: Iterable[Line], end: str) -> str:
    """Return an SVG path of integers, each point relative to the one before; ``end`` closes each line."""
    parts = []
    for line in lines:
        points = [(round(x * 10**DIGITS), round(-y * 10**DIGITS)) for x, y in unwrapped(line)]
        steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(points) if (ax, ay) != (bx, by)]
        if len(steps) > (2 if end else 0):  # an island of fewer points has no area
            parts.append(f"M{numbers([points[0]])}l{numbers(steps[: -1 if end else None])}{end}")
    return "".join(parts)


def numbers(points: Iterable[tuple[int, int]]) -> str:
    """Return the numbers, with a blank only where no sign parts them."""
    text = " ".join(f"{x} {y}" for x, y in points)
    return text.replace(" -", "-")


def label(shape: dict[str, Any], arcs: list[Line]) -> tuple[str, float, float, float]:
    """Return a country's name, and where on its largest part there is most room for it: the middle and the length."""
    parts = [unwrapped(ring(indices, arcs)) for indices in rings(shape)]
    largest = max(parts, key=lambda part: abs(area(part)))
    south, north = min(y for _, y in largest), max(y for _, y in largest)
    heights = [south + (north - south) * (i + 0.5) / SCAN_LINES for i in range(SCAN_LINES)]
    stretches = [((west + east) / 2, y, east - west) for y in heights for west, east in inside(largest, y)]
    x, y, length = max(stretches, key=lambda stretch: min(stretch[2], room_above_and_below(largest, *stretch[:2])))
    return (shape["properties"]["name"], round((x + 180) % 360 - 180, 1), round(y, 1), round(length, 1))


def room_above_and_below(line: Line, x: float, y: float) -> float:
    """Return how long a name may be that stands at the point, for the room that the ring leaves its height."""
    turned = [(b, a) for a, b in line]
    return max((2 * NAME_SHAPE * min(y - a, b - y) for a, b in inside(turned, x) if a <= y <= b), default=0)


def area(line: Line) -> float:
    """Return twice the signed area of a ring, in square degrees."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*line, line[0]]))


def inside(line: Line, y: float) -> Iterator[tuple[float, float]]:
    """Yield the stretches of the parallel ``y`` that lie inside the ring."""
    crossings = sorted(
        ax + (y - ay) / (by - ay) * (bx - ax)
        for (ax, ay), (bx, by) in pairwise([*line, line[0]])
        if (ay > y) is not (by > y)
    )
    yield from zip(crossings[::2], crossings[1::2], strict=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
