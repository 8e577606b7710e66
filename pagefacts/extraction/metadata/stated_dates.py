"""When an HTML page says that it was published and changed: in markup, near its headline, and as htmldate guesses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple

import htmldate

from pagefacts.contracts import Precision
from pagefacts.extraction.metadata.bylines import byline_elements
from pagefacts.extraction.metadata.dating import Candidate, Kind
from pagefacts.extraction.metadata.page import Page, Surroundings, first_elements, following, is_elsewhere, pieces
from pagefacts.extraction.metadata.published import from_age, from_clock, from_iso, from_markup, is_update, says_update

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pagefacts.locales import Locale


class _Statement(NamedTuple):
    """Words in which a date may stand."""

    source: str
    text: str | None
    kind: Kind = Kind.PUBLICATION
    element: HtmlElement | None = None
    """What shows them to readers, where it is marked as a date."""


_PUBLISHED: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dcterms.date", "dc.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "published_time", "publication_date", "citation_publication_date",
    "originalpublicationdate", "displaydate", "ptime", "cxenseparse:recs:publishtime", "article.published", "date",
    "article:post_date", "article_date_original",
)  # fmt: skip
_CREATED: Final = ("datecreated", "dcterms.created", "dc.date.created")
_MODIFIED: Final = (
    "article:modified_time", "og:article:modified_time", "og:modified_time", "og:updated_time", "article:modified",
    "article.updated", "datemodified", "dcterms.modified", "dc.date.modified", "lastmod", "last-modified",
    "lastmodified", "last_modified", "modified_time", "revised", "utime", "article:modify_date", "updated_time",
)  # fmt: skip
_NEAR: Final = 60
"""Elements after the headline among which a date is looked for; a quarter of that before it."""
_BEHIND: Final = 10
"""Elements behind a byline among which a date is looked for."""
_AGED: Final = frozenset({"time", "byline", "byline:updated", "time:updated"})
"""Sources that are shown to readers, and so may be ages."""
_FOR_MACHINES: Final = ("json-ld", "meta:")
"""Beginnings of the sources that only machines read, where the date may be the count of a clock."""
_LONGEST: Final = 80
"""Characters of what a page shows as a date."""
_FEW: Final = 6
"""Children that an element has which shows a date."""
_DIGIT = re.compile(r"\d|yesterday|today|just now", re.IGNORECASE)
_MOST: Final = 200
_TOLD: Final = 4
"""Words in small letters before a date from which it is that of an event: "was signed into law on August 14, 1935"."""
_STATED = re.compile(r"\b(?:publish|post|updat|modif|edit|creat|issue|file|print|appear|releas)", re.IGNORECASE)
_SMALL = re.compile(r"\b[a-z]+\b")

_MICRODATA: Final = first_elements("//*[@itemprop='datePublished' or @itemprop='datepublished']", _MOST)
_MICRODATA_MODIFIED: Final = first_elements("//*[@itemprop='dateModified']", _MOST)
_TIMES: Final = (
    first_elements("//time[@pubdate]", _MOST),
    first_elements(
        "//time[contains(@class, 'publish') or contains(@class, 'entry-date') or contains(@class, 'post-date')]", _MOST
    ),
)


def stated_dates(
    page: Page, near: Surroundings, locale: Locale, fetched_at: datetime | None = None
) -> tuple[Candidate, ...]:
    """Return the first date of each source in a page, the surest source first.

    The sources are its JSON-LD, meta elements, microdata and times, and what stands ``near`` its headline, or else
    just behind a byline elsewhere: there ages ("3 hours ago") too, if it is known when the page was fetched.
    """
    candidates: dict[str, Candidate] = {}
    _add(candidates, _statements(page, near), locale, fetched_at)
    if not any(each.kind is Kind.PUBLICATION for each in candidates.values()):
        _add(candidates, _behind_byline(page, near), locale, fetched_at)
    return tuple(candidates.values())


def guessed_dates(tree: HtmlElement, url: str | None, latest: str) -> tuple[Candidate, ...]:
    """Return what htmldate finds in markup that the readers here do not know, if it is a day.

    Its extensive search is left out: it takes years from copyright notices and from the paths of pictures.
    """
    guess = htmldate.find_date(tree, extensive_search=False, original_date=True, url=url, max_date=latest) or ""
    found = from_iso(guess.removesuffix("-01").removesuffix("-01"))
    if found is None or found.precision in {Precision.YEAR, Precision.MONTH}:
        return ()
    return (Candidate("htmldate", found, Kind.GUESS),)


def _add(
    candidates: dict[str, Candidate], statements: Iterable[_Statement], locale: Locale, fetched_at: datetime | None
) -> None:
    """Add to ``candidates`` the first date that each source of the ``statements`` gives."""
    for source, text, kind, element in statements:
        if not text or source in candidates:
            continue
        found = from_markup(text, locale)
        if found is None and source.startswith(_FOR_MACHINES):
            found = from_clock(text)
        if found is None and fetched_at and source in _AGED:
            found = from_age(text, fetched_at)
        if found is None:
            continue
        # A page may call an update one in one place only.
        known = candidates.get(_of_update(source))
        if known is None or not known.published.value.startswith(found.value):
            is_shown = element is not None and not _is_one_of_many(element)
            candidates[source] = Candidate(source, found, kind, is_shown)


def _statements(page: Page, near: Surroundings) -> Iterator[_Statement]:
    tree, stated = page.tree, page.stated
    return chain(
        [_Statement("json-ld", stated.published)],
        (_Statement(*found) for found in page.meta(*_PUBLISHED)),
        (_Statement("microdata", text) for element in _own(_MICRODATA(tree), near) for text in _texts(element)),
        (
            _visible("time", element, text)
            for path in _TIMES
            for element in _own(path(tree), near)
            for text in _texts(element)
        ),
        _near_headline(near),
        [_Statement("json-ld:dateCreated", stated.created, Kind.CREATION)],
        (_Statement(*found, Kind.CREATION) for found in page.meta(*_CREATED)),
        [_Statement("json-ld:dateModified", stated.modified, Kind.CHANGE)],
        (_Statement(*found, Kind.CHANGE) for found in page.meta(*_MODIFIED)),
        (
            _Statement("microdata:dateModified", text, Kind.CHANGE)
            for element in _own(_MICRODATA_MODIFIED(tree), near)
            for text in _texts(element)
        ),
    )


def _own(elements: Iterable[HtmlElement], near: Surroundings) -> Iterator[HtmlElement]:
    return (element for element in elements if not is_elsewhere(element, near))


def _texts(element: HtmlElement) -> Iterator[str]:
    yield from (text for text in (element.get("datetime"), element.get("content"), " ".join(pieces(element))) if text)


def _near_headline(near: Surroundings) -> Iterator[_Statement]:
    """Yield the times and short texts just below the headline; then those just above it, where mastheads say today."""
    yield from _shown(near.below[:_NEAR], "byline", Kind.PUBLICATION)
    yield from _shown(near.above[: _NEAR // 4], "byline:above", Kind.GUESS)


def _behind_byline(page: Page, near: Surroundings) -> Iterator[_Statement]:
    for element in byline_elements(page, near):
        yield from _shown(tuple(islice(following(element), _BEHIND)), "byline", Kind.PUBLICATION)


def _shown(elements: Sequence[HtmlElement], source: str, kind: Kind) -> Iterator[_Statement]:
    texts = [(element, text) for element in elements for text in _short(element)]
    for element, text in sorted(texts, key=lambda each: not _dated(each[0])):
        yield _visible(source, element, text, kind)


def _short(element: HtmlElement) -> Iterator[str]:
    """Yield what an element with little text states and shows: of a time element in it the machine's form first."""
    shown = " ".join(pieces(element)) if len(element) <= _FEW else ""
    times = islice(element.iter("time"), 1) if 0 < len(shown) <= _LONGEST else ()
    stated = [element.get("datetime"), *(time.get("datetime") for time in times)]
    texts = (text for text in (*stated, shown) if text and len(text) <= _LONGEST and _DIGIT.search(text))
    return (text for text in texts if text is not shown or _dated(element) or not _tells_event(text))


def _tells_event(text: str) -> bool:
    """Return whether ``text`` is a sentence in which something but a publication is dated."""
    before = text[: found.start()] if (found := _DIGIT.search(text)) else ""
    return len(_SMALL.findall(before)) >= _TOLD and _STATED.search(before) is None


def _dated(element: HtmlElement) -> bool:
    """Return whether the element is marked as a date."""
    return element.tag == "time" or any(
        word in (element.get("class") or "").lower() for word in ("date", "time", "publish")
    )


def _is_one_of_many(element: HtmlElement) -> bool:
    """Return whether a page marks other texts alike, as it does in lists of other articles."""
    alike = (each for each in element.getroottree().iter(element.tag) if each.get("class") == element.get("class"))
    return len({" ".join(pieces(each)) for each in islice(alike, _MOST)}) > 1


def _visible(source: str, element: HtmlElement, text: str, kind: Kind = Kind.PUBLICATION) -> _Statement:
    if is_update(text) or _marks_update(element):
        return _Statement(_of_update(source), text, Kind.CHANGE)
    return _Statement(source, text, kind, element if _dated(element) else None)


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
