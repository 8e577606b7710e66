"""Calendar periods and the arithmetic on them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum


class Grain(IntEnum):
    """How long a period is; ordered from fine to coarse."""

    DAY = 1
    WEEKEND = 2
    WEEK = 3
    MONTH = 4
    QUARTER = 5
    HALF = 6
    YEAR = 7
    DECADE = 8
    CENTURY = 9


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the calendar: its TIMEX3 value and the first and last day it covers."""

    value: str
    grain: Grain
    first: date
    last: date


_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.HALF: 6, Grain.YEAR: 12, Grain.DECADE: 120, Grain.CENTURY: 1200}
_DAYS = {Grain.DAY: 1, Grain.WEEKEND: 7, Grain.WEEK: 7}

UNKNOWN = {
    Grain.DAY: "XXXX-XX-XX",
    Grain.WEEKEND: "XXXX-WXX-WE",
    Grain.WEEK: "XXXX-WXX",
    Grain.MONTH: "XXXX-XX",
    Grain.QUARTER: "XXXX-QX",
    Grain.HALF: "XXXX-HX",
    Grain.YEAR: "XXXX",
    Grain.DECADE: "XXX",
    Grain.CENTURY: "XX",
}
"""TIMEX3 value of a period of which only the length is known."""


def period(grain: Grain, within: date) -> Period:
    """Return the period of length ``grain`` that ``within`` lies in.

    Weeks are those of ISO 8601 (Monday to Sunday). Decades and centuries have the truncated values of TimeML ("198",
    "19"). Raises OverflowError or ValueError where the period leaves the years 1 to 9999.
    """
    if grain in _DAYS:
        return _days(grain, within)
    length = _MONTHS[grain]
    start = (within.year * 12 + within.month - 1) // length * length
    first = _month_start(max(start, 12))
    last = _month_start(start + length) - timedelta(days=1) if start + length < 120_000 else date.max
    return Period(_value(grain, first), grain, first, last)


def shift(day: date, grain: Grain, count: int) -> date:
    """Move ``day`` by ``count`` periods; a day that its new month lacks becomes the month's last.

    Raises OverflowError or ValueError outside the years 1 to 9999.
    """
    if grain in _DAYS:
        return day + timedelta(days=count * _DAYS[grain])
    months = day.year * 12 + day.month - 1 + count * _MONTHS[grain]
    first = _month_start(months)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))


def quarter(year: int, number: int) -> Period:
    """Return quarter ``number`` (1 to 4) of ``year``."""
    return period(Grain.QUARTER, date(year, 3 * number - 2, 1))


def half(year: int, number: int) -> Period:
    """Return half ``number`` (1 or 2) of ``year``."""
    return period(Grain.HALF, date(year, 6 * number - 5, 1))


def _days(grain: Grain, within: date) -> Period:
    if grain is Grain.DAY:
        return Period(within.isoformat(), grain, within, within)
    iso = within.isocalendar()
    monday = within - timedelta(days=iso.weekday - 1)
    week = f"{iso.year:04}-W{iso.week:02}"
    if grain is Grain.WEEKEND:
        return Period(f"{week}-WE", grain, monday + timedelta(days=5), monday + timedelta(days=6))
    return Period(week, grain, monday, monday + timedelta(days=6))


def _month_start(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _value(grain: Grain, first: date) -> str:
    year = f"{first.year:04}"
    values = {
        Grain.MONTH: f"{year}-{first.month:02}",
        Grain.QUARTER: f"{year}-Q{(first.month + 2) // 3}",
        Grain.HALF: f"{year}-H{(first.month + 5) // 6}",
        Grain.YEAR: year,
        Grain.DECADE: year[:3],
        Grain.CENTURY: year[:2],
    }
    return values[grain]
