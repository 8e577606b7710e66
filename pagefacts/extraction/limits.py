"""What a page may be at most, so that no page holds a worker.

The figures stand far above what news pages have (the largest of 190 pages looked at had 3,900 elements and 64
attributes on one of them) and below what makes the parser or trafilatura slow.
"""

from __future__ import annotations

import re
from typing import Final

from pagefacts.errors import PageTooLarge, UnreadablePage

MAX_CHARACTERS: Final = 10_000_000
"""Characters of a page, markup and scripts included."""
MAX_BASE64: Final = MAX_CHARACTERS * 4 * 4 // 3
"""Characters of base64: a page of `MAX_CHARACTERS` takes up to 4 bytes each, and base64 4 characters for 3 bytes."""
MAX_ELEMENTS: Final = 50_000
"""Elements without scripts and the like; trafilatura's time grows with their square (100,000 ``<br>``: 37 s)."""
MAX_LINES: Final = 50_000
"""Lines of a scraped text that are not blank."""
MAX_DEPTH: Final = 2_000
"""Levels of nesting; libxml2 silently drops what lies deeper than 2,048."""
MAX_ATTRIBUTES: Final = 1_000
"""Attributes of one element; libxml2's time grows with their square (40,000: 1.6 s)."""

# Any number of unquoted stretches and quoted values, possessively, so that no start is tried twice.
_TAG = re.compile(r"""<([a-zA-Z][^\s<>/"']*+)((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>""")
_QUOTED = re.compile(r"""(["'])(?:(?!\1).)*+\1""", re.DOTALL)
_SEPARATOR = re.compile(r"[\s=/]+")


def check_size(page: str, field: str | None = None) -> None:
    """Raise `PageTooLarge` where ``page`` has more than `MAX_CHARACTERS`; ``field`` is the job's field it came in."""
    if len(page) > MAX_CHARACTERS:
        raise PageTooLarge(f"{len(page):,} characters; the limit is {MAX_CHARACTERS:,}.", field=field)


def check_lines(lines: int) -> None:
    """Raise `PageTooLarge` where a scraped text has more than `MAX_LINES`."""
    if lines > MAX_LINES:
        raise PageTooLarge(f"{lines:,} lines; the limit is {MAX_LINES:,}.", field="text")


def check_tree(elements: int, depth: int) -> None:
    """Raise `PageTooLarge` for too many elements, `UnreadablePage` for a nesting at which the parser loses text."""
    if elements > MAX_ELEMENTS:
        raise PageTooLarge(f"{elements:,} elements; the limit is {MAX_ELEMENTS:,}.", field="html")
    if depth > MAX_DEPTH:
        raise UnreadablePage(f"Elements are nested more than {MAX_DEPTH:,} deep.", field="html")


def drop_excess_attributes(markup: str) -> str:
    """Return ``markup`` without the attributes of every tag that has more than `MAX_ATTRIBUTES` of them."""
    return _TAG.sub(_without_excess, markup)


def _without_excess(tag: re.Match[str]) -> str:
    # Each attribute takes two characters at least.
    if len(tag[2]) < 2 * MAX_ATTRIBUTES or len(_SEPARATOR.findall(_QUOTED.sub("", tag[2]))) <= MAX_ATTRIBUTES:
        return tag[0]
    return f"<{tag[1]}>"
