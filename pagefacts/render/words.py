"""What is said in the same words wherever it is shown."""

from __future__ import annotations

from functools import cache
from typing import Final

from pagefacts.contracts import CasualtyFact, Effect, PageKind
from pagefacts.tables import rows

NO_ARTICLE: Final = {
    PageKind.INDEX: "a list of other pages",
    PageKind.FORUM: "a discussion",
    PageKind.PRODUCT: "something for sale",
    PageKind.ERROR: "the page says that there is none",
    PageKind.CONSENT: "a wall in front of the page",
}
"""What a page is on which names and facts were not looked for."""


def plural(number: int, noun: str) -> str:
    """Return ``1 page`` or ``1,234 pages``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def effect_words(effect: Effect) -> str:
    """Return what happened to people, so that "casualties" is not misread."""
    return "dead and wounded, given as one" if effect is Effect.CASUALTIES else effect.value


def status_words(fact: CasualtyFact) -> str:
    """Return the status with the words that made it so: ``claimed (“claimed”)``."""
    return fact.status.value + (f" (“{fact.evidence.cue}”)" if fact.evidence.cue else "")


def days(first: str | None, last: str | None) -> str:
    """Return a stretch of days: ``2024-03-11``, ``2024-03-11 to 2024-03-12``; empty where none is known."""
    return " to ".join(dict.fromkeys(day for day in (first, last) if day))


def country_name(code: str) -> str:
    """Return the English name of a country, given as ISO 3166-1 alpha-2; the code where it is not known."""
    return _countries().get(code, code)


@cache
def _countries() -> dict[str, str]:
    # The table is of words that mean a country wherever they stand, so it has no Georgia.
    return {"GE": "Georgia"} | {code: names.split(";")[0] for code, names in rows("countries.tsv")[1:]}
