"""When an HTML page says that it was published: in markup, near its headline, and as htmldate guesses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple

import htmldate
from lxml import etree

from pagefacts.extraction.bylines import short_texts
from pagefacts.extraction.dating import Candidate, Kind
from pagefacts.extraction.published import from_iso, from_markup, is_update, says_update

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pagefacts.extraction.jsonld import Statements
    from pagefacts.locales import Locale


class _Statement(NamedTuple):
    """Words in which a date may stand."""

    source: str
    text: str | None
    kind: Kind = Kind.PUBLICATION


_PUBLISHED: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.date", "dc.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "published_time", "publication_date", "citation_publication_date",
    "originalpublicationdate", "displaydate", "ptime", "cxenseparse:recs:publishtime", "article.published", "date",
    "article:post_date", "article_date_original",
)  # fmt: skip
_CREATED: Final = ("datecreated", "dcterms.created", "dc.date.created")
_NEAR: Final = 60
"""Elements after the headline among which a date is looked for; a quarter of that before it."""
_FEW: Final = 12
"""Texts that are read in one element."""
_MICRODATA: Final = ".//*[@itemprop='datePublished' or @itemprop='datepublished']"
_TIMES: Final = (
    ".//time[@pubdate]",
    ".//time[contains(@class, 'publish') or contains(@class, 'entry-date') or contains(@class, 'post-date')]",
)


def stated_dates(
    tree: HtmlElement, metas: Mapping[str, str], stated: Statements, title: str | None, locale: Locale
) -> tuple[Candidate, ...]:
    """Return the first date of each source in a page, the surest source first.

    The sources are its JSON-LD as ``stated``, its ``metas`` by name, its microdata and times, and what stands near the
    headline ``title``.
    """
    statements = chain(
        [_Statement("json-ld", stated.published)],
        (_Statement(f"meta:{name}", metas[name]) for name in _PUBLISHED if name in metas),
        (_Statement("microdata", text) for element in tree.xpath(_MICRODATA) for text in _texts(element)),
        (
            _visible("time", element, text)
            for path in _TIMES
            for element in tree.xpath(path)
            for text in _texts(element)
        ),
        _near_headline(tree, title),
        [_Statement("json-ld:dateCreated", stated.created, Kind.CHANGE)],
        (_Statement(f"meta:{name}", metas[name], Kind.CHANGE) for name in _CREATED if name in metas),
        [_Statement("json-ld:dateModified", stated.modified, Kind.CHANGE)],
    )
    candidates: dict[str, Candidate] = {}
    for source, text, kind in statements:
        if not text or source in candidates or (found := from_markup(text, locale)) is None:
            continue
        # A page may call an update one in one place only.
        known = candidates.get(_of_update(source))
        if known is None or not known.published.value.startswith(found.value):
            candidates[source] = Candidate(source, found, kind)
    return tuple(candidates.values())


def guessed_dates(tree: HtmlElement, url: str | None, latest: str) -> tuple[Candidate, ...]:
    """Return htmldate's guess, if any; it gives the first day of a month or year of which it knows no more."""
    guess = htmldate.find_date(tree, original_date=True, url=url, max_date=latest) or ""
    found = from_iso(guess.removesuffix("-01").removesuffix("-01"))
    return () if found is None else (Candidate("htmldate", found, Kind.GUESS),)


def _texts(element: HtmlElement) -> Iterator[str]:
    yield from (text for text in (element.get("datetime"), element.get("content"), _start(element)) if text)


def _start(element: HtmlElement) -> str:
    """Return the first texts in an element: all of a date or headline, little of an element that was never closed."""
    return " ".join(islice(element.itertext(), _FEW))


def _near_headline(tree: HtmlElement, title: str | None) -> Iterator[_Statement]:
    """Yield the times and short texts just below the headline; then those just above it, where mastheads say today."""
    elements = list(tree.iter(etree.Element))
    words = set((title or "").lower().split())
    headings = [n for n, element in enumerate(elements) if element.tag == "h1"]
    place = max(headings, key=lambda n: len(words.intersection(_start(elements[n]).lower().split())), default=None)
    if place is None:
        return
    below, above = elements[place : place + _NEAR], elements[max(0, place - _NEAR // 4) : place][::-1]
    for element in (*filter(_dated, below), *below):
        yield from (_visible("byline", element, text) for text in _short(element))
    for element in (*filter(_dated, above), *above):
        yield from (_visible("byline:above", element, text, Kind.GUESS) for text in _short(element))


def _short(element: HtmlElement) -> Iterator[str]:
    return (text for text in (element.get("datetime"), *short_texts([element])) if text and len(text) <= 80)


def _dated(element: HtmlElement) -> bool:
    """Return whether the element is marked as a date."""
    return element.tag == "time" or any(
        word in (element.get("class") or "").lower() for word in ("date", "time", "publish")
    )


def _visible(source: str, element: HtmlElement, text: str, kind: Kind = Kind.PUBLICATION) -> _Statement:
    if is_update(text) or _marks_update(element):
        return _Statement(_of_update(source), text, Kind.CHANGE)
    return _Statement(source, text, kind)


def _of_update(source: str) -> str:
    return f"{source.partition(':')[0]}:updated"


def _marks_update(element: HtmlElement) -> bool:
    """Return whether the page calls it an update: by its class or that of the element around it, or just before it."""
    around, before = element.getparent(), element.getprevious()
    names = " ".join(each.get("class") or "" for each in (element, around) if each is not None).lower()
    if any(word in names for word in ("updat", "modif")) and "publish" not in names:
        return True
    if before is not None:
        return says_update(before.tail if (before.tail or "").strip() else before.text)
    return around is not None and says_update(around.text)
