"""The body of an article, out of the blocks of its page.

Two readers look at a page: trafilatura, by its rules, and the model of blocks, which sees what trafilatura took as one
feature among others. The model decides block by block; what it takes is then rid of copies, and of lines that say
themselves that they are no article.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import trafilatura
from lxml import etree

from pagefacts.extraction.bodies.blocks import Block, Node, link_farms, nodes_of, read_blocks, take_out
from pagefacts.extraction.bodies.features import Shares, Tokens, features, is_hidden
from pagefacts.extraction.metadata.names import biographies, is_writer
from pagefacts.extraction.scraped.lines import Line
from pagefacts.extraction.trees import Matrix, stored

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from numpy.typing import NDArray

_EMPTY: Final = ("img", "input", "link", "meta", "source")
"""Elements without text: a fifth of a page."""
_LIKELY: Final = 0.4
"""Probability from which a block is taken. Below one half: of a report, to lose a paragraph is worse than to keep one
line too many."""
_LITTLE: Final = 250
"""Characters below which an extracted text is doubted; trafilatura's own minimum."""
_LONGEST_BYLINE: Final = 12
"""Words of one, with what it says of an author."""
_HEAD: Final = 4
"""Lines at the start of the body among which headline, byline and date may stand."""
_QUIET: Final = 0.05
"""Share of an article's sentences up to which it does not speak to its readers."""
_LONGEST_APPEAL: Final = 300
_LONGEST_NOTICE: Final = 600
"""Characters of lines that may be appeals or boilerplate."""
_COPY: Final = 25
"""Words from which a block that stood in the body before is a copy; shorter lines repeat themselves for a reason."""
_SAME: Final = 0.9
_FULLER: Final = 1.5
"""How much longer JSON-LD's body must be than the page's, where the latter is the beginning of it."""
_MOST_BLOCKS: Final = 8_000
"""Blocks up to which a page is looked at block by block; the longest of 190 articles had 2,500."""


class Head(NamedTuple):
    """What stands above an article, and is none of it."""

    title: str | None = None
    authors: tuple[str, ...] = ()


class Body(NamedTuple):
    """The text of an article."""

    text: str
    """Paragraphs parted by newlines; blank where there is none."""
    blocks: tuple[Block, ...]
    """Where it stands in the page."""
    source: str | None
    """In the words of `pagefacts.contracts.Sources`; None where there is no text."""


@dataclass(frozen=True, slots=True)
class View:
    """What the model sees of a page."""

    tokens: Tokens
    before: NDArray[np.float64]
    """Of each block the share of its words that stood before it."""
    rows: Matrix


def blocks_of(tree: HtmlElement) -> list[Block]:
    """Return the blocks of a page; elements without text are taken out of ``tree``."""
    etree.strip_elements(tree, *_EMPTY, with_tail=False)
    return read_blocks(tree)


