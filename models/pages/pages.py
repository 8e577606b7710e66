"""Annotated pages as plain text: the pages of two open sets, turned to lines as various converters do it.

Sets, each a folder: article-extraction-benchmark (Scrapinghub, MIT) has ``ground-truth.json`` and ``html/*.html.gz``;
WCXB, the Web Content Extraction Benchmark (CC BY 4.0), ``ground-truth/*.json`` and ``html/*.html.gz``. Both say which
text of a page is the article's body; WCXB also title, author and date.
"""

from __future__ import annotations

import gzip
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Final

import html2text
import inscriptis
from bs4 import BeautifulSoup
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pagefacts.extraction import charset
from pagefacts.extraction.metadata.site import host

WORD: Final = re.compile(r"[^\W_]+")
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_HIDDEN: Final = frozenset("head script style template noscript svg iframe object canvas math select textarea".split())
_BLOCKS: Final = frozenset(
    "address article aside blockquote body br button caption dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p pre section summary table tbody "
    "td tfoot th thead tr ul".split()
)
_NOT_DISPLAYED = re.compile(r"display:\s*none|visibility:\s*hidden")
_SCRIPTS = re.compile(r"<(script|style|noscript|template|head|svg)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_SITE = re.compile(r"\s[|»–—-]\s")
_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS))})\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_NEAR: Final = 0.9
"""Share of a line's word triples that stand in the body, from which the line is of the body though not word by word."""
_FEW: Final = 4
"""Words of a line below which it counts only where it stands in the body's order: "News" stands in many bodies."""


@dataclass(frozen=True)
class Page:
    """A page with what annotators say of it; blank where they say nothing."""

    id: str
    set: str
    url: str
    markup: str
    body: str
    title: str = ""
    author: str = ""
    date: str = ""

    @property
    def site(self) -> str:
        """The registrable name of its host: pages of one site look alike, and are never parted."""
        return host(self.url) if self.url else self.id

    @property
    def headline(self) -> str:
        """The title that the annotators state, else that of the markup without the site's name; blank for none."""
        stated = _TITLE.search(self.markup)
        return self.title or (" ".join(_SITE.split(unescape(stated[1]))[0].split()) if stated else "")


def read(folders: Iterable[Path]) -> list[Page]:
    """Return the pages of the sets, in the order of their names."""
    return [page for folder in folders for page in _read(folder)]


def _read(folder: Path) -> Iterator[Page]:
    single = folder / "ground-truth.json"
    if single.exists():
        for name, gold in sorted(json.loads(single.read_text(encoding="utf-8")).items()):
            yield Page(f"aeb-{name}", "aeb", gold.get("url") or "", _markup(folder, name), gold["articleBody"])
        return
    for path in sorted((folder / "ground-truth").glob("*.json")):
        entry = json.loads(path.read_text(encoding="utf-8"))
        gold, name = entry["ground_truth"], entry["file_id"]
        if gold.get("main_content"):
            about = (gold.get(key) or "" for key in ("title", "author", "publish_date"))
            yield Page(f"wcxb-{name}", "wcxb", entry["url"], _markup(folder, name), gold["main_content"], *about)


def _markup(folder: Path, name: str) -> str:
    return _UNFIT.sub("", charset.decode(gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()), None))


# ---- Converters: markup in, text out


def _tree(markup: str) -> HtmlElement:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    return document_fromstring(markup.encode(), parser=parser)


def by_blocks(markup: str) -> str:
    """Text by block elements, each on a line of its own; blanks are collapsed."""
    return "\n".join(_runs(_tree(markup), lambda _: False))


def as_shown(markup: str) -> str:
    """Much as a browser's ``innerText``: paragraphs parted by blank lines, cells by tabs, hidden elements left out."""
    return "\n\n".join(_runs(_tree(markup), _is_hidden))


def _is_hidden(element: HtmlElement) -> bool:
    hidden = element.get("hidden") is not None or (element.get("aria-hidden") == "true" and element.tag != "div")
    return hidden or _NOT_DISPLAYED.search(element.get("style") or "") is not None


def _runs(root: HtmlElement, hidden: Callable[[HtmlElement], bool]) -> Iterator[str]:
    """Yield the texts between the edges of block elements."""
    parts: list[str] = []
    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        gone = element.tag in _HIDDEN or hidden(element)
        if event == "start":
            skipped += gone
        if element.tag in _BLOCKS and not skipped:
            if text := " ".join("".join(parts).split()):
                yield text
            parts = []
        if event == "end":
            skipped -= gone
        text = element.text if event == "start" else element.tail
        if text and not skipped:
            parts.append(text)
    if text := " ".join("".join(parts).split()):
        yield text


