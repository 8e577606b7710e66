"""The headline of an HTML page, and the name of its publication."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from pagefacts.extraction.bodies.blocks import word_count
from pagefacts.extraction.metadata.page import Found, Page, plain
from pagefacts.extraction.metadata.site import is_of_host, same_name, short_name, title_parts, without_site

_TITLE: Final = (
    "og:title", "headline", "twitter:title", "dc.title", "dcterms.title", "sailthru.title", "parsely-title", "title",
)  # fmt: skip
_SITE: Final = (
    "application-name", "apple-mobile-web-app-title", "cre", "dc.publisher", "dcterms.publisher", "al:android:app_name",
)  # fmt: skip
_LONGEST: Final = 250
"""Characters of a headline; some pages state their whole first paragraph as one."""
_LONGEST_SITE: Final = 80
_HEADLINE_WORDS: Final = 4
_SITE_WORDS: Final = 4
_CUT = re.compile(r"(?:…|\.\.\.)$")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"['’‘`]")
# What stands in a heading behind the headline: "Dam bursts Posted on July 1, 2024 by Ann Lee".
_BYLINE = re.compile(r"\W*(?:posted|published|updated|written|by|on)\b", re.IGNORECASE)
_KICKER: Final = 3
"""Words of a section's name or a label that may stand in a heading before the headline."""


def find_site(page: Page) -> Found | None:
    """Return the publication's name: of what the page states the first that its host bears out, else the first.

    Some pages state the section or the name of an app as that of the site.
    """
    stated = [*page.meta("og:site_name"), Found("json-ld", page.stated.site or ""), *page.meta(*_SITE)]
    names = [
        Found(source, name)
        for source, value in stated
        if (text := plain(value)) and len(name := short_name(text)) <= _LONGEST_SITE
    ]
    borne_out = (found for found in [*names, *_at_end(page)] if is_of_host(found.value, page.url))
    return next(borne_out, None) or next(iter(names), None) or _in_heading(page)


def _at_end(page: Page) -> Iterator[Found]:
    """Yield the last part of the page's title, as it has been cut from it."""
    text = plain(page.tree.findtext(".//title"))
    kept = without_site(text, None, page.url) if text else None
    if text and kept and text.startswith(kept) and len(kept) < len(text):
        name = short_name(text[len(kept) :].strip(" |–—-·•:»")).removeprefix("www.")
        if len(name.split()) <= _SITE_WORDS:
            yield Found("title", name)


def _in_heading(page: Page) -> Found | None:
    """Return the last part of the page's title where it is a heading too: content systems put a blog's name there."""
    first, *others = title_parts(plain(page.tree.findtext(".//title")) or "")
    name = others[-1] if others else ""
    named = any(_key(heading.text) == _key(name) for heading in page.headings)
    return Found("title", name) if named and _key(name) not in {"", _key(first)} else None


def find_title(page: Page, site: str | None) -> Found | None:
    """Return the headline that readers see, where it can be told from what the page says for machines.

    That is the heading which a stated title repeats, else one that shares half of its words with a title and is not
    less like the page's address, or the only one where no more than the title element is stated; else the first title;
    never one that was cut off where there is another.
    """
    titles = sorted(_titles(page, site), key=lambda found: (bool(_CUT.search(found.value)), found.value.isupper()))
    headings = [
        heading.text for heading in page.headings if len(heading.text) <= _LONGEST and not same_name(heading.text, site)
    ]
    exact = next((title for title in titles if any(_key(title.value) == _key(text) for text in headings)), None)
    if exact is not None:
        return _as_shown(exact, headings)
    alike = [text for text in headings if _alike(text, titles)] or _instead(headings, titles)
    if not alike or (titles and _names_better(titles[0].value, alike[0], page.url)):
        return next(iter(titles), None) or next((Found("h1", text) for text in headings), None)
    return Found("h1", without_site(_bare(alike[0], titles), site, page.url))


def _instead(headings: Sequence[str], titles: Sequence[Found]) -> list[str]:
    """Return the only heading where it may be a headline and all that is stated is a title for search engines."""
    alone = len(headings) == 1 and all(title.source == "title" for title in titles)
    return [text for text in headings if alone and word_count(text) >= _HEADLINE_WORDS]


def _titles(page: Page, site: str | None) -> Iterator[Found]:
    stated = [Found("json-ld", page.stated.headline or ""), *page.meta(*_TITLE)]
    for source, value in (*stated, Found("title", _first_part(page.tree.findtext(".//title") or ""))):
        text = plain(value)
        if text and len(text) <= _LONGEST and (title := without_site(text, site, page.url)):
            yield Found(source, title)


def _first_part(title: str) -> str:
    """Return the headline in "World | Dam bursts above town | The Echo": the first part that is no label."""
    parts = title.split("|") if len(title) <= 2 * _LONGEST else []
    return next((part for part in parts if len(part.split()) >= _HEADLINE_WORDS), title)


def _as_shown(title: Found, headings: Sequence[str]) -> Found:
    """Return ``title`` as the heading has it, but for capitals that are only its style."""
    heading = next(text for text in headings if _key(text) == _key(title.value))
    return title if heading.isupper() else Found("h1", heading)


def _alike(heading: str, titles: Sequence[Found]) -> bool:
    """Return whether it shares half of its words with a title, or has all of one: no section's name, the headline."""
    words = _words(heading)
    return word_count(heading) >= 3 and any(
        2 * len(words & stated) >= len(words) or (len(stated) > 1 and stated <= words)
        for stated in (_words(title.value) for title in titles)
    )


def _names_better(title: str, heading: str, url: str | None) -> bool:
    """Return whether the page's address is the ``title`` word by word, and not the heading."""
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return False
    slug = max((_words(part.partition(".")[0]) for part in path.split("/")), key=len, default=set())
    slug = {word for word in slug if not any(map(str.isdigit, word)) or len(word) <= len("2015")}
    return (
        len(slug) >= 3
        and slug <= _words(title)
        and 5 * len(slug) >= 4 * len(_words(title))
        and not slug <= _words(heading)
    )


def _bare(heading: str, titles: Sequence[Found]) -> str:
    """Return a heading without the label before and the byline behind it, where a title tells what stands between."""
    for title in (found.value for found in titles):
        before, found, after = heading.partition(title)
        if found and (
            (not before and _BYLINE.match(after))
            or (not after and 0 < len(before.split()) <= _KICKER and ":" not in before)
        ):
            return title
    return heading


def _words(text: str) -> set[str]:
    return set(_WORD.findall(_APOSTROPHE.sub("", text.lower())))


def _key(text: str) -> str:
    return " ".join(_WORD.findall(_APOSTROPHE.sub("", text.casefold())))
