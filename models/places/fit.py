# /// script
# requires-python = ">=3.11"
# dependencies = ["pagefacts", "numpy>=2.2", "scipy>=1.16"]
#
# [tool.uv.sources]
# pagefacts = { path = "../..", editable = true }
# ///
"""Fit the weights of places: ``uv run models/places/fit.py --out FILE SET.xml...``.

The sets are articles with toponyms and their coordinates (the format of LGL and TR-News). Two models are fitted:

- the ranking, a conditional logit (McFadden 1974) over the places that a name may mean; right are those within 161 km
  of the annotated point, and names none of whose places is right are left out. As the features depend on what the other
  names mean, and so on the weights, resolving and fitting take turns until they agree;
- the confidence, a logistic regression: is the name a place, and the one that was chosen, within 161 km?

Every set weighs the same. Printed are the share of right places and the reliability of the confidence, both on
documents that were not fitted on (cross-validation by documents), then the weights of all of them. Nothing is random
but the order of the documents, whose seed is fixed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from gold import read_places
from scores import NEAR_KM, distance_km
from scores import Toponym as Wanted

from pagefacts.facts.places.gazetteer import SqliteGazetteer
from pagefacts.facts.places.mentions import find_toponyms
from pagefacts.facts.places.ranking import ChoiceFeatures, PlaceFeatures, Ranking
from pagefacts.facts.places.resolution import Resolved, resolve
from pagefacts.facts.places.toponyms import Toponym
from pagefacts.tagging.names import find_names
from pagefacts.tagging.onnx_tagger import OnnxTagger

Vector = NDArray[np.float64]
Loss = Callable[[Vector], tuple[float, Vector]]

START: Final = Ranking(
    PlaceFeatures(1.0, 3.0, 2.0, 2.0, 0.0, 2.0), ChoiceFeatures(*[0.0] * len(ChoiceFeatures._fields))
)
TURNS: Final = 6
FOLDS: Final = 5
RIDGE: Final = 1.0
"""Weight of the squared weights in both losses: keeps those that the data says little of near zero."""


@dataclass(frozen=True, slots=True)
class Text:
    """An article, its toponyms, and those that its annotators found."""

    text: str
    toponyms: list[Toponym]
    wanted: tuple[Wanted, ...]
    weight: float
    """Such that all sets weigh the same."""


@dataclass(frozen=True, slots=True)
class Case:
    """One toponym: the name that it belongs to, and what the annotators say of it; None where it is no place."""

    name: Resolved
    wanted: Wanted | None
    weight: float

    def right(self) -> list[int]:
        """Return which of the name's places, the likeliest first, are within 161 km of the annotated one."""
        if self.wanted is None:
            return []
        return [n for n, (place, _) in enumerate(self.name.ranked) if self._is_near(place.latitude, place.longitude)]

    def _is_near(self, latitude: float, longitude: float) -> bool:
        assert self.wanted is not None  # noqa: S101
        return distance_km(self.wanted, Wanted(0, 0, latitude, longitude)) <= NEAR_KM


