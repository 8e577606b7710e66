"""Linking holds for any names."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pagefacts.contracts import Entity, Label
from pagefacts.tagging.linking import link

LABELS = [Label.PERSON, Label.ORG, Label.GPE, Label.NORP, Label.EVENT, Label.WEAPON, Label.MISC, Label.DATE]
WORDS = (
    "Ann Bob J. Lee Smith Clinton al-Assad Assad bin Laden Kim Jong-un Jr. President UN U.N. United Nations Security"
    " Council Syria Syrian Syrians Army the The National IDF Israel Defense Forces International of News x' ’s - É"
).split()
Named = tuple[str, Label]

known_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
any_names = st.text(min_size=1, max_size=12) | known_words
mentions = st.lists(st.tuples(any_names, st.sampled_from(LABELS)), max_size=25)
# Between the names; without titles, which tell two people of one surname apart.
between = st.sampled_from([" ", ", ", " (", ") said ", ", also known as ", " met the "])


def page(named: Iterable[Named], gap: str = " ", before: str = "") -> tuple[str, list[Entity]]:
    text, entities = before, []
    for name, label in named:
        entities.append(Entity(text=name, label=label, start=len(text), end=len(text) + len(name)))
        text += name + gap
    return text, entities


@given(mentions, between)
def test_the_words_stay_and_only_labels_that_waver_change(named: list[Named], gap: str) -> None:
    text, entities = page(named, gap)
    linked = link(text, entities)
    assert [(each.text, each.start, each.end) for each in linked] == [
        (each.text, each.start, each.end) for each in entities
    ]
    changed = {(old.label, new.label) for old, new in zip(entities, linked, strict=True) if old.label is not new.label}
    assert {old for old, _ in changed} <= {Label.ORG, Label.GPE, Label.LOC, Label.FAC, Label.MISC}
    assert {new for _, new in changed} <= {Label.ORG, Label.GPE, Label.NORP}
    assert all(Entity.model_validate(entity.model_dump()) == entity for entity in linked)


@given(mentions, between)
@example([(" ", Label.PERSON)], " ")
def test_ids_part_the_mentions_and_are_numbered_by_first_mention(named: list[Named], gap: str) -> None:
    linked = link(*page(named, gap))
    ids = [entity.entity_id for entity in linked if entity.label is not Label.DATE]
    assert None not in ids
    assert all(entity.entity_id is None for entity in linked if entity.label is Label.DATE)
    assert list(dict.fromkeys(ids)) == [f"e{number + 1}" for number in range(len(set(ids)))]


@given(mentions, between)
def test_all_mentions_of_one_have_the_same_name_which_is_one_of_them(named: list[Named], gap: str) -> None:
    groups = defaultdict(list)
    for entity in link(*page(named, gap)):
        if entity.entity_id:
            groups[entity.entity_id].append(entity)
    for group in groups.values():
        (name,) = {entity.name for entity in group}
        assert len({entity.country for entity in group}) == 1
        assert name is not None
        assert any(name in entity.text for entity in group)


@given(mentions)
def test_the_same_words_with_the_same_label_are_the_same(named: list[Named]) -> None:
    groups = defaultdict(set)
    for entity in link(*page(named, ". ")):
        groups[entity.text, entity.label].add(entity.entity_id)
    assert all(len(ids) == 1 for ids in groups.values())


@given(mentions, between)
def test_linking_again_changes_nothing(named: list[Named], gap: str) -> None:
    text, entities = page(named, gap)
    once = link(text, entities)
    assert link(text, once) == once


@given(mentions)
def test_what_comes_after_about_others_changes_no_id(named: list[Named]) -> None:
    text, entities = page(named)
    _, more = page([("Zed Quux", Label.PERSON), ("Quux", Label.PERSON), ("Frobnitz Works", Label.ORG)], " ", text)
    assert link(text + "Zed Quux Quux Frobnitz Works ", [*entities, *more])[: len(entities)] == link(text, entities)


@pytest.mark.parametrize(
    ("form", "label"),
    [
        ("Q{} Smith", Label.PERSON),
        ("John Q{} Smith", Label.PERSON),
        ("Smith Q{}", Label.PERSON),
        ("J. Smith Q{} of the United Kingdom of Foo", Label.PERSON),
        ("Q{} Security Council", Label.ORG),
        ("Security Council Q{}", Label.ORG),
        ("Q{}", Label.MISC),
    ],
)
def test_the_work_grows_with_the_number_of_names(form: str, label: Label) -> None:
    """Counted are calls, not seconds: twice the names, twice the work."""

    def calls(size: int) -> int:
        text, entities = page((form.format(f"{number:b}"), label) for number in range(size))
        count = 0

        def profile(*_: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(profile)
        try:
            link(text, entities)
        finally:
            sys.setprofile(None)
        return count

    calls(1)  # reads the tables
    assert calls(1000) < 2.5 * calls(500)
