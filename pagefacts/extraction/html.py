"""HTML pages: parsing within limits, and the article's text by trafilatura."""

from __future__ import annotations

import re
from typing import Final

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pagefacts.errors import UnreadablePage
from pagefacts.extraction.limits import check_tree, drop_excess_attributes
from pagefacts.extraction.lines import Line

_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML, and with it lxml, does not allow."""
_DROPPED: Final = ("script", "style", "template", "svg", "iframe", "object", "embed", "canvas", "math")
_HEAD: Final = 4
"""Lines at the start of the text among which headline, byline and date may stand."""
_LITTLE: Final = 250
"""Characters below which an extracted text is doubted; trafilatura's own minimum."""


def parse(markup: str) -> tuple[HtmlElement, list[str]]:
    """Return a page's tree, rid of scripts, styles and comments, and the text of its JSON-LD scripts.

    Raises `UnreadablePage` for a page without elements or nested too deep, `PageTooLarge` for one with too many.
    """
    clean = drop_excess_attributes(_UNFIT.sub("", markup))
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = document_fromstring(clean.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadablePage(f"It is no HTML: {error}.", field="html") from None
    scripts = [script.text for script in tree.iter("script") if script.text and "ld+json" in (script.get("type") or "")]
    etree.strip_elements(tree, *_DROPPED, with_tail=False)
    check_tree(*_extent(tree))
    return tree, scripts


def _extent(tree: HtmlElement) -> tuple[int, int]:
    """Return the number of elements and the depth of the deepest."""
    elements = depth = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        deepest = max(deepest, depth)
    return elements, deepest


def article_text(tree: HtmlElement, url: str | None, title: str | None, stated: str | None) -> str:
    """Return the article's paragraphs, parted by newlines; empty where the page has none.

    What trafilatura leaves of captions, notices and pointers to other pages is dropped line by line, and so are the
    headline, byline and date above the text. ``stated`` is the body that the page's JSON-LD gives: taken where hardly
    any text is found in the page itself.
    """
    text = trafilatura.extract(tree, url=url, include_comments=False) or ""
    if len(text) < _LITTLE and stated and len(stated) > len(text):
        text = stated
    lines = [Line(stripped) for part in text.splitlines() if (stripped := part.strip())]
    kept = [line for n, line in enumerate(lines) if not (line.is_boilerplate or (n < _HEAD and _is_head(line, title)))]
    return "\n".join(line.text for line in kept or lines)


def _is_head(line: Line, title: str | None) -> bool:
    return line.is_dateline or (title is not None and line.key == Line(title).key)
