"""The paragraphs of a page that was turned to text: its lines, or what they were before something broke them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from pagefacts.extraction.limits import check_lines
from pagefacts.extraction.scraped.lines import Line
from pagefacts.extraction.scraped.markdown import (
    BLANKS,
    MARK,
    MARKS,
    QUOTED,
    has_links,
    is_broken,
    marked,
    unmarked,
    without_marks,
)

_NARROWEST: Final = 40
_WIDEST: Final = 140
"""Characters of the lines of a text that may be wrapped; pages have paragraphs that are longer."""
_EXCEPTIONS: Final = 50
"""One line in so many may be longer: an address, a table."""
_BULLET = re.compile(r"[*•·▪‣–—-]\s|\d{1,2}[.)]\s|[#>|]")
_WORD = re.compile(rf"{QUOTED}([^{BLANKS}]*)")
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


def paragraphs(page: str) -> list[Line]:
    """Return the page's lines that are not blank; those wrapped at a fixed width, or broken at links, are joined.

    The marks of Markdown are taken out. Raises `PageTooLarge` for a page of too many lines.
    """
    page = marked(without_marks(page))
    lines = [line.strip() for line in page.splitlines()]
    check_lines(sum(map(bool, lines)))
    width = _width(lines)
    if width:
        lines = _joined(lines, lambda line, following: _is_full(line, following, width))
    if MARK in page:
        known = has_links(page)
        return [Line(text, linked if known else None) for text, linked in unmarked(lines) if text]
    lines = list(filter(None, lines))
    if not width and sum(_TAIL.match(line) is not None for line in lines) >= _TAILS:
        lines = _joined(lines, _goes_on)
    return [Line(line) for line in lines]


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
    """Return the width at which a text was wrapped: full lines go on in the next, often without a capital; else 0.

    An address that goes on in the next line shows it as well.
    """
    lengths = sorted((len(line) for line in lines if _is_of_text(line)), reverse=True)
    width = lengths[len(lengths) // _EXCEPTIONS] if lengths else 0
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    if any(is_broken(line, following) for line, following in pairwise(lines)):
        return width
    after = (following for line, following in pairwise(lines) if following and _is_full(line, following, width))
    begun = [shown[0].islower() for line in after if (shown := line.strip(MARKS))]
    return width if 5 * sum(begun) >= len(begun) > 0 else 0


def _is_full(line: str, following: str, width: int) -> bool:
    """Return whether the next word would not have stood in the line; an address may be longer than any."""
    word = _WORD.match(following)
    is_full = len(line) + 1 + len(word[1] if word else "") > width
    return is_full and (len(line) <= width or not _is_breakable(line)) and not _is_item(following)


def _is_of_text(line: str) -> bool:
    """Return whether a line would have been wrapped if it was long; addresses, lists and tables often are not."""
    is_address = (len(line) > _WIDEST and MARK in line) or not line.strip(MARKS)
    return _is_breakable(line) and not (is_address or " | " in line or _is_item(line))


def _is_item(line: str) -> bool:
    """Return whether a line is of a list, or a heading, be it in a link."""
    return _BULLET.match(line.lstrip(MARKS + " ")) is not None


def _is_breakable(line: str) -> bool:
    return any(blank in line for blank in BLANKS)


def _goes_on(line: str, following: str) -> bool:
    """Return whether the next line is the rest of this one's sentence."""
    if _TAIL.match(following):
        return True
    if _ENDED.search(line):
        return False
    return following[0].islower() or line.endswith(",") or line.rpartition(" ")[2] in _LINKING
