"""A long text in stretches that are tagged one after another, which bounds the memory that one page takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_LENGTH: Final = 20_000
"""Code points of a stretch at most: longer than nearly all articles."""

# Where no name goes on, the best first: a newline, a sentence's end, a blank.
_SEAMS: Final = (re.compile(r"\n"), re.compile(r"[.!?][\"”’)]?\s"), re.compile(r"\s"))


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end, in code points, of stretches that together are ``text``."""
    start = 0
    while len(text) - start > _LENGTH:
        end = _end(text, start)
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _end(text: str, start: int) -> int:
    limit = start + _LENGTH
    for seam in _SEAMS:
        ends = [match.end() for match in seam.finditer(text, start, limit)]
        if ends:
            return ends[-1]
    return limit
