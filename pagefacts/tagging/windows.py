"""A text cut into windows that the encoder reads one at a time, without a name lost where one ends.

A window holds whole paragraphs where they fit, else whole sentences. Where a sentence is longer than a window, two
windows overlap, and each word is tagged in the one that shows more of what surrounds it.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pagefacts.tagging.wordpiece import Shape, Wordpiece, shape, words

LENGTH: Final = 128
"""Pieces of a window, with its first and last mark. The encoder has 512 positions; it was trained on this length."""

_OVERLAP: Final = 40
"""Pieces that two windows share where a sentence does not fit."""

# Text in capitals: headlines and old wire copy, where the case of a word says nothing.
_MOSTLY_CAPITALS: Final = 0.7
_LETTERS: Final = 12

_LINE = re.compile(r"[^\n]+")
_STOPS: Final = frozenset(".!?")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text and what the encoder is told of it."""

    start: int
    end: int
    pieces: tuple[int, ...]
    shape: Shape
    opens_line: bool
    ends_sentence: bool


@dataclass(frozen=True, slots=True)
class Window:
    """The words ``first`` to ``last`` (exclusive), of which those from ``keep`` to ``until`` are tagged here."""

    first: int
    last: int
    keep: int
    until: int


def read(text: str, vocabulary: Wordpiece, start: int = 0, end: int = sys.maxsize) -> list[Word]:
    """Return the words of ``text`` between ``start`` and ``end``."""
    found: list[Word] = []
    for line in _LINE.finditer(text, start, end):
        found.extend(_line(line[0], line.start(), vocabulary))
    return found


def _line(line: str, offset: int, vocabulary: Wordpiece) -> Iterator[Word]:
    cased = not _in_capitals(line)
    for at, (start, end) in enumerate(words(line)):
        word = line[start:end]
        kind = shape(word) if cased else Shape.UNKNOWN
        yield Word(offset + start, offset + end, vocabulary.pieces(word), kind, at == 0, word in _STOPS)


def _in_capitals(line: str) -> bool:
    letters = sum(map(str.isalpha, line))
    return letters >= _LETTERS and sum(map(str.isupper, line)) >= _MOSTLY_CAPITALS * letters


def cut(read_words: Sequence[Word], length: int = LENGTH) -> list[Window]:
    """Return the windows of at most ``length`` pieces over ``read_words``: together they keep each word once."""
    room = length - 2
    overlap = min(_OVERLAP, room // 4)
    cost = list(accumulate((len(word.pieces) + word.opens_line for word in read_words), initial=0))
    windows: list[Window] = []
    first = keep = 0
    while keep < len(read_words):
        last = max(bisect_right(cost, cost[first] + room) - 1, keep + 1)
        if seam := _seam(read_words, keep, last):
            windows.append(Window(first, seam, keep, seam))
            first = keep = seam
            continue
        until = min(max(bisect_right(cost, cost[last] - overlap // 2) - 1, keep + 1), last)
        windows.append(Window(first, last, keep, until))
        first = max(min(bisect_right(cost, cost[last] - overlap) - 1, until), first + 1)
        keep = until
    return windows


def _seam(read_words: Sequence[Word], start: int, last: int) -> int:
    """Return where a window that keeps its words from ``start`` may end, at ``last`` or earlier; 0 where nowhere.

    That is at the end of all, else before the last line, else behind the last sentence, of its second half.
    """
    if last == len(read_words):
        return last
    half = (start + last) // 2
    line = next((at for at in range(last, half, -1) if read_words[at].opens_line), 0)
    return line or next((at for at in range(last, half, -1) if read_words[at - 1].ends_sentence), 0)


def encode(shown: Sequence[Word], vocabulary: Wordpiece) -> tuple[list[int], list[int], list[int]]:
    """Return the pieces of ``shown`` with their marks, the shape of each piece, and each word's first piece."""
    pieces, shapes = [vocabulary.start], [int(Shape.MARK)]
    firsts: list[int] = []
    for word in shown:
        if word.opens_line and firsts:
            pieces.append(vocabulary.end)
            shapes.append(Shape.MARK)
        firsts.append(len(pieces))
        pieces.extend(word.pieces)
        shapes.extend([word.shape] * len(word.pieces))
    return [*pieces, vocabulary.end], [*shapes, Shape.MARK], firsts
