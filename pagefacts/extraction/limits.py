"""What a page may be at most, so that no page holds a worker.

The figures stand far above what news pages have (said of each: the most that one of 190 pages looked at had) and below
what makes the parser, trafilatura, htmldate or the tagger slow.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple, cast

from lxml import etree
from lxml.html import HtmlElement

from pagefacts.errors import PageTooLarge, UnreadablePage

MAX_CHARACTERS: Final = 10_000_000
"""Characters of a page, markup and scripts included (1.5 million)."""
MAX_BASE64: Final = MAX_CHARACTERS * 4 * 4 // 3
"""Characters of base64: a page of `MAX_CHARACTERS` takes up to 4 bytes each, and base64 4 characters for 3 bytes."""
MAX_TEXT: Final = 1_000_000
"""Characters of text in a page without its scripts, and of a scraped text (110,000)."""
MAX_ARTICLE: Final = 150_000
"""Characters of an article (53,000): 3 to 5 s of tagging and facts."""
MAX_WORDS: Final = 40_000
"""Words and signs of an article: what the tagger's time grows with; `MAX_ARTICLE` of English has 29,000."""
MAX_LINES: Final = 20_000
"""Lines of a scraped text that are not blank."""
MAX_ELEMENTS: Final = 25_000
"""Elements without scripts and the like (3,800); trafilatura takes 0.1 ms for each."""
MAX_DEPTH: Final = 2_000
"""Levels of nesting (51); libxml2 silently drops what lies deeper than 2,048."""
MAX_NESTED_TEXT: Final = 20_000_000
"""Characters of text, each counted once for every element around it (1.4 million): what reading all of them takes."""
MAX_ATTRIBUTES: Final = 256
"""Attributes of one element (64); libxml2's time grows with their square. A tag that has more keeps none."""
MAX_ALL_ATTRIBUTES: Final = 200_000
"""Attributes of a page (5,500)."""
MAX_VALUE: Final = 2_000
"""Characters of an attribute; longer ones, pictures and data of scripts, are dropped."""
MAX_CONTENT: Final = 25_000
"""The same for a meta element (15,000)."""
MAX_VALUES: Final = 2_000_000
"""Characters of all attributes that are left."""
MAX_JSON_LD: Final = 1_000_000
"""Characters of a JSON-LD script (41,000); longer ones are not read."""
MAX_BLANKS: Final = 200
"""Blanks in a row within a line of scraped text; more are one."""

# Any number of unquoted stretches and quoted values, possessively, so that no start is tried twice.
_TAG = re.compile(r"""<([a-zA-Z][^\s<>/"']*+)((?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>""")
_QUOTED = re.compile(r"""(["'])(?:(?!\1).)*+\1""", re.DOTALL)
_ATTRIBUTE = re.compile(r"[^\s=/]++(?:\s*+=\s*+\S++)?+")
_BRACED: Final = cast("Callable[[HtmlElement], list[HtmlElement]]", etree.XPath("//*[@*[starts-with(name(), '{')]]"))
_LONG: Final = cast(
    "Callable[[HtmlElement], list[HtmlElement]]", etree.XPath(f"//*[@*[string-length() > {MAX_VALUE}]]")
)
_NAME = re.compile(r"[\w.:-]++")
"""A name that lxml lets an attribute be given by."""
_BLANKS = re.compile(rf"(?<![^\S\n])[^\S\n]{{{MAX_BLANKS + 1},}}+")
_WORD = re.compile(r"\w+|[^\w\s]")


def check_size(page: str, field: str | None = None, limit: int = MAX_CHARACTERS) -> None:
    """Raise `PageTooLarge` where ``page`` has more characters; ``field`` is the job's field it came in."""
    if len(page) > limit:
        raise PageTooLarge(f"{len(page):,} characters; the limit is {limit:,}.", field=field)


