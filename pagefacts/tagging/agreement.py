"""One name, one label: what the mentions of a name in one page agree on.

"One sense per discourse" (Gale, Church and Yarowsky, 1992): a name that stands in one article as a person and as a town
was most often misread once. All mentions vote with their scores, and a full name votes for its last word too. Where the
vote is close, each mention keeps its own label: "Barcelona" can be the town and the club.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pagefacts.tagging import tags

_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "person": ("PERSON",),
    "place": ("GPE", "LOC", "FAC"),
    "organisation": ("ORG",),
    "other": ("NORP", "EVENT", "WEAPON", "MISC"),
}
_KIND_OF: Final = {label: kind for kind, labels in _KINDS.items() for label in labels}

_CLEAR: Final = 2.0
"""By how much, in natural logarithms of probability over all mentions, a kind must win. Set on CoNLL++'s development
part: F1 .9506 without the vote, .9530 with it (.9514 at 1, .9532 at 3)."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name: ``text`` from ``start`` to ``end`` of a page, in code points."""

    text: str
    start: int
    end: int
    label: str
    scores: NDArray[np.float32]
    """Log probabilities of the tags of its words, of shape (words, tags)."""


def agreed(mentions: Sequence[Mention]) -> list[Mention]:
    """Return ``mentions`` with the labels that they agree on."""
    same: dict[str, list[Mention]] = defaultdict(list)
    full: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        same[mention.text].append(mention)
        *before, last = mention.text.split()
        if mention.label == "PERSON" and before:
            full[last].append(mention)
    labels = {text: _labels(group, full.get(text, [])) for text, group in same.items()}
    return [replace(mention, label=labels[mention.text][_KIND_OF[mention.label]]) for mention in mentions]


def _labels(group: Sequence[Mention], full: Sequence[Mention]) -> dict[str, str]:
    """Return the label that the mentions of one name, tagged as one of a kind, shall have, by that kind."""
    counts = Counter(mention.label for mention in group)
    frequent = {kind: max(labels, key=counts.__getitem__) for kind, labels in _KINDS.items()}
    kind = _winner([*group, *full])
    return frequent if kind is None else dict.fromkeys(frequent, frequent[kind])


def _winner(mentions: Sequence[Mention]) -> str | None:
    """Return the kind that ``mentions`` agree on; None where they need no vote or none is the clear winner."""
    if len({_KIND_OF[mention.label] for mention in mentions}) == 1:
        return None
    votes = {kind: sum(_score(mention, kind) for mention in mentions) for kind in _KINDS}
    first, second = sorted(votes, key=votes.__getitem__, reverse=True)[:2]
    return first if votes[first] - votes[second] >= _CLEAR else None


def _score(mention: Mention, kind: str) -> float:
    """Return the mean log probability, over its words, that ``mention`` is a name of ``kind``."""
    columns = [
        [tags.NUMBER[f"{prefix}-{label}"] for label in _KINDS[kind]] for prefix in tags.prefixes(len(mention.scores))
    ]
    return float(np.mean([np.logaddexp.reduce(row[at]) for row, at in zip(mention.scores, columns, strict=True)]))
