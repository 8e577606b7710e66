"""Readers of periods that are counted from publication, or from what was said before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from pagefacts.facts.dates.context import Context, Direction
from pagefacts.facts.dates.lengths import count_of, duration_of
from pagefacts.facts.dates.matches import ANAPHORIC, Match, group
from pagefacts.facts.dates.patterns import cue
from pagefacts.facts.dates.periods import UNKNOWN, Grain, Period, period, quarter, shift
from pagefacts.facts.dates.reading import Reading, dated, undated
from pagefacts.facts.dates.words import (
    GRAINS,
    ORDINALS,
    STEPS,
    UNIT_NAMES,
)


def relative(match: Match, context: Context) -> Reading | None:
    """Read "last week", "this month", "next year", "the same day"."""
    which = group(match, "which") or ""
    grain = GRAINS[match["unit"].lower()]
    if match["unit"].istitle() and context.before(1) in set("\"'“‘`"):
        return None  # a name: on ABC's "This Week"
    if _is_rolling(match, which, grain):
        return _rolling(grain, which, context.anchor)
    base = context.recalled(grain) if _is_anaphoric(match, which, context) else context.anchor
    if base is None:
        return undated(UNKNOWN[grain])
    return dated(period(grain, shift(base, grain, STEPS[which])), base)


def _is_anaphoric(match: Match, which: str, context: Context) -> bool:
    """Tell "The next year he left" from "next year" and "over the next year"."""
    if which == "next":
        from_now = cue("from_now").search(context.before())
        spoken_of = context.reference is not None or group(match, "unit") == "day"
        return spoken_of and from_now is None and match[0].lower().startswith("the")
    return which in ANAPHORIC


def second(match: Match, context: Context) -> Reading | None:
    """Read "the week before last", "the year after next"."""
    grain = GRAINS[match["unit"].lower()]
    if context.anchor is None:
        return undated(UNKNOWN[grain])
    step = 2 if match["which"].lower().startswith("after") else -2
    return dated(period(grain, shift(context.anchor, grain, step)), context.anchor)


_ROLLING: Final = {"past", "last", "next", "coming"}
_LENGTHS: Final = {
    Grain.DAY: "P1D",
    Grain.WEEK: "P1W",
    Grain.MONTH: "P1M",
    Grain.DECADE: "P10Y",
    Grain.CENTURY: "P100Y",
}


def _is_rolling(match: Match, which: str, grain: Grain) -> bool:
    """Tell "the past week" and "the next decade" from "last week" and "the end of the next decade"."""
    if grain in {Grain.DECADE, Grain.CENTURY}:
        return which in _ROLLING and group(match, "edge_of") in {None, "course", "rest", "remainder"}
    return which == "past" and grain in _LENGTHS


def _rolling(grain: Grain, which: str, anchor: date | None) -> Reading:
    """Return "the past decade": the ten years up to now, not those of the calendar."""
    if anchor is None:
        return Reading("DURATION", _LENGTHS[grain])
    first, last = sorted((anchor, shift(anchor, grain, STEPS[which])))
    return Reading("DURATION", _LENGTHS[grain], first, last, anchor)


def definite(match: Match, context: Context) -> Reading | None:
    """Read "the year", "the week", "the weekend": the one spoken of, else that of publication."""
    grain = GRAINS[group(match, "unit") or ""]
    if match[0].endswith("Year"):
        return None  # "Airline of the Year"
    if grain is Grain.YEAR and cue("ending").match(context.after()):
        return Reading("DURATION", "P1Y")  # "the year ended March 31" is no calendar year
    spoken_of = _spoken_of(grain, context)
    if spoken_of is not None:
        return dated(spoken_of, spoken_of.first)
    anchor = context.anchor
    if anchor is None:
        return undated(UNKNOWN[grain])
    over = grain is Grain.WEEKEND and context.direction is not Direction.FUTURE and anchor.weekday() < 5
    return dated(period(grain, shift(anchor, grain, -int(over))), anchor)


def _spoken_of(grain: Grain, context: Context) -> Period | None:
    """Return the period that "the year" means after "in May 1953": none where the clause looks ahead."""
    reference = context.reference
    if reference is None or reference.grain is grain:
        return reference
    ahead = context.direction is Direction.FUTURE
    vague = reference.grain > grain or grain in {Grain.WEEKEND, Grain.CENTURY}
    return None if ahead or vague else period(grain, reference.first)


def nth_day(match: Match, context: Context) -> Reading | None:
    """Read "for a third day": the day spoken of, else that of publication."""
    day = context.spoken_of(Grain.DAY) or context.anchor
    return undated(UNKNOWN[Grain.DAY]) if day is None else _steady(period(Grain.DAY, day), day)


def the_quarter(match: Match, context: Context) -> Reading | None:
    """Read "the quarter", which is the one spoken of, and "the latest quarter", the last before publication."""
    if "latest" in match[0].lower() and context.anchor is not None:
        return _steady(period(Grain.QUARTER, shift(context.anchor, Grain.QUARTER, -1)), context.anchor)
    return _topic(context, 0)


def _topic(context: Context, years: int) -> Reading:
    """Return the quarter that the article reports on, moved by ``years``; else the last one before publication."""
    if context.topic is not None:
        base = context.topic.first
    elif context.anchor is not None:
        base = shift(context.anchor, Grain.QUARTER, -1)
    else:
        return undated(UNKNOWN[Grain.QUARTER])
    return _steady(period(Grain.QUARTER, shift(base, Grain.YEAR, years)), base)


def _steady(found: Period, base: date) -> Reading:
    """Return a reading that later expressions do not refer to: "a year earlier" twice is the same year twice."""
    return replace(dated(found, base), period=None)


def distance(match: Match, context: Context) -> Reading | None:
    """Read "two weeks ago", "a year earlier", "three days later": as precise as their unit."""
    unit = UNIT_NAMES[match["unit"].lower()]
    count = count_of(match)
    towards = group(match, "towards") or ""
    sign = -1 if towards in {"ago", "earlier"} else 1
    if not isinstance(count, int) and sign < 0 and unit in GRAINS:
        return undated("PAST_REF")
    length = duration_of(unit, count, half=group(match, "and_half") is not None)
    if not isinstance(count, int) or unit not in GRAINS:
        return length
    if unit == "year" and sign * count == -1 and context.topic is not None:
        return _topic(context, -1)  # "in the third quarter ... from a year earlier"
    grain = GRAINS[unit]
    base = context.anchor if towards in {"ago", "hence", "from now"} else context.spoken_of(grain)
    if base is None and towards == "earlier":
        base = context.anchor
    if base is None:
        return undated(UNKNOWN[grain]) if sign < 0 else length
    return _steady(period(grain, shift(base, grain, sign * count)), base)


def year_earlier(match: Match, context: Context) -> Reading | None:
    """Read "year-earlier", "the year-ago quarter": the period spoken of, a year before."""
    if name := group(match, "ordinal"):
        number, anchor = ORDINALS[name], context.anchor
        return _steady(quarter(anchor.year - 1, number), anchor) if anchor else undated(f"XXXX-Q{number}")
    if context.topic is not None or group(match, "unit") is not None:
        return _topic(context, -1)
    if context.anchor is None:
        return undated(UNKNOWN[Grain.YEAR])
    return _steady(period(Grain.YEAR, shift(context.anchor, Grain.YEAR, -1)), context.anchor)


def quarter_in_year(match: Match, context: Context) -> Reading | None:
    """Read "the 1988 quarter": the quarter that the article reports on, in that year."""
    if context.topic is None:
        return undated(f"{match['year']}-QX")
    return _topic(context, int(match["year"]) - context.topic.first.year)
