"""What a page is: an article, or something else whose words are no report of events.

To call an article something else loses its facts, so the rules need signs that agree, and give way to long running
text and to pages that call themselves articles. The tables are in ``resources/en/kinds.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from pagefacts.contracts.article import PageKind
from pagefacts.extraction.bodies.blocks import Block, nodes_of, word_count

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TYPE = re.compile(r'"@type"\s*:\s*(?:"([^"]{1,80})"|\[([^\[\]]{0,300})\])')
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[.!?…。！？｡।॥؟۔။።։][\"'”’»)\]」』）]*$|[\u0e00-\u0eff]$")
"""How sentences end (the signs are those of Unicode's Sentence_Terminal in scripts of news); Thai and Lao end them by a
blank."""
_EDGES: Final = frozenset(("nav", "footer", "header", "aside"))
_LITTLE: Final = 150
"""Words of running text up to which a page may be an error page or a wall."""
_MUCH: Final = 450
"""Words of running text up to which a page may be a wall that explains at length what it asks consent to."""
_SENTENCE_WORDS: Final = 8
"""Words from which a block that ends like a sentence is running text."""
_TEASER: Final = 4
"""Words from which a link may be the headline of another page."""
_MANY: Final = 8
_VERY_MANY: Final = 20
"""Headlines of other pages: front pages have dozens, articles a few below them."""
_STORY: Final = 120
"""Words of running text without a headline of another page between them, which no list of excerpts has."""
_BROWSER: Final = 20
"""Words for each demand on the browser up to which a page makes nothing but such demands."""
_CONSENT: Final = 30
"""Words for each that speaks of consent, below which a block asks for it."""
_MANY_ENTRIES: Final = 4
"""Elements named as entries of a live blog."""
_READ: Final = 5_000
"""Characters of a page in which words of error pages and walls are counted."""
_LONGEST_NAMES: Final = 300
_LONGEST_TITLE: Final = 300
_LABEL: Final = 200
"""Characters of a block that may be a button or a price."""


class Kind(NamedTuple):
    """What a page is, and what tells."""

    kind: PageKind
    source: str
    """In the words of `pagefacts.contracts.Sources`."""


class _Tables(NamedTuple):
    sets: dict[str, tuple[str, ...]]
    patterns: dict[str, re.Pattern[str]]


@cache
def _tables() -> _Tables:
    stored = files("pagefacts").joinpath("resources/en/kinds.json").read_text(encoding="utf-8")
    data: dict[str, Any] = {name: value for name, value in json.loads(stored).items() if not name.startswith("_")}
    sets = {name: tuple(value) for name, value in data.items() if name.endswith("_types")}
    patterns = {
        name: re.compile(value if isinstance(value, str) else "|".join(f"(?:{entry})" for entry in value))
        for name, value in data.items()
        if name not in sets
    }
    return _Tables(sets, patterns)


def _says(table: str, *texts: str) -> bool:
    return any(_tables().patterns[table].search(text) for text in texts)


def _count(table: str, text: str) -> int:
    return sum(1 for _ in _tables().patterns[table].finditer(text))


@dataclass(frozen=True, slots=True)
class Signs:
    """What a page says of itself."""

    url: str | None
    title: str
    """The title element, lower-cased."""
    og_type: str
    generator: str
    types: frozenset[str]
    """schema.org types of its JSON-LD, lower-cased."""


def read_signs(tree: HtmlElement, scripts: Iterable[str], url: str | None) -> Signs:
    """Return what a page says of itself; ``tree`` is not changed, ``scripts`` are its JSON-LD."""
    metas: dict[str, list[str]] = {"og:type": [], "generator": []}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or "").lower()
        if name in metas:
            metas[name].append((element.get("content") or "").lower())
    found = (" ".join(found) for script in scripts for found in _TYPE.findall(script))
    return Signs(
        url=url,
        title=" ".join((tree.findtext(".//title") or "").split())[:_LONGEST_TITLE].lower(),
        og_type=next(iter(" ".join(metas["og:type"]).split()), ""),
        generator=" ".join(metas["generator"]),
        types=frozenset(kind for names in found for kind in _WORD.findall(names.lower())),
    )


class _Page:
    """A page: what it says of itself, and what it shows."""

    def __init__(self, signs: Signs, blocks: Sequence[Block], body: Sequence[Block]) -> None:
        self.signs = signs
        self.blocks = blocks
        self.body = body
        self.nodes = nodes_of(blocks)
        kinds = (kind for node in self.nodes if (kind := node.attributes.get("itemtype")) is not None)
        self.types = signs.types | {kind.rstrip("/").rpartition("/")[2].lower() for kind in kinds}
        self.heading = next((block.text[:_LONGEST_TITLE].lower() for block in blocks if block.node.tag == "h1"), "")
        sets = _tables().sets
        self.is_stated_article = any(
            kind.endswith(sets["article_types"]) and kind not in sets["no_article_types"] for kind in self.types
        )

    def named(self, table: str) -> int:
        """Return how many elements have a class or id of a table."""
        names = (
            " ".join([node.attributes[name] for name in ("class", "id") if name in node.attributes])
            for node in self.nodes
        )
        return sum(_says(table, each[:_LONGEST_NAMES].lower()) for each in names if each)

    def has_type(self, table: str) -> bool:
        """Return whether it has one of the schema.org types of a table."""
        return not self.types.isdisjoint(_tables().sets[table])


def kind_of(signs: Signs, blocks: Sequence[Block], body: Sequence[Block]) -> Kind:
    """Return what a page is; an article where nothing speaks clearly against it.

    ``blocks`` are all that it shows, ``body`` those that were taken for an article's.
    """
    page = _Page(signs, blocks, body)
    rules = (_live_blog, _nothing_here, _forum, _product, _index)
    found = (kind for rule in rules if (kind := rule(page)) is not None)
    return next(found, None) or _article(page)


def kind_of_text(lines: Sequence[str]) -> PageKind:
    """Return what a page that was scraped into text is, told by its ``lines``: an error page, a wall, or an article."""
    shown = " ".join(lines)
    titles = [line[:_LONGEST_TITLE].lower() for line in lines[:3]]
    found = _refusal(titles, shown[:_READ].lower(), word_count(shown), lines)
    return found or PageKind.ARTICLE


def shown_text(blocks: Sequence[Block]) -> str:
    """Return what a page shows: its lines outside menus and page ends; all of them where there are no others."""
    inner = [block.text for block in blocks if not _is_edge(block)]
    return "\n".join(inner or [block.text for block in blocks])


def _article(page: _Page) -> Kind:
    if page.is_stated_article:
        return Kind(PageKind.ARTICLE, "json-ld")
    return Kind(PageKind.ARTICLE, "meta:og:type" if page.signs.og_type == "article" else "text")


def _live_blog(page: _Page) -> Kind | None:
    if "liveblogposting" in page.types:
        return Kind(PageKind.LIVE_BLOG, "json-ld" if "liveblogposting" in page.signs.types else "microdata")
    is_live = _says("live_path", urlsplit(page.signs.url or "").path.lower()) or _says("live_title", page.signs.title)
    return Kind(PageKind.LIVE_BLOG, "text") if is_live and page.named("live_entry") >= _MANY_ENTRIES else None


def _nothing_here(page: _Page) -> Kind | None:
    """Return that a page is an error page or a wall."""
    shown = [block for block in page.blocks if 2 * block.linked < len(block.text)]
    words = sum(block.words for block in shown)
    titles = [page.signs.title, page.heading]
    body = [block.text for block in page.body if 2 * block.linked <= len(block.text)]
    kind = _refusal(titles, " ".join(block.text for block in shown)[:_READ].lower(), words, body)
    is_article = page.is_stated_article or page.signs.og_type == "article"
    if kind is None or (is_article and sum(map(_running, body)) > _LITTLE // 2):
        return None
    by_title = _says("error_title", page.signs.title) or _says("wall_title", page.signs.title)
    return Kind(kind, "title" if by_title else "text")


def _refusal(titles: Sequence[str], text: str, words: int, body: Sequence[str]) -> PageKind | None:
    """Return the kind of an error page or a wall, told by its ``titles`` and its ``text``, both lower-cased.

    ``words`` is the number of words that are not linked, ``body`` what was taken for an article's.
    """
    running = sum(map(_running, body))
    if running <= _MUCH and _is_wall(titles, text, words, running):
        return PageKind.CONSENT
    if running > _LITTLE:
        return None
    demands = _count("browser_text", text)
    if demands and words <= _BROWSER * demands and not any(map(_reports, body)):
        return PageKind.CONSENT
    if _says("error_title", *titles) or (words <= _LITTLE // 2 and _says("error_text", text)):
        return PageKind.ERROR
    return None


def _is_wall(titles: Sequence[str], text: str, words: int, running: int) -> bool:
    robot, consent, login = (_count(table, text) for table in ("robot_text", "consent_text", "login_text"))
    if _says("wall_title", *titles):
        return robot > 0 or 25 * max(consent, login) > words
    if running > _LITTLE or words > _LITTLE:
        return False
    return robot >= 2 or (consent >= 3 and 15 * consent > words) or (login >= 3 and 10 * login > words)


def _forum(page: _Page) -> Kind | None:
    if page.is_stated_article:
        return None
    if page.has_type("forum_types"):
        return Kind(PageKind.FORUM, "json-ld" if page.signs.types & page.types else "microdata")
    if _says("forum_systems", page.signs.generator):
        return Kind(PageKind.FORUM, "meta:generator")
    return Kind(PageKind.FORUM, "text") if page.named("forum_ids") > 1 else None


def _product(page: _Page) -> Kind | None:
    if page.is_stated_article:
        return None
    if page.signs.og_type.startswith(("product", "og:product")):
        return Kind(PageKind.PRODUCT, "meta:og:type")
    if page.signs.og_type == "article" or not page.has_type("product_types"):
        return None
    labels = " ".join(block.text for block in page.blocks if len(block.text) < _LABEL)[: 4 * _READ].lower()
    return Kind(PageKind.PRODUCT, "json-ld") if _says("cart", labels) or _says("price", labels) else None


def _index(page: _Page) -> Kind | None:
    """Return that a page is a list of others: many headlines that are links, and no long text between them."""
    if _says("listing_title", page.signs.title):
        return Kind(PageKind.INDEX, "title")
    listing = _is_listing(page.signs.url)
    is_site = listing and page.signs.og_type == "website"  # the articles that it states are its entries
    if (page.is_stated_article and not is_site) or (page.signs.og_type == "article" and not listing):
        return None
    is_list = listing or page.has_type("index_types")
    teasers = sum(_is_teaser(block) and not _is_edge(block) for block in page.blocks)
    most = _STORY if is_list else _STORY // 2
    if teasers < (_MANY if is_list else _VERY_MANY) or _longest_story(page) >= most:
        return None
    return Kind(PageKind.INDEX, "url" if listing else "json-ld" if is_list else "text")


def _longest_story(page: _Page) -> int:
    """Return the words of the longest stretch of running text that no headline of another page interrupts.

    What a page asks consent to may be long, and is no story.
    """
    body = {block for block in page.body if _CONSENT * _count("consent_text", block.text.lower()) <= block.words}
    longest = here = 0
    for block in page.blocks:
        here = 0 if _is_teaser(block) else here + (_prose(block) if block in body else 0)
        longest = max(longest, here)
    return longest


def _is_teaser(block: Block) -> bool:
    return block.words >= _TEASER and 5 * block.linked >= 4 * len(block.text)


def _is_edge(block: Block) -> bool:
    return any(node.tag in _EDGES for node in block.node.lineage())


def _prose(block: Block) -> int:
    return 0 if 2 * block.linked > len(block.text) else _running(block.text)


def _running(text: str) -> int:
    words = word_count(text)
    return words if words >= _SENTENCE_WORDS and _SENTENCE.search(text) else 0


def _reports(text: str) -> bool:
    """Return whether a text is a sentence that says more than what its page asks of browsers."""
    return _running(text) > 0 and not _says("browser_text", text.lower())


def _is_listing(url: str | None) -> bool:
    """Return whether an address is that of a front page, a section, an archive or a search."""
    if not url:
        return False
    parts = urlsplit(url)
    return _says("listing_path", parts.path.lower()) or _says("listing_query", parts.query.lower())
