"""The days that holidays fall on; which holiday by what rule is in the table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from pagefacts.facts.dates.table import TABLE
from pagefacts.facts.dates.words import WEEKDAYS

_HOLIDAYS: Final[dict[str, dict[str, Any]]] = TABLE["holidays"]


def holiday_in(year: int, name: str) -> date:
    """Return the day of the holiday ``name``, in lower case, in ``year``."""
    rule = _HOLIDAYS[name]
    if "easter" in rule:
        return easter(year) + timedelta(days=rule["easter"])
    if "nth" in rule:
        first = date(year, rule["month"], 1)
        weekday = (WEEKDAYS[rule["weekday"]] - first.isoweekday()) % 7
        return first + timedelta(days=weekday + 7 * (rule["nth"] - 1) + rule.get("plus", 0))
    return date(year, rule["month"], rule["day"])


def easter(year: int) -> date:
    """Return Easter Sunday of the Western churches in ``year`` (the Anonymous Gregorian algorithm)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)
