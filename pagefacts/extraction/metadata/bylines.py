"""Where an HTML page shows its byline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pagefacts.extraction.metadata.names import Byline, is_personal_name, is_writer, read_byline, unique
from pagefacts.extraction.metadata.page import (
    Page,
    Surroundings,
    first_elements,
    first_holders,
    following,
    is_elsewhere,
    pieces,
)
from pagefacts.extraction.metadata.published import from_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST: Final = 50
"""Elements of one kind that are looked at; an article has few bylines, and they come first."""
_CLASS: Final = "translate(@class, 'ABHLNORTUY', 'abhlnortuy')"
_AUTHOR_PAGES: Final = (
    "/author", "/staff/", "/profile/", "/journalist/", "/journalists/", "/journaliste", "/contributor", "/reporter",
    "/by/", "/@",
)  # fmt: skip
"""Parts of the addresses of pages about a writer."""
_PAGES: Final = " or ".join(f"contains(@href, '{part}')" for part in _AUTHOR_PAGES)
_LINKS: Final = first_elements(f"//a[{_PAGES}]", _MOST)
_WORDS: Final = "normalize-space(substring(., 1, 60))"
_END: Final = "substring(normalize-space(.), string-length(normalize-space(.)) - 1)"
_HAS_BY: Final = "contains(translate(substring(., 1, 60), 'BY', 'by'), 'by')"
"""Tells most of the texts of a page from bylines at little cost."""
_BEGINNING: Final = first_holders(
    f"//text()[{_HAS_BY}][starts-with({_WORDS}, 'By ') or starts-with({_WORDS}, 'by ') or starts-with({_WORDS}, 'BY ')"
    f" or contains(substring({_WORDS}, 1, 12), 'ritten by ') or starts-with({_WORDS}, 'Reporting by ')]",
    _MOST,
)
"""Elements that begin with "by"."""
_ALONE: Final = first_holders(
    f"//text()[string-length(.) < 60][{_HAS_BY} or contains(., 'uthor') or contains(., 'UTHOR')]"
    f"[{_END} = 'by' or {_END} = 'By' or {_END} = 'BY' or {_END} = 'y:'"
    " or contains(translate(., 'ABEHORTU', 'abehortu'), 'about the author')]",
    _MOST,
)
"""Elements that may only label what comes next."""
_PORTRAITS: Final = first_elements("//img[string-length(@alt) > 4 and string-length(@alt) < 80]", _MOST)
_DONE: Final = (
    r"(?:words|text|story|stories|written|posted|published|reported|reporting|report|analysis|opinion|article|column"
    r"|commentary|interview|essay|exclusive|dispatch)"
)
_SPOKEN = re.compile(
    rf"(?:(?:.{{0,30}}\b)?{_DONE}\s+)?by[:\s]+(?=\S)|(?:authors?|words|text|writer|reporter|reporting)\s*:",
    re.IGNORECASE,
)
_LABEL = re.compile(rf"\W*(?:(?:{_DONE}\s+)?by|(?:about|meet) the authors?|authors?)\W*", re.IGNORECASE)
_LONGEST: Final = 160
"""Characters of a byline."""
_TAIL: Final = 40
"""Characters behind a link from which on it stands in running text."""
_TOGETHER: Final = 25
"""Elements over which the names of one byline spread."""
_NEXT: Final = 8
"""Elements after a label in which the name stands."""
_BELOW: Final = 4
"""Elements after a portrait in which its name stands."""
_FAR: Final = 60
"""Elements after the headline from which on a mark may be that of another article."""
_ABOVE: Final = 15
"""Elements before it in which a byline may stand."""
_BULLET = re.compile(r"[\n·|•]|\s[–—-]\s")
_IS = re.compile(r"\s+(?:is|was|has)\s")


def _links(tree: HtmlElement) -> list[HtmlElement]:
    """Return the links to the pages of writers, but for those in running text: the news names people too."""
    return [link for link in _LINKS(tree) if len((link.tail or "").strip()) <= _TAIL]


_MARKS: Final = (
    ("byline", first_elements("//*[@rel='author']", _MOST)),
    ("microdata", first_elements("//*[@itemprop='author' or @itemprop='creator']", _MOST)),
    ("byline", _links),
    ("byline", first_elements(f"//*[contains({_CLASS}, 'byline') or contains({_CLASS}, 'author')]", _MOST)),
)
"""Elements that a page marks as its author, the surest marks first, and the sources that they are."""


class Shown(NamedTuple):
    """A byline, and where it stands."""

    source: str
    byline: Byline


def marked_bylines(page: Page, near: Surroundings) -> Iterator[Shown]:
    """Yield what the page marks as its author, the surest marks first; not those of comments and other articles."""
    for source, path in _MARKS:
        elements = path(page.tree)
        yield Shown(source, _near(elements, near) or _agreed(elements, near))


def byline_elements(page: Page, near: Surroundings) -> Iterator[HtmlElement]:
    """Yield the first element of each mark that the page puts at one author or byline only."""
    for _, path in _MARKS:
        elements = [element for element in path(page.tree) if not is_elsewhere(element, near)]
        if _agreed(elements, near).names:
            yield elements[0]


def spoken_bylines(page: Page, near: Surroundings) -> Iterator[Shown]:
    """Yield what begins with "by" or the like: the first near the headline, then what all of the page agrees on."""
    for element in (*near.head[1:], *near.above[:_ABOVE]):
        if (text := _text(element)) and _SPOKEN.match(text) and (byline := _read(text)).names:
            yield Shown("byline", byline)
            break
    beginning = (element for element in _BEGINNING(page.tree) if _SPOKEN.match(_text(element) or ""))
    yield Shown("byline", _agreed(beginning, near))
    labelled = (other for label in _ALONE(page.tree) if (other := _labelled(label)) is not None)
    yield Shown("byline", _agreed(labelled, near))


def bare_bylines(page: Page, near: Surroundings) -> Iterator[Shown]:
    """Yield names without a mark below the headline: several together, or one beside a role or a date.

    Last the name that alone on the page stands with a role below its own portrait, as in a box on the author.
    """
    portraits = _PORTRAITS(page.tree)
    alts = tuple(element.get("alt", "") for element in portraits)
    for element, following_it in pairwise(near.head[1:]):
        names, beside = _alone(element), _text(following_it) or ""
        dated = any(alt.startswith(names) for alt in alts) and from_words(beside) is not None
        if (
            len(names) > 1
            or (names and (dated or is_writer(beside)))
            or len(names := _beside_date(_text(element) or "")) == 1
            or (names := _above_role(_text(element) or ""))
        ):
            yield Shown("byline", Byline(names))
    boxes = {name for element in portraits for name in _captions(element) if name == element.get("alt")}
    yield from (Shown("byline", Byline((name,))) for name in boxes if len(boxes) == 1)


def _alone(element: HtmlElement) -> tuple[str, ...]:
    """Return the names of people that are all of the text of an element; none for links and captions."""
    text = _text(element) if not len(element) and element.tag not in {"a", "figcaption"} else None
    names = tuple(part.strip() for part in text.split(",")) if text and text != text.lower() else ()
    return names if all(map(is_personal_name, names)) else ()


def _beside_date(text: str) -> tuple[str, ...]:
    """Return the names in a line such as "7 August 2015 · 5 min · Ann Lee", where names are told by their capitals."""
    parts = _BULLET.split(text) if text != text.lower() else []
    if len(parts) < 2 or from_words(text) is None:
        return ()
    return tuple(name for part in parts if from_words(part) is None for name in read_byline(part).people)


def _above_role(text: str) -> tuple[str, ...]:
    """Return the name in two lines such as "Ann Lee", "Disaster correspondent"."""
    name, _, role = text.partition("\n")
    return (name,) if role and is_writer(role) and is_personal_name(name) else ()


def _captions(portrait: HtmlElement) -> Iterator[str]:
    """Yield the names below a portrait that stand before a role."""
    for element, following_it in pairwise(islice(following(portrait), 1, 1 + _BELOW)):
        if is_writer(_text(following_it) or ""):
            yield from _alone(element)


def _near(elements: list[HtmlElement], near: Surroundings) -> Byline | None:
    """Return whom those of ``elements`` name together that stand near the headline; None for nobody."""
    places = sorted(
        (near.index[element], n)
        for n, element in enumerate(elements)
        if -_ABOVE < near.index.get(element, _FAR) < _FAR and not is_elsewhere(element, near)
    )
    byline = _together(_read(_text(elements[n])) for place, n in places if place - places[0][0] <= _TOGETHER)
    return byline if byline.names else None


def _agreed(elements: Iterable[HtmlElement], near: Surroundings) -> Byline:
    """Return whom all of ``elements`` name: lists of other articles name many, an author's box one."""
    bylines = [_read(_text(element)) for element in elements if not is_elsewhere(element, near)]
    people = _together(bylines).people
    fullest = max((byline.people for byline in bylines), key=len, default=())
    return Byline(fullest) if len(people) == len(fullest) else Byline()


def _labelled(label: HtmlElement) -> HtmlElement | None:
    """Return the element that names people just after one that is only a label, such as "About the author"."""
    if not _LABEL.fullmatch(_text(label) or ""):
        return None
    after = islice(following(label), 1, 1 + _NEXT)
    return next((element for element in after if _read(_text(element)).people), None)


def _together(bylines: Iterable[Byline]) -> Byline:
    return Byline(*(unique(chain.from_iterable(names)) for names in zip(*(Byline(), *bylines), strict=True)))


def _read(text: str | None) -> Byline:
    """Return whom a text of the page names. What may be a name counts only if it is one word: "Amanda", "jsmith"."""
    byline = read_byline(_IS.split(text)[0] if text else "")
    return byline._replace(others=tuple(name for name in byline.others if " " not in name))


def _text(element: HtmlElement) -> str | None:
    """Return the lines that a small element shows or states."""
    text = element.get("content") or "\n".join(pieces(element))
    if not text and element.get("itemprop"):
        text = element.xpath("string(.//meta[@itemprop='name']/@content)")
    return text if 0 < len(text) <= _LONGEST else None
