"""Tags of words (BIOES), and the names that a valid row of them spells.

B begins a name, I goes on, E ends it, S is a name of one word, O none (Ratinov and Roth, CoNLL 2009, section 4).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

LABELS: Final = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "WEAPON", "MISC")
"""What the model tells apart, in its order."""

TAGS: Final = ("O", *(f"{prefix}-{label}" for label in LABELS for prefix in "BIES"))

NUMBER: Final = {tag: at for at, tag in enumerate(TAGS)}
"""The place of each tag in a row of scores."""

_OPENS = np.array([tag[0] in "BI" for tag in TAGS])
_GOES_ON = np.array([tag[0] in "IE" for tag in TAGS])
_KIND = np.array([0, *(1 + at // 4 for at in range(4 * len(LABELS)))])

FOLLOWS: Final[NDArray[np.bool_]] = (_OPENS[:, None] & _GOES_ON & (_KIND[:, None] == _KIND)) | (
    ~_OPENS[:, None] & ~_GOES_ON
)
"""Whether the tag of the row may be followed by that of the column."""

_NEVER: Final = -1e9
_FORBIDDEN: Final = np.where(FOLLOWS, 0.0, _NEVER)
_NO_START: Final = np.where(_GOES_ON, _NEVER, 0.0)
_NO_END: Final = np.where(_OPENS, _NEVER, 0.0)


def prefixes(length: int) -> str:
    """Return the prefixes of a name of ``length`` words, which is at least 1: ``S``, ``BE``, ``BIE`` and so on."""
    return "S" if length == 1 else "B" + "I" * (length - 2) + "E"


def log_probabilities(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the logarithms of the softmax of each row of ``scores``."""
    shifted: NDArray[np.float32] = scores - scores.max(axis=1, keepdims=True, initial=-np.inf)
    normal: NDArray[np.float32] = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return shifted - normal


def best(scores: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the valid row of tags of the highest sum of ``scores``, of shape (words, tags)."""
    row: NDArray[np.intp] = scores.argmax(axis=1)
    if not len(row) or _is_valid(row):
        return row
    return _viterbi(scores)


def _is_valid(row: NDArray[np.intp]) -> bool:
    return bool(not _GOES_ON[row[0]] and not _OPENS[row[-1]] and FOLLOWS[row[:-1], row[1:]].all())


def _viterbi(scores: NDArray[np.float32]) -> NDArray[np.intp]:
    total = scores[0] + _NO_START
    back: list[NDArray[np.intp]] = []
    for row in scores[1:]:
        ways = total[:, None] + _FORBIDDEN
        back.append(ways.argmax(axis=0))
        total = ways.max(axis=0) + row
    path = [int((total + _NO_END).argmax())]
    for pointers in reversed(back):
        path.append(int(pointers[path[-1]]))
    return np.array(path[::-1])


def names(row: Sequence[int] | NDArray[np.intp]) -> Iterator[tuple[int, int, str]]:
    """Yield first word, last word (exclusive) and label of each name that the valid ``row`` of tags spells."""
    start = 0
    for at, tag in enumerate(row):
        prefix = TAGS[tag][0]
        if prefix in "BS":
            start = at
        if prefix in "ES":
            yield start, at + 1, TAGS[tag][2:]
