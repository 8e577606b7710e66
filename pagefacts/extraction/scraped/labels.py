"""The head that readers and clippers write above a page: its title, authors and date behind labels.

Known are front matter as of static sites (YAML between two lines of dashes) and lines such as "Title: …" and "URL
Source: …" (Jina Reader). They are written anew as pages show them, for the rest of the package to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_SHOWN: Final = {
    "title": "{}",
    **dict.fromkeys(("author", "authors", "byline", "creator"), "By {}"),
    **dict.fromkeys(
        ("date", "published", "published time", "publish date", "publish_date", "published_at", "pubdate"),
        "Published {}",
    ),
}
_DROPPED: Final = frozenset(
    ("url", "url source", "source", "source_url", "link", "site", "sitename", "description", "language", "warning")
)
_CONTENT: Final = frozenset(("markdown content", "content", "text"))
"""Labels after which the page begins."""
_MOST: Final = 60
"""Lines of a head."""
_LINE = re.compile(r"([A-Za-z][A-Za-z _-]{0,30}):(?:\s+(.*))?")
_FENCE: Final = "---"
_QUOTES: Final = "\"'[] "


def unlabelled(page: str) -> str:
    """Return a page whose head, if it is behind labels, stands there as a page shows it; others as they are."""
    lines = page.lstrip("\ufeff\n\r\t ").split("\n", _MOST)
    head = _fenced(lines) if lines[0].strip() == _FENCE else _open(lines)
    if not head:
        return page
    shown = (_SHOWN[label].format(value) for label, value in _fields(lines[:head]) if label in _SHOWN and value)
    return "\n\n".join([*shown, "\n".join(lines[head:])])


def _fenced(lines: list[str]) -> int:
    """Return the number of lines of front matter, which states a title; 0 for none."""
    end = next((n for n, line in enumerate(lines[1:_MOST], 1) if line.strip() == _FENCE), 0)
    return end + 1 if any(label == "title" for label, _ in _fields(lines[:end])) else 0


def _open(lines: list[str]) -> int:
    """Return the number of lines of a head that begins with a title and ends where the labels end; 0 for none."""
    labels: list[str] = []
    for n, line in enumerate(lines[:_MOST]):
        stated = _LINE.fullmatch(line.strip())
        label = stated[1].lower() if stated else ""
        if stated and label in _CONTENT and not stated[2] and labels[:1] == ["title"]:
            return n + 1
        if label in _SHOWN or label in _DROPPED:
            labels.append(label)
        elif line.strip():
            return n if labels[:1] == ["title"] and len(labels) > 1 else 0
    return 0


def _fields(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield labels and values; the items of a list below its label are one value."""
    label, values = "", list[str]()
    for line in lines:
        stated = _LINE.fullmatch(line.strip())
        if stated:
            yield label, ", ".join(values)
            label, values = stated[1].lower(), [stated[2].strip(_QUOTES)] if stated[2] else []
        elif line.strip().startswith("- "):
            values.append(line.strip(_QUOTES + "-"))
    yield label, ", ".join(values)
