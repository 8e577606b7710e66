"""An article's text with what was found in it highlighted; stretches may overlap in any way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pagefacts.render.markup import Markup, join, tag


@dataclass(frozen=True)
class Highlight:
    """A stretch of the text, and the entry beside it that tells of it."""

    start: int
    """First code point."""
    end: int
    """One past the last code point."""
    id: str
    """Of the element in the text."""
    entry: str
    """Id of the entry's element."""
    kind: str
    """What it is, as classes."""
    tip: str
    """What is known of it, a line each."""
    badge: str | None = None
    """A few signs after it that name its entry."""


def highlighted(text: str, highlights: Iterable[Highlight]) -> Markup:
    """Return ``text`` as paragraphs with its ``highlights``; the text that a browser reads in it is ``text``.

    A highlight is a row of ``mark`` elements, cut wherever another one begins or ends and at the end of a paragraph:
    the first has the id, the last the badge. Their words are a link to the entry of the shortest one around them.
    """
    highlights = sorted(highlights, key=lambda highlight: (highlight.start, -highlight.end))
    begin: defaultdict[int, list[Highlight]] = defaultdict(list)
    for highlight in highlights:
        begin[highlight.start].append(highlight)
    pieces, active = _Pieces(), list[Highlight]()
    done, line = list[Markup](), list[Markup]()
    for start, end in pairwise(_edges(text, highlights)):
        active = [highlight for highlight in active if highlight.end > start] + begin[start]
        if text[start:end] == "\n":
            done += [_paragraph(line), Markup("\n")]
            line = []
        else:
            line.append(pieces.piece(text[start:end], end, active))
    return join(*done, _paragraph(line))


def _edges(text: str, highlights: Iterable[Highlight]) -> list[int]:
    """Return where a piece of the text may begin or end; a line break is a piece of its own."""
    breaks = (at for at, character in enumerate(text) if character == "\n")
    of_lines = {edge for at in breaks for edge in (at, at + 1)}
    return sorted({0, len(text)} | of_lines | {edge for h in highlights for edge in (h.start, h.end)})


def _paragraph(line: Iterable[Markup]) -> Markup:
    words = join(*line)
    return tag("p", words, dir="auto") if words else words


class _Pieces:
    """Writes one text from its start to its end."""

    def __init__(self) -> None:
        self._begun: set[str] = set()
        """Ids of highlights that have a piece."""
        self._reached: set[str] = set()
        """Ids of highlights that the keyboard reaches."""

    def piece(self, words: str, end: int, around: Sequence[Highlight]) -> Markup:
        """Return ``words``, which end at ``end``, in the highlights ``around`` them."""
        inside_out = sorted(around, key=lambda highlight: highlight.end - highlight.start)
        written = self._link(words, inside_out) if inside_out else join(words)
        for highlight in inside_out:
            first = highlight.id not in self._begun
            self._begun.add(highlight.id)
            written = tag(
                "mark",
                written,
                id=highlight.id if first else None,
                class_=highlight.kind,
                data_badge=highlight.badge if end == highlight.end else None,
            )
        return written

    def _link(self, words: str, inside_out: Sequence[Highlight]) -> Markup:
        """Return ``words`` as a link; the keyboard stops at the first one of each highlight."""
        innermost = inside_out[0]
        reached = innermost.id in self._reached
        self._reached.add(innermost.id)
        return tag(
            "a",
            words,
            href=f"#{innermost.entry}",
            class_="fact",
            data_tip="\n\n".join(dict.fromkeys(highlight.tip for highlight in inside_out)),
            aria_describedby=" ".join(dict.fromkeys(highlight.entry for highlight in inside_out)),
            tabindex=-1 if reached else None,
        )
