"""Readers of days and times of day."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from pagefacts.facts.dates.context import Context, Direction
from pagefacts.facts.dates.holidays import holiday_in
from pagefacts.facts.dates.matches import ANAPHORIC, Match, full_year, given_year, group, month_number
from pagefacts.facts.dates.patterns import cue
from pagefacts.facts.dates.periods import UNKNOWN, Grain, period, shift
from pagefacts.facts.dates.reading import Reading, dated, undated
from pagefacts.facts.dates.words import DEICTIC, GRAINS, PARTS_OF_DAY, STEPS, WEEKDAYS
from pagefacts.facts.numbers import cardinal


def numeric(match: Match, context: Context) -> Reading | None:
    """Read "2015-09-29" and "09/29/2015": month first, as in the United States, unless only day first is possible."""
    year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    if match.groupdict().get("order") == "/" and month > 12:
        month, day = day, month
    if len(match["year"]) == 2:
        year = full_year(match["year"], context.anchor)
    return _timed(dated(period(Grain.DAY, date(year, month, day))), match)


def month_day(match: Match, context: Context) -> Reading | None:
    """Read a day of a month, with or without its year."""
    month, day = month_number(match), int(re.sub(r"\D", "", match["dom"]))
    if given := given_year(match, context):
        return _timed(dated(period(Grain.DAY, date(given[0], month, day)), given[1]), match)
    date(2000, month, day)  # raises where no year has that day
    if context.anchor is None:
        return _timed(undated(f"XXXX-{month:02}-{day:02}"), match)
    start = context.range_start(Grain.DAY)
    days = _same_dates((start or context.anchor).year, month, day)
    if name := group(match, "weekday"):
        days = [each for each in days if each.isoweekday() == WEEKDAYS[name.rstrip(".")]] or days
    later = [each for each in days if start is not None and each >= start]
    found = later[0] if later else _choose(days, group(match, "which"), context)
    return _timed(dated(period(Grain.DAY, found), context.anchor), match)


def weekday(match: Match, context: Context) -> Reading | None:
    """Read a weekday: the last one up to the day of publication, or the next where the words look ahead."""
    number = WEEKDAYS[match["weekday"].lower().rstrip(".")]
    if context.anchor is None:
        return _timed(undated(f"XXXX-WXX-{number}"), match)
    which = group(match, "which") or ""
    base = _weekday_base(which, context) or context.anchor
    if week := group(match, "week"):  # "Friday last week"
        days = 7 * STEPS[week] + number - base.isoweekday()
    else:
        days = _days_to(number, which, base, context)
    return _timed(dated(period(Grain.DAY, base + timedelta(days=days)), base), match)


def _weekday_base(which: str, context: Context) -> date | None:
    """Return the day that a weekday is counted from, where that is not the day of publication."""
    if which in ANAPHORIC:
        return context.recalled(Grain.DAY)
    return None if which else _near_start(context)


def _near_start(context: Context) -> date | None:
    """Return the beginning of a range of weekdays, within a week: not that of "from Sept. 14 to Thursday"."""
    start, anchor = context.range_start(Grain.DAY), context.anchor
    return start if start is not None and anchor is not None and abs((anchor - start).days) <= 7 else None


def _days_to(number: int, which: str, base: date, context: Context) -> int:
    """Return how many days the weekday ``number`` is after ``base``."""
    back, ahead = (base.isoweekday() - number) % 7, (number - base.isoweekday()) % 7
    step = STEPS.get(which)
    if step == -1:
        return -(back or 7)
    if step == 1:
        return ahead or 7
    in_range = not which and _near_start(context) is not None
    return ahead if in_range or context.direction_of_day is Direction.FUTURE else -back


def holiday(match: Match, context: Context) -> Reading | None:
    """Read "Christmas Eve", "last Easter", "Thanksgiving 2012"; in small letters it is the custom."""
    if match["holiday"][0].islower() or (context.before(3) == " a " and "day" not in match[0].lower()):
        return None  # "a Christmas after all"
    name = (group(match, "holiday") or "").replace("’", "'")
    year = group(match, "year")
    if year is not None:
        return dated(period(Grain.DAY, holiday_in(int(year), name)))
    grain = GRAINS[group(match, "unit") or "day"]
    if context.anchor is None:
        dates = {holiday_in(each, name).strftime("XXXX-%m-%d") for each in (2001, 2002)}
        return undated(dates.pop() if len(dates) == 1 and grain is Grain.DAY else UNKNOWN[grain])
    days = [holiday_in(context.anchor.year + step, name) for step in (-1, 0, 1)]
    found = _choose(days, group(match, "which"), context)
    if grain is Grain.WEEKEND and found.isoweekday() == 1:
        found -= timedelta(days=1)  # the weekend of Labor Day ends with it
    return dated(period(grain, found), context.anchor)


def deictic(match: Match, context: Context) -> Reading | None:
    """Read "yesterday", "tonight", "this morning", "last night"."""
    word = group(match, "word") or ""
    if match[0].istitle() and cue("name").search(context.text[max(0, context.start - 24) : context.start]):
        return None  # "Russia Today"
    default = "TNI" if word in {"tonight", "overnight"} else None
    if context.anchor is None:
        return _timed(undated(UNKNOWN[Grain.DAY]), match, default)
    found = period(Grain.DAY, shift(context.anchor, Grain.DAY, DEICTIC[word]))
    return _timed(dated(found, context.anchor), match, default)


def clock(match: Match, context: Context) -> Reading | None:
    """Read a time that stands without its day: it is on the day spoken of last, or on that of publication."""
    recalled = context.recalled(Grain.DAY) if context.gap <= _SAME_SCENE else None
    day = context.spoken_of(Grain.DAY) or recalled or context.anchor
    if day is None:
        return _timed(undated(UNKNOWN[Grain.DAY]), match)
    return _timed(dated(period(Grain.DAY, day), day), match)


_SAME_SCENE: Final = 350
"""How far back a time of day looks for its day: two or three sentences, in code points."""


def adjacent(match: Match, context: Context) -> Reading | None:
    """Read "the day before", "the night before", "the year after": next to what was spoken of."""
    grain = GRAINS[group(match, "unit") or "day"]
    base = context.recalled(grain)
    if base is None:
        return _timed(undated(UNKNOWN[grain]), match)
    step = 1 if group(match, "towards") == "after" else -1
    return _timed(dated(period(grain, shift(base, grain, step)), base), match)


def nine_eleven(match: Match, context: Context) -> Reading | None:
    """Read "9/11", "the Sept. 11 attacks"."""
    return dated(period(Grain.DAY, date(2001, 9, 11)))


def part(match: Match, context: Context) -> Reading | None:
    """Read "the next morning", "that night"."""
    which = group(match, "which") or "that"
    day = context.recalled(Grain.DAY)
    if day is None:
        return _timed(undated(UNKNOWN[Grain.DAY]), match)
    return _timed(dated(period(Grain.DAY, shift(day, Grain.DAY, STEPS[which])), day), match)


def week_of(match: Match, context: Context) -> Reading | None:
    """Read "the week of March 6"."""
    day = month_day(match, context)
    if day is None or day.period is None:
        return undated(UNKNOWN[Grain.WEEK])
    return dated(period(Grain.WEEK, day.period.first), context.anchor)


def _timed(reading: Reading, match: Match, default: str | None = None) -> Reading:
    """Add the time of day that the match gives, or ``default``, to the reading of its day."""
    word = group(match, "part") or group(match, "part_of") or group(match, "part_at")
    time = _clock(match, word) or (f"T{PARTS_OF_DAY[word]}" if word else default)
    return replace(reading, kind="TIME", value=reading.value + time) if time else reading


def _clock(match: Match, part: str | None) -> str | None:
    """Return the time of day of the match; "7:30 … Wednesday evening" is 19:30."""
    if named := group(match, "named"):
        return "T24:00" if named == "midnight" else "T12:00"
    if hour := group(match, "hour"):
        full = int(hour) % 12 + 12 * (group(match, "half") == "p")
        return f"T{full:02}:{group(match, 'minute') or '00'}"
    if hour := group(match, "spoken"):
        number = int(hour) if hour.isdigit() else cardinal(hour) or 0
        return f"T{_of_24(number, group(match, 'daytime')):02}:00"
    if hour := group(match, "h24"):
        return f"T{_of_24(int(hour), part):02}:{group(match, 'm24')}"
    if hour := group(match, "h4"):
        return f"T{hour}:{group(match, 'm4')}"
    return None


def _of_24(hour: int, part: str | None) -> int:
    """Return the hour of the day: "4 in the morning", "7:30 … Wednesday evening"; that of "at nine o'clock" stays."""
    if part == "morning" or (part == "night" and hour == 12):
        return hour % 12
    late = part in {"afternoon", "evening"} or (part == "night" and hour >= 5)
    return hour + 12 if late and hour < 12 else hour


def _same_dates(year: int, month: int, day: int) -> list[date]:
    """Return a day of the year in the years around ``year``; 29 February in the leap years nearest to it."""
    within = 8 if (month, day) == (2, 29) else 1
    years = range(max(1, year - within), min(9999, year + within) + 1)
    return [date(each, month, day) for each in years if day < 29 or day <= monthrange(each, month)[1]]


def _choose(days: list[date], which: str | None, context: Context) -> date:
    """Choose among the same date of several years: as "last" or "next" says, else the nearest, but for tense.

    A date without its year is one of the twelve months around publication (AP Stylebook, "dates"). Where the words look
    ahead it is the next, unless that is far away; with a verb in the past it is ahead only as `_reach` tells.
    """
    anchor = context.anchor or date.min
    step = STEPS.get(which or "")
    before = max((day for day in days if day < anchor), default=days[0])
    after = min((day for day in days if day >= anchor), default=days[-1])
    if step == 0:
        return next((day for day in days if day.year == anchor.year), after)
    if step in {-1, 1}:
        return before if step == -1 else after
    nearest = min(days, key=lambda day: abs((day - anchor).days))
    direction = context.direction_of_day
    if direction is Direction.FUTURE:
        return after if (after - anchor).days < 270 else nearest
    if direction is Direction.PAST:
        return before if (nearest - anchor).days > _reach(context) else nearest
    return nearest


def _reach(context: Context) -> int:
    """Return how many days ahead a day may be that a verb in the past is said of.

    None right after the verb ("ended Oct. 31"), a month with a noun between ("missed the Jan. 14 deadline"), three
    where somebody said or agreed something.
    """
    if context.is_over:
        return 0
    return 90 if cue("reported").search(context.before(160)) else 30
