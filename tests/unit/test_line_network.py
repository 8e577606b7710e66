"""The network that reads lines in turn, against its formulas written out for one line and one unit at a time."""

from __future__ import annotations

from math import exp, log1p, tanh

import numpy as np
import pytest
from numpy.typing import NDArray

from pagefacts.extraction.scraped import network
from pagefacts.extraction.scraped.features import NAMES
from pagefacts.extraction.scraped.network import FARTHEST, Network

NUMBERS, READ, STATE, JUDGE = 5, 4, 3, 2


def drawn(networks: int, seed: int = 1) -> Network:
    normal = np.random.default_rng(seed).normal

    def weights(*shape: int) -> NDArray[np.float32]:
        return normal(size=shape).astype(np.float32)

    return Network(
        mean=weights(NUMBERS),
        scale=np.abs(weights(NUMBERS)) + 0.5,
        read=weights(networks, NUMBERS, READ),
        read_bias=weights(networks, 1, READ),
        gates=weights(2 * networks, READ, 3 * STATE),
        turns=weights(2 * networks, STATE, 3 * STATE),
        gates_bias=weights(2 * networks, 1, 3 * STATE),
        judge=weights(networks, 2 * STATE + READ, JUDGE),
        judge_bias=weights(networks, 1, JUDGE),
        last=weights(networks, JUDGE, 1),
        last_bias=weights(networks, 1, 1),
    )


def logistic(value: float) -> float:
    return 1 / (1 + exp(-value))


def read_one_way(lines: list[list[float]], given: Network, at: int) -> list[list[float]]:
    """Return the states after each line, after Cho et al. (2014), the bias of the turned state apart."""
    state, states = [0.0] * STATE, []
    for line in lines:

        def gate(unit: int, line: list[float] = line) -> float:
            return sum(x * given.gates[at, n, unit] for n, x in enumerate(line)) + given.gates_bias[at, 0, unit]

        def turned(unit: int, state: list[float] = state) -> float:
            return float(sum(x * given.turns[at, n, unit] for n, x in enumerate(state)))

        after = []
        for unit in range(STATE):
            stays = logistic(gate(unit) + turned(unit))
            seen = logistic(gate(unit + STATE) + turned(unit + STATE))
            new = tanh(gate(unit + 2 * STATE) + seen * turned(unit + 2 * STATE))
            after.append((1 - stays) * new + stays * state[unit])
        state = after
        states.append(state)
    return states


def spelled_out(rows: NDArray[np.float32], given: Network) -> list[float]:
    logits = np.zeros(len(rows))
    networks = len(given.read)
    for at in range(networks):
        lines = []
        for row in rows.tolist():
            logarithms = [log1p(abs(x)) * (1 if x >= 0 else -1) for x in row]
            scaled = [(x - m) / s for x, m, s in zip(logarithms, given.mean, given.scale, strict=True)]
            clipped = [min(FARTHEST, max(-FARTHEST, x)) for x in scaled]
            lines.append([
                max(0, sum(x * given.read[at, n, unit] for n, x in enumerate(clipped)) + given.read_bias[at, 0, unit])
                for unit in range(READ)
            ])  # fmt: skip
        down = read_one_way(lines, given, at)
        up = read_one_way(lines[::-1], given, networks + at)[::-1]
        for line, seen in enumerate(zip(down, up, lines, strict=True)):
            values = [x for part in seen for x in part]
            judged = [
                max(0, sum(x * given.judge[at, n, unit] for n, x in enumerate(values)) + given.judge_bias[at, 0, unit])
                for unit in range(JUDGE)
            ]
            logits[line] += sum(x * given.last[at, n, 0] for n, x in enumerate(judged)) + given.last_bias[at, 0, 0]
    return [logistic(value / networks) for value in logits]


@pytest.mark.parametrize("networks", [1, 3])
def test_it_says_what_its_formulas_say(networks: int) -> None:
    given = drawn(networks)
    rows = np.random.default_rng(2).normal(size=(7, NUMBERS), scale=20).astype(np.float32)
    assert given.predict(rows) == pytest.approx(spelled_out(rows, given), abs=1e-5)


def test_a_long_page_is_read_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given = drawn(2)
    rows = np.random.default_rng(3).normal(size=(50, NUMBERS)).astype(np.float32)
    whole = given.predict(rows)
    monkeypatch.setattr(network, "_AT_ONCE", 7)
    assert given.predict(rows) == pytest.approx(whole, abs=1e-6)


@pytest.mark.parametrize(("changed", "looked_at"), [(0, 5), (5, 0)])
def test_a_line_is_judged_by_what_stands_above_and_below(changed: int, looked_at: int) -> None:
    given = drawn(3)
    rows = np.random.default_rng(4).normal(size=(6, NUMBERS)).astype(np.float32)
    before = given.predict(rows)
    rows[changed] += 10
    assert given.predict(rows)[looked_at] != before[looked_at]


@pytest.mark.filterwarnings("error")
def test_no_number_is_too_great() -> None:
    rows = np.full((3, NUMBERS), np.finfo(np.float32).max, np.float32)
    rows[1] *= -1
    said = drawn(2).predict(rows)
    assert np.isfinite(said).all()
    assert ((said >= 0) & (said <= 1)).all()


def test_the_stored_network_fits_the_numbers_of_lines() -> None:
    stored = network.stored()
    assert stored.read.shape[1] == len(stored.mean) == len(stored.scale) == len(NAMES)
    assert (stored.scale > 0).all()
