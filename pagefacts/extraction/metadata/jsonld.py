"""What a page says about its article in JSON-LD (schema.org)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

_ARTICLE: Final = ("article", "posting", "report", "review")
"""Endings of the schema.org types that are articles: NewsArticle, LiveBlogPosting, Report, …"""
_CLAIM: Final = "claimreview"
"""What fact checks state beside their article, or instead of it."""
_ASIDE: Final = frozenset(
    (
        "itemListElement comment citation mentions isRelatedTo isBasedOn relatedLink subjectOf suggestedAnswer "
        "acceptedAnswer about hasPart liveBlogUpdate review reviews publisher author creator isPartOf blogPost"
    ).split()
)
"""Properties whose values are other things than the page's article, or parts of it."""
_SAME: Final = ("url", "mainEntityOfPage", "@id")
_MAX_NODES: Final = 20_000
_MOST_AUTHORS: Final = 50
_WRAPPING = re.compile(r"^\s*(?:<!\[CDATA\[|//\s*<!\[CDATA\[|<!--)|(?://\s*)?(?:\]\]>|-->)\s*$")
# A field's string in JSON that does not parse: a bounded value, so that an unterminated one ends the search.
_FIELD = re.compile(r'"(datePublished|dateModified|headline)"\s*:\s*"((?:[^"\\]|\\.){1,500})"')
_COMMA = re.compile(r",(?=\s{0,200}[}\]])")
_DECODER: Final = json.JSONDecoder(strict=False)
_NOT_FREE: Final = frozenset({"false", "no", "0"})
_FREE: Final = frozenset({"true", "yes", "1"})

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Author:
    """Who is named as an author."""

    name: str
    is_person: bool | None = None
    """By the type that the page gives; None where it gives neither a person's nor an organisation's."""


@dataclass(frozen=True, slots=True)
class Statements:
    """An article's fields as JSON-LD states them, unchecked."""

    headline: str | None = None
    published: str | None = None
    created: str | None = None
    modified: str | None = None
    authors: tuple[Author, ...] = ()
    site: str | None = None
    description: str | None = None
    language: str | None = None
    body: str | None = None
    urls: tuple[str, ...] = ()
    """Addresses that it gives to the article."""
    is_free: bool | None = None
    """Whether everybody may read all of it."""


def read(scripts: Iterable[str], url: str | None = None) -> Statements:
    """Return what the page's JSON-LD ``scripts`` state; broken JSON yields what can be told safely.

    Of several articles that of the page's ``url`` is taken, else the first that is dated and not part of a list.
    """
    main: list[Node] = []
    aside: list[Node] = []
    loose: dict[str, str] = {}
    for script in scripts:
        plain = _WRAPPING.sub("", script).strip()
        try:
            for node, is_aside in _nodes(_parsed(plain)):
                (aside if is_aside else main).append(node)
        except (ValueError, RecursionError):
            loose = {name: _unescaped(value) for name, value in _FIELD.findall(plain)} | loose
    nodes = main + aside
    article = _article(main, url) or _article(aside, url)
    page = next((node for node in main if "webpage" in _types(node)), {})
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    return Statements(
        headline=_text(article.get("headline")) or _text(article.get("name")) or loose.get("headline"),
        published=_first_text(article, page, name="datePublished") or loose.get("datePublished"),
        created=_text(article.get("dateCreated")),
        modified=_first_text(article, page, name="dateModified") or loose.get("dateModified"),
        authors=tuple(
            islice(
                _authors(article.get("author") or article.get("creator") or page.get("author"), known), _MOST_AUTHORS
            )
        ),
        site=next((author.name for author in _authors(article.get("publisher"), known)), None) or _site(nodes),
        description=_text(article.get("description")),
        language=_text(article.get("inLanguage")),
        body=_text(article.get("articleBody")),
        urls=tuple(dict.fromkeys(_urls(article))),
        is_free=_is_free(article, page),
    )


def _parsed(text: str) -> Any:
    """Return the first value in ``text``, as it is or rid of what often breaks it: references, commas before an end.

    Raises `ValueError` and `RecursionError` as `json.loads` does.
    """
    try:
        return _DECODER.raw_decode(text)[0]
    except ValueError:
        plain = html.unescape(text) if "&quot;" in text and '"' not in text else text
        return _DECODER.raw_decode(_COMMA.sub("", plain).lstrip())[0]


