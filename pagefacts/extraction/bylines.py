"""Where an HTML page shows its byline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_AUTHOR_PAGES: Final = ("/author", "/staff/", "/profile", "/journalist", "/contributor")
"""Parts of the addresses of pages about a writer."""
_BY = re.compile(r"(?:(?:article|story|words|text|written|posted|reported)\s)?by\b", re.IGNORECASE)
_SHOWN: Final = ("p", "span", "div", "li", "address", "a", "h2", "h3", "h4", "h5", "h6", "strong", "em")
_FEW: Final = 6
"""Children that the element of a byline may have."""
_LONGEST: Final = 120
"""Characters of a byline."""
_MOST: Final = 50
"""Elements of one kind that are looked at; an article has few bylines, and they come first."""
_NEAR: Final = 10
"""Ancestors that are looked at."""


def marked_bylines(tree: HtmlElement) -> Iterator[str]:
    """Yield the short texts that the page marks as its author, the surest marks first; not those of comments."""
    for elements in (
        tree.iterfind(".//*[@rel='author']"),
        tree.iterfind(".//*[@itemprop='author']"),
        (link for link in tree.iterfind(".//a[@href]") if any(part in link.get("href", "") for part in _AUTHOR_PAGES)),
        (element for element in _of_class(tree, "name") if any(map(_is_byline, _ancestors(element)))),
        (element for element in _of_class(tree, "byline", "author")),
    ):
        yield from short_texts(element for element in islice(elements, _MOST) if not _in_comments(element))


def spoken_bylines(tree: HtmlElement) -> Iterator[str]:
    """Yield the short texts that begin with "by" or "written by"."""
    return islice((text for text in short_texts(tree.iter(*_SHOWN)) if _BY.match(text)), _MOST)


def short_texts(elements: Iterable[HtmlElement]) -> Iterator[str]:
    """Yield the text of each element that holds little of it."""
    for element in elements:
        if len(element) > _FEW:
            continue
        text = " ".join(" ".join(islice(element.itertext(), 2 * _FEW)).split())
        if 0 < len(text) <= _LONGEST:
            yield text


def _of_class(tree: HtmlElement, *words: str) -> Iterator[HtmlElement]:
    return (element for element in tree.iterfind(".//*[@class]") if _has_class(element, *words))


def _has_class(element: HtmlElement, *words: str) -> bool:
    names = (element.get("class") or "").lower()
    return any(word in names for word in words)


def _is_byline(element: HtmlElement) -> bool:
    return _has_class(element, "byline", "author")


def _ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    return islice(element.iterancestors(), _NEAR)


def _in_comments(element: HtmlElement) -> bool:
    return any(
        above.tag == "form" or _has_class(above, "comment") or "comment" in (above.get("id") or "").lower()
        for above in _ancestors(element)
    )
