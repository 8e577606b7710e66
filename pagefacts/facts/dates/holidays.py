"""Holidays that news dates events by, where their day is the same everywhere or the name belongs to one country."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final


def easter(year: int) -> date:
    """Return Easter Sunday of the Western churches in ``year`` (the Anonymous Gregorian algorithm)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


def _nth(number: int, weekday: int, month: int) -> Callable[[int], date]:
    """Return the function that gives the ``number``-th ``weekday`` (Monday 0) of a month in a year."""

    def day_in(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))

    return day_in


HOLIDAYS: Final[dict[str, Callable[[int], date]]] = {
    "new year's day": _fixed(1, 1),
    "valentine's day": _fixed(2, 14),
    "ash wednesday": _from_easter(-46),
    "palm sunday": _from_easter(-7),
    "good friday": _from_easter(-2),
    "easter": _from_easter(0),
    "easter sunday": _from_easter(0),
    "easter monday": _from_easter(1),
    "halloween": _fixed(10, 31),
    "election day": lambda year: _nth(1, 0, 11)(year) + timedelta(days=1),  # United States
    "thanksgiving": _nth(4, 3, 11),  # United States
    "thanksgiving day": _nth(4, 3, 11),
    "black friday": lambda year: _nth(4, 3, 11)(year) + timedelta(days=1),  # the day after Thanksgiving
    "cyber monday": lambda year: _nth(4, 3, 11)(year) + timedelta(days=4),
    "christmas eve": _fixed(12, 24),
    "christmas day": _fixed(12, 25),
    "christmas": _fixed(12, 25),
    "boxing day": _fixed(12, 26),
    "new year's eve": _fixed(12, 31),
}
"""Names in lower case to the day that they fall on in a year."""
