"""Words of a text, and the pieces of a word that the encoder knows: WordPiece as BERT's uncased models use it.

After Devlin et al., "BERT", NAACL 2019, and Wu et al. 2016 (arXiv 1609.08144), section 4.1. Written out here since a
page's words repeat (a table look-up takes the place of the search), and since the casing that an uncased vocabulary
drops is given to the encoder beside the pieces, as the word's shape.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import lru_cache
from typing import Final

# An address, in which nothing is a name; letters and digits with their combining marks; every other mark alone.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+")
_WORD = re.compile(rf"{_ADDRESS.pattern}|(?:[^\W_][\u0300-\u036f]*)+|\S")

PAD: Final = "[PAD]"
UNKNOWN: Final = "[UNK]"
START: Final = "[CLS]"
END: Final = "[SEP]"

_LONGEST: Final = 60
"""Code points of the longest word that is looked up: what is longer is no word."""

_MOST_PIECES: Final = 10
"""Pieces kept of a word: enough for the longest name, and a bound on what a page of random letters costs."""

_KNOWN_WORDS: Final = 16_384
"""Words whose pieces a process remembers, in some 7 MB at most. With three times as many no text is read faster."""

# Typographic marks as the annotated corpora write them.
_MARKS: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "."})


class Shape(IntEnum):
    """How a word is cased, which the uncased vocabulary does not say."""

    UNKNOWN = 0
    """Not looked at: the whole paragraph is in capitals, where case says nothing."""
    LOWER = 1
    TITLE = 2
    INITIAL = 3
    CAPITALS = 4
    MIXED = 5
    DIGITS = 6
    DIGITS_AND_LETTERS = 7
    CASELESS = 8
    MARK = 9
    """Of punctuation, and of the address of a page."""


def words(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end, in code points, of each word and mark of ``text``."""
    return (match.span() for match in _WORD.finditer(text))


def shape(word: str) -> Shape:
    """Return how ``word``, which is not empty, is cased."""
    if not any(map(str.isalnum, word)) or _ADDRESS.match(word):
        return Shape.MARK
    if any(map(str.isdigit, word)):
        return Shape.DIGITS if word.isdecimal() else Shape.DIGITS_AND_LETTERS
    return _shape_of_letters(word)


def _shape_of_letters(word: str) -> Shape:
    if word == word.lower():
        return Shape.LOWER if word != word.upper() else Shape.CASELESS
    if len(word) == 1:
        return Shape.INITIAL
    if word == word.upper():
        return Shape.CAPITALS
    return Shape.TITLE if word[0].isupper() and word[1:] == word[1:].lower() else Shape.MIXED


class Wordpiece:
    """A vocabulary of pieces; a word is cut into the longest pieces that it has, from the left."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._ids = {piece: number for number, piece in enumerate(vocabulary)}
        self.pad, self.start, self.end = (self._ids[name] for name in (PAD, START, END))
        self._unknown = (self._ids[UNKNOWN],)
        self.pieces = lru_cache(_KNOWN_WORDS)(self._pieces)

    def _pieces(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the pieces of ``word``; of one that has none, the number for unknown words."""
        bare = _folded(word)
        if not bare or len(bare) > _LONGEST or _ADDRESS.match(word):
            return self._unknown
        found: list[int] = []
        start = 0
        while start < len(bare):
            end = next((end for end in range(len(bare), start, -1) if self._piece(bare, start, end) in self._ids), 0)
            if not end:
                return self._unknown
            found.append(self._ids[self._piece(bare, start, end)])
            start = end
        return tuple(found[:_MOST_PIECES])

    @staticmethod
    def _piece(word: str, start: int, end: int) -> str:
        return word[start:end] if start == 0 else f"##{word[start:end]}"


def _folded(word: str) -> str:
    """Return ``word`` in small letters, without accents."""
    apart = unicodedata.normalize("NFD", word.translate(_MARKS).lower())
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")
