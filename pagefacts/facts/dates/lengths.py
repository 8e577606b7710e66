"""Readers of durations, of sets ("every day"), and of references to no calendar date ("now")."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from pagefacts.facts.dates.context import Context, Direction
from pagefacts.facts.dates.matches import Match, group
from pagefacts.facts.dates.patterns import cue
from pagefacts.facts.dates.periods import shift
from pagefacts.facts.dates.reading import Reading, undated
from pagefacts.facts.dates.table import TABLE
from pagefacts.facts.dates.words import (
    FREQUENCIES,
    GRAINS,
    MONTHS,
    PARTS_OF_DAY,
    SEASONS,
    UNIT_NAMES,
    UNITS,
    WEEKDAYS,
)
from pagefacts.facts.numbers import cardinal

Count = int | Decimal


def duration(match: Match, context: Context) -> Reading | None:
    """Read a length of time, and the days of "the past three months" where they are known."""
    unit = UNIT_NAMES[match["unit"].lower()]
    count = count_of(match)
    rel = group(match, "rel")
    if cue("aged").search(context.before()) or _is_rate(match, context) or _is_other(match, unit, count, rel):
        return None
    reading = duration_of(unit, count, half=group(match, "and_half") is not None)
    if context.anchor is None or rel not in _UP_TO_NOW or unit not in GRAINS or not isinstance(count, int):
        return reading
    edge = shift(context.anchor, GRAINS[unit], _UP_TO_NOW[rel] * count)
    first, last = sorted((edge, context.anchor))
    return replace(reading, first=first, last=last, anchor=context.anchor)


_UP_TO_NOW: Final = {"past": -1, "last": -1, "next": 1, "coming": 1}


def _is_rate(match: Match, context: Context) -> bool:
    """Tell "$3 million a year" from "within a year"."""
    each = match[0][:2].lower() in {"a ", "an"} and not context.after().startswith((" after", " before"))
    return each and cue("rate").search(context.before()) is not None


def _is_other(match: Match, unit: str, count: Count | None, rel: str | None) -> bool:
    """Tell "60 Minutes", "one night", "three-quarters of", "a quarter" and "a second attack" from lengths of time."""
    if unit == "second":
        return group(match, "count") in {"a", "an", "another"}
    if unit == "night":
        return count == 1
    title = match["unit"].istitle() and (group(match, "count") or "").isdigit()
    return title or (unit == "quarter" and rel is None and count in {1, 3})


_VAGUE: Final = frozenset(TABLE["counts"]["vague"].split())


def count_of(match: Match) -> Count | None:
    """Return the number before the unit; None where it is vague or there is none."""
    words = group(match, "count")
    if words is None or _VAGUE & set(words.split()):
        return None
    if words in {"a", "an", "another"}:
        return 1
    if "couple" in words:
        return 2
    if re.fullmatch(r"\d+\.\d+", words):
        return Decimal(words)
    return cardinal(words.removeprefix("a ").removeprefix("another ").replace("dozen", "twelve"))


def duration_of(unit: str, count: Count | None, *, half: bool = False) -> Reading:
    """Return the reading of ``count`` times ``unit``, and a half; of an unknown number where it is None."""
    length = UNITS[unit]
    if count is None:
        return Reading("DURATION", f"{length.prefix}X{length.vague or length.designator}")
    smaller = length.and_half if half else ""
    if half and not smaller:
        count = count + Decimal("0.5")
    number = Decimal(count) * length.multiple
    return Reading("DURATION", f"{length.prefix}{number.normalize():f}{length.designator}{smaller}")


def fraction(match: Match, context: Context) -> Reading | None:
    """Read "half an hour", "a quarter century"."""
    value = UNITS[UNIT_NAMES[match["unit"].lower()]].fractions.get(match["fraction"].lower())
    return Reading("DURATION", value) if value else None


def soon(match: Match, context: Context) -> Reading | None:
    """Read "soon", which after a past tense is no time to come: "he was soon released"."""
    narrated = context.direction is Direction.PAST and not cue("modal").search(context.before())
    return None if narrated else undated("FUTURE_REF")


def every(match: Match, context: Context) -> Reading | None:
    """Read "every day", "each Thursday", "every July", "twice a week"."""
    part = group(match, "part")
    suffix = f"T{PARTS_OF_DAY[part.removesuffix('s')]}" if part else ""
    if name := group(match, "weekday"):
        return Reading("SET", f"XXXX-WXX-{WEEKDAYS[name.rstrip('.')]}{suffix}")
    if name := group(match, "month"):
        return Reading("SET", f"XXXX-{MONTHS[name.rstrip('.')]:02}")
    if name := group(match, "season"):
        return Reading("SET", f"XXXX-{SEASONS[name]}")
    if part:
        return Reading("SET", f"XXXX-XX-XX{suffix}")
    if group(match, "unit") == "weekend":
        return Reading("SET", "XXXX-WXX-WE")
    unit = UNIT_NAMES[match["unit"].lower()]
    words = group(match, "count")
    count = 1 if words is None else 2 if words == "other" else count_of(match)
    return Reading("SET", duration_of(unit, count).value)


def frequency(match: Match, context: Context) -> Reading | None:
    """Read "daily", "annually"; "the Daily Star" is a name, "8 percent annually" a rate."""
    if match[0].istitle() or cue("rate").search(context.before()):
        return None
    return Reading("SET", FREQUENCIES[match[0].lower()])


def long(match: Match, context: Context) -> Reading | None:
    """Read "day-long", "three-day-long", "decades-long", "over the years"."""
    form = group(match, "unit") or ""
    counted = group(match, "count") is not None
    return duration_of(UNIT_NAMES[form], count_of(match) if counted else 1 if form == UNIT_NAMES[form] else None)


def present(match: Match, context: Context) -> Reading | None:
    """Read "now"."""
    return undated("PRESENT_REF")


def past(match: Match, context: Context) -> Reading | None:
    """Read "recently"."""
    return undated("PAST_REF")


def future(match: Match, context: Context) -> Reading | None:
    """Read "the future"."""
    return undated("FUTURE_REF")
