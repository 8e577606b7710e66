"""Countries and nationalities by their English names."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pagefacts.tables import rows
from pagefacts.tagging.spelling import folded

_ISO: Final = re.compile(r"([A-Z]{2})(?:-\w+)?")
"""ISO 3166-1 alpha-2, or 3166-2, which begins with it."""


def country_named(key: str) -> str | None:
    """Return the country called ``key``, a folded name, as ISO 3166-1 alpha-2; None where no country is."""
    return _countries().get(key)


def people_of(key: str) -> str | None:
    """Return whose people or adjective ``key``, a folded name, is ("syrian", "britons"), as in ``demonyms.tsv``."""
    known = _demonyms()
    return known.get(key) or known.get(key.removesuffix("s"))


def nationality(key: str) -> str | None:
    """Return the one country that the words of ``key`` are of, as ISO 3166-1 alpha-2: "syrian", "iraqi kurds".

    None for peoples of several countries or none ("european", "kurds"), and where the words name two ("turkish
    cypriots").
    """
    found = {_country(people) for word in (key, *key.split()) if (people := people_of(word))} - {None}
    whole = _country(people_of(key))
    return whole or (found.pop() if len(found) == 1 else None)


def _country(place: str | None) -> str | None:
    match = _ISO.fullmatch(place or "")
    return match[1] if match else None


@cache
def _countries() -> dict[str, str]:
    return {folded(name): code for code, names in rows("countries.tsv")[1:] for name in names.split(";")}


@cache
def _demonyms() -> dict[str, str]:
    return {folded(word): place for word, place in rows("demonyms.tsv")[1:]}
