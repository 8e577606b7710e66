"""Whether ``confidence`` means what it says: of the figures given with it, the share that is right.

    python benchmarks/reliability.py FILE.jsonl… (casualty sets whose annotation is complete)

Prints two tables over all files together: by band of confidence, with the mean confidence beside the share that is
right and a 95 % interval (Wilson, 1927); and by the step that linked number and effect, which is what confidence is
set by. A figure is right where effect and number are the annotators'; hypothetical ones are left out.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import gold
from predictions import figures
from quality import answer
from rich.console import Console
from rich.table import Table

from worker import runtime

_BANDS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.01)
_Z: Final = 1.96


@dataclass(frozen=True, slots=True)
class Judged:
    """One predicted figure."""

    step: str
    confidence: float
    right: bool


def judged(files: Iterable[Path]) -> Iterator[Judged]:
    """Yield every figure predicted for the documents of ``files``, where its effect is scored there."""
    models = runtime.models()
    for document in (each for file in files for each in gold.read_casualties(file)):
        wanted = {figure.key for figure in document.gold.figures}
        result = answer(document.job, models).result
        facts = result.casualties if result else ()
        for fact, figure in zip(facts, figures(result), strict=True):
            if figure.effect in document.gold.effects and not figure.hypothetical:
                yield Judged(fact.rule.rpartition("/")[2], fact.confidence, figure.key in wanted)


def interval(right: int, n: int) -> tuple[float, float]:
    """Return the Wilson interval of a share, 95 %."""
    share, spread = right / n, _Z**2 / n
    centre = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    return centre - half, centre + half


def table(title: str, groups: dict[str, list[Judged]]) -> Table:
    """Return a table of the groups: n, mean confidence, share right and its interval."""
    made = Table(title=title, title_justify="left")
    for heading in ("group", "n", "mean confidence", "right", "95 % interval"):
        made.add_column(heading)
    for name, members in groups.items():
        right = sum(each.right for each in members)
        low, high = interval(right, len(members))
        mean = sum(each.confidence for each in members) / len(members)
        share = right / len(members)
        made.add_row(name, str(len(members)), f"{mean:.3f}", f"{share:.3f}", f"{low:.2f} to {high:.2f}")
    return made


def by_band(all_judged: Iterable[Judged]) -> dict[str, list[Judged]]:
    """Group by band of confidence."""
    bands = list(pairwise(_BANDS))
    found: dict[str, list[Judged]] = {}
    for low, high in bands:
        members = [each for each in all_judged if low <= each.confidence < high]
        if members:
            found[f"{low:.2f} to {min(high, 1):.2f}"] = members
    return found


def by_step(all_judged: Iterable[Judged]) -> dict[str, list[Judged]]:
    """Group by linking step, the largest first."""
    found: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in all_judged:
        found[each.step].append(each)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))


def main() -> None:
    """Print both tables."""
    found = list(judged(map(Path, sys.argv[1:])))
    if not found:
        sys.exit("usage: reliability.py FILE.jsonl… with at least one figure found")
    console = Console(width=100)
    console.print(table("By confidence", by_band(found)))
    console.print(table("By linking step", by_step(found)))


if __name__ == "__main__":
    main()