def _nodes(value: Any) -> Iterator[tuple[Node, bool]]:
    """Yield the objects in ``value``, outer before inner, in the order of the page, and whether they stand aside."""
    pending, seen = [(value, False)], 0
    while pending and seen < _MAX_NODES:
        item, aside = pending.pop()
        seen += 1
        if isinstance(item, dict):
            yield item, aside
            parts = [(part, aside or name in _ASIDE) for name, part in item.items() if isinstance(part, dict | list)]
            pending.extend(reversed(parts))
        elif isinstance(item, list):
            pending.extend((part, aside) for part in reversed(item))


def _types(node: Node) -> set[str]:
    types = node.get("@type")
    kinds = [kind for kind in (types if isinstance(types, list) else [types]) if isinstance(kind, str)]
    return {re.split(r"[/:#]", kind)[-1].lower() for kind in kinds}


def _article(nodes: list[Node], url: str | None) -> Node:
    """Return the article among ``nodes``, rather than a fact check's review of a claim; a dated one; the page's own."""
    own = _address(url or "")

    def rank(node: Node) -> tuple[bool, bool, bool]:
        return _CLAIM in _types(node), "datePublished" not in node, own not in map(_address, _urls(node))

    return min((node for node in nodes if any(kind.endswith(_ARTICLE) for kind in _types(node))), key=rank, default={})


def _address(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|[#?].*|/+$", "", url, flags=re.DOTALL)


def _urls(node: Node) -> Iterator[str]:
    for name in _SAME:
        value = node.get(name)
        text = _text(value.get("@id") or value.get("url") if isinstance(value, dict) else value)
        if text is not None and "#" not in text:
            yield text


def _first_text(*nodes: Node, name: str) -> str | None:
    return next((text for node in nodes if (text := _text(node.get(name))) is not None), None)


def _authors(value: Any, known: Mapping[str, Node]) -> Iterator[Author]:
    for item in value if isinstance(value, list) else [value]:
        entry = item
        if isinstance(item, dict) and "name" not in item and "@id" in item:
            entry = known.get(str(item["@id"]), item)
        is_node = isinstance(entry, dict)
        name = entry.get("name") or _full_name(entry) if is_node else entry
        for text in name if isinstance(name, list) else [name]:
            if (plain := _text(text)) is not None and not plain.startswith(("http:", "https:")):
                yield Author(plain, _is_person(_types(entry)) if is_node else None)


def _full_name(node: Node) -> str | None:
    parts = (_text(node.get("givenName")), _text(node.get("familyName")))
    return " ".join(part for part in parts if part) or None


def _is_person(types: set[str]) -> bool | None:
    if "person" in types:
        return True
    return False if any(kind.endswith(("organization", "website", "corporation")) for kind in types) else None


def _site(nodes: list[Node]) -> str | None:
    kinds = {"website", "newsmediaorganization"}
    return next(
        (name for node in nodes if _types(node) & kinds and (name := _text(node.get("name"))) is not None), None
    )


def _is_free(*nodes: Node) -> bool | None:
    """Return the first statement on access; an article of which a part is not free is not.

    The parts are those of schema.org ``hasPart``, which Google's guide "Subscription and paywalled content" asks for.
    """
    for node in nodes:
        parts = node.get("hasPart")
        parts = parts if isinstance(parts, list) else [parts]
        stated = [truth(part.get("isAccessibleForFree")) for part in (node, *parts) if isinstance(part, dict)]
        if False in stated:
            return False
        if True in stated:
            return True
    return None


def truth(value: Any) -> bool | None:
    """Return what ``value`` means: true, "True", "https://schema.org/False", "yes", 0; None for anything else."""
    word = str(value).strip().rpartition("/")[2].lower()
    if word in _NOT_FREE:
        return False
    return True if word in _FREE else None


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("@value")
    if not isinstance(value, str) or not value.strip():
        return None
    return html.unescape(value).strip()


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value
