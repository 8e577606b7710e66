"""When a figure's people were hit, as days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from pagefacts.contracts import DateFact, Published, Time

_LONGEST: Final = 7
"""Days that one event may last: a battle, a flood. What covers more is the total of a period."""
_LONG = re.compile(r"P(?!T).*(W|M|Y|E)|P\d{2,}D|PXD")
"""Durations in TIMEX3 of weeks, months, years, decades (DE) and centuries (CE), or of many days."""


@dataclass(frozen=True, slots=True)
class When:
    """The days of a figure."""

    first: str | None
    """ISO 8601; null where they are not known."""
    last: str | None
    """The last of them, in the same way."""
    stated: bool
    """Whether the text says so; else it is the day of publication."""
    words: str | None
    """The phrase, as written."""
    long: bool
    """Whether it is a period, longer than an event: the figure is a total over it."""

    @property
    def day(self) -> str | None:
        """The only day, where it is one."""
        return self.first if self.first == self.last else None


def when(time: Time | None, fact: DateFact | None, published: Published | None) -> When:
    """Return the days of a figure: those that its text states, else the day of publication."""
    words = time.text if time else None
    if fact is not None and fact.first is not None and fact.last is not None:
        return When(fact.first, fact.last, stated=True, words=words, long=_length(fact.first, fact.last) > _LONGEST)
    if fact is not None and fact.type in {"DURATION", "SET"} and _LONG.fullmatch(fact.value):
        return When(None, None, stated=True, words=words, long=True)
    day = published.value[:10] if published and len(published.value) >= len("YYYY-MM-DD") else None
    return When(day, day, stated=False, words=words, long=False)


def _length(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
