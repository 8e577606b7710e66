"""How the patterns of the table become regular expressions; the head of the table says how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from pagefacts.facts.dates.table import TABLE
from pagefacts.facts.dates.words import words_of
from pagefacts.facts.numbers import CARDINAL

_GAP: Final = r"(?:[\x20\t\u00a0\u202f]{1,3}|[\x20\t]?\r?\n[\x20\t]{0,16})"  # blanks, or the end of a hard-wrapped line
_GROUP: Final = re.compile(r"\(\?P<(\w+)>")
_PART: Final = re.compile(r"<([A-Z][A-Z_0-9]*)>")


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile ``pattern`` after putting its parts in, to match in any case. Raises KeyError for an unknown part."""
    return re.compile(_with_gaps(_PART.sub(lambda part: _part(part[1]), _joined(pattern))), re.IGNORECASE)


@cache
def cue(name: str) -> re.Pattern[str]:
    """Return the pattern of ``[cues]`` called ``name``."""
    return compiled(TABLE["cues"][name])


@cache
def _part(name: str) -> str:
    if name == "CARDINAL":
        return CARDINAL.replace(" ", r"\x20")
    if name.endswith("_2"):
        return _GROUP.sub(r"(?P<\g<1>2>", _part(name.removesuffix("_2")))
    found = TABLE["parts"].get(name)
    if found is None:
        return any_of(words_of(name))
    return _PART.sub(lambda part: _part(part[1]), _joined(found))


def any_of(words: Iterable[str]) -> str:
    """Return the pattern of any of ``words``, the longest first, with either kind of apostrophe."""
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})".replace("'", "['’]")


def _joined(pattern: str) -> str:
    return "".join(line.strip() for line in pattern.splitlines())


def _with_gaps(pattern: str) -> str:
    return pattern.replace("~", f"(?:-|{_GAP})").replace(" ", _GAP)
