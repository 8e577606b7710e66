"""Title, authors, date, publication and standfirst of an HTML page.

Read first from what the page says for machines (JSON-LD, meta elements, microdata), then from its visible parts by
class names, and only then guessed by htmldate and trafilatura.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from trafilatura.metadata import extract_author, extract_title

from pagefacts.extraction import jsonld
from pagefacts.extraction.bylines import marked_bylines, spoken_bylines
from pagefacts.extraction.dating import Candidate
from pagefacts.extraction.language import primary
from pagefacts.extraction.names import authors, is_personal_name, unique
from pagefacts.extraction.site import without_site
from pagefacts.extraction.stated_dates import guessed_dates, stated_dates
from pagefacts.locales import locale_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TITLE: Final = (
    "og:title",
    "headline",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "sailthru.title",
    "parsely-title",
    "title",
)
_AUTHOR: Final = (
    "author", "article:author", "og:article:author", "byl", "byline", "sailthru.author", "parsely-author", "dc.creator",
    "dcterms.creator", "citation_author", "authors", "article:author_name", "article.author", "cxenseparse:author",
)  # fmt: skip
_SITE: Final = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "cre",
    "dc.publisher",
    "dcterms.publisher",
    "al:android:app_name",
)
_LEAD: Final = ("og:description", "description", "twitter:description", "dc.description", "dcterms.description")

_LONGEST_TITLE: Final = 250
"""Characters of a headline; some pages state their whole first paragraph as one."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about its article."""

    title: str | None
    authors: tuple[str, ...]
    dates: tuple[Candidate, ...]
    """When it may have been published, the surest first."""
    site: str | None
    lead: str | None
    language: str | None
    body: str | None
    """The text that JSON-LD gives as the article's body."""


def read_metadata(tree: HtmlElement, scripts: list[str], url: str | None, latest: str) -> Metadata:
    """Return the metadata of a page.

    ``tree`` is the page without its scripts and is not changed, ``scripts`` its JSON-LD, ``latest`` the last day
    (ISO 8601) on which a guessed publication date may lie.
    """
    stated = jsonld.read(scripts)
    metas = _metas(tree)
    declared = tree.get("lang") or tree.get("xml:lang") or stated.language
    site = _site(metas, stated)
    title = _title(tree, metas, stated, site, url)
    dates = stated_dates(tree, metas, stated, title, locale_of(url, declared, metas.get("og:locale")))
    if not dates:
        dates = guessed_dates(tree, url, latest)
    return Metadata(
        title=title,
        authors=_authors(tree, metas, stated),
        dates=dates,
        site=site,
        lead=_plain(_first(metas, _LEAD) or stated.description),
        language=primary(declared),
        body=_body(stated.body),
    )


def _metas(tree: HtmlElement) -> dict[str, str]:
    """Return the first content of each meta element, by its lower-cased name, property or itemprop; all authors."""
    metas: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if not name or not content:
            continue
        key = name.strip().lower()
        if key in _AUTHOR and key in metas and len(metas[key]) < _LONGEST_TITLE:
            metas[key] += f"; {content}"
        metas.setdefault(key, content)
    return metas


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _plain(text: str | None) -> str | None:
    return " ".join(re.sub(r"<[^<>]{1,200}>", " ", text).split()) or None if text else None


def _body(text: str | None) -> str | None:
    lines = (_plain(line) for line in re.sub(r"<(?:br|/p|/div)\b[^<>]{0,100}>", "\n", text or "").splitlines())
    return "\n".join(line for line in lines if line) or None


def _site(metas: dict[str, str], stated: jsonld.Statements) -> str | None:
    site = _plain(_first(metas, _SITE[:1]) or stated.site or _first(metas, _SITE[1:]))
    return site if site and len(site) <= 80 else None


def _title(
    tree: HtmlElement, metas: dict[str, str], stated: jsonld.Statements, site: str | None, url: str | None
) -> str | None:
    """Return the headline that readers see, where it can be told from what the page says for machines."""
    candidates = (stated.headline, _first(metas, _TITLE), tree.findtext(".//title"))
    titles = [
        title
        for candidate in candidates
        if (text := _plain(candidate)) and len(text) <= _LONGEST_TITLE and (title := without_site(text, site, url))
    ]
    headings = [
        text for element in tree.iter("h1") if (text := _plain(element.text_content())) and len(text) <= _LONGEST_TITLE
    ]
    if not titles:
        return next(iter(headings), None) or _plain(extract_title(tree))
    exact = next((title for title in titles if title in headings), None)
    if exact is None and len(headings) == 1 and _alike(headings[0], titles):
        return without_site(headings[0], site, url)
    return exact or titles[0]


def _alike(heading: str, titles: list[str]) -> bool:
    """Return whether half of the heading's words stand in a title: it is the headline, not the name of a section."""
    words = set(heading.lower().split())
    return len(words) >= 3 and any(2 * len(words & set(title.lower().split())) >= len(words) for title in titles)


def _authors(tree: HtmlElement, metas: dict[str, str], stated: jsonld.Statements) -> tuple[str, ...]:
    """Return the first byline that has only personal names, else the first of all that machines are given.

    Some systems state the login of who entered the page ("jsmith", "newsdesk") where the byline has the name.
    """
    formal = [unique(name for entry in stated.authors for name in authors(entry))]
    formal += [authors(metas[name]) for name in _AUTHOR if name in metas and not metas[name].startswith("http")]
    spoken = [authors(line) for line in spoken_bylines(tree)]
    marked = (authors(line) for line in marked_bylines(tree))
    personal = (names for names in chain(formal, marked, spoken) if names and all(map(_is_name, names)))
    return next(personal, ()) or next(filter(None, chain(formal, spoken)), ()) or authors(extract_author(tree) or "")


def _is_name(text: str) -> bool:
    return is_personal_name(text) and not text.isupper()
