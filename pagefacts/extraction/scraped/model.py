"""The model of lines: which lines of a scraped page are its article's body.

Decision trees over `pagefacts.extraction.scraped.features`, and a network that reads the same numbers line by line, say
how likely each line is of the body. Both are fitted by ``models/pages/train_lines.py`` and kept as data in
``resources/en``. The body is then the best series of stretches of lines, where every stretch after the first has its
price.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from pagefacts.extraction import trees as tree_models
from pagefacts.extraction.scraped import network as networks
from pagefacts.extraction.scraped.features import NAMES, View, features
from pagefacts.extraction.scraped.network import Network
from pagefacts.extraction.scraped.rules import links
from pagefacts.extraction.trees import Trees

Probabilities = NDArray[np.float64]

_GAP: Final = 2.5
"""What another stretch costs, in logits: an unlikely line between two likely ones is rather of the body."""
_CLEAR: Final = 4.0
"""Logits that one line counts at most."""
_SURE: Final = 1e-3
_READ: Final = 3.0
"""Logits that the network counts at most. It is sure even where it errs, and the trees then are to outweigh it."""
_BOILERPLATE: Final = 0.7
"""How likely a line that is boilerplate only by its neighbours or its tone is to be, at least, to stay."""
_GOING_ON: Final = 0.05
_ALONE: Final = 0.3
"""How likely a sentence behind the body is to be, at least, to go on with it: where the rules say so too, and not."""
_BETWEEN: Final = 6
"""Lines of boilerplate that may stand before it, and one short line besides: an advertisement, a caption."""
_OPENING: Final = 0.9
"""The same for a short line above the first paragraph: it may be a caption, a place, a button."""


def readers() -> tuple[Trees, Network]:
    """Return what says how likely lines are: the trees, which go by what is around a line, and the network."""
    return tree_models.stored("lines_model"), networks.stored()


def body_of(view: View) -> list[bool]:
    """Return for each line whether it is of the article's body.

    Which lines open and end it, and what stays of the rules' boilerplate, the trees say alone: the network is hardly
    ever in doubt, and so of no help there.
    """
    if not view.lines:
        return []
    rows = features(view)
    trees, network = readers()
    seen = trees.predict(rows)
    likely = _both(seen, network.predict(rows))
    boilerplate = np.array(view.boilerplate)
    boilerplate[links(view.lines)] = True
    dropped = np.array([line.is_boilerplate for line in view.lines]) | (boilerplate & (seen < _BOILERPLATE))
    found = decode(likely, dropped) & ~dropped
    for n in np.flatnonzero(found).tolist():
        if view.ruled[n] or view.lines[n].is_sentence or seen[n] > _OPENING:
            break
        found[n] = False
    signed = rows[:, NAMES.index("signed")] > 0
    found[_ending(view, boilerplate | signed, seen, found)] = True
    return [bool(kept) for kept in found]


def _both(seen: Probabilities, read: Probabilities) -> Probabilities:
    """Return the mean, in logits, of what the trees see and what the network reads."""
    mean = (_logit(seen) + np.clip(_logit(read), -_READ, _READ)) / 2
    return np.asarray(1 / (1 + np.exp(-mean)), np.float64)


def _ending(view: View, boilerplate: NDArray[np.bool_], likely: Probabilities, found: NDArray[np.bool_]) -> list[int]:
    """Return the sentences that go on where the body was found to end.

    An article's last sentences are short and of new things ("No group has claimed responsibility."), and what stands
    behind articles begins so as well: the model parts them badly. To lose one is worse than to keep one too many. What
    begins with the author's name is none of them.
    """
    ending: list[int] = []
    if not found.any():
        return ending
    skipped = short = 0
    for n in range(int(np.flatnonzero(found)[-1]) + 1, len(found)):
        line = view.lines[n]
        if boilerplate[n] or line.is_boilerplate:
            skipped += 1
        elif line.is_teaser:
            break
        elif line.ends_like_sentence and likely[n] >= (_GOING_ON if view.ruled[n] else _ALONE):
            ending.append(n)
            skipped = short = 0
        else:
            short += 1 + line.is_sentence
        if skipped > _BETWEEN or short > 1:
            break
    return ending


def decode(likely: Probabilities, dropped: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Return the best series of stretches (by Viterbi's algorithm), given how likely each line is of the body.

    A line that is ``dropped`` anyway, inside a stretch or not, does not break it.
    """
    gains = np.clip(_logit(likely) - _logit(_threshold(likely)), -_CLEAR, _CLEAR) + _SURE
    if dropped is not None:
        gains = np.where(dropped, np.maximum(gains, 0), gains)
    scores = (0.0, -np.inf, -np.inf)  # of the best series that is, after a line, before, in or behind a stretch
    steps: list[tuple[int, int, int]] = []
    for gain in gains.tolist():
        before, inside, behind = scores
        opened = (before, inside, behind - _GAP)
        best = max(range(3), key=opened.__getitem__)
        steps.append((0, best, 1 if inside > behind else 2))
        scores = (before, opened[best] + gain, max(inside, behind))
    state = 1 if scores[1] > scores[2] else 2
    found: list[bool] = []
    for step in reversed(steps):
        found.append(state == 1)
        state = step[state]
    return np.array(found[::-1])


def _threshold(likely: Probabilities) -> np.float64:
    """Return the probability from which lines are taken for the greatest expected F1.

    It is half of that F1 (Lipton, Elkan and Naryanaswamy, "Optimal Thresholding of Classifiers to Maximize F1 Measure",
    ECML 2014).
    """
    falling = np.sort(likely)[::-1]
    expected = 2 * np.cumsum(falling) / (np.arange(1, len(falling) + 1) + falling.sum())
    greatest: np.float64 = expected.max()
    return greatest / 2


def _logit(share: Probabilities | np.float64) -> Probabilities:
    clipped = np.clip(share, _SURE, 1 - _SURE)
    return np.asarray(np.log(clipped / (1 - clipped)))
