"""Documents as what the network is trained on: pieces, shapes, and the tags that each word may have."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from corpora import Sentence
from numpy.typing import NDArray
from torch import Tensor

from pagefacts.tagging.tags import NUMBER, TAGS, prefixes
from pagefacts.tagging.windows import LENGTH, Word, encode, read
from pagefacts.tagging.wordpiece import Wordpiece

_ROOMS: Final = (LENGTH // 2, LENGTH - 2, LENGTH - 2, LENGTH - 2)
"""Pieces of a window, drawn at random: pages have short paragraphs too."""

_JOINED: Final = 0.3
"""How often sentences follow one another without a newline, as they do inside a paragraph."""

_LONGEST: Final = 2 * LENGTH
"""Pieces of the longest example: what is beyond them of a very long sentence is left out."""

Allowed = NDArray[np.bool_]
"""Which tags a word may have, of shape (tags,)."""


@dataclass(frozen=True, slots=True)
class Example:
    """One window: its pieces, their shapes, and for each word the position of its first piece and its tags."""

    pieces: list[int]
    shapes: list[int]
    targets: list[tuple[int, Allowed]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples padded to one length: pieces and shapes (batch, length), words' flat positions, tags (words, tags)."""

    pieces: Tensor
    shapes: Tensor
    where: Tensor
    allowed: Tensor


def windows(sentences: Iterable[Sentence], vocabulary: Wordpiece, rng: random.Random) -> Iterator[Example]:
    """Yield ``sentences`` as windows of several at a time, as `pagefacts.tagging.windows.cut` makes them of a page."""
    shown: list[Word] = []
    allowed: list[Allowed] = []
    used, room, joined = 0, rng.choice(_ROOMS), rng.random() < _JOINED
    for sentence in sentences:
        words, tags = _annotated(sentence, vocabulary)
        cost = sum(len(word.pieces) for word in words) + 1
        if shown and used + cost > room:
            yield _example(shown, allowed, vocabulary)
            shown, allowed = [], []
            used, room, joined = 0, rng.choice(_ROOMS), rng.random() < _JOINED
        if joined and shown:
            words[:1] = [replace(word, opens_line=False) for word in words[:1]]
        shown += words
        allowed += tags
        used += cost
    if shown:
        yield _example(shown, allowed, vocabulary)


def _annotated(sentence: Sentence, vocabulary: Wordpiece) -> tuple[list[Word], list[Allowed]]:
    """Return the words of ``sentence`` as the tagger reads them, which cuts at more marks, and their tags."""
    starts = [0]
    for word in sentence.words:
        starts.append(starts[-1] + len(word) + 1)
    words = read(" ".join(sentence.words), vocabulary)
    allowed = [_none() for _ in words]
    for name in sentence.names:
        inside = [at for at, word in enumerate(words) if starts[name.start] <= word.start < starts[name.end]]
        for at, prefix in zip(inside, prefixes(len(inside)) if inside else "", strict=True):
            allowed[at] = _any(f"{prefix}-{label}" for label in name.labels)
    return words, allowed


def _none() -> Allowed:
    return _any(["O"])


def _any(tags: Iterable[str]) -> Allowed:
    allowed = np.zeros(len(TAGS), np.bool_)
    allowed[[NUMBER[tag] for tag in tags]] = True
    return allowed


def _example(words: Sequence[Word], allowed: Sequence[Allowed], vocabulary: Wordpiece) -> Example:
    pieces, shapes, firsts = encode(words, vocabulary)
    targets = [(at, tags) for at, tags in zip(firsts, allowed, strict=True) if at < _LONGEST]
    return Example(pieces[:_LONGEST], shapes[:_LONGEST], targets)


def batches(examples: Iterable[Example], size: int, rng: random.Random) -> list[list[Example]]:
    """Return ``examples`` in random groups of about one length, each of at most ``size`` pieces with its padding."""
    groups: list[list[Example]] = [[]]
    for example in sorted(examples, key=lambda each: len(each.pieces) + 8 * rng.random()):
        longest = max(len(each.pieces) for each in (*groups[-1], example))
        if groups[-1] and longest * (len(groups[-1]) + 1) > size:
            groups.append([])
        groups[-1].append(example)
    rng.shuffle(groups)
    return groups


def tensors(group: Sequence[Example]) -> Batch:
    """Return ``group`` padded to one length."""
    length = max(len(example.pieces) for example in group)
    pieces, shapes = np.zeros((2, len(group), length), np.int64)
    for row, example in enumerate(group):
        pieces[row, : len(example.pieces)] = example.pieces
        shapes[row, : len(example.shapes)] = example.shapes
    where = [row * length + at for row, example in enumerate(group) for at, _ in example.targets]
    allowed = np.array([tags for example in group for _, tags in example.targets])
    return Batch(torch.from_numpy(pieces), torch.from_numpy(shapes), torch.tensor(where), torch.from_numpy(allowed))