def by_elements(markup: str) -> str:
    """Each text node on a line of its own: links and bold words break paragraphs."""
    soup = BeautifulSoup(markup, "lxml")
    for tag in soup(["script", "style", "noscript", "template", "head"]):
        tag.decompose()
    return str(soup.get_text("\n", strip=True))


def by_layout(markup: str) -> str:
    """Inscriptis: the layout of the page in text, tables side by side."""
    return str(inscriptis.get_text(markup))


def by_markdown(markup: str) -> str:
    """html2text without links and pictures: headings and lists keep their marks."""
    return _markdown(markup, 0)


def by_markdown_wrapped(markup: str) -> str:
    """html2text as it comes, but for links and pictures: wrapped at 78 characters."""
    return _markdown(markup, 78)


def _markdown(markup: str, width: int, *, is_bare: bool = True) -> str:
    converter = html2text.HTML2Text(bodywidth=width)
    converter.ignore_links = converter.ignore_images = converter.ignore_emphasis = is_bare
    return str(converter.handle(_SCRIPTS.sub(" ", markup)))


def by_markdown_linked(markup: str) -> str:
    """html2text as it comes: with links, pictures and emphasis, wrapped at 78 characters."""
    return _markdown(markup, 78, is_bare=False)


def by_patterns(markup: str) -> str:
    """Regular expressions: block tags end lines, other tags vanish; the lines of the markup stay lines."""
    return unescape(_TAG.sub("", _BLOCK_TAG.sub("\n", _SCRIPTS.sub(" ", markup))))


CONVERTERS: Final[dict[str, Callable[[str], str]]] = {
    "blocks": by_blocks,
    "shown": as_shown,
    "elements": by_elements,
    "layout": by_layout,
    "markdown": by_markdown,
    "wrapped": by_markdown_wrapped,
    "linked": by_markdown_linked,
    "patterns": by_patterns,
}


# ---- Labels


def words(text: str) -> list[str]:
    """Return the words of a text, lower-cased."""
    return WORD.findall(text.lower())


class Body:
    """A body of text, and which lines stand in it."""

    def __init__(self, text: str) -> None:
        found = words(text)
        self.text = f" {' '.join(found)} "
        self.triples = set(zip(found, found[1:], found[2:], strict=False))

    def holds(self, line: str) -> bool:
        """Return whether the words of ``line`` stand in the body one after another; a line without words does not."""
        key = " ".join(words(line))
        return bool(key) and f" {key} " in self.text

    def holds_most(self, line: str) -> bool:
        """Return whether nearly all that a longer line says stands in the body."""
        found = words(line)
        triples = list(zip(found, found[1:], found[2:], strict=False))
        return len(triples) >= 6 and sum(triple in self.triples for triple in triples) >= _NEAR * len(triples)


def labels(lines: Sequence[str], body: str) -> list[bool]:
    """Return for each line whether it is of the body.

    A line of a few words stands in a body by chance as well, so such lines count only where lines and body go in step.
    """
    whole = Body(body)
    held = [whole.holds(line) for line in lines]
    in_step = _in_step(lines, held, whole.text)
    return [
        (holds and (n in in_step or len(words(line)) >= _FEW)) or (not holds and whole.holds_most(line))
        for n, (line, holds) in enumerate(zip(lines, held, strict=True))
    ]


def _in_step(lines: Sequence[str], held: Sequence[bool], text: str) -> set[int]:
    """Return the lines of a longest chain (in words) that stand in the body in their order."""
    places: list[int] = []
    best: list[tuple[int, int, int]] = []  # end in the body, words, index into `links`; both rise
    links: list[tuple[int, int]] = []
    for n, line in enumerate(lines):
        if not held[n]:
            continue
        key = f" {' '.join(words(line))} "
        for start in reversed(_places(text, key)):
            at = bisect_left(places, start + 1) - 1
            total = (best[at][1] if at >= 0 else 0) + len(key.split())
            end = start + len(key) - 1
            links.append((n, best[at][2] if at >= 0 else -1))
            spot = bisect_left(places, end)
            if spot and best[spot - 1][1] >= total:
                continue
            while spot < len(best) and best[spot][1] <= total:
                del best[spot], places[spot]
            best.insert(spot, (end, total, len(links) - 1))
            places.insert(spot, end)
    chain: set[int] = set()
    link = best[-1][2] if best else -1
    while link >= 0:
        n, link = links[link]
        chain.add(n)
    return chain


def _places(text: str, key: str, most: int = 20) -> list[int]:
    found: list[int] = []
    at = text.find(key)
    while at >= 0 and len(found) < most:
        found.append(at)
        at = text.find(key, at + 1)
    return found
