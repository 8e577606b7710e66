"""The standfirst of an HTML page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from pagefacts.extraction.metadata.page import Found, Page, Surroundings, plain, shown
from pagefacts.extraction.metadata.published import from_words
from pagefacts.extraction.metadata.site import same_name

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_METAS: Final = ("og:description", "description", "twitter:description", "dc.description", "dcterms.description")
_MARKS = re.compile(
    r"(?:^|[\s_-])(?:stand-?first|dek|deck|lede|sub-?(?:title|headline|head|heading|hed)|summary|intro(?:duction)?)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Classes of a standfirst in the words of newsrooms and of content systems."""
_NEAR: Final = 40
"""Elements below the headline among which it stands."""
_PARTS: Final = 40
"""Elements in it that are looked at."""
_SHORTEST: Final = 25
_LONGEST: Final = 600
"""Characters of a standfirst."""
_BYLINE: Final = 100
"""Characters of a line with a date that is no standfirst."""
_NO_TEXT: Final = frozenset({"img", "picture", "figure", "video", "audio", "time", "button", "form", "h1"})
"""What no standfirst holds: "lede" is also the picture above an article, or all of its head."""
_ELSE = re.compile(r"(?:^|[\s_-])(?:authors?|bylines?|bio|caption|credits?)(?:$|[\s_-])", re.IGNORECASE)
"""Classes of what is about those who made the article, or about its pictures."""
_UP: Final = 4
"""Elements around it of which none has such a class."""
_BY = re.compile(r"\b[Bb]y [A-Z][\w'’-]+ [A-Z]")
_CUT = re.compile(r"(?:…|\.\.\.)$")
# What a site says of itself on every page.
_OF_SITE = re.compile(
    r"\b(?:sign up|subscribe|log ?in|click here|read more|find out more|get the latest|latest news|breaking news"
    r"|news and (?:analysis|opinion)|your (?:source|home) (?:for|of)|official (?:site|website)|cookies?|javascript)\b",
    re.IGNORECASE,
)


def find_lead(page: Page, near: Surroundings, title: str | None, site: str | None) -> Found | None:
    """Return the standfirst that the page shows, else the first description that is none of the site's; whole ones."""
    stated = [*page.meta(*_METAS[:1]), Found("json-ld", page.stated.description or ""), *page.meta(*_METAS[1:])]
    leads = [
        Found(source, text)
        for source, value in (*_shown(near), *stated)
        if (text := plain(value)) and _SHORTEST <= len(text) <= _LONGEST and not _says_else(text, title, site)
    ]
    return next((lead for lead in leads if not _CUT.search(lead.value)), None) or next(iter(leads), None)


def _says_else(text: str, title: str | None, site: str | None) -> bool:
    """Return whether ``text`` only repeats the title or the site's name, speaks for the site, or is the byline."""
    if same_name(text, title) or same_name(text, site) or _OF_SITE.search(text):
        return True
    return len(text) <= _BYLINE and (from_words(text) is not None or _BY.search(text) is not None)


def _shown(near: Surroundings) -> Iterator[Found]:
    for element in near.below[1:_NEAR]:
        if _is_marked(element) and _SHORTEST <= len(text := shown(element)) <= _LONGEST:
            yield Found("standfirst", text)


def _is_marked(element: HtmlElement) -> bool:
    names = f"{element.get('class', '')} {element.get('itemprop', '')}"
    if element.tag in {"a", "ul", "ol", "nav"} or _MARKS.search(names) is None:
        return False
    around = (element, *islice(element.iterancestors(), _UP))
    return not any(_ELSE.search(each.get("class") or "") for each in around) and _NO_TEXT.isdisjoint(
        part.tag for part in islice(element.iter(), _PARTS)
    )
