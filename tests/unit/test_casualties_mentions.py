"""One figure stated again is one figure; figures that differ in anything stay apart."""

from __future__ import annotations

import pytest

from pagefacts.contracts import Article, Entity, Label, Precision, Published
from pagefacts.facts import find_facts
from pagefacts.facts.places.gazetteer import SqliteGazetteer


def figures(text: str, *places: str) -> list[tuple[int | None, str | None]]:
    """The numbers of ``text`` in its order, each with the number of the figure that it states again."""
    entities = [
        Entity(text=place, label=Label.GPE, start=start, end=start + len(place))
        for start in range(len(text))
        for place in places
        if text.startswith(place, start)
    ]
    article = Article(text=text, published=Published(value="2021-03-10", precision=Precision.DAY))
    facts = find_facts(article, entities, SqliteGazetteer.open()).casualties
    return [(fact.best if fact.best is not None else fact.min or fact.max, fact.same_as) for fact in facts]


SAME = [
    "At least 41 people were killed in the fire.\nThe fire killed 41 workers, the owner said.",
    "A bus crash killed 12 people.\nPolice confirmed that 12 people had died.",
    "More than 3,000 people fled their homes.\nSome 3,000 people fled their homes, an aid group said.",
    "Twelve soldiers were wounded on Monday.\nOn Monday twelve soldiers were wounded by a mine.",
    "No one was hurt.\nThe blaze was put out and no one was hurt.",
    "A nurse was shot dead.\nThe nurse was shot dead at noon.",
    "Between 20 and 30 people died.\nThe blast left between 20 and 30 people dead.",
]


@pytest.mark.parametrize("text", SAME)
def test_a_figure_stated_again_is_linked_to_the_first(text: str) -> None:
    (_, first), (_, second) = figures(text)
    assert (first, second) == (None, "c1")


APART = [
    # another number, as one side claims it and the other
    ("The army said 12 rebels were killed.\nThe rebels said five of their fighters were killed.", ()),
    # another effect
    ("The quake killed 12 people.\nThe quake injured 12 people.", ()),
    # other victims
    ("The army killed 12 rebels.\nThe rebels killed 12 soldiers.", ()),
    ("Two Syrians were killed.\nTwo Iraqis were killed.", ()),
    ("A nurse was shot dead.\nA teacher was shot dead.", ()),
    # another place
    ("Five people were killed in Mosul.\nFive people were killed in Basra.", ("Mosul", "Basra")),
    ("Five people were killed in Basra.\nFive people were killed in Kabul.", ("Basra", "Kabul")),
    # another day
    ("Five people were killed on Monday.\nFive people were killed on Sunday.", ()),
    # another standing
    ("The flood killed 12 people.\nThe dam could kill 12 people.", ()),
    # a part of a figure and a figure
    ("The blast killed 17 people, including three children.\nThree children were killed.", ()),
]


@pytest.mark.parametrize(("text", "places"), APART)
def test_figures_that_differ_stay_apart(text: str, places: tuple[str, ...]) -> None:
    assert {same for _, same in figures(text, *places)} == {None}


def test_a_place_and_its_country_may_be_one() -> None:
    text = "Five people were killed in Iraq.\nThe five people were killed in Mosul."
    assert figures(text, "Iraq", "Mosul") == [(5, None), (5, "c1")]


def test_a_town_and_its_neighbour_may_be_one() -> None:
    text = "Five people were killed in Oakland.\nThe five people were killed in Berkeley."
    assert figures(text, "Oakland", "Berkeley") == [(5, None), (5, "c1")]


def test_mentions_are_all_linked_to_the_first() -> None:
    text = "\n".join(["A bus crash killed 12 people."] * 4)
    assert [same for _, same in figures(text)] == [None, "c1", "c1", "c1"]
