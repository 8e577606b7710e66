"""Kinds of lines on one page: what the rules make of the others of its kind tells what a line is.

The items of a list, the questions of an interview, the headings of parts look alike on one page, however they look on
others. So lines are told apart as in naive Bayes, by traits that are learned from the page itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import chain, compress, islice
from math import fsum, log
from typing import Final

import numpy as np

from pagefacts.extraction.scraped.lines import Line
from pagefacts.extraction.trees import Matrix

_TRAITS: Final = ("first_word", "beginning", "key")
NAMES: Final = (
    *(f"{trait}_odds" for trait in _TRAITS),
    *(f"{trait}_others" for trait in _TRAITS),
    *"stems_odds stems_known copy_up copy_down copy_heads".split(),
)
"""The columns of `alike`."""

_TOKEN = re.compile(r"[^\W\d_]+|\d+|\S")
_BEGINNING: Final = 3
"""Words and marks at the beginning of a line that show of what kind it is: "Q:", "7. Pliers", "June 9 –"."""
_PRIOR: Final = 0.3
"""Lines that are added to those on each side of the odds."""
_MANY: Final = 50
"""Lines of one kind beyond which more are the same."""
FAR: Final = 100
"""Lines beyond which farther is the same."""
SENTENCE: Final = 8
"""Words of a line of running text that tells what the page is about."""


def alike(lines: Sequence[Line], ruled: Sequence[bool]) -> Matrix:
    """Return a row of numbers for each line; ``ruled`` says of each whether it is of the body by the rules.

    For each trait that is the logarithm of how many of the other lines that share it are of the body, over how many are
    not, and how many share it. Then the mean of the same for the line's words, and how many of them the body knows; how
    far the same line stands above and below, and whether that below heads a paragraph, as from a table of contents.
    """
    traits = [_traits(line) for line in lines]
    keys_of = [(*own, *line.stems) for line, own in zip(lines, traits, strict=True)]
    every: Counter[Hashable] = Counter(chain.from_iterable(keys_of))
    inside: Counter[Hashable] = Counter(chain.from_iterable(compress(keys_of, ruled)))

    def odds(keys: Iterable[Hashable], kept: bool) -> list[float]:
        counts = ((inside[key] - kept, every[key] - 1) for key in keys)
        return [log((kin + _PRIOR) / (others - kin + _PRIOR)) for kin, others in counts]

    rows = []
    for line, own, kept, copies in zip(lines, traits, ruled, _copies(lines), strict=True):
        told = odds(line.stems, kept)
        known = sum(inside[stem] > kept for stem in line.stems)
        rows.append(
            (
                *odds(own, kept),
                *(min(every[trait] - 1, _MANY) for trait in own),
                fsum(told) / len(told) if told else 0,  # exact, as the order of a set is another in each process
                known / len(told) if told else -1,
                *copies,
            )
        )
    return np.array(rows, np.float32)


def _traits(line: Line) -> tuple[Hashable, ...]:
    """Return what lines of one kind have in common, in the order of `_TRAITS`; tuples, so that none is another's."""
    tokens = [match[0] for match in islice(_TOKEN.finditer(line.text), _BEGINNING)]
    return (
        ("first_word", tokens[0].lower()),
        ("beginning", *map(_shape, tokens)),
        ("key", line.key),
    )


def _shape(token: str) -> str:
    if token.isdigit():
        return "0"
    if not token.isalpha():
        return token
    if len(token) > 1 and token.isupper():
        return "A"
    return "Aa" if token[0].isupper() else "a"


def _copies(lines: Sequence[Line]) -> Iterator[tuple[float, float, float]]:
    """Yield of each line how far its copies stand above and below, and whether the one below heads running text."""
    up, down = [FAR] * len(lines), [FAR] * len(lines)
    heads = [False] * len(lines)
    last: dict[str, int] = {}
    for n, line in enumerate(lines):
        if (before := last.get(line.key)) is not None:
            up[n] = down[before] = min(n - before, FAR)
            heads[before] = any(after.is_sentence and after.size >= SENTENCE for after in lines[n + 1 : n + 3])
        last[line.key] = n
    yield from zip(up, down, heads, strict=True)
