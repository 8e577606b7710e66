"""The blocks of a page: its text cut at every element that starts a line of its own, and the elements around each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_INLINE: Final = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr picture q rb rp rt "
        "ruby s samp small source span strike strong sub sup time tt u var wbr"
    ).split()
)
"""Elements that stand inside a line (HTML's phrasing content); others break it, but for some unknown to HTML."""
_OFFICE: Final = ("st1:", "o:")
"""Beginnings of the tags that Word leaves in pages, such as ``<st1:City>``."""
_RUNNING: Final = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6"))
"""Elements that hold nothing that breaks a line, but for ``<br>``: the parser ends them where it comes."""
_SILENT: Final = frozenset(
    (
        "head script style template svg iframe object embed canvas math noscript select option textarea datalist audio "
        "video map progress meter dialog"
    ).split()
)
"""Elements whose text is not shown, or is no part of what a page tells."""
_SET_OFF: Final = frozenset(("b", "strong", "em", "i", "h1", "h2", "h3", "h4", "h5", "h6"))
_CELLS: Final = frozenset(("td", "th"))
_PARTING: Final = frozenset(("p", "br"))
"""Elements that part the paragraphs of a text."""
_UNPARTED = re.compile("[\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\uff01-\uff9f]")
"""Characters of Chinese and Japanese, which do not part words; Korean does."""
_LONG_UNPARTED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Those of Thai, Lao, Burmese and Khmer, which do not either."""
_LONGEST_ROW: Final = 600
"""Characters of a row of data."""


_FARM_LINES: Final = 3
_FARM_LINKS: Final = 0.9
"""Blocks, and share of their characters that are links, from which an element is a list of links."""
_LONG: Final = 20
"""Words of a block that is no headline."""


@dataclass(eq=False, slots=True)
class Node:
    """An element that holds blocks."""

    tag: str
    attributes: dict[str, str]
    parent: Node | None
    depth: int
    linked: bool
    """Whether it is, or stands inside, a link."""
    element: HtmlElement | None = None

    def lineage(self) -> Iterator[Node]:
        """Yield the node and those around it, the innermost first."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


@dataclass(eq=False, slots=True)
class Block:
    """A stretch of text without a break; a row of a table is one, its cells parted by bars."""

    node: Node
    """The innermost element around it that starts a line."""
    text: str
    linked: int
    """Characters of it that are links."""
    bold: int
    """Characters of it that are set off: bold, italic, or of a heading."""
    words: int
    """Number of words (`word_count`)."""


def word_count(text: str) -> int:
    """Return about how many words a text of one blank between words has, one at least.

    Where a script does not part them, it goes by the usual length of its words.
    """
    words = text.count(" ") + text.count("\n") + 1
    if not text.isascii():
        words += len(_UNPARTED.findall(text)) // 2 + len(_LONG_UNPARTED.findall(text)) // 4
    return words


def read_blocks(tree: HtmlElement) -> list[Block]:
    """Return the blocks of ``tree`` in the order of the page; it is not changed.

    A ``<br>`` ends a block as a paragraph does: many pages part their paragraphs by nothing else.
    """
    reader = _Reader()
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            reader.start(element)
        else:
            reader.end(element)
    reader.flush()
    return reader.blocks


def nodes_of(blocks: Sequence[Block]) -> list[Node]:
    """Return the elements around ``blocks``, the outer before the inner."""
    nodes: set[Node] = set()
    for block in blocks:
        node: Node | None = block.node
        while node is not None and node not in nodes:
            nodes.add(node)
            node = node.parent
    return sorted(nodes, key=lambda node: node.depth)


def link_farms(blocks: Sequence[Block]) -> set[Node]:
    """Return the elements that hold little but links, and those inside them: menus, lists of other articles, tags.

    None where most of the running text would be in them: some pages forget to end a link.
    """
    nodes = nodes_of(blocks)
    held = {node: [0, 0, 0] for node in nodes}
    for block in blocks:
        _count(held[block.node], len(block.text), block.linked, 1)
    for node in reversed(nodes):
        if node.parent is not None:
            _count(held[node.parent], *held[node])
    farms: set[Node] = set()
    for node in nodes:
        size, linked, lines = held[node]
        if node.parent in farms or (lines >= _FARM_LINES and linked >= _FARM_LINKS * size):
            farms.add(node)
    long = [block for block in blocks if block.words >= _LONG]
    return farms if 2 * sum(block.node in farms for block in long) <= len(long) else set()


def _count(held: list[int], size: int, linked: int, lines: int) -> None:
    held[0] += size
    held[1] += linked
    held[2] += lines


def take_out(farms: set[Node]) -> None:
    """Take the elements of ``farms`` out of their tree; text behind them stays."""
    for node in farms:
        if node.element is not None and node.parent not in farms and node.element.getparent() is not None:
            node.element.drop_tree()


class _Reader:
    """Reads a page from its start to its end."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._node = Node("html", {}, None, 0, False)
        self._row: HtmlElement | None = None
        self._silent = self._links = self._set_off = 0
        self._parts: list[str] = []
        self._linked = self._bold = 0

    def start(self, element: HtmlElement) -> None:
        """Read a start tag and the text behind it."""
        tag = element.tag
        self._silent += tag in _SILENT
        if self._silent:
            return
        if tag not in _INLINE and not self._stands_inside(tag):
            self._break(element)
        self._links += tag == "a"
        self._set_off += tag in _SET_OFF
        self._add(element.text)

    def end(self, element: HtmlElement) -> None:
        """Read an end tag and the text behind it."""
        tag = element.tag
        if not self._silent:
            self._links -= tag == "a"
            self._set_off -= tag in _SET_OFF
            if tag not in _INLINE and tag != "br" and not self._stands_inside(tag):
                self._leave(element)
        self._silent -= tag in _SILENT
        if not self._silent:
            self._add(element.tail)

    def flush(self) -> None:
        """End the block."""
        if not self._parts:
            return
        text = "".join(self._parts)
        text = _preformatted(text) if self._node.tag == "pre" else " ".join(text.split())
        if text:
            linked, bold = min(self._linked, len(text)), min(self._bold, len(text))
            self.blocks.append(Block(self._node, text, linked, bold, word_count(text)))
        self._parts = []
        self._linked = self._bold = 0

    def _stands_inside(self, tag: str) -> bool:
        """Return whether an element that HTML does not know stands inside a line here, as browsers show it.

        So do the tags of Word for places and dates, and custom elements of content systems where nothing else may
        stand. Elsewhere the latter are boxes.
        """
        return ("-" in tag or ":" in tag) and (self._node.tag in _RUNNING or tag.startswith(_OFFICE))

    def _break(self, element: HtmlElement) -> None:
        tag = element.tag
        if self._row is not None:
            self._parts.append(" | " if tag in _CELLS and element.getprevious() is not None else " ")
            return
        self.flush()
        if tag != "br":
            self._node = Node(tag, dict(element.attrib), self._node, self._node.depth + 1, self._links > 0, element)
        if tag == "tr" and _is_data(element):
            self._row = element

    def _leave(self, element: HtmlElement) -> None:
        if self._row is element:
            self._row = None
        if self._row is not None:
            self._parts.append(" ")
            return
        self.flush()
        self._node = self._node.parent or self._node

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if text.isspace():
            if self._parts:
                self._parts.append(text)
            return
        self._parts.append(text)
        if self._links or self._set_off:
            size = len(text.strip())
            self._linked += size * (self._links > 0)
            self._bold += size * (self._set_off > 0)


def _preformatted(text: str) -> str:
    return "\n".join(line for part in text.splitlines() if (line := part.strip()))


def _is_data(row: HtmlElement) -> bool:
    """Return whether a row of a table holds data: two cells or more, little text, and no more paragraphs than cells.

    Tables also serve as layout.
    """
    size = cells = paragraphs = 0
    for element in row.iter():
        cells += element.tag in _CELLS
        paragraphs += element.tag in _PARTING
        size += len(element.text or "") + len(element.tail or "")
        if size > _LONGEST_ROW or element.tag in {"table", "form"}:
            return False
    return cells > 1 and paragraphs <= cells
