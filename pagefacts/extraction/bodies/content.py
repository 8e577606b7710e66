"""What an HTML page holds: the text of its article, or what it shows where it is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pagefacts.contracts.article import PageKind
from pagefacts.extraction.bodies import live
from pagefacts.extraction.bodies.find import Head, blocks_of, candidates, find_body
from pagefacts.extraction.bodies.kinds import Kind, kind_of, kind_of_text, read_signs, shown_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement


class Content(NamedTuple):
    """What a page holds."""

    text: str
    """Paragraphs parted by newlines; blank where there is none."""
    source: str | None
    """Where the text comes from, in the words of `pagefacts.contracts.Sources`."""
    kind: Kind


def read_content(tree: HtmlElement, scripts: Sequence[str], url: str | None, head: Head, stated: str | None) -> Content:
    """Return what a page holds.

    ``tree`` is the page without its scripts; it is used up. ``scripts`` are its JSON-LD, ``stated`` is the body that
    they give.
    """
    signs = read_signs(tree, scripts, url)
    blocks = blocks_of(tree)
    body = find_body(tree, candidates(blocks), url, head, stated)
    # Without blocks all that it has is what browsers show in place of scripts.
    kind = kind_of(signs, blocks, body.blocks) if blocks else Kind(kind_of_text(body.text.splitlines()), "text")
    if kind.kind is PageKind.ARTICLE:
        return Content(body.text, body.source, kind)
    if kind.kind is PageKind.LIVE_BLOG:
        text = live.with_entries(body.text, live.entries(scripts))
        return Content(text, body.source if text == body.text else "json-ld", kind)
    return Content(shown_text(blocks) or body.text, "text", kind)
