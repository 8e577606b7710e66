"""An HTML page as the readers of its metadata see it: what it says for machines, and what is near its headline."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pagefacts.extraction.metadata.jsonld import Statements

_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_MOST_METAS: Final = 2_000
"""Meta elements that are read; pages have some dozens."""
_MOST_HEADINGS: Final = 50
_JOINED: Final = frozenset({"author", "article:author", "citation_author", "dc.creator", "dcterms.creator"})
"""Names of meta elements of which a page has one for each author."""
_LONGEST: Final = 300
"""Characters of such a list at which it is full."""
_PIECES: Final = 40
"""Texts that are read in one element: all of a headline or byline, little of an element that was never closed."""
_MOST_TEXT: Final = 20_000
"""Characters that are read of one text."""
_BREAKS: Final = frozenset({"br", "div", "p", "li", "h2", "h3", "h4", "td", "section", "header"})
_BELOW: Final = 150
_ABOVE: Final = 40
"""Elements after and before the headline that are its surroundings."""
_LONG: Final = 150
"""Characters of a paragraph of an article or of a long standfirst."""
_WITH_TEXT: Final = etree.XPath("(//body//*[normalize-space(text()) = $text])[1]")
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|recommend\w*|popular|trending|teasers?|promos?)(?:$|[\s_-])|(?:^|\s)sidebar",
    re.IGNORECASE,
)
"""Classes and ids of what is not about the article: comments, and lists of others."""
_WHOLE: Final = frozenset({"html", "body", "main", "article"})
"""Elements whose classes tell of the page: "has-comments"."""
_UP: Final = 8
"""Ancestors that are looked at."""


def first_elements(path: str, most: int) -> Callable[[HtmlElement], list[HtmlElement]]:
    """Return a function that finds the first ``most`` elements of a tree on an XPath."""
    return cast("Callable[[HtmlElement], list[HtmlElement]]", etree.XPath(f"({path})[position() <= {most}]"))


def first_holders(path: str, most: int) -> Callable[[HtmlElement], list[HtmlElement]]:
    """Return a function that finds the elements that hold the first ``most`` texts of a tree on an XPath."""
    find = etree.XPath(f"({path})[position() <= {most}]")

    def holders(tree: HtmlElement) -> list[HtmlElement]:
        found: list[HtmlElement] = []
        for text in cast("list[Any]", find(tree)):  # each is a string that knows the element before it or around it
            near = text.getparent()
            holder = near.getparent() if text.is_tail else near
            if holder is not None:
                found.append(holder)
        return found

    return holders


_ENTRY_TITLES: Final = first_elements(
    "//*[not(self::meta)][@itemprop='headline' or contains(concat(' ', @class, ' '), ' entry-title ')]",
    _MOST_HEADINGS,
)
"""The titles of hAtom and the headlines of schema.org."""


class Found(NamedTuple):
    """A value of a field, and where it stands."""

    source: str
    """In the words of `pagefacts.contracts.Sources`."""
    value: str


class Heading(NamedTuple):
    """A heading of the first level."""

    element: HtmlElement
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says for machines, and its headings."""

    tree: HtmlElement
    """The page without its scripts; not to be changed."""
    metas: Mapping[str, str]
    """The first content of each meta element by its lower-cased property, name or itemprop; of authors, all."""
    stated: Statements
    """What its JSON-LD says."""
    headings: tuple[Heading, ...]
    url: str | None

    def meta(self, *names: str) -> Iterator[Found]:
        """Yield the contents of the meta elements ``names``, in that order."""
        return (Found(f"meta:{name}", self.metas[name]) for name in names if name in self.metas)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands near a page's headline."""

    below: tuple[HtmlElement, ...]
    """The headline and what comes after it, in order."""
    above: tuple[HtmlElement, ...]
    """What comes before it, the nearest first."""
    head: tuple[HtmlElement, ...]
    """What stands between the headline and the article's second long paragraph."""
    index: Mapping[HtmlElement, int]
    """By element its place, counted from the headline."""
    around: frozenset[HtmlElement]
    """The elements that it stands in."""


def surroundings(page: Page, title: str | None) -> Surroundings:
    """Return what stands near the headline ``title`` of a page.

    The headline is the heading that shares most words with it, or another element that has it where no heading has
    half of its words: on some pages the only heading of the first level is the site's name.
    """
    headline = _headline(page, title)
    if headline is None:
        return Surroundings((), (), (), {}, frozenset())
    below = tuple(islice(following(headline), _BELOW))
    above = tuple(islice(preceding(headline), _ABOVE))
    index = {element: n for n, element in enumerate(below)} | {element: -n for n, element in enumerate(above, 1)}
    long = [n for n, element in enumerate(below) if len(element.text or "") >= _LONG]
    head = below[: long[1]] if len(long) > 1 else below
    return Surroundings(below, above, head, index, frozenset(headline.iterancestors()))


