"""Readers of months, quarters, seasons, years and longer spans of the calendar."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from pagefacts.facts.dates.context import Context, Direction
from pagefacts.facts.dates.matches import STEPS, Match, full_year, group, month_number, year_number
from pagefacts.facts.dates.periods import UNKNOWN, Grain, half, period, quarter
from pagefacts.facts.dates.reading import Reading, dated, undated
from pagefacts.facts.dates.words import (
    CENTURY_ORDINALS,
    DECADES,
    ORDINALS,
    SEASON_MONTH,
    SEASONS,
)


def month(match: Match, context: Context) -> Reading | None:
    """Read a month, with or without its year."""
    number = month_number(match)
    year = group(match, "year")
    if year is not None and not year.endswith("year"):
        return dated(period(Grain.MONTH, date(year_number(year), number, 1)))
    if year is None and not _is_month(match, context):
        return None
    if context.anchor is None:
        return undated(f"XXXX-{number:02}")
    if year is not None:
        found = context.anchor.year + STEPS[year.removesuffix(" year")]
    else:
        found = _month_year(number, group(match, "which"), context)
    return dated(period(Grain.MONTH, date(found, number, 1)), context.anchor)


_MONTH_CUE: Final = re.compile(
    r"\b(?:the|in|of|since|until|till|by|from|to|through|between|and|during|before|after|for|on|late|early|mid)\W{1,2}$"
)


def _is_month(match: Match, context: Context) -> bool:
    """Tell "May" and "March" from the verbs and names: all need a capital, these and wire text a preposition."""
    name = match["month"]
    if name[0].islower():
        return False
    if group(match, "which") or group(match, "edge"):
        return True
    doubtful = name.lower() in {"may", "march", "august"} or name.isupper()
    return not doubtful or _MONTH_CUE.search(context.before()) is not None


def _month_year(number: int, which: str | None, context: Context) -> int:
    anchor = context.anchor or date.min
    step = STEPS.get(which or "")
    if step == -1:
        return anchor.year - (number >= anchor.month)
    if step == 1:
        return anchor.year + (number <= anchor.month)
    if step == 0:
        return anchor.year
    direction = context.direction
    if direction is Direction.PAST and re.search(r"\b(?:until|by|through)\W$", context.before()):
        direction = Direction.UNKNOWN
    if direction is Direction.FUTURE or (direction is Direction.UNKNOWN and 0 < (number - anchor.month) % 12 <= 3):
        return anchor.year + (number < anchor.month)
    return anchor.year - (number > anchor.month)


def year(match: Match, context: Context) -> Reading | None:
    """Read a year in digits or words."""
    return dated(period(Grain.YEAR, date(year_number(group(match, "year") or ""), 1, 1)))


def decade(match: Match, context: Context) -> Reading | None:
    """Read "the 1990s", "the '80s", "the nineties"."""
    if word := group(match, "decade_word"):
        return dated(period(Grain.DECADE, date(full_year(f"{DECADES[word]}0", context.anchor), 1, 1)))
    digits = match["decade"].lstrip("'’")
    start = int(digits) if len(digits) == 4 else full_year(digits, context.anchor)
    return dated(period(Grain.DECADE, date(start, 1, 1)))


def century(match: Match, context: Context) -> Reading | None:
    """Read "the 21st century"."""
    word = (group(match, "century") or "").replace(" ", "-")
    number = CENTURY_ORDINALS.get(word) or int(re.sub(r"\D", "", word))
    return dated(period(Grain.CENTURY, date(100 * (number - 1) + 50, 1, 1)))


def quarter_of(match: Match, context: Context) -> Reading | None:
    """Read a quarter or half of a year: of the year given, else the latest that has begun, or the next."""
    number = int(match["q"]) if group(match, "q") else ORDINALS.get(match["ordinal"].lower(), 4)  # the last
    halves = group(match, "unit") == "half"
    if halves and number > 2:
        number = 2  # "the final half"
    of = half if halves else quarter
    anchor = context.anchor
    given = group(match, "year")
    if given is not None and not given.endswith("year"):
        return dated(of(year_number(given), number))
    if anchor is None:
        return undated(f"XXXX-{'H' if halves else 'Q'}{number}")
    if given is not None:
        return dated(of(anchor.year + STEPS[given.split()[0]], number), anchor)
    found = of(anchor.year, number)
    if found.first > anchor and context.direction is not Direction.FUTURE:
        found = of(anchor.year - 1, number)
    return dated(found, anchor)


def season(match: Match, context: Context) -> Reading | None:
    """Read a season. It covers no days that are the same on both hemispheres, so none are given."""
    code = SEASONS[group(match, "season") or ""]
    given = group(match, "year")
    if given is not None and not given.endswith("year"):
        return undated(f"{year_number(given):04}-{code}")
    anchor = context.anchor
    if anchor is None:
        return undated(f"XXXX-{code}")
    if given is not None:
        return Reading("DATE", f"{anchor.year + STEPS[given.split()[0]]:04}-{code}", anchor=anchor)
    return Reading("DATE", f"{_season_year(code, group(match, 'which'), context):04}-{code}", anchor=anchor)


def _season_year(code: str, which: str | None, context: Context) -> int:
    anchor = context.anchor or date.min
    start = SEASON_MONTH[code]
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
    if digits is None and re.match(r"\s+end(?:ed|ing)\b", context.after()):
        return Reading("DURATION", "P1Y")
    if digits is not None:
        return undated(f"{year_number(digits) if len(digits) == 4 else full_year(digits, context.anchor):04}")
    if context.anchor is None:
        return undated(UNKNOWN[Grain.YEAR])
    step = STEPS.get(group(match, "which") or "", 0)
    return Reading("DATE", f"{context.anchor.year + step:04}", anchor=context.anchor)


def year_end(match: Match, context: Context) -> Reading | None:
    """Read "year-end": its last day, by tense."""
    anchor = context.anchor
    if anchor is None:
        return undated("XXXX-12-31")
    past = context.direction is Direction.PAST and re.search(r"\bsince\W+$", context.before())
    return dated(period(Grain.DAY, date(anchor.year - bool(past), 12, 31)), anchor)
