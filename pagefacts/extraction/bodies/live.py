"""Live blogs: the dated entries that a page's JSON-LD gives (schema.org ``liveBlogUpdate``)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

_TAG = re.compile(r"<(/?)(p|div|br|li|h[1-6])?\b[^<>]{0,300}>")
_MOST: Final = 2_000
"""Entries that are read; the longest live blogs have some hundreds."""
_MOST_NODES: Final = 20_000
_HALF: Final = 0.5
_WORD = re.compile(r"\w+")


def entries(scripts: Sequence[str]) -> list[str]:
    """Return the entries in the order of the page, each its headline and its text in lines; broken JSON has none."""
    found: list[str] = []
    for script in scripts:
        if "liveBlogUpdate" not in script:
            continue
        try:
            found += islice(_entries(json.loads(script, strict=False)), _MOST - len(found))
        except (ValueError, RecursionError):
            continue
    return found


def _entries(value: Any) -> Iterator[str]:
    pending, seen = [value], 0
    while pending and seen < _MOST_NODES:
        item = pending.pop()
        seen += 1
        if isinstance(item, dict):
            updates = item.get("liveBlogUpdate")
            yield from filter(None, map(_entry, updates if isinstance(updates, list) else [updates]))
            pending.extend(reversed([part for name, part in item.items() if name != "liveBlogUpdate"]))
        elif isinstance(item, list):
            pending.extend(reversed(item))


def _entry(update: Any) -> str:
    if not isinstance(update, dict):
        return ""
    parts = [update.get(name) for name in ("headline", "articleBody")]
    lines = [line for part in parts if isinstance(part, str) for line in _lines(part)]
    return "\n".join(dict.fromkeys(lines))


def _lines(text: str) -> Iterator[str]:
    marked = _TAG.sub(lambda tag: "\n" if tag[2] else " ", html.unescape(text))
    return (line for part in marked.splitlines() if (line := " ".join(part.split())))


def with_entries(body: str, updates: Sequence[str]) -> str:
    """Return a live blog's text: its body, or where most of the ``updates`` are not in it, its introduction and them.

    Many live blogs load their entries by script: then only JSON-LD has them.
    """
    known = _runs(body)
    missing = [update for update in updates if _share(update, known) < _HALF]
    if 2 * len(missing) <= len(updates):
        return body
    told = set().union(*map(_runs, updates))
    introduction = [line for line in body.splitlines() if _share(line, told) < _HALF]
    return "\n".join([*introduction, *updates])


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return set(zip(words, words[1:], words[2:], strict=False)) or {tuple(words)}


def _share(text: str, runs: set[tuple[str, ...]]) -> float:
    own = _runs(text)
    return len(own & runs) / len(own)
