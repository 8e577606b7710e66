"""Scraped text: the article between a page's boilerplate, line by line.

Marks that a converter wrote are taken out (``markdown.py``, ``labels.py``) and lines that it broke are joined
(``paragraphs.py``).
Rules mark what is boilerplate by itself or by its neighbours, read the head of the page and propose a body
(``rules.py``, ``header.py``). A model of lines, which sees what they say, finds the body (``model.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from pagefacts.contracts import Article
from pagefacts.extraction.metadata.dating import Candidate
from pagefacts.extraction.metadata.names import biographies, people_of
from pagefacts.extraction.metadata.site import site_name, without_site
from pagefacts.extraction.scraped import rules
from pagefacts.extraction.scraped.features import View
from pagefacts.extraction.scraped.header import Header, Hints, read_header
from pagefacts.extraction.scraped.labels import unlabelled
from pagefacts.extraction.scraped.lines import Line
from pagefacts.extraction.scraped.markdown import unheaded
from pagefacts.extraction.scraped.model import body_of
from pagefacts.extraction.scraped.paragraphs import paragraphs
from pagefacts.locales import Locale

_STORY: Final = 40
"""Words of running text from which what stands above comments is an article: some pages link to them at the top."""
_NEAR: Final = 12
"""Lines above the running text that tell what the page is about."""


def read(page: str, url: str | None, locale: Locale) -> tuple[Article, tuple[Candidate, ...]]:
    """Return the article in a page scraped as text, and its header's date; the text is blank only where the page is.

    Paragraphs keep their wording, without the marks of Markdown; lines that were wrapped at a fixed width, or broken
    at links, are joined. ``url`` helps to tell the site's name from the headline, and the article from others on the
    page.
    """
    view = read_by_rules(paragraphs(unlabelled(page)), url, locale)
    found = _without_comments(view, body_of(view))
    header = _header(view, found, locale)
    body = _without_header(view, found, header)
    site = site_name(line.text for line, inside in zip(view.lines, body, strict=True) if not inside)
    article = Article(
        title=without_site(unheaded(header.title), site, url) or None if header.title else None,
        authors=header.authors,
        site=site,
        lead=unheaded(header.lead) if header.lead else None,
        text="\n".join(_texts(view.lines, body)),
    )
    return article, (header.date,) if header.date else ()


def read_by_rules(lines: Sequence[Line], url: str | None, locale: Locale) -> View:
    """Return what the rules make of a page: its boilerplate, and its body, below its header."""
    boilerplate = rules.boilerplate(lines)
    start, end = rules.densest(rules.gains(lines, boilerplate))
    address = address_stems(url)
    topic = address.union(*(line.stems for line in lines[max(0, start - _NEAR) : end] if line.is_sentence))
    header = read_header(lines, [not mark for mark in boilerplate], Hints(start, topic, address), locale)
    repeated = set(rules.repeated(lines))
    marked = [mark or n in repeated for n, mark in enumerate(boilerplate)]
    body = rules.body(lines, marked, header)
    return View(lines, boilerplate, marked, body, address, people_of(header.authors))


def address_stems(url: str | None) -> frozenset[str]:
    """Return the stems of the words in a page's address: of the part of its path that has most of them."""
    parts = re.sub(r"[_+]", "-", urlsplit(url or "").path).split("/")
    return Line(max(parts, key=lambda part: (part.count("-"), len(part))).replace("-", " ")).stems


def _header(view: View, body: Sequence[bool], locale: Locale) -> Header:
    """Return the header of an article whose body is known."""
    inside = [n for n, of_body in enumerate(body) if of_body]
    start = next((n for n in inside if view.lines[n].is_sentence), 0)
    topic = frozenset(view.address).union(*(view.lines[n].stems for n in inside))
    kept = [not mark for mark in view.boilerplate]
    return read_header(view.lines, kept, Hints(start, topic, view.address), locale)


def _without_comments(view: View, body: Sequence[bool]) -> Sequence[bool]:
    first = rules.comments(view.lines, view.boilerplate)
    above = [line.size for line, inside in zip(view.lines[:first], body, strict=False) if inside and line.is_sentence]
    return [*body[:first], *(False for _ in body[first:])] if sum(above) >= _STORY else body


def _without_header(view: View, body: Sequence[bool], header: Header) -> list[bool]:
    """Return for each line whether it is of the body for sure: no repetition or caption, nothing that the header says.

    Nor are its last lines if they say who the authors are.

    Where none would be left, what is no boilerplate is; and where all is boilerplate, all.
    """
    lines = view.lines
    dropped = {*rules.said_before(lines, body), *rules.doubled(lines), *rules.captions(lines)}
    found = [
        inside and n not in dropped and not rules.is_of_header(line, n, header)
        for n, (line, inside) in enumerate(zip(lines, body, strict=True))
    ]
    kept = [n for n, inside in enumerate(found) if inside]
    for n in kept[len(kept) - biographies([lines[n].text for n in kept], header.authors) :]:
        found[n] = False
    if any(found):
        return found
    return [not mark for mark in view.marked] if not all(view.marked) else [True for _ in lines]


def _texts(lines: Iterable[Line], kept: Iterable[bool]) -> Iterable[str]:
    return (unheaded(line.text) for line, keep in zip(lines, kept, strict=True) if keep)
