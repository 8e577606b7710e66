"""What Linux knows of processes: which a process has started, what they weigh, and what they have used."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Final

_FIELDS: Final = {"Rss": "RSS", "Pss": "PSS", "Private_Clean": "USS", "Private_Dirty": "USS"}


def children(process: int) -> list[int]:
    """Return the ids of the processes that ``process`` has started."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return sorted(int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split())


def descendants(process: int) -> list[int]:
    """Return the ids of the processes that ``process`` has started, and of those that these have."""
    return [each for child in children(process) for each in (child, *descendants(child))]


def memory(process: int) -> dict[str, float]:
    """Return what ``process`` weighs, in mebibytes."""
    sizes = dict.fromkeys(_FIELDS.values(), 0.0)
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    for field, kilobytes in re.findall(r"^(\w+): +(\d+) kB$", lines, re.MULTILINE):
        if field in _FIELDS:
            sizes[_FIELDS[field]] += int(kilobytes) / 1024
    return sizes


def seconds(process: int) -> float:
    """Return the processor's seconds that a process has used, in user and system mode."""
    # Linux' own number for the clock of another process (include/linux/posix-timers.h); /proc counts in ticks of 10 ms.
    return time.clock_gettime((~process << 3) | 2)
