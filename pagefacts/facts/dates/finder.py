"""Find temporal expressions: rules are tried near trigger words, the leftmost and longest match wins."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from pagefacts.contracts import DateFact, Published
from pagefacts.facts.dates.context import Context, publication_day
from pagefacts.facts.dates.patterns import cue
from pagefacts.facts.dates.periods import Grain, Period
from pagefacts.facts.dates.reading import Reading
from pagefacts.facts.dates.rules import RULES, TRIGGERS, Rule

_TOKEN: Final = re.compile(r"[A-Za-z]+|\d+")
_NONE: Final = frozenset[str]()
_DIGITS: Final = frozenset({"digits", "decade"})
_SHORT_YEAR: Final = frozenset({"short_year", "decade"})
_BEFORE: Final = {":": frozenset({"colon"}), "/": frozenset({"slash"}), "s": frozenset({"decade"})}
"""Kinds of trigger that figures are before a character."""
_REACH: Final = 60
"""Longest part of an expression before or after its trigger word, in code points."""
_MEMORY: Final = 250
"""How far back "the same day" looks for its day: about the sentence before, in code points."""

_HISTORY: Final = 20
"""How many dates back "that night" looks for its day."""


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    match: re.Match[str]
    rule: Rule


def find_dates(text: str, published: Published | None) -> tuple[DateFact, ...]:
    """Return the temporal expressions of ``text`` in order, with ids d1, d2, …; their spans do not overlap.

    Relative expressions are resolved against the day of ``published``, in its own offset; where it is None or known
    only to the month, they keep what the words tell: ``XXXX-09-29``, ``XXXX-WXX-1``.
    """
    anchor = publication_day(published)
    candidates = sorted(_candidates(text), key=lambda found: (found.start, -found.end))
    facts: list[DateFact] = []
    history: deque[Period] = deque(maxlen=_HISTORY)
    reference: Period | None = None
    topic: Period | None = None
    position = 0
    for found in candidates:
        if found.start < position:
            continue
        gap = found.start - facts[-1].end if facts else 0
        if gap > _MEMORY:
            reference = None
        since = reference if facts and _ends_range(text, facts[-1], found) else None
        reading = _read(found, Context(text, found.start, found.end, anchor, reference, topic, history, since, gap))
        if reading is None:
            continue
        facts.append(_fact(len(facts) + 1, text, found, reading))
        if reading.period is not None:
            reference = reading.period
            history.append(reference)
        topic = reference if _is_topic(reference, anchor) else topic
        position = found.end
    return tuple(facts)


def _ends_range(text: str, first: DateFact, last: _Found) -> bool:
    """Whether ``first`` and ``last`` are the ends of a range: "from Monday to Friday"."""
    if first.rule.startswith("time."):
        return False  # "from 7 a.m. to 4 p.m. April 24"
    between = text[first.end : last.start]
    if between.strip().lower() == "and":
        return text[max(0, first.start - 8) : first.start].lower() == "between "
    return cue("range").fullmatch(between) is not None


def _is_topic(reference: Period | None, anchor: date | None) -> bool:
    return reference is not None and reference.grain is Grain.QUARTER and (anchor is None or reference.last < anchor)


def _candidates(text: str) -> Iterator[_Found]:
    for start, end, kinds in _windows(text):
        for rule in RULES:
            if rule.needs.isdisjoint(kinds):
                continue
            for match in rule.pattern.finditer(text, start, end):
                inner = match.span("x") if "x" in rule.pattern.groupindex else (-1, -1)
                yield _Found(*(match.span() if inner[0] < 0 else inner), match, rule)


def _windows(text: str) -> Iterator[tuple[int, int, set[str]]]:
    """Yield the stretches of ``text`` around its trigger words, each with the kinds of trigger in it."""
    start, end, kinds = 0, -1, set[str]()
    for token in _TOKEN.finditer(text):
        found = _kinds(token, text)
        if not found:
            continue
        left, right = token.start() - _REACH, token.end() + _REACH
        if left > end and kinds:
            yield start, end, kinds
            kinds = set()
        if not kinds:
            start = max(0, left, end)
        kinds |= found
        end = min(len(text), right)
    if kinds:
        yield start, end, kinds


def _kinds(token: re.Match[str], text: str) -> frozenset[str]:
    word = token[0]
    if not word[0].isdigit():
        return TRIGGERS.get(word.lower(), _NONE)
    if len(word) == 4:
        return _DIGITS
    if len(word) == 2 and text[token.start() - 1 : token.start()] in {"'", "’"}:
        return _SHORT_YEAR
    return _BEFORE.get(text[token.end() : token.end() + 1], _NONE)


def _read(found: _Found, context: Context) -> Reading | None:
    try:
        return found.rule.read(found.match, context)
    except (OverflowError, ValueError):
        return None  # 31 February, or the year 0


def _fact(number: int, text: str, found: _Found, reading: Reading) -> DateFact:
    return DateFact.model_validate(
        {
            "id": f"d{number}",
            "text": text[found.start : found.end],
            "start": found.start,
            "end": found.end,
            "type": reading.kind,
            "value": reading.value,
            "from": _iso(reading.first),
            "to": _iso(reading.last),
            "anchor": _iso(reading.anchor),
            "rule": found.rule.id,
        }
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
