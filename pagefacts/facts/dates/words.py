"""The temporal words of English and what they stand for in TIMEX3, from the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pagefacts.facts.dates.periods import Grain
from pagefacts.facts.dates.table import TABLE


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of length, as parts of an ISO 8601 duration; TimeML adds Q for quarters."""

    plural: str
    designator: str
    prefix: str = "P"
    multiple: int = 1
    """How many of its designator one is: a decade is 10 of Y."""
    vague: str | None = None
    """Designator of ISO 24617-1 where none are counted: "decades" is PXE."""
    and_half: str = ""
    """What "and a half" adds to a value."""
    fractions: dict[str, str] = field(default_factory=dict)
    """Values of parts of one: of a half, a quarter."""


_WORDS: Final[dict[str, dict[str, int]]] = TABLE["words"]
_CODES: Final[dict[str, dict[str, str]]] = TABLE["words"]

MONTHS: Final = {**_WORDS["months"], **_WORDS["short_months"]}
WEEKDAYS: Final = {**_WORDS["weekdays"], **_WORDS["short_weekdays"]}
"""Names of the weekdays to their ISO numbers, Monday 1."""
ORDINALS: Final = _WORDS["ordinals"]
CENTURIES: Final = _WORDS["centuries"]
DECADES: Final = _WORDS["decades"]
DEICTIC: Final = _WORDS["deictic"]
STEPS: Final = _WORDS["steps"]
SEASONS: Final = _CODES["seasons"]
PARTS_OF_DAY: Final = _CODES["parts_of_day"]
FREQUENCIES: Final = _CODES["frequencies"]
GRAINS: Final = {word: Grain[name.upper()] for word, name in _CODES["grains"].items()}

UNITS: Final = {name: Unit(**unit) for name, unit in TABLE["units"].items()}
UNIT_NAMES: Final = {form: name for name, unit in UNITS.items() for form in (name, unit.plural)}
"""Singular and plural forms of the units to their names."""


def words_of(name: str) -> list[str]:
    """Return the words that ``<NAME>`` stands for in patterns and triggers."""
    if name == "UNITS":
        return list(UNIT_NAMES)
    if name == "HOLIDAYS":
        return list(TABLE["holidays"])
    return list(_WORDS[name.lower()])
