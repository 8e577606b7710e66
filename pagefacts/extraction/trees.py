"""Decision trees that say how likely a row of numbers is of the article: the models of blocks and of lines.

They are fitted by the scripts in ``models/pages`` and kept as data in ``resources/en``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
"""A row for each block or line, a column for each feature."""

_AT_ONCE: Final = 1_000
"""Rows that are looked at together, so that a long page needs no more memory than a short one."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Decision trees, their nodes in one row; a leaf is its own child."""

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    """A node's left child is taken where the feature is at most this."""
    children: NDArray[np.int64]
    """Left and right of each node, in turn."""
    value: NDArray[np.float64]

    def predict(self, rows: Matrix) -> NDArray[np.float64]:
        """Return of each row the probability."""
        parts = [self._score(rows[start : start + _AT_ONCE]) for start in range(0, len(rows), _AT_ONCE)]
        scores = np.concatenate(parts) if parts else np.zeros(0)
        return np.asarray(1 / (1 + np.exp(-scores)), np.float64)

    def _score(self, rows: Matrix) -> NDArray[np.float64]:
        numbers = rows.ravel()
        at = np.repeat(self.roots, len(rows))
        starts = np.tile(np.arange(len(rows)) * rows.shape[1], len(self.roots))
        moving = np.arange(len(at))
        while len(moving):
            here = at[moving]
            goes_right = numbers[starts[moving] + self.feature[here]] > self.threshold[here]
            at[moving] = there = self.children[2 * here + goes_right]
            moving = moving[there != here]
        return np.asarray(self.value[at].reshape(len(self.roots), len(rows)).sum(axis=0), np.float64)


@cache
def stored(name: str) -> Trees:
    """Return the trees of ``resources/en/<name>.json``, loaded once."""
    return trees_of(json.loads(files("pagefacts").joinpath(f"resources/en/{name}.json").read_text(encoding="utf-8")))


def trees_of(data: Mapping[str, Any]) -> Trees:
    """Return the trees of a stored model."""
    children = np.stack([np.array(data["left"], np.int64), np.array(data["right"], np.int64)], axis=1)
    return Trees(
        roots=np.array(data["roots"], np.int64),
        feature=np.array(data["feature"], np.int64),
        threshold=np.array(data["threshold"], np.float64),
        children=children.ravel(),
        value=np.array(data["value"], np.float64),
    )
