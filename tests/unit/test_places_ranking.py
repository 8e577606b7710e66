"""How places are ranked, and what the weights must hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pagefacts.facts.places.ranking import ChoiceFeatures, PlaceFeatures, Ranking, packaged

NUMBERS = st.floats(0, 20)
PLACES = st.lists(st.builds(PlaceFeatures, *[NUMBERS] * len(PlaceFeatures._fields)), min_size=1, max_size=20)
CHOICES = st.builds(ChoiceFeatures, *[NUMBERS] * len(ChoiceFeatures._fields))


@given(PLACES)
def test_shares_sum_to_one_and_the_better_place_has_more(places: list[PlaceFeatures]) -> None:
    shares = packaged().shares(places)
    assert sum(shares) == pytest.approx(1)
    better = packaged().shares([*places, places[0]._replace(nearness=places[0].nearness + 1)])
    assert better[-1] > better[0]


@given(CHOICES)
def test_confidence_is_a_probability(choice: ChoiceFeatures) -> None:
    assert 0 <= packaged().confidence(choice) <= 1


def test_every_feature_of_a_place_speaks_for_it() -> None:
    assert all(weight > 0 for weight in packaged().place)


def test_a_name_outside_all_tags_is_doubted_more() -> None:
    tagged = ChoiceFeatures(1, 2, 1, 0, 0, 0, 5, 1, *[0] * 9)
    assert packaged().confidence(tagged._replace(text=1)) < packaged().confidence(tagged)
    assert packaged().confidence(tagged._replace(stranger=1)) < packaged().confidence(tagged)


def test_weights_must_be_all_there() -> None:
    whole = {"ranking": packaged().place._asdict(), "confidence": packaged().choice._asdict()}
    assert Ranking.of(whole) == packaged()
    with pytest.raises(TypeError, match="nearness"):
        Ranking.of(whole | {"ranking": {name: 1.0 for name in PlaceFeatures._fields if name != "nearness"}})
    with pytest.raises(TypeError, match="magic"):
        Ranking.of(whole | {"confidence": whole["confidence"] | {"magic": 1.0}})
