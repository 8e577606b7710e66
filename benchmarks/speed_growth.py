"""How the cost grows with the size of a page and with the length of the queue; straight lines are wanted.

Pages of each size are made of words of an article, in the markup of a page (`speed_sizes`). The queue is filled to
each length with jobs of one sentence, and a worker takes the first ones off (`speed_lengths`). A slope is that of the
steepest stretch between two neighbours, both axes logarithmic: 1 is in proportion, above 1 it grows faster than the
size. A step is looked at where what it reads grows: the article up to 64 kB, the page around it from there on.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import speed_lengths
import speed_sizes
from speed_lengths import DRAINED, LENGTHS
from speed_sizes import QUEUED, SIZES
from speed_table import Curve, Options, Row

_STEPS: Final = ("extract", "tag", "facts", "assemble")
_ALL: Final = "all steps"
_TRAFILATURA: Final = "trafilatura"
_QUEUE: Final = "queue"
_SMALL: Final = [size for size in SIZES if size <= 64_000]
_LARGE: Final = [size for size in SIZES if size >= 64_000]
_READS: Final = {"extract": _LARGE, _TRAFILATURA: _LARGE, _QUEUE: _LARGE, "tag": _SMALL, "facts": _SMALL}

Found = dict[str, dict[int, list[float]]]
"""Of each part the values at each size, one a repeat."""


def gathered(measured: Iterable[tuple[int, dict[str, float]]]) -> Found:
    """Return what was measured by its part and size."""
    found: Found = defaultdict(lambda: defaultdict(list))
    for size, values in measured:
        for part, value in values.items():
            found[part][size].append(value)
    return found


def steepest(found: dict[int, list[float]], sizes: Sequence[int]) -> float:
    """Return the slope of the steepest stretch between neighbouring ``sizes``, by their medians."""
    points = [(math.log(size), math.log(max(statistics.median(found[size]), 1e-3))) for size in sizes]
    return max((y - below) / (x - left) for (left, below), (x, y) in pairwise(points))


def together(found: Found, parts: Iterable[str]) -> dict[int, list[float]]:
    """Return the sums of parts, repeat by repeat."""
    chosen = [found[part] for part in parts]
    return {size: [sum(each) for each in zip(*(part[size] for part in chosen), strict=True)] for size in chosen[0]}


def by_size(repeats: int) -> Found:
    """Return the milliseconds of steps, trafilatura and the queue at each size of a page."""
    found = gathered(speed_sizes.steps(repeats))
    found[_ALL] = together(found, _STEPS)
    found[_QUEUE] = together(gathered(speed_sizes.queue(repeats)), ("main", "server"))
    return found


def size_rows(found: Found) -> Iterator[Row]:
    """Yield the rows of pages."""
    for size in SIZES:
        name, steps = f"page of {size // 1000:,} kB", found[_ALL][size]
        yield Row(f"{name}: all steps", "ms CPU", steps, _TRAFILATURA, found[_TRAFILATURA][size], 1)
        yield Row(f"{name}: main process and server", "ms CPU", found[_QUEUE][size], _ALL, steps, QUEUED)
    for part, sizes in _READS.items():
        name = f"steepest slope: {part}, {sizes[0] // 1000:,} to {sizes[-1] // 1000:,} kB"
        wanted = "" if part == _TRAFILATURA else "≤ 1.2"
        yield Row(name, "log/log", [steepest(found[part], sizes)], "", [], len(sizes), wanted)


def length_rows(found: Found) -> Iterator[Row]:
    """Yield the rows of queues."""
    units = {"server": "ms CPU a job", "worker": "ms CPU a job", "bytes": "bytes in Redis a job"}
    shortest = LENGTHS[0]
    for length in LENGTHS:
        for part, unit in units.items():
            count = length if part == "bytes" else min(length, DRAINED)
            name, against = f"{length:,} queued: {part}", found[part][shortest]
            yield Row(name, unit, found[part][length], f"{shortest} queued", against, count)
    slope = steepest(found["server"], LENGTHS)
    yield Row("steepest slope: server, by length", "log/log", [slope], "", [], len(LENGTHS), "≤ 0.1")


def rows(options: Options) -> Iterator[Row]:
    """Yield the rows, and draw the curves where that is wanted."""
    sizes = by_size(options.repeats)
    yield from size_rows(sizes)
    lengths = gathered(speed_lengths.costs(options.repeats))
    yield from length_rows(lengths)
    if options.plot:
        from speed_plot import draw  # noqa: PLC0415 - matplotlib is needed for a plot alone

        lines = {part: sizes[part] for part in (*_STEPS[:-1], _QUEUE, _TRAFILATURA)}
        page = Curve("A page", "bytes of HTML", "ms of processor", _points(lines))
        job = Curve(
            "A job",
            "jobs in the queue",
            "ms of processor",
            _points({part: lengths[part] for part in ("server", "worker")}),
        )
        draw([page, job], options.plot)


def _points(found: Found) -> dict[str, list[tuple[float, float]]]:
    return {
        part: [(float(size), statistics.median(values)) for size, values in by_size.items()]
        for part, by_size in found.items()
    }
