"""Decision trees: boosted by LightGBM, stored as `pagefacts.extraction.trees` reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import lightgbm
import numpy as np
from numpy.typing import NDArray

COMMON: Final[dict[str, Any]] = {
    "objective": "binary",
    "min_data_in_leaf": 60,
    "feature_fraction": 0.25,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "max_bin": 63,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@dataclass(frozen=True)
class Recipe:
    """How trees are fitted."""

    own: Mapping[str, Any]
    """Parameters beside `COMMON`."""
    rounds: int
    seeds: Sequence[int] = (1, 2)
    """The scores of models that saw different samples of rows and features are averaged, which steadies them."""


def fit(
    rows: NDArray[np.float32], truth: NDArray[np.bool_], weights: NDArray[np.float64], recipe: Recipe
) -> dict[str, Any]:
    """Return the trees that tell ``truth`` from ``rows``, as they are stored."""
    trees = []
    for seed in recipe.seeds:
        data = lightgbm.Dataset(rows, truth.astype(float), weight=weights)
        booster = lightgbm.train({**COMMON, **recipe.own, "seed": seed}, data, recipe.rounds)
        trees += [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    return _stored(trees, len(recipe.seeds))


def _stored(trees: Sequence[dict[str, Any]], models: int) -> dict[str, Any]:
    """Return the trees of some models as columns of nodes; a leaf is its own child."""
    nodes: list[dict[str, Any]] = []

    def add(node: dict[str, Any]) -> int:
        place = len(nodes)
        nodes.append({"feature": 0, "threshold": 0.0, "left": place, "right": place, "value": 0.0})
        if "leaf_value" in node:
            nodes[place]["value"] = round(node["leaf_value"] / models, 5)
            return place
        nodes[place] |= {"feature": node["split_feature"], "threshold": float(f"{node['threshold']:.7g}")}
        nodes[place] |= {"left": add(node["left_child"]), "right": add(node["right_child"])}
        return place

    roots = [add(tree) for tree in trees]
    return {"roots": roots, **{name: [node[name] for node in nodes] for name in nodes[0]}}
