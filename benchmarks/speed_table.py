"""What a benchmark of speed has found, as a row beside its reference, and how the rows are printed."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pagefacts.contracts import Job

_ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Options:
    """What is measured, and how often."""

    pages: Sequence[Job]
    repeats: int
    plot: Path | None = None
    """Where curves are drawn."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was measured, and the reference that was measured in turn with it."""

    name: str
    unit: str
    values: Sequence[float]
    """One a repeat."""
    reference: str
    against: Sequence[float]
    """Of the reference, one a repeat, as near in time as can be to that of ``values``."""
    n: int
    """Pages, jobs or starts of one repeat."""
    wanted: str = ""
    """The bound that the project holds itself to, where there is one."""

    @property
    def ratios(self) -> list[float]:
        """Value by reference, repeat by repeat."""
        return [value / other for value, other in zip(self.values, self.against, strict=False) if other]


@dataclass(slots=True)
class Curve:
    """How something grows: points of a plot whose axes are both logarithmic."""

    title: str
    x_name: str
    y_name: str
    points: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """By the name of each line."""


def spread(values: Sequence[float]) -> str:
    """Return median, least and greatest, with three digits that count."""
    if not values:
        return "–"
    return f"{number(statistics.median(values))} ({number(min(values))}–{number(max(values))})"


def number(value: float) -> str:
    """Return ``value`` with three digits that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def head(server: str) -> str:
    """Return what the figures were measured on; ``server``: name and version of the one that was started."""
    commit = subprocess.run(
        ["git", "-C", str(_ROOT), "rev-parse", "--short", "HEAD"],  # noqa: S607 - the git of the machine
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    day = datetime.now(UTC).date().isoformat()
    return f"{day}, commit {commit or 'unknown'}, {os.cpu_count()} cores, Python {platform.python_version()}, {server}"


def table(rows: Iterable[Row]) -> str:
    """Return the rows in Markdown: medians, and in brackets the least and the greatest."""
    names = "what", "unit", "median (range)", "reference", "median (range)", "ratio", "n", "repeats", "wanted"
    lines = [names, tuple("---" for _ in names)]
    for row in rows:
        reference = (row.reference, spread(row.against), spread(row.ratios)) if row.against else ("–", "–", "–")
        counts = f"{row.n:,}", str(len(row.values))
        lines.append((row.name, row.unit, spread(row.values), *reference, *counts, row.wanted))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def as_json(row: Row) -> dict[str, Any]:
    """Return a row for a file."""
    return {
        "name": row.name,
        "unit": row.unit,
        "values": [*row.values],
        "reference": row.reference,
        "against": [*row.against],
        "n": row.n,
        "wanted": row.wanted,
    }
