"""What the model of blocks looks at: a row of numbers for every block of a page.

A block is seen by its own text, by the elements around it and their names, by what those hold of running text and of
links, by what stands before and after it, and by how much of it another extractor took.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pagefacts.extraction.bodies.blocks import Block, Node, nodes_of
from pagefacts.extraction.trees import Matrix

Column = NDArray[np.float64]

_TAGS: Final = (
    "article main section aside nav footer header form figure figcaption ul ol li table blockquote details h1 h2 h3 h4 "
    "h5 h6 p pre div td dl label button address"
).split()
_TAG: Final = {tag: n for n, tag in enumerate(_TAGS)}
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_NAMED: Final = ("class", "id", "role", "itemprop", "data-component", "data-testid")
_LONGEST_NAMES: Final = 300
_ABOVE: Final = 4
"""Elements around a block that are looked at for what they hold."""
_BESIDE: Final = (-3, -2, -1, 1, 2, 3)
_REACH: Final = (5, 15)
_SHORT_LINE: Final = 40
"""Characters of lines that are compared as a whole, for want of a run of three words."""
_PROSE_HELD: Final = 3
_KEPT_HELD: Final = 4
"""Places of what elements hold."""
_SENTENCE = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_TOKEN = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_CAPITAL = re.compile(r"(?<!\w)[A-ZÀ-ÖØ-ÞА-Я]")
_START: Final = 200
"""Characters of a block that are looked at."""
_END: Final = 10
_NO_CUES: Final = [0.0] * 9
_MOST_WORDS: Final = 5
_PROSE: Final = 10
"""Words from which a block may be running text."""
_TEASER: Final = 4
"""Words from which a link may be the headline of another page."""
_CENTRAL: Final = 0.55


@cache
def _patterns(group: str) -> tuple[re.Pattern[str], ...]:
    data = json.loads(files("pagefacts").joinpath("resources/en/blocks.json").read_text(encoding="utf-8"))[group]
    return tuple(re.compile("|".join(entries)) for name, entries in data.items() if name != "_about")


@lru_cache(maxsize=8192)  # pages share the names of their systems and frameworks
def _name_bits(name: str) -> int:
    return sum((pattern.search(name) is not None) << n for n, pattern in enumerate(_patterns("names")))


def _bits(node: Node) -> int:
    """Return as bits which tag a node has, which names, and whether it is hidden."""
    attributes = node.attributes
    tag = 1 << _TAG[node.tag] if node.tag in _TAG else 0
    if not attributes or node.tag in {"html", "body"}:
        return tag
    bits = tag | (is_hidden(attributes) << (len(_TAGS) + len(_patterns("names"))))
    names = " ".join([attributes[kind][:_LONGEST_NAMES] for kind in _NAMED if kind in attributes])
    for name in names.lower().split():
        bits |= _name_bits(name) << len(_TAGS)
    return bits


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Return whether an element with these attributes is not shown, whatever the style sheets say."""
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return style is not None and re.search(r"(?:display:\s*none|visibility:\s*hidden)", style.lower()) is not None


Run = tuple[str, str, str]


def _runs(words: Sequence[str]) -> list[Run]:
    return list(zip(words, words[1:], words[2:], strict=False))


