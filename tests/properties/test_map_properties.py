"""Boxes on the map never hide each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import dist, sqrt

from hypothesis import given
from hypothesis import strategies as st

from pagefacts.render.spread import Box, spread

WIDTH, HEIGHT = 1000.0, 620.0

boxes = st.lists(
    st.builds(
        Box,
        x=st.integers(90, 910).map(float) | st.just(500.0),
        y=st.integers(90, 530).map(float) | st.just(300.0),
        width=st.floats(5, 40),
        height=st.floats(5, 40),
        tries=st.just(20_000),
    ),
    max_size=40,
)


@given(boxes)
def test_every_box_has_a_spot_inside_and_none_overlaps(items: list[Box]) -> None:
    spots = list(spread(items, WIDTH, HEIGHT))
    placed = [(box, spot) for box, spot in zip(items, spots, strict=True) if spot is not None]
    assert len(placed) == len(items)
    for box, (x, y) in placed:
        assert box.width <= x <= WIDTH - box.width
        assert box.height <= y <= HEIGHT - box.height
    for (a, (ax, ay)), (b, (bx, by)) in combinations(placed, 2):
        assert abs(ax - bx) >= a.width + b.width or abs(ay - by) >= a.height + b.height


@given(boxes)
def test_the_first_box_stands_where_it_belongs(items: list[Box]) -> None:
    for box, spot in list(zip(items, spread(items, WIDTH, HEIGHT), strict=True))[:1]:
        assert spot == (box.x, box.y)


@given(boxes, st.integers(1, 50))
def test_a_box_of_few_tries_may_stand_nowhere_and_hides_nothing(items: list[Box], tries: int) -> None:
    shy = [replace(box, tries=tries) for box in items]
    spots = list(spread([*items, *shy], WIDTH, HEIGHT))[len(items) :]
    for box, spot in zip(shy, spots, strict=True):
        assert spot is None or dist(spot, (box.x, box.y)) <= 40 / 2 * sqrt(tries)
