"""Readers of months, quarters, seasons, years and longer spans of the calendar."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from pagefacts.facts.dates.context import Context, Direction
from pagefacts.facts.dates.matches import Match, full_year, given_year, group, month_number, year_number
from pagefacts.facts.dates.patterns import cue
from pagefacts.facts.dates.periods import UNKNOWN, Grain, half, period, quarter, shift
from pagefacts.facts.dates.reading import Reading, dated, undated
from pagefacts.facts.dates.words import (
    CENTURIES,
    DECADES,
    ORDINALS,
    SEASONS,
    STEPS,
)


def month(match: Match, context: Context) -> Reading | None:
    """Read a month, with or without its year."""
    number = month_number(match)
    if given := given_year(match, context):
        return dated(period(Grain.MONTH, date(given[0], number, 1)), given[1])
    if group(match, "year") is None and not _is_month(match, context):
        return None
    if context.anchor is None:
        return undated(f"XXXX-{number:02}")
    found = _month_year(number, group(match, "which"), context)
    return dated(period(Grain.MONTH, date(found, number, 1)), context.anchor)


def _is_month(match: Match, context: Context) -> bool:
    """Tell months from verbs and names: all need a capital; "May", "April Roe" and wire text a word before them."""
    name = match["month"]
    if name[0].islower():
        return False
    if any(group(match, name) for name in ("which", "edge", "edge_of")):
        return True
    forename = name in {"April", "June"} and context.text[context.end : context.end + 2].strip().istitle()
    doubtful = forename or name.lower() in {"may", "march", "august"} or name.isupper()
    return not doubtful or cue("month").search(context.before()) is not None


def _month_year(number: int, which: str | None, context: Context) -> int:
    anchor = context.anchor or date.min
    step = STEPS.get(which or "")
    if step == -1:
        return anchor.year - (number >= anchor.month)
    if step == 1:
        return anchor.year + (number <= anchor.month)
    if step == 0:
        return anchor.year
    if start := context.range_start(Grain.MONTH):
        return start.year + (number < start.month)
    direction = context.direction
    if direction is Direction.PAST and cue("until").search(context.before()):
        direction = Direction.UNKNOWN
    ahead = (number - anchor.month) % 12
    # Of one eleven months back news says "last", and of one eleven months ahead "next".
    near = ahead == 1 or (direction is Direction.UNKNOWN and 0 < ahead <= 3)
    if near or (direction is Direction.FUTURE and ahead < 11):
        return anchor.year + (number < anchor.month)
    return anchor.year - (number > anchor.month)


def year(match: Match, context: Context) -> Reading | None:
    """Read a year in digits or words."""
    words = group(match, "year") or ""
    number = full_year(words, context.anchor) if words[0] in "'’" else year_number(words)
    return dated(period(Grain.YEAR, date(number, 1, 1)))


def before_christ(match: Match, context: Context) -> Reading | None:
    """Read "146 B.C."; no day of such a year can be told."""
    return undated(f"BC{int(match['year']):04}")


def decade(match: Match, context: Context) -> Reading | None:
    """Read "the 1990s", "the '80s", "the nineties"."""
    if word := group(match, "decade_word"):
        return dated(period(Grain.DECADE, date(full_year(f"{DECADES[word]}0", context.anchor), 1, 1)))
    digits = (group(match, "decade") or "").lstrip("'’")
    if len(digits) == 2 and cue("temperature").search(context.before()):
        return None  # "highs in the 80s"
    start = int(digits) if len(digits) == 4 else full_year(digits, context.anchor)
    return dated(period(Grain.DECADE, date(start, 1, 1)))


def century(match: Match, context: Context) -> Reading | None:
    """Read "the 21st century"."""
    word = (group(match, "century") or "").replace(" ", "-")
    number = CENTURIES.get(word) or int(re.sub(r"\D", "", word))
    return dated(period(Grain.CENTURY, date(100 * (number - 1) + 50, 1, 1)))


def quarter_of(match: Match, context: Context) -> Reading | None:
    """Read a quarter or half of a year: of the year given, else the latest that has begun, or the next."""
    number = int(match["q"]) if group(match, "q") else ORDINALS.get(match["ordinal"].lower(), 4)  # the last
    halves = group(match, "unit") == "half"
    if halves and number > 2:
        number = 2  # "the final half"
    of = half if halves else quarter
    anchor = context.anchor
    if given := given_year(match, context):
        return dated(of(given[0], number), given[1])
    if anchor is None:
        return undated(f"XXXX-{'H' if halves else 'Q'}{number}")
    found = of(anchor.year, number)
    if found.first > anchor and context.direction is not Direction.FUTURE:
        found = of(anchor.year - 1, number)
    return dated(found, anchor)


def _digits(year: int) -> str:
    """Return the four digits of ``year``. Raises ValueError outside the years 1 to 9999."""
    return date(year, 1, 1).isoformat()[:4]


def season(match: Match, context: Context) -> Reading | None:
    """Read a season. It covers no days that are the same on both hemispheres, so none are given."""
    code = SEASONS[group(match, "season") or ""]
    if given := given_year(match, context):
        return Reading("DATE", f"{_digits(given[0])}-{code}", anchor=given[1])
    anchor = context.anchor
    if anchor is None:
        return undated(f"XXXX-{code}")
    return Reading("DATE", f"{_digits(_season_year(code, group(match, 'which'), context))}-{code}", anchor=anchor)


_SEASON_MONTH: Final = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
"""First month of a season on the northern hemisphere; tells only which of two is the nearer, never what it covers."""


def _season_year(code: str, which: str | None, context: Context) -> int:
    anchor = context.anchor or date.min
    start = _SEASON_MONTH[code]
    # A winter is named after the year that it begins in.
    this = anchor.year - 1 if code == "WI" and anchor.month < 3 else anchor.year
    if which == "last":
        return anchor.year if anchor.month >= start + 3 else anchor.year - 1
    if which == "next":
        return anchor.year + (anchor.month >= start)
    begun = anchor.month >= start or this < anchor.year
    if which in {"this", "this past", "this coming"} or context.direction is Direction.FUTURE or begun:
        return this
    return anchor.year - 1


def fiscal(match: Match, context: Context) -> Reading | None:
    """Read a fiscal year: it carries the number of its year, and its days differ from firm to firm."""
    digits = group(match, "year")
    if digits is None and cue("ending").match(context.after()):
        return Reading("DURATION", "P1Y")
    if digits is not None:
        return undated(_digits(year_number(digits) if len(digits) == 4 else full_year(digits, context.anchor)))
    if context.anchor is None:
        return undated(UNKNOWN[Grain.YEAR])
    step = STEPS.get(group(match, "which") or "", 0)
    return Reading("DATE", _digits(context.anchor.year + step), anchor=context.anchor)


def year_end(match: Match, context: Context) -> Reading | None:
    """Read "year-end", by tense."""
    if context.anchor is None:
        return undated(UNKNOWN[Grain.YEAR])
    past = context.direction is Direction.PAST and cue("since").search(context.before())
    return dated(period(Grain.YEAR, shift(context.anchor, Grain.YEAR, -1 if past else 0)), context.anchor)
