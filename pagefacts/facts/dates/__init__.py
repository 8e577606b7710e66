"""Temporal expressions of English news, as TIMEX3 (TimeML, ISO 24617-1)."""

from pagefacts.facts.dates.finder import find_dates

__all__ = ["find_dates"]
