"""The rules of the table, each with the reader that says what a match of it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pagefacts.facts.dates import days, lengths, relative, spans
from pagefacts.facts.dates.context import Context
from pagefacts.facts.dates.patterns import compiled
from pagefacts.facts.dates.reading import Reading
from pagefacts.facts.dates.table import TABLE
from pagefacts.facts.dates.words import words_of

Reader = Callable[[re.Match[str], Context], Reading | None]

READERS: Final[dict[str, Reader]] = {
    "adjacent": days.adjacent,
    "before_christ": spans.before_christ,
    "century": spans.century,
    "clock": days.clock,
    "decade": spans.decade,
    "definite": relative.definite,
    "deictic": days.deictic,
    "distance": relative.distance,
    "duration": lengths.duration,
    "every": lengths.every,
    "fiscal": spans.fiscal,
    "fraction": lengths.fraction,
    "frequency": lengths.frequency,
    "future": lengths.future,
    "holiday": days.holiday,
    "long": lengths.long,
    "month": spans.month,
    "month_day": days.month_day,
    "nine_eleven": days.nine_eleven,
    "nth_day": relative.nth_day,
    "numeric": days.numeric,
    "part": days.part,
    "past": lengths.past,
    "present": lengths.present,
    "quarter_in_year": relative.quarter_in_year,
    "quarter_of": spans.quarter_of,
    "relative": relative.relative,
    "season": spans.season,
    "second": relative.second,
    "soon": lengths.soon,
    "the_quarter": relative.the_quarter,
    "week_of": days.week_of,
    "weekday": days.weekday,
    "year": spans.year,
    "year_earlier": relative.year_earlier,
    "year_end": spans.year_end,
}
"""What a rule's ``read`` may name."""


@dataclass(frozen=True)
class Rule:
    """One way of writing a date."""

    id: str
    needs: frozenset[str]
    """Kinds of trigger words of which one must be near: see `TRIGGERS`."""
    written: str
    read: Reader

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What it matches; where it has a group ``x`` that takes part, that is the expression, the rest its context."""
        return compiled(self.written)


def rule_of(entry: dict[str, Any]) -> Rule:
    """Return the rule of an entry of ``[[rules]]``. Raises ValueError where no reader has the name that it gives."""
    reader = READERS.get(entry["read"])
    if reader is None:
        raise ValueError(f"rule {entry['id']}: there is no reader {entry['read']!r}")
    return Rule(entry["id"], frozenset(entry["needs"].split()), entry["pattern"], reader)


def _forms(word: str) -> list[str]:
    """Return the words that a trigger stands for: itself, or with "<LIST>s" any word of a list and an s."""
    named = re.fullmatch(r"<(\w+)>(\w*)", word)
    return [f"{each}{named[2]}" for each in words_of(named[1])] if named else [word]


RULES: Final = tuple(rule_of(entry) for entry in TABLE["rules"])


def _triggers(words_by_kind: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, words in words_by_kind.items():
        for form in (form for word in words for form in _forms(word)):
            kinds.setdefault(form, set()).add(kind)
    return {form: frozenset(found) for form, found in kinds.items()}


TRIGGERS: Final = _triggers(TABLE["triggers"])
"""Words without one of which no rule can match, to their kinds."""
