"""What readers share: the groups of a match, and years in figures and words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pagefacts.facts.dates.words import MONTHS
from pagefacts.facts.numbers import cardinal

if TYPE_CHECKING:
    from datetime import date

    from pagefacts.facts.dates.context import Context

Match = re.Match[str]

_BLANKS: Final = re.compile(r"[\s\u00a0\u202f-]+")

ANAPHORIC: Final = frozenset({"previous", "preceding", "same", "that", "that same", "following"})
"""Determiners that point from what was spoken of last, not from the day of publication."""


def group(match: Match, name: str) -> str | None:
    """Return a named group in lower case with single blanks; None where the pattern lacks it or it did not match.

    A pattern with several places for the same part numbers them: ``year``, ``year2``, ``year3``.
    """
    groups = match.groupdict()
    found = groups.get(name) or groups.get(f"{name}2") or groups.get(f"{name}3")
    return None if found is None else _BLANKS.sub(" ", found).strip().lower()


def month_number(match: Match) -> int:
    """Return the number of the month that group ``month`` names."""
    return MONTHS[match["month"].lower().rstrip(".")]


def year_number(words: str) -> int:
    """Return the year that figures or words name: "1996", "nineteen ninety-six", "two thousand and one"."""
    if words[-1].isdigit():
        return int(words[-4:])
    parts = [cardinal(part) or 0 for part in re.split(r"[\s-]+", words.strip()) if part != "and"]
    if words.startswith("two"):
        return cardinal(words) or 2000
    return 100 * parts[0] + sum(parts[1:])


def full_year(two_digits: str, anchor: date | None) -> int:
    """Complete "'90": the last such year that is no later than 20 years after publication."""
    latest = (anchor.year if anchor else 2030) + 20
    number = int(two_digits[-2:])
    return latest - (latest - number) % 100


def given_year(match: Match, context: Context) -> tuple[int, date | None] | None:
    """Return the year that the match gives, and the day that it was resolved against; None where it gives none.

    That is "1996", "'96" and "nineteen ninety-six", which stand by themselves, and "last year", which may be unknown.
    """
    words = group(match, "year")
    if words is None:
        return None
    if words.endswith("year"):
        known = context.year_of(words)
        return None if known is None else (known, context.anchor)
    return (year_number(words) if len(words) > 3 else full_year(words, context.anchor)), None
