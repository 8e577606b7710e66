"""Names of people in bylines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

_BY = re.compile(
    r"^\W*(?:(?:story|words?|text|written|posted|published|reported|report|reviewed|analysis|opinion|exclusive|article)\s+)?"
    r"(?:by|from)\b[:\s]*|^\W*(?:authors?|words|writer|reporter)\s*:\s*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s*[,;&\n]\s*|\s+(?:and|with|by)\s+", re.IGNORECASE)
_SECTION = re.compile(r"\s*[|/•·]\s*|\s+[–—-]\s+")
_TAIL = re.compile(
    r"\s+(?:in|at|for|from|of|on|reporting|is|was|has|updated|published|posted)\s.*", re.IGNORECASE | re.DOTALL
)
_NOISE = re.compile(r"\S+@\S+|(?<!\w)@\w+|https?://\S+|\([^()]{0,80}\)")
_NAME_WORD = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:['’.][^\W\d_]*)*")
_LONGEST_BYLINE: Final = 500
"""Characters that are read of a byline."""


def authors(byline: str) -> tuple[str, ...]:
    """Return the names in a byline such as "By Ann Lee and Omar Haddad in Beirut", without roles and places."""
    plain = _BY.sub("", _NOISE.sub(" ", " ".join(byline[:_LONGEST_BYLINE].split())))
    first, *others = _SECTION.split(plain)
    # What stands beside a byline, behind a bar or a dash, is more often a place, a date or an outlet than a name.
    parts = [*_SEPARATOR.split(first), *(part for part in others if is_personal_name(part))]
    names: list[str] = []
    for part in map(str.strip, parts):
        name = _TAIL.sub("", part).strip(" \t.,:;-–—*'\"")
        if names and _words("suffixes", part):
            names[-1] = f"{names[-1]}, {part}"
        elif _may_be_author(name) and not (names and _names_outlet(name)):
            names.append(name)
    return unique(names)


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return ``names`` in order, each once, whatever its case."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return tuple(found.values())


def is_personal_name(text: str) -> bool:
    """Return whether ``text`` has the form of a person's name: two to five words, capitalised but for particles."""
    text = text.partition(",")[0]  # what follows are suffixes
    words = text.replace("-", " ").split()
    if len(text.split()) < 2 or len(words) > 6:
        return False
    main = [word for word in words if not _words("particles", word)]
    return len(main) >= 2 and all(_NAME_WORD.fullmatch(word) for word in main)


def _may_be_author(name: str) -> bool:
    words = name.split()
    if not words or len(words) > 6 or len(name) < 3 or any(char.isdigit() for char in name):
        return False
    return not _words("roles", name)


def _names_outlet(name: str) -> bool:
    return _words("outlets", name) or (name.isupper() and " " not in name)


def _words(table: str, text: str) -> bool:
    """Return whether a word of ``text`` stands in a table of ``bylines.json``."""
    return any(word.lower().replace(".", "").strip("'’") in _tables()[table] for word in text.split())


@cache
def _tables() -> dict[str, frozenset[str]]:
    data = json.loads(files("pagefacts").joinpath("resources/en/bylines.json").read_text(encoding="utf-8"))
    return {name: frozenset(word.lower() for word in words) for name, words in data.items() if not name.startswith("_")}