def candidates(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks that may be of a body: those outside lists of links, which are taken out of their tree.

    That is half of a page, which neither reader need spend time on, and trafilatura errs less without it.
    """
    farms = link_farms(blocks)
    take_out(farms)
    return [block for block in blocks if block.node not in farms]


def find_body(tree: HtmlElement, blocks: Sequence[Block], url: str | None, head: Head, stated: str | None) -> Body:
    """Return the body of an article, given its page's ``tree`` and `candidates`.

    ``stated`` is the body that JSON-LD gives: it is taken where hardly any text is found in the page itself, or only
    the beginning of it, as on pages that load the rest by script or hide it from who does not pay.
    """
    reference = read_by_trafilatura(tree, url)
    body = _chosen(blocks, reference, head, stated) if 0 < len(blocks) <= _MOST_BLOCKS else Body("", (), None)
    if stated and _is_fuller(stated, body.text):
        return Body(_clean(stated, head), body.blocks, "json-ld")
    if not body.text and reference:
        return Body(_clean(reference, head), (), "trafilatura")
    return body


def read_by_trafilatura(tree: HtmlElement, url: str | None) -> str:
    """Return the text that trafilatura finds; ``tree`` is not changed.

    Its recall mode is on par with its default on news, better on other articles, and takes half the time, because it
    asks no second extractor.
    """
    return trafilatura.extract(tree, url=url, include_comments=False, favor_recall=True) or ""


def view_of(blocks: Sequence[Block], reference: str, title: str | None, stated: str | None) -> View:
    """Return what the model sees; ``reference`` is trafilatura's text, the rest as in `find_body`."""
    tokens = Tokens(block.text for block in blocks)
    stands = tokens.shares_in(stated) if stated else np.full(len(blocks), -1.0)
    shares = Shares(tokens.shares_in(reference), stands, tokens.shares_before())
    return View(tokens, shares.before, features(blocks, shares, tokens, title))


def choose(blocks: Sequence[Block], likelihood: NDArray[np.float64], view: View, head: Head) -> tuple[Block, ...]:
    """Return the blocks of the body: the likely ones without copies and without lines that are no article.

    A block is a copy of what was taken, not of all that the page said before: a summary above an article often is its
    first paragraph.
    """
    likely = np.flatnonzero((likelihood >= _LIKELY) & ~_hidden_copies(blocks, view.before)).tolist()
    copies = {n for n in view.tokens.repeats(likely, _SAME) if blocks[n].words >= _COPY}
    taken = [blocks[n] for n in likely if n not in copies]
    return tuple(taken[n] for n in _own([block.text for block in taken], head))


def _chosen(blocks: Sequence[Block], reference: str, head: Head, stated: str | None) -> Body:
    view = view_of(blocks, reference, head.title, stated)
    body = choose(blocks, stored("blocks_model").predict(view.rows), view, head)
    return Body("\n".join(block.text for block in body), body, "text" if body else None)


def _is_fuller(stated: str, text: str) -> bool:
    if len(text) < _LITTLE:
        return len(stated) > len(text)
    return len(stated) > _FULLER * len(text) and Tokens(text.splitlines()).shares_in(stated).mean() > _SAME


def _hidden_copies(blocks: Sequence[Block], before: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return of each block whether it is hidden in an element most of which stood before.

    Systems write the article a second time for machines, with its dates and addresses.
    """
    words = np.array([block.words for block in blocks])
    copies = np.zeros(len(blocks), bool)
    for places in _hidden(blocks):
        copies[places] = 2 * (words[places] * before[places]).sum() >= words[places].sum()
    return copies


def _hidden(blocks: Sequence[Block]) -> Collection[list[int]]:
    """Return the places of the blocks inside each hidden element that is inside no other."""
    outermost: dict[Node, Node] = {}
    for node in nodes_of(blocks):
        if node.parent in outermost:
            outermost[node] = outermost[node.parent]
        elif is_hidden(node.attributes):
            outermost[node] = node
    places: dict[Node, list[int]] = defaultdict(list)
    for n, block in enumerate(blocks):
        if block.node in outermost:
            places[outermost[block.node]].append(n)
    return places.values()


def _clean(text: str, head: Head) -> str:
    lines = [stripped for part in text.splitlines() if (stripped := part.strip())]
    return "\n".join(lines[n] for n in _own(lines, head))


def _own(lines: Sequence[str], head: Head) -> list[int]:
    """Return which of a body's lines are no boilerplate, not of its head, and no biographies below it; else all."""
    read = [Line(line) for line in lines]
    behind = len(lines) - biographies(lines, head.authors)
    dropped = _appeals(read) | _head(read, head) | set(range(behind, len(lines)))
    own = [
        n
        for n, line in enumerate(read)
        if n not in dropped and not (len(line.text) < _LONGEST_NOTICE and line.is_boilerplate)
    ]
    return own or list(range(len(lines)))


def _appeals(lines: Sequence[Line]) -> set[int]:
    """Return the lines that ask the reader for something; none where the article itself speaks to its readers.

    A report does not: there such a line is the outlet's, between the paragraphs.
    """
    appeals = {n for n, line in enumerate(lines) if len(line.text) < _LONGEST_APPEAL and line.is_appeal}
    others = [line for n, line in enumerate(lines) if n not in appeals and line.is_sentence] if appeals else []
    return appeals if sum(line.voice > 0 for line in others) <= _QUIET * len(others) else set()


def _head(lines: Sequence[Line], head: Head) -> set[int]:
    """Return which of a body's first lines are its headline, its date, or its byline and what that says of authors."""
    title = Line(head.title).key if head.title is not None else None
    found: set[int] = set()
    for n, line in enumerate(lines[:_HEAD]):
        is_short = len(line.words) <= _LONGEST_BYLINE and not line.is_sentence
        is_byline = is_short and any(line.text.startswith(name) for name in head.authors)
        if line.key == title or line.is_dateline or is_byline or (n - 1 in found and is_short and is_writer(line.text)):
            found.add(n)
    return found
