"""The temporal words of English and what they stand for in TIMEX3."""

from __future__ import annotations

from typing import Final

from pagefacts.facts.dates.periods import Grain


def word_set(words: str) -> frozenset[str]:
    """Return the blank-separated ``words``."""
    return frozenset(words.split())


def _numbered(forms: str, start: int = 1) -> dict[str, int]:
    """Number the comma-separated groups of words in ``forms``; the words of a group share a number."""
    return {word: number for number, group in enumerate(forms.split(","), start) for word in group.split()}


MONTHS: Final = _numbered(
    "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sept sep,october oct,"
    "november nov,december dec"
)
"""Names of the months, with the abbreviations of the AP Stylebook and those of three letters."""

WEEKDAYS: Final = _numbered(
    "monday mon,tuesday tues tue,wednesday wed,thursday thurs thu,friday fri,saturday sat,sunday sun", start=0
)
"""Names of the weekdays, Monday 0."""

ORDINALS: Final = _numbered("first 1st,second 2nd,third 3rd,fourth 4th final")
"""Ordinals of quarters and halves; "the final quarter" is the fourth."""

CENTURY_ORDINALS: Final = _numbered(
    "first,second,third,fourth,fifth,sixth,seventh,eighth,ninth,tenth,eleventh,twelfth,thirteenth,fourteenth,fifteenth,"
    "sixteenth,seventeenth,eighteenth,nineteenth,twentieth,twenty-first"
)

DECADES: Final = _numbered("twenties,thirties,forties,fifties,sixties,seventies,eighties,nineties", start=2)
"""Names of decades, the twenties 2."""

SEASONS: Final = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
"""TIMEX3 codes of the seasons."""

SEASON_MONTH: Final = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
"""First month of a season on the northern hemisphere; tells only which of two is the nearer, never what it covers."""

PARTS_OF_DAY: Final = {
    "morning": "MO",
    "afternoon": "AF",
    "evening": "EV",
    "night": "NI",
    "lunchtime": "MI",
    "dawn": "MO",
    "daybreak": "MO",
    "dusk": "EV",
}
"""TIMEX3 codes of the parts of a day."""

DESIGNATORS: Final = {
    "second": ("PT", "S", 1),
    "minute": ("PT", "M", 1),
    "hour": ("PT", "H", 1),
    "day": ("P", "D", 1),
    "night": ("P", "D", 1),
    "week": ("P", "W", 1),
    "fortnight": ("P", "W", 2),
    "month": ("P", "M", 1),
    "quarter": ("P", "Q", 1),
    "year": ("P", "Y", 1),
    "decade": ("P", "Y", 10),
    "century": ("P", "Y", 100),
    "millennium": ("P", "Y", 1000),
}
"""Unit to prefix, designator and multiple of an ISO 8601 duration, with TimeML's Q for quarters."""

VAGUE_DESIGNATORS: Final = {"decade": "E", "century": "C", "millennium": "L"}
"""ISO 24617-1 designators of long units that are not counted: "decades" is PXE."""

_PLURALS: Final = {"century": "centuries", "millennium": "millennia"}
UNITS: Final = {form: unit for unit in DESIGNATORS for form in (unit, _PLURALS.get(unit, f"{unit}s"))}
"""Forms of the units, singular and plural."""

GRAINS: Final = {
    "day": Grain.DAY,
    "night": Grain.DAY,
    "weekend": Grain.WEEKEND,
    "week": Grain.WEEK,
    "month": Grain.MONTH,
    "quarter": Grain.QUARTER,
    "year": Grain.YEAR,
    "decade": Grain.DECADE,
    "century": Grain.CENTURY,
}
"""Units that are periods of the calendar."""

FREQUENCIES: Final = {
    "hourly": "PT1H",
    "nightly": "P1D",
    "daily": "P1D",
    "weekly": "P1W",
    "fortnightly": "P2W",
    "monthly": "P1M",
    "yearly": "P1Y",
    "annually": "P1Y",
}
"""Adverbs of frequency, as SET values; not "quarterly", which in news tells a kind of report or dividend."""
