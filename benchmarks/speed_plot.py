"""Curves as a picture, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib
from matplotlib import pyplot
from speed_table import Curve


def draw(curves: Sequence[Curve], path: Path) -> None:
    """Write the curves to ``path``, both axes logarithmic; the same curves give the same bytes."""
    matplotlib.rcParams["svg.hashsalt"] = "pagefacts"
    figure, axes = pyplot.subplots(1, len(curves), figsize=(5 * len(curves), 4), layout="constrained", squeeze=False)
    for axis, curve in zip(axes[0], curves, strict=True):
        for name, points in curve.points.items():
            axis.plot(*zip(*points, strict=True), marker="o", label=name)
        axis.set(title=curve.title, xlabel=curve.x_name, ylabel=curve.y_name, xscale="log", yscale="log")
        axis.grid(visible=True, alpha=0.3)
        axis.legend()
    figure.savefig(path, metadata={"Date": None})
