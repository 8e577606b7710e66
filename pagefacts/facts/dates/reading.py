"""What a temporal expression means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from pagefacts.facts.dates.periods import Period

Kind = Literal["DATE", "TIME", "DURATION", "SET"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One expression's TIMEX3 type and value, with the days it covers where the words tell."""

    kind: Kind
    value: str
    first: date | None = None
    last: date | None = None
    anchor: date | None = None
    """The day it was resolved against."""
    period: Period | None = None
    """The calendar period that it names, for later expressions to refer to."""


def dated(period: Period, anchor: date | None = None) -> Reading:
    """Return the reading of an expression that names ``period``."""
    return Reading("DATE", period.value, period.first, period.last, anchor, period)


def undated(value: str) -> Reading:
    """Return the reading of an expression of which only ``value`` is known."""
    return Reading("DATE", value)
