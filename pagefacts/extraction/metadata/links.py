"""The address of an HTML page's article: what it gives as its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from pagefacts.extraction.metadata.page import Found, Page, first_elements
from pagefacts.extraction.metadata.site import host

_LONGEST: Final = 2_000
"""Characters of an address, which browsers and crawlers go as far as."""
# Copies of AMP pages: Google's and Bing's caches and viewers (amp.dev, "AMP cache URL format and request handling").
_CACHES: Final = re.compile(
    r"https?://(?:[\w.-]+\.cdn\.ampproject\.org/|(?:www\.)?(?:bing-amp\.com|google\.[a-z.]{2,6}/amp)/)(?:[cvi]/)?(?P<tls>s/)?(?P<rest>.+)",
    re.IGNORECASE,
)
_AMP_PATH: Final = re.compile(r"/amp(?:/?$|(?=/\d+/?$))|^/amp(?=/.)|\.amp(?=\.html?$|$)", re.IGNORECASE)
_AMP_QUERY: Final = re.compile(
    r"(?:^|&)(?:amp=(?:1|true|yes)|(?:outputType|output|view)=amp|amp)(?=&|$)", re.IGNORECASE
)
_AMP_HOST: Final = re.compile(r"^amp\.(?=[^.]+\.)", re.IGNORECASE)
_AMP_MARKS: Final = ("amp", "⚡")
"""Attributes of the html element of an AMP page."""
_VIEW: Final = re.compile(
    r"(?:(?:amp|print|full|all|single|page|comments|\d{1,3})(?:/|$|(?=\.)))*(?:\.html?)?", re.IGNORECASE
)
_LINK: Final = "link:canonical"
_CANONICAL: Final = first_elements("//link[contains(translate(@rel, 'ACINOL', 'acinol'), 'canonical')]", 5)
_HOMES: Final = re.compile(r"/?(?:index\.\w{2,5}|home|[a-z]{2}(?:-[a-z]{2})?)?/?", re.IGNORECASE)


def canonical_url(page: Page) -> Found | None:
    """Return the address that the page gives as its own; absolute, http or https, without a fragment.

    The first of the page's own site, else the first that a canonical link gives on another. The front page of a site
    and a section above the page are nobody's address but their own. Where an AMP page gives none but AMP addresses,
    that of the article is told from them by rule.
    """
    own = _without_cache(page.url)
    try:
        base = urljoin(page.url or "", page.tree.xpath("string(//base/@href)"))
    except ValueError:
        base = page.url or ""
    stated = [Found(source, url) for source, value in _stated(page) if (url := _absolute(value, base))]
    home = own is not None and is_home(own)
    fitting = [found for found in stated if home or not (is_home(found.value) or (own and _is_above(found.value, own)))]
    near = [found for found in fitting if own and host(found.value) == host(own)]
    far = [found for found in fitting if not own or found.source == _LINK]
    best = next(iter([*near, *far]), None)
    if best is None and own and (own != page.url or _is_amp_page(page)):
        best = Found("url", own)
    return best._replace(value=without_amp(best.value)) if best and _is_amp_page(page) else best


def without_amp(url: str) -> str:
    """Return the address of the article of which ``url`` is an AMP page; as it is where it has no sign of AMP."""
    parts = urlsplit(url)
    path = _AMP_PATH.sub("", parts.path) or "/"
    query = _AMP_QUERY.sub("", parts.query).lstrip("&")
    return urlunsplit(parts._replace(netloc=_AMP_HOST.sub("", parts.netloc), path=path, query=query))


def _without_cache(url: str | None) -> str | None:
    """Return the address of the page of which ``url`` is an AMP cache's copy, else ``url``."""
    cached = _CACHES.match(url or "")
    if cached is None:
        return url
    return _absolute(f"http{'s' if cached['tls'] else ''}://{cached['rest']}", "")


def _is_amp_page(page: Page) -> bool:
    return any(name in page.tree.attrib for name in _AMP_MARKS) or _CACHES.match(page.url or "") is not None


def _is_above(url: str, own: str) -> bool:
    """Return whether ``url`` is a folder of the page ``own``, and that is no other view of it: ``/print``, ``/2``."""
    above, below = urlsplit(url), urlsplit(own)
    if above.netloc.lower() != below.netloc.lower() or above.query:
        return False
    folder = f"{above.path.rstrip('/')}/"
    return below.path.startswith(folder) and _VIEW.fullmatch(below.path[len(folder) :]) is None


def is_home(url: str) -> bool:
    """Return whether ``url`` is the front page of a site, or of one of its languages."""
    parts = _split(url)
    return parts is not None and not parts.query and _HOMES.fullmatch(parts.path) is not None


def _stated(page: Page) -> Iterator[Found]:
    links = (link.get("href", "") for link in _CANONICAL(page.tree))
    yield from (Found(_LINK, link) for link in links)
    yield from page.meta("og:url")
    yield from (Found("json-ld", url) for url in page.stated.urls)
    yield from page.meta("twitter:url")


def _absolute(value: str, base: str) -> str | None:
    value = value.strip()
    if not value or len(value) > _LONGEST:
        return None
    try:
        parts = _split(urljoin(base, value))
    except ValueError:
        return None
    if (
        parts is None
        or parts.scheme not in {"http", "https"}
        or "@" in parts.netloc
        or "." not in (parts.hostname or "")
    ):
        return None
    return urlunsplit(parts._replace(fragment="", netloc=parts.netloc.lower()))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises where it is none
    except ValueError:
        return None
    return parts
