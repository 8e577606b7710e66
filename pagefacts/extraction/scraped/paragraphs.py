"""The paragraphs of a page that was turned to text: its lines, or what they were before something broke them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from pagefacts.extraction.limits import check_lines

_NARROWEST: Final = 40
_WIDEST: Final = 140
"""Characters of the lines of a text that may be wrapped; pages have paragraphs that are longer."""
_EXCEPTIONS: Final = 50
"""One line in so many may be longer: an address, a table."""
_BULLET = re.compile(r"[*•·▪‣–—-]\s|\d{1,2}[.)]\s|[#>|]")
_TAIL = re.compile(r"[,;:.!?)\]’”»](?:\s|$)|[’']s\b")
"""How a line begins that goes on with what stands before it."""
_ENDED = re.compile(r"[.!?:;…|][\"'”’»)\]]*$")
_LINKING: Final = frozenset(
    "a an and as at but by for from her his in into its of on or our said says than that the their this to was were "
    "with".split()
)
"""Words with which no line ends of itself."""
_TAILS: Final = 3
"""Lines that begin like tails from which a page was broken at its links and bold words."""


def paragraphs(page: str) -> list[str]:
    """Return the page's lines that are not blank; those wrapped at a fixed width, or broken at links, are joined.

    Raises `PageTooLarge` for a page of too many lines.
    """
    lines = [line.strip() for line in page.replace("\0", "").splitlines()]
    check_lines(sum(map(bool, lines)))
    width = _width(lines)
    if width:
        return _joined(lines, lambda line, following: _is_full(line, following, width))
    filled = list(filter(None, lines))
    if sum(_TAIL.match(line) is not None for line in filled) >= _TAILS:
        return _joined(filled, _goes_on)
    return filled


def _joined(lines: Sequence[str], goes_on: Callable[[str, str], bool]) -> list[str]:
    """Return the lines, those that go on joined; a blank line parts."""
    parts: list[list[str]] = [[]]
    previous = ""
    for line in lines:
        if not (line and previous and goes_on(previous, line)):
            parts.append([])
        if line:
            parts[-1].append(line)
        previous = line
    return [" ".join(part) for part in parts if part]


def _width(lines: Sequence[str]) -> int:
    """Return the width at which a text was wrapped: full lines go on in the next, often without a capital; else 0."""
    filled = [line for line in lines if line]
    lengths = sorted(map(len, filled), reverse=True)
    width = lengths[len(lengths) // _EXCEPTIONS] if lengths else 0
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    after = [following for line, following in pairwise(lines) if following and _is_full(line, following, width)]
    return width if 5 * sum(line[0].islower() for line in after) >= len(after) > 0 else 0


def _is_full(line: str, following: str, width: int) -> bool:
    """Return whether the next word would not have stood in the line."""
    word = following.partition(" ")[0]
    return len(line) <= width < len(line) + 1 + len(word) and not _BULLET.match(following)


def _goes_on(line: str, following: str) -> bool:
    """Return whether the next line is the rest of this one's sentence."""
    if _TAIL.match(following):
        return True
    if _ENDED.search(line):
        return False
    return following[0].islower() or line.endswith(",") or line.rpartition(" ")[2] in _LINKING
