"""A network that reads the lines of a page in turn, down and up, and says how likely each is of the article's body.

Of each line's numbers a layer of rectified units makes few. Gated recurrent units (Cho et al., "Learning Phrase
Representations using RNN Encoder-Decoder", EMNLP 2014) carry what they have seen from the first line to the last, and
others from the last to the first (Schuster and Paliwal, "Bidirectional Recurrent Neural Networks", 1997). A last layer
judges the line by both and by itself. Several networks, trained from different beginnings, are averaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pagefacts.extraction.trees import Matrix

Weights = NDArray[np.float32]

FARTHEST: Final = 5.0
"""Deviations from the mean that a number counts at most."""
_AT_ONCE: Final = 1_000
"""Lines whose gates are prepared together, so that a long page needs little more memory than a short one."""


@dataclass(frozen=True, slots=True)
class Network:
    """Networks of one shape; the first axis of all but `mean` and `scale` goes over them."""

    mean: Weights
    scale: Weights
    """Mean and deviation of each number, brought to its logarithm."""
    read: Weights
    read_bias: Weights
    gates: Weights
    """From what was read of a line to its gates: how much of the state stays, how much of it is seen, and what is new.
    Those of the networks that go down stand before those that go up; so in `turns` and `gates_bias`."""
    turns: Weights
    """From the state to the same."""
    gates_bias: Weights
    judge: Weights
    judge_bias: Weights
    last: Weights
    last_bias: Weights

    def predict(self, rows: Matrix) -> NDArray[np.float64]:
        """Return of each line, given its row of numbers, the probability."""
        numbers = (in_logarithms(rows) - self.mean) / self.scale
        read = _rectified(np.clip(numbers, -FARTHEST, FARTHEST) @ self.read + self.read_bias)
        states = self._states(np.concatenate([read, read[:, ::-1]]))
        down, up = np.split(states, 2)
        judged = _rectified(np.concatenate([down, up[:, ::-1], read], axis=2) @ self.judge + self.judge_bias)
        scores = (judged @ self.last + self.last_bias).mean(axis=0)[:, 0]
        return np.asarray(_squeezed(scores), np.float64)

    def _states(self, read: Weights) -> Weights:
        """Return the state after each line, of networks that each go through their own lines from the first on."""
        states = np.empty((*read.shape[:2], self.turns.shape[1]), np.float32)
        state = np.zeros((len(read), 1, states.shape[2]), np.float32)
        for start in range(0, read.shape[1], _AT_ONCE):
            gates = read[:, start : start + _AT_ONCE] @ self.gates + self.gates_bias
            for n in range(gates.shape[1]):
                state = self._next(state, gates[:, n : n + 1])
                states[:, start + n] = state[:, 0]
        return states

    def _next(self, state: Weights, gates: Weights) -> Weights:
        size = state.shape[2]
        turned = state @ self.turns
        ways = _squeezed(gates[..., : 2 * size] + turned[..., : 2 * size])
        stays, seen = ways[..., :size], ways[..., size:]
        new: Weights = np.tanh(gates[..., 2 * size :] + seen * turned[..., 2 * size :])
        return new + stays * (state - new)


def in_logarithms(rows: Matrix) -> Matrix:
    """Return the logarithms of numbers, of which some are counts and some are below 0."""
    return np.asarray(np.copysign(np.log1p(np.abs(rows)), rows), np.float32)


def network_of(data: Mapping[str, NDArray[np.floating]]) -> Network:
    """Return the network of stored weights."""
    return Network(**{each.name: np.asarray(data[each.name], np.float32) for each in fields(Network)})


@cache
def stored() -> Network:
    """Return the network of ``resources/en/lines_network.npz``, loaded once."""
    with files("pagefacts").joinpath("resources/en/lines_network.npz").open("rb") as file, np.load(file) as data:
        return network_of(data)


def _rectified(values: Weights) -> Weights:
    return np.maximum(values, 0)


def _squeezed(values: Weights) -> Weights:
    """Return values between 0 and 1: the logistic function, written so that no number is too great for it."""
    halves: Weights = np.tanh(0.5 * values)
    return 0.5 * halves + 0.5
