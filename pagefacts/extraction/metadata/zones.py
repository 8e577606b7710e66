"""Time zone abbreviations: the offset that a page of some country means by one."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

from pagefacts.tables import rows

_ELSEWHERE: Final = "*"
# United States zones named without the season: standard offset in hours. Daylight time since 2007 runs from the
# second Sunday of March to the first of November (Energy Policy Act of 2005, section 110).
_UNITED_STATES: Final = {"ET": -5, "CT": -6, "MT": -7, "PT": -8}


def zone_offset(zone: str, day: date, country: str | None) -> str | None:
    """Return the offset from UTC, as ``+01:00``, that pages of ``country`` mean by ``zone`` on ``day``.

    None where ``zone`` is no abbreviation in ``zones.tsv``, or one whose meaning the country does not tell.
    """
    if zone in _UNITED_STATES and day.year >= 2007:
        return f"-{-_UNITED_STATES[zone] - _daylight(day):02}:00"
    meanings = _meanings().get(zone, {})
    return meanings.get(country or _ELSEWHERE) or meanings.get(_ELSEWHERE)


def zone_country(zone: str) -> str | None:
    """Return the country (ISO 3166-1 alpha-2) from which a page without another sign most likely is, or None."""
    if zone in _UNITED_STATES:
        return "US"
    meanings = _meanings().get(zone, {})
    first = next(iter(meanings), _ELSEWHERE)
    return first if first != _ELSEWHERE and _ELSEWHERE in meanings else None


def _daylight(day: date) -> bool:
    march, november = date(day.year, 3, 8), date(day.year, 11, 1)
    starts = march + timedelta(days=6 - march.weekday())
    ends = november + timedelta(days=6 - november.weekday())
    return starts <= day < ends


@cache
def _meanings() -> dict[str, dict[str, str]]:
    """Return by abbreviation and country the offset; that of "*" is for all others."""
    meanings: dict[str, dict[str, str]] = {}
    for zone, offset, countries in rows("zones.tsv"):
        meanings.setdefault(zone, {}).update(dict.fromkeys(countries.split(), offset))
    return meanings