def _headline(page: Page, title: str | None) -> HtmlElement | None:
    words = set((title or "").lower().split())
    shared = [(len(words.intersection(heading.text.lower().split())), heading.element) for heading in page.headings]
    most, element = max(shared, key=lambda each: each[0], default=(0, None))
    if title and 2 * most < len(words):
        found = cast("list[HtmlElement]", _WITH_TEXT(page.tree, text=title))
        return next(iter(found), element)
    return element


def page_of(tree: HtmlElement, stated: Statements, url: str | None) -> Page:
    """Return the page of a tree without scripts; ``stated`` is what its JSON-LD says."""
    return Page(tree, _metas(tree), stated, tuple(_headings(tree)), url)


def plain(text: str | None) -> str | None:
    """Return ``text`` without tags and entities, in one line, not all of a long one; None where nothing is left.

    Content systems escape twice: what the parser made of ``&amp;#8217;`` is still an entity.
    """
    if not text:
        return None
    text = text[:_MOST_TEXT]
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAGS.sub(" ", text)
    return " ".join(text.split()) or None


def shown(element: HtmlElement) -> str:
    """Return the text of an element in one line, with spaces where its parts stand below each other; little of much."""
    texts: list[str] = []
    for event, part in islice(etree.iterwalk(element, events=("start", "end")), 2 * _PIECES):
        text = part.text if event == "start" else part.tail if part is not element else None
        texts.append(f" {text or ''}" if part.tag in _BREAKS else text or "")
    return " ".join("".join(texts)[:_MOST_TEXT].split())


def pieces(element: HtmlElement) -> list[str]:
    """Return the texts that stand in an element and those in it, each in one line; not all of many."""
    lines = (" ".join(text[:_MOST_TEXT].split()) for text in islice(element.itertext(), _PIECES))
    return [line for line in lines if line]


def is_elsewhere(element: HtmlElement, near: Surroundings) -> bool:
    """Return whether an element is not about the article: a comment, a list of other articles, a form, a footer.

    What holds the headline is about the article, whatever it is: some systems put all of a page in a form, or say in
    the classes of its frame that it has comments.
    """
    for above in (element, *islice(element.iterancestors(), _UP)):
        if above in near.around:
            return False
        if above.tag in {"form", "footer", "nav"}:
            return True
        if above.tag not in _WHOLE and _ELSEWHERE.search(f"{above.get('class', '')} {above.get('id', '')}"):
            return True
    return False


def following(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield ``element`` and what comes after its start in the page, nearest first."""
    yield from element.iter(etree.Element)
    here: HtmlElement | None = element
    while here is not None:
        for sibling in here.itersiblings(etree.Element):
            yield from sibling.iter(etree.Element)
        here = here.getparent()


def preceding(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield what ends before the start of ``element`` in the page, nearest first."""
    here: HtmlElement | None = element
    while here is not None:
        for sibling in here.itersiblings(etree.Element, preceding=True):
            yield from _backwards(sibling)
        here = here.getparent()


def _backwards(element: HtmlElement) -> Iterator[HtmlElement]:
    """Yield an element and its descendants, the last first."""
    pending = [(element, False)]
    while pending:
        item, opened = pending.pop()
        if opened or not len(item):
            yield item
            continue
        pending.append((item, True))
        pending.extend((child, False) for child in item.iterchildren(etree.Element))


def _metas(tree: HtmlElement) -> dict[str, str]:
    metas: dict[str, str] = {}
    for element in islice(tree.iter("meta"), _MOST_METAS):
        content = (element.get("content") or "").strip()
        names = (element.get(kind) for kind in ("property", "name", "itemprop")) if content else ()
        for key in dict.fromkeys((name or "").strip().lower() for name in names):
            if key in _JOINED and key in metas and len(metas[key]) < _LONGEST:
                metas[key] += f"; {content}"
            elif key:
                metas.setdefault(key, content)
    return metas


def _headings(tree: HtmlElement) -> Iterator[Heading]:
    """Yield the headings of the first level; where there are none, what is marked as an entry's title or headline."""
    found = list(islice(tree.iter("h1"), _MOST_HEADINGS)) or _ENTRY_TITLES(tree)
    for element in found:
        if (text := plain(shown(element))) is not None:
            yield Heading(element, text)