class Tokens:
    """The words of texts: of the blocks of a page."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.words = [_TOKEN.findall(text.lower()) for text in texts]
        self._runs = [_runs(words) for words in self.words]

    def shares_in(self, text: str) -> Column:
        """Return of each the share of its words that stand in ``text``, compared by runs of three."""
        runs = set(_runs(_TOKEN.findall(text.lower())))
        lines = {" ".join(_TOKEN.findall(line.lower())) for line in text.splitlines() if len(line) < _SHORT_LINE}
        shares = [
            _share(own, runs) if own else float(" ".join(words) in lines)
            for words, own in zip(self.words, self._runs, strict=True)
        ]
        return np.array(shares, np.float64)

    def repeats(self, places: Iterable[int], most: float) -> list[int]:
        """Return those of the ``places`` whose words stand, to the share ``most``, in the others before them."""
        seen: set[Run] = set()
        found: list[int] = []
        for place in places:
            if _share(self._runs[place], seen) >= most:
                found.append(place)
            else:
                seen.update(self._runs[place])
        return found

    def shares_before(self) -> Column:
        """Return of each the share of its words that stand in those before it."""
        seen: set[Run] = set()
        shares = []
        for own in self._runs:
            shares.append(_share(own, seen))
            seen.update(own)
        return np.array(shares, np.float64)


def _share(own: Sequence[Run], runs: set[Run]) -> float:
    return sum(map(runs.__contains__, own)) / len(own) if own else 0.0


class Shares(NamedTuple):
    """Of each block the share of its words that stand elsewhere."""

    kept: Column
    """In the text that another extractor took."""
    stated: Column
    """In the body that JSON-LD states; -1 where it states none."""
    before: Column
    """In the blocks before it."""


class _Page:
    """The blocks of a page and the elements around them, as columns."""

    def __init__(self, blocks: Sequence[Block], kept: Column) -> None:
        self.blocks = blocks
        self.words = np.array([block.words for block in blocks], float)
        self.size = np.array([len(block.text) for block in blocks], float)
        self.linked = np.array([block.linked for block in blocks], float)
        self.links = np.minimum(self.linked / self.size, 1)
        self.kept = kept
        ends = np.array([_ends_sentence(block.text) for block in blocks], float)
        self.prose = self.words * np.where(ends, 1, 0.3) * (self.words >= _PROSE) * (self.links <= 0.4)
        self.nodes = nodes_of(blocks)
        self.index = {node: n for n, node in enumerate(self.nodes)}
        self.parents = [self.index[node.parent] if node.parent else -1 for node in self.nodes]
        self.at = np.array([self.index[block.node] for block in blocks], int)
        self.is_teaser = (self.links > 0.8) & (self.words >= _TEASER)
        self.held = self._held()

    def _held(self) -> Column:
        """Return what each element holds: words, characters, linked ones, prose, words kept, blocks, teasers."""
        columns = (
            self.words,
            self.size,
            self.linked,
            self.prose,
            self.kept * self.words,
            self.words > 0,
            self.is_teaser,
        )
        own = np.stack(columns, axis=1)
        held = np.zeros((len(self.nodes), own.shape[1]))
        np.add.at(held, self.at, own)
        for n in range(len(self.nodes) - 1, 0, -1):
            if self.parents[n] >= 0:
                held[self.parents[n]] += held[n]
        return held

    def centre(self, column: int) -> int:
        """Return the innermost element reached by going down to where more than half is held."""
        best = [-1] * len(self.nodes)
        mass = self.held[:, column]
        for n, parent in enumerate(self.parents):
            if parent >= 0 and (best[parent] < 0 or mass[n] > mass[best[parent]]):
                best[parent] = n
        at = 0
        while best[at] >= 0 and mass[best[at]] > _CENTRAL * mass[at]:
            at = best[at]
        return at

    def inside(self, centre: int) -> list[bool]:
        """Return of each element whether it is ``centre`` or inside it."""
        inside = [False] * len(self.nodes)
        for n, parent in enumerate(self.parents):
            inside[n] = n == centre or (parent >= 0 and inside[parent])
        return inside


def features(blocks: Sequence[Block], shares: Shares, tokens: Tokens, title: str | None) -> Matrix:
    """Return the features, one row a block; ``title`` is the headline."""
    page = _Page(blocks, shares.kept)
    centre, kept_centre = page.centre(_PROSE_HELD), page.centre(_KEPT_HELD)
    inside = page.inside(centre)
    centres = np.stack([np.array(inside)[page.at], np.array(page.inside(kept_centre))[page.at]], axis=1)
    columns = [
        np.array([_own(block) for block in blocks]),
        np.stack([page.words, page.links, *shares], axis=1),
        _marks(page, centre, inside),
        _around(page),
        _places(page, tokens, title, inside),
        centres,
        _headings(page),
        *_beside(page),
    ]
    return np.hstack(columns).astype(np.float32)


def _own(block: Block) -> list[float]:
    text = block.text
    start = text[:_START]
    size = len(start)
    words = start.count(" ") + 1
    return [
        size / words,
        block.bold / len(text),
        _ends_sentence(text),
        start.count(",") / words,
        len(_DIGIT.findall(start)) / size,
        len(_CAPITAL.findall(start)) / words,
        start[0].isupper(),
        start[0].islower(),
        start.isupper(),
        text.endswith("?"),
        text.endswith("!"),
        text.endswith(":"),
        text.endswith(("...", "…", "»", ">", "→")),
        "|" in start,
        start[0] in "\"“'‘«",
        block.node.linked,
        block.node.depth,
        _TAG.get(block.node.tag, -1),
        *(_NO_CUES if block.linked == len(text) and words < _TEASER else _cues(start.lower())),
    ]


def _ends_sentence(text: str) -> bool:
    return _SENTENCE.search(text[-_END:]) is not None


def _cues(start: str) -> list[float]:
    """Return what the words of a block say; not of short links, which are most of a page."""
    first = [float(pattern.match(start) is not None) for pattern in _patterns("cues")]
    return [*first, *(min(_MOST_WORDS, len(pattern.findall(start))) for pattern in _patterns("words"))]


def _marks(page: _Page, centre: int, inside: Sequence[bool]) -> Column:
    """Return for each tag and name 2 where an element inside the centre has it, 1 where one around that, else 0."""
    count = len(_TAGS) + len(_patterns("names")) + 1
    own = [_bits(node) for node in page.nodes]
    within = [0] * len(own)
    around = [0] * len(own)
    levels = [0] * len(own)
    holders = {page.index[node] for node in page.nodes[centre].lineage()}
    for n, parent in enumerate(page.parents):
        in_centre = inside[n] and n != centre
        outside_all = not inside[n] and n not in holders
        within[n] = (own[n] if in_centre or outside_all else 0) | (within[parent] if parent >= 0 else 0)
        around[n] = (0 if in_centre or outside_all else own[n]) | (around[parent] if parent >= 0 else 0)
        levels[n] = levels[parent] + 1 if in_centre else 0
    shifts = np.arange(count, dtype=np.uint64)
    one = np.uint64(1)
    near = (np.array(within, np.uint64)[page.at, None] >> shifts) & one
    far = (np.array(around, np.uint64)[page.at, None] >> shifts) & one
    self_names = (np.array(own, np.uint64)[page.at, None] >> shifts[len(_TAGS) :]) & one
    marks = np.where(near > 0, 2, far)
    return np.hstack([marks, self_names, np.array(levels)[page.at, None]]).astype(float)


def _around(page: _Page) -> Column:
    """Return of the elements around each block how much they hold, and how much of it is what."""
    parents = np.array(page.parents)
    words = np.maximum(page.held[:, 0], 1)
    table = np.stack(
        [
            page.held[:, 0],
            page.held[:, 2] / np.maximum(page.held[:, 1], 1),
            page.held[:, 3] / words,
            page.held[:, 3] / max(1, page.held[0, 3]),
            page.held[:, 4] / words,
            page.held[:, 5],
            page.held[:, 6] / np.maximum(page.held[:, 5], 1),
            _alike(page),
        ],
        axis=1,
    )
    columns = []
    at = page.at
    for _ in range(_ABOVE):
        columns.append(np.where(at[:, None] >= 0, table[at], -1.0))
        at = np.where(at >= 0, parents[at], -1)
    return np.hstack(columns)


def _alike(page: _Page) -> Column:
    """Return how many elements of the same tag and class stand beside each: cards in a list are alike."""
    styles = [
        (parent, node.tag, node.attributes.get("class", ""))
        for node, parent in zip(page.nodes, page.parents, strict=True)
    ]
    counts = Counter(styles)
    return np.array([counts[style] for style in styles], float)


def _places(page: _Page, tokens: Tokens, title: str | None, inside: Sequence[bool]) -> Column:
    """Return where each block stands: in the page, after the headline, in its running text, among those like it."""
    index = np.arange(len(page.blocks))
    wanted = _TOKEN.findall((title or "").lower())
    is_title = np.array([words == wanted for words in tokens.words])
    headings = np.array([block.node.tag == "h1" for block in page.blocks])
    heading = _first(is_title & headings, _first(headings, _first(is_title, -1)))
    taken = (page.kept > 0.5) & (page.words > 8)
    prose = (page.prose > 0) & np.array(inside)[page.at]
    styles = [_style(block.node) for block in page.blocks]
    weights: dict[tuple[str, ...], float] = defaultdict(float)
    for style, running in zip(styles, page.prose, strict=True):
        weights[style] += running
    alike = Counter(styles)
    texts = Counter(block.text for block in page.blocks)
    total = max(1.0, float(page.prose.sum()))
    columns = [
        _before(page.words),
        _before(page.prose),
        _before(page.kept * page.words),
        index - heading,
        index > heading,
        is_title,
        index - _first(taken, -1),
        _last(taken) - index,
        index - _first(prose, -1),
        _last(prose) - index,
        [weights[style] / total for style in styles],
        [alike[style] for style in styles],
        [texts[block.text] for block in page.blocks],
    ]
    return np.stack([np.asarray(column, float) for column in columns], axis=1)


def _before(mass: Column) -> Column:
    return (np.cumsum(mass) - mass) / max(1.0, float(mass.sum()))


def _first(flags: NDArray[np.bool_], default: int) -> int:
    return int(flags.argmax()) if flags.any() else default


def _last(flags: NDArray[np.bool_]) -> int:
    return len(flags) - 1 - int(flags[::-1].argmax()) if flags.any() else -1


def _style(node: Node) -> tuple[str, ...]:
    parent = node.parent or node
    return node.tag, node.attributes.get("class", ""), parent.tag, parent.attributes.get("class", "")


def _headings(page: _Page) -> Column:
    """Return what the heading above each block says, how far it is, and what headings before it said."""
    rows = []
    patterns = _patterns("headings")
    now = [0] * len(patterns)
    ever = [0] * len(patterns)
    since = -1
    linked = 0.0
    for block in page.blocks:
        if block.node.tag in _HEADINGS or (block.words <= 8 and 2 * block.bold > len(block.text)):
            text = block.text[:_START].lower()
            now = [int(pattern.search(text) is not None) for pattern in patterns]
            since = 0
            linked = block.linked / len(block.text)
        rows.append([*now, *ever, since, linked])
        ever = [a | b for a, b in zip(ever, now, strict=True)]
        since += since >= 0
    return np.array(rows, float)


def _beside(page: _Page) -> Iterable[Column]:
    size = len(page.blocks)
    tags = [_TAG.get(block.node.tag, -1) for block in page.blocks]
    is_heading = [block.node.tag in _HEADINGS for block in page.blocks]
    table = np.stack([page.words, page.links, page.kept, page.prose, is_heading, tags], axis=1)
    most = max(_BESIDE)
    edge = np.full((most, table.shape[1]), -1.0)
    padded = np.vstack([edge, table, edge])
    yield from (padded[most + offset : most + offset + size] for offset in _BESIDE)
    parents = np.array(page.parents)[page.at]
    same = parents[1:] == parents[:-1]
    yield np.stack([np.append(False, same), np.append(same, False)], axis=1).astype(float)
    prose, kept = (np.append(0.0, np.cumsum(mass)) for mass in (page.prose, page.kept * page.words))
    index = np.arange(size)
    for reach in _REACH:
        low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, size)
        yield np.stack(
            [mass[a] - mass[b] for mass in (prose, kept) for a, b in ((index, low), (high, index + 1))], axis=1
        )
