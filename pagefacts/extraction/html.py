"""HTML pages: parsing within limits."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pagefacts.errors import UnreadablePage
from pagefacts.extraction.invisible import without_references
from pagefacts.extraction.limits import (
    MAX_JSON_LD,
    check_tree,
    drop_excess_attributes,
    drop_long_values,
    drop_unreadable_attributes,
)
from pagefacts.extraction.mojibake import without_mojibake

_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML, and with it lxml, does not allow."""
_CLASSES: Final = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for all elements. lxml.html's own look-up has others for forms, and asks Python for that of every element
each time that it is come by, which is a fifteenth of an extraction."""
_DROPPED: Final = ("script", "style", "template", "svg", "iframe", "object", "embed", "canvas", "math")


def parse(markup: str) -> tuple[HtmlElement, list[str]]:
    """Return a page's tree, rid of scripts, styles and comments, and the text of its JSON-LD scripts.

    Raises `UnreadablePage` for a page without elements or nested too deep, `PageTooLarge` for one beyond the limits.
    """
    clean = drop_excess_attributes(_UNFIT.sub("", without_references(without_mojibake(markup))))
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = document_fromstring(clean.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadablePage(f"It is no HTML: {error}.", field="html") from None
    scripts = [text for script in tree.iter("script") if (text := _json_ld(script))]
    etree.strip_elements(tree, *_DROPPED, with_tail=False)
    drop_unreadable_attributes(tree)
    drop_long_values(tree)
    check_tree(tree)
    return tree, scripts


def _json_ld(script: HtmlElement) -> str | None:
    text = script.text if "ld+json" in (script.get("type") or "") else None
    return text if text and len(text) <= MAX_JSON_LD else None