def main() -> None:
    """Fit by the command line's arguments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    texts = list(read(arguments.sets))
    validate(texts)
    ranking = fit(texts)
    weights = {"ranking": rounded(ranking.place), "confidence": rounded(ranking.choice)}
    arguments.out.write_text(json.dumps(weights, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(weights, indent=2))


def rounded(weights: PlaceFeatures | ChoiceFeatures) -> dict[str, float]:
    """Return the weights by name, in three decimals."""
    return {name: round(value, 3) for name, value in weights._asdict().items()}


def read(paths: Iterable[Path]) -> Iterator[Text]:
    """Yield the articles of the sets, with the toponyms that pagefacts finds in them."""
    tagger, gazetteer = OnnxTagger.load(), SqliteGazetteer.open()
    for path in paths:
        documents = list(read_places(path))
        wanted = sum(len(document.gold) for document in documents)
        for document in documents:
            text = document.job.body or ""
            toponyms = find_toponyms(text, find_names(tagger, text), gazetteer)
            yield Text(text, toponyms, document.gold, 1000 / wanted)


def cases(texts: Iterable[Text], ranking: Ranking) -> Iterator[Case]:
    """Yield the toponyms that the gazetteer knows, but those whose annotation has no coordinates.

    Demonyms that are not annotated are left out: the sets do so here and there, where the word means the same country.
    """
    for text in texts:
        for name in resolve(text.text, text.toponyms, (), ranking):
            for toponym in name.toponyms if name.ranked else ():
                wanted = next((each for each in text.wanted if overlap(each, toponym)), None)
                if wanted.latitude is not None if wanted else toponym.kind != "demonym":
                    yield Case(name, wanted, text.weight)


def overlap(wanted: Wanted, toponym: Toponym) -> bool:
    """Return whether both are about the same words."""
    return wanted.start < toponym.end and toponym.start < wanted.end


def fit(texts: Sequence[Text]) -> Ranking:
    """Return the ranking fitted on ``texts``."""
    ranking = START
    for turn in range(TURNS):
        found = fit_places(list(cases(texts, ranking)), ranking.place)
        step = found if turn == 0 else PlaceFeatures(*(np.add(found, ranking.place) / 2).tolist())
        ranking = Ranking(step, ranking.choice)
    return Ranking(ranking.place, fit_choice(list(cases(texts, ranking))))


def fit_places(found: Sequence[Case], start: PlaceFeatures) -> PlaceFeatures:
    """Return the weights under which the right places are likeliest."""
    rows = [(case, right) for case in found if (right := case.right())]
    features = np.concatenate([np.array(case.name.features, dtype=float) for case, _ in rows])
    sizes = np.array([len(case.name.ranked) for case, _ in rows])
    starts = np.cumsum(sizes) - sizes
    rights = np.zeros(len(features))
    for first, (_, right) in zip(starts, rows, strict=True):
        rights[first + np.array(right)] = 1
    importance = np.array([case.weight for case, _ in rows])

    def loss(weights: Vector) -> tuple[float, Vector]:
        scores = features @ weights
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        shares = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
        likelihood = np.maximum(np.add.reduceat(shares * rights, starts), 1e-9)
        pull = (shares - shares * rights / np.repeat(likelihood, sizes)) * np.repeat(importance, sizes)
        return float(-(importance * np.log(likelihood)).sum()), features.T @ pull

    return PlaceFeatures(*minimum(loss, start))


def fit_choice(found: Sequence[Case]) -> ChoiceFeatures:
    """Return the weights of the confidence."""
    features = np.array([case.name.choice for case in found], dtype=float)
    truth = np.array([0 in case.right() for case in found], dtype=float)
    importance = np.array([case.weight for case in found])

    def loss(weights: Vector) -> tuple[float, Vector]:
        scores = features @ weights
        pull = importance * (1 / (1 + np.exp(-scores)) - truth)
        return float((importance * (np.logaddexp(0, scores) - truth * scores)).sum()), features.T @ pull

    return ChoiceFeatures(*minimum(loss, START.choice))


def minimum(loss: Loss, start: Sequence[float]) -> list[float]:
    """Return where ``loss`` with the ridge is least."""

    def ridged(weights: Vector) -> tuple[float, Vector]:
        value, gradient = loss(weights)
        return value + RIDGE * float(weights @ weights), gradient + 2 * RIDGE * weights

    found: Any = minimize(ridged, np.array(start, dtype=float), jac=True, method="L-BFGS-B")
    return [float(weight) for weight in found.x]


def validate(texts: Sequence[Text]) -> None:
    """Print how good and how well calibrated the models are on documents that they were not fitted on."""
    shuffled = random.Random(0).sample(texts, len(texts))  # noqa: S311
    judged: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        ranking = fit([text for n, text in enumerate(shuffled) if n % FOLDS != fold])
        for case in cases(shuffled[fold::FOLDS], ranking):
            assert case.name.choice is not None  # noqa: S101
            judged.append((ranking.confidence(case.name.choice), 0 in case.right()))
    print(f"{len(texts)} articles, {len(judged)} toponyms, {FOLDS} folds")
    print(f"right places: {sum(right for _, right in judged) / len(judged):.3f}")
    print("confidence     n   mean  right")
    for low in range(10):
        band = [(sure, right) for sure, right in judged if int(min(sure, 0.999) * 10) == low]
        if band:
            mean, right = (sum(values) / len(band) for values in zip(*band, strict=True))
            print(f"{low / 10:.1f} to {(low + 1) / 10:.1f} {len(band):5} {mean:6.3f} {right:6.3f}")


if __name__ == "__main__":
    main()
