"""How the places that a name may mean are ranked, and how sure the choice is.

Both are linear models of a few features. Their weights are data, fitted by ``models/places/fit.py``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

_CERTAIN: Final = 1e-3
"""A share nearer to 0 or 1 than this counts as this near: its logit would outweigh everything else."""


class PlaceFeatures(NamedTuple):
    """What speaks for one place as the meaning of a name."""

    prominence: float
    """`Place.prominence`, up to that of a middling country."""
    containment: float
    """1 where the division or country behind a comma holds the place ("Alexandria, Louisiana"), or is it."""
    country: float
    """The other names of the page that lie in its country: the logarithm of one plus their shares, two at most; so the
    next two."""
    division: float
    """Those in its first-order division."""
    locality: float
    """The part of the other names that lies in its division."""
    nearness: float
    """Those near by, each by its distance."""


class ChoiceFeatures(NamedTuple):
    """What the choice among the places of a name was like."""

    bias: float
    """1."""
    share: float
    """Logit of the share of the best place, and of others on the same spot."""
    country: float
    """Of the best place, as in `PlaceFeatures`; so the next four."""
    division: float
    nearness: float
    containment: float
    prominence: float
    own_name: float
    """1 where it is the place's own name, not another spelling."""
    stranger: float
    """Towards 1 where the page has many places, none of them in its country; 0 for countries and great cities."""
    demonym: float
    """1 where the name is a demonym."""
    part: float
    """1 where the tagger took it for part of a place's name, and never for all of it."""
    organisation: float
    """1 where it took it for an organisation or part of its name, and never for a place; so the next two."""
    person: float
    other: float
    text: float
    """1 where it saw no name at all."""
    cued: float
    """1 where it is not tagged as a place, and words around it are such as stand around places."""
    compound: float
    """1 where it is not tagged as a place, and a hyphen joins it to another word."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The weights of both models."""

    place: PlaceFeatures
    choice: ChoiceFeatures

    @classmethod
    def of(cls, weights: Mapping[str, Mapping[str, float]]) -> Ranking:
        """Make it of the content of ``places_ranking.json``. Raises TypeError where a weight is missing or unknown."""
        return cls(PlaceFeatures(**weights["ranking"]), ChoiceFeatures(**weights["confidence"]))

    def shares(self, places: Sequence[PlaceFeatures]) -> list[float]:
        """Return the probability of each place among ``places``: they sum to one."""
        scores = [_product(self.place, features) for features in places]
        best = max(scores)
        powers = [math.exp(score - best) for score in scores]
        total = sum(powers)
        return [power / total for power in powers]

    def confidence(self, choice: ChoiceFeatures) -> float:
        """Return the probability that the name is a place at all, and the place chosen."""
        return 1 / (1 + math.exp(-_product(self.choice, choice)))


@cache
def packaged() -> Ranking:
    """Return the ranking with the packaged weights."""
    resource = files("pagefacts") / "resources" / "places_ranking.json"
    return Ranking.of(json.loads(resource.read_text(encoding="utf-8")))


def logit(share: float) -> float:
    """Return the logarithm of the odds of ``share``."""
    bounded = min(max(share, _CERTAIN), 1 - _CERTAIN)
    return math.log(bounded / (1 - bounded))


def _product(weights: Sequence[float], features: Sequence[float]) -> float:
    return sum(weight * feature for weight, feature in zip(weights, features, strict=True))