def check_lines(lines: int) -> None:
    """Raise `PageTooLarge` where a scraped text has more than `MAX_LINES`."""
    if lines > MAX_LINES:
        raise PageTooLarge(f"{lines:,} lines; the limit is {MAX_LINES:,}.", field="text")


def check_article(text: str, field: str | None = None) -> None:
    """Raise `PageTooLarge` where an article has more than `MAX_ARTICLE` characters or `MAX_WORDS` words and signs."""
    if len(text) > MAX_ARTICLE:
        raise PageTooLarge(f"Its article has {len(text):,} characters; the limit is {MAX_ARTICLE:,}.", field=field)
    words = len(_WORD.findall(text)) if len(text) > MAX_WORDS else 0
    if words > MAX_WORDS:
        raise PageTooLarge(f"Its article has {words:,} words and signs; the limit is {MAX_WORDS:,}.", field=field)


def without_long_blanks(text: str) -> str:
    """Return a scraped text with one blank where more than `MAX_BLANKS` stand in a row."""
    return _BLANKS.sub(" ", text)


def drop_excess_attributes(markup: str) -> str:
    """Return ``markup`` without the attributes of every tag that has more than `MAX_ATTRIBUTES` of them."""
    return _TAG.sub(_without_excess, markup)


def _without_excess(tag: re.Match[str]) -> str:
    # Each attribute takes two characters at least.
    if len(tag[2]) < 2 * MAX_ATTRIBUTES or len(_ATTRIBUTE.findall(_QUOTED.sub("_ ", tag[2]))) <= MAX_ATTRIBUTES:
        return tag[0]
    return f"<{tag[1]}>"


def drop_unreadable_attributes(tree: HtmlElement) -> None:
    """Take the attributes out of ``tree`` whose names begin with a brace: unfilled templates leave ``{{classes}}``.

    lxml reads ``{x}y`` as the name ``y`` of a namespace ``x``, and raises `ValueError` or `KeyError` where an attribute
    that it lists under such a name is asked for or deleted.
    """
    for element in _BRACED(tree):
        kept = {name: value for name, value in element.items() if _NAME.fullmatch(name)}
        element.attrib.clear()
        element.attrib.update(kept)


def drop_long_values(tree: HtmlElement) -> None:
    """Take the attributes out of ``tree`` that are longer than `MAX_VALUE`, in meta elements than `MAX_CONTENT`."""
    for element in _LONG(tree):
        limit = MAX_CONTENT if element.tag == "meta" else MAX_VALUE
        for name in [name for name, value in element.items() if len(value) > limit]:
            del element.attrib[name]


def check_tree(tree: HtmlElement) -> None:
    """Raise `PageTooLarge` for too much of something, `UnreadablePage` for a nesting at which text is lost."""
    extent = _extent(tree)
    if extent.depth > MAX_DEPTH:
        raise UnreadablePage(f"Elements are nested more than {MAX_DEPTH:,} deep.", field="html")
    for number, limit, what in (
        (extent.elements, MAX_ELEMENTS, "elements"),
        (extent.text, MAX_TEXT, "characters of text"),
        (extent.nested, MAX_NESTED_TEXT, "characters of text, counted once for every element around them"),
        (extent.attributes, MAX_ALL_ATTRIBUTES, "attributes"),
        (extent.values, MAX_VALUES, "characters of attributes"),
    ):
        if number > limit:
            raise PageTooLarge(f"{number:,} {what}; the limit is {limit:,}.", field="html")


class _Extent(NamedTuple):
    elements: int
    depth: int
    text: int
    nested: int
    attributes: int
    values: int


def _extent(tree: HtmlElement) -> _Extent:
    elements = depth = deepest = text = nested = attributes = values = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            depth -= 1
            characters = len(element.tail or "")
        else:
            depth += 1
            deepest = max(deepest, depth)
            elements += 1
            found = element.values()
            attributes += len(found)
            values += sum(map(len, found))
            characters = len(element.text or "")
        text += characters
        nested += depth * characters
    return _Extent(elements, deepest, text, nested, attributes, values)
