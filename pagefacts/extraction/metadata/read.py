"""Title, authors, dates, publication, address and standfirst of an HTML page.

Read first from what the page says for machines (JSON-LD, meta elements, microdata), then from its visible parts, and
only then guessed by htmldate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pagefacts.extraction.language import primary
from pagefacts.extraction.metadata import jsonld
from pagefacts.extraction.metadata.access import is_paywalled
from pagefacts.extraction.metadata.authors import find_authors
from pagefacts.extraction.metadata.dating import Candidate
from pagefacts.extraction.metadata.leads import find_lead
from pagefacts.extraction.metadata.links import canonical_url
from pagefacts.extraction.metadata.page import Found, page_of, plain, surroundings
from pagefacts.extraction.metadata.stated_dates import guessed_dates, stated_dates
from pagefacts.extraction.metadata.titles import find_site, find_title
from pagefacts.locales import locale_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_BREAK = re.compile(r"<(?:br|/p|/div)\b[^<>]{0,100}>")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about its article."""

    title: str | None
    authors: tuple[str, ...]
    dates: tuple[Candidate, ...]
    """When it may have been published, made and changed, the surest first."""
    site: str | None
    lead: str | None
    language: str | None
    canonical_url: str | None
    paywalled: bool | None
    body: str | None
    """The text that JSON-LD gives as the article's body."""
    sources: Mapping[str, str | None]
    """By field where its value stands, as in `pagefacts.contracts.Sources`; the dates name theirs themselves."""


def read_metadata(
    tree: HtmlElement, scripts: list[str], url: str | None, latest: str, fetched_at: datetime | None = None
) -> Metadata:
    """Return the metadata of a page.

    ``tree`` is the page without its scripts and is not changed, ``scripts`` its JSON-LD, ``latest`` the last day
    (ISO 8601) on which a guessed publication date may lie. Ages such as "3 hours ago" count from ``fetched_at``.
    """
    page = page_of(tree, jsonld.read(scripts, url), url)
    declared = tree.get("lang") or tree.get("xml:lang") or page.stated.language
    site = find_site(page)
    title = find_title(page, _value(site))
    near = surroundings(page, _value(title))
    authors = find_authors(page, near, _value(site))
    lead = find_lead(page, near, _value(title), _value(site))
    link = canonical_url(page)
    locale = locale_of(url, declared, page.metas.get("og:locale"))
    return Metadata(
        title=_value(title),
        authors=authors.names,
        dates=stated_dates(page, near, locale, fetched_at) or guessed_dates(tree, url, latest),
        site=_value(site),
        lead=_value(lead),
        language=primary(declared),
        canonical_url=_value(link),
        paywalled=is_paywalled(page),
        body=_body(page.stated.body),
        sources={
            "title": _source(title),
            "authors": authors.source,
            "site": _source(site),
            "lead": _source(lead),
            "canonical_url": _source(link),
        },
    )


def _value(found: Found | None) -> str | None:
    return found.value if found else None


def _source(found: Found | None) -> str | None:
    return found.source if found else None


def _body(text: str | None) -> str | None:
    """Return the paragraphs of a stated body, which may be text or HTML; not all of a paragraph as long as a book."""
    lines = (plain(line) for line in _BREAK.sub("\n", text or "").splitlines())
    return "\n".join(line for line in lines if line) or None
