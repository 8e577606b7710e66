"""What a page says about its article in JSON-LD (schema.org)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

_ARTICLE: Final = ("article", "posting", "report", "review")
"""Endings of the schema.org types that are articles: NewsArticle, BlogPosting, Report, …"""
_MAX_NODES: Final = 20_000
_WRAPPING = re.compile(r"^\s*(?:<!\[CDATA\[|//\s*<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*$")
# A field's string in JSON that does not parse: a bounded value, so that an unterminated one ends the search.
_FIELD = re.compile(r'"(datePublished|headline)"\s*:\s*"((?:[^"\\]|\\.){1,500})"')


@dataclass(frozen=True, slots=True)
class Statements:
    """An article's fields as JSON-LD states them, unchecked."""

    headline: str | None = None
    published: str | None = None
    created: str | None = None
    modified: str | None = None
    authors: tuple[str, ...] = ()
    site: str | None = None
    description: str | None = None
    language: str | None = None
    body: str | None = None


def read(scripts: Iterable[str]) -> Statements:
    """Return what the page's JSON-LD ``scripts`` state; broken JSON yields what can be told safely."""
    nodes: list[dict[str, Any]] = []
    loose: dict[str, str] = {}
    for script in scripts:
        plain = _WRAPPING.sub("", script).strip()
        try:
            nodes.extend(_nodes(json.loads(plain, strict=False)))
        except (ValueError, RecursionError):
            loose = {name: _unescaped(value) for name, value in _FIELD.findall(plain)} | loose
    article = _article(nodes)
    page = next((node for node in nodes if "webpage" in _types(node)), {})
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    return Statements(
        headline=_text(article.get("headline")) or _text(article.get("name")) or loose.get("headline"),
        published=_first_text(article, page, name="datePublished") or loose.get("datePublished"),
        created=_text(article.get("dateCreated")),
        modified=_first_text(article, page, name="dateModified"),
        authors=tuple(name for name in _names(article.get("author") or article.get("creator"), known) if name),
        site=next(_names(article.get("publisher"), known), None) or _site(nodes),
        description=_text(article.get("description")),
        language=_text(article.get("inLanguage")),
        body=_text(article.get("articleBody")),
    )


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects in ``value``, outer before inner, in the order of the page."""
    pending, seen = [value], 0
    while pending and seen < _MAX_NODES:
        item = pending.pop()
        seen += 1
        if isinstance(item, dict):
            yield item
            pending.extend(reversed([part for part in item.values() if isinstance(part, dict | list)]))
        elif isinstance(item, list):
            pending.extend(reversed(item))


def _types(node: dict[str, Any]) -> set[str]:
    types = node.get("@type")
    return {kind.lower() for kind in (types if isinstance(types, list) else [types]) if isinstance(kind, str)}


def _article(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    articles = [node for node in nodes if any(kind.endswith(_ARTICLE) for kind in _types(node))]
    dated = [node for node in articles if "datePublished" in node]
    return next(iter(dated or articles), {})


def _first_text(*nodes: dict[str, Any], name: str) -> str | None:
    return next((text for node in nodes if (text := _text(node.get(name))) is not None), None)


def _names(value: Any, known: dict[str, dict[str, Any]]) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        entry = (
            known.get(str(item["@id"]), item)
            if isinstance(item, dict) and "name" not in item and "@id" in item
            else item
        )
        name = entry.get("name") if isinstance(entry, dict) else entry
        for text in name if isinstance(name, list) else [name]:
            if (plain := _text(text)) is not None:
                yield plain


def _site(nodes: list[dict[str, Any]]) -> str | None:
    kinds = {"website", "newsmediaorganization"}
    return next(
        (name for node in nodes if _types(node) & kinds and (name := _text(node.get("name"))) is not None), None
    )


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    if not isinstance(value, str) or not value.strip():
        return None
    return html.unescape(value).strip()


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value
