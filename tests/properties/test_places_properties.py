"""What holds for the places of any text and any entities in it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from pagefacts.contracts import Entity, Label
from pagefacts.facts.places import find_places
from pagefacts.facts.places.gazetteer import SqliteGazetteer, normalised

GAZETTEER = SqliteGazetteer.open()
WORDS = """
Paris Texas Syrian South African U.S. La. Ky Georgia New York County Springfield of in the The West northern man Man São
İstanbul ẞ ﬁ ’s 's , . - 💥 中国 é A. B.C.
"""
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=25).map(" ".join))


@st.composite
def tagged_texts(draw: st.DrawFn) -> tuple[str, list[Entity]]:
    text = draw(TEXTS)
    cut = st.integers(0, len(text))
    spans = draw(st.lists(st.tuples(cut, cut, st.sampled_from(Label)), max_size=8))
    return text, [
        Entity(text=text[min(a, b) : max(a, b)], start=min(a, b), end=max(a, b), label=label) for a, b, label in spans
    ]


@given(tagged_texts())
@example((PARISES := "Paris Paris Paris Paris of Paris", [Entity(text=PARISES, start=0, end=32, label=Label.FAC)]))
def test_mentions_quote_the_text_and_do_not_overlap(tagged: tuple[str, list[Entity]]) -> None:
    text, entities = tagged
    found = find_places(text, entities, GAZETTEER)
    mentions = sorted((mention for place in found for mention in place.mentions), key=lambda mention: mention.start)
    assert all(mention.text and text[mention.start : mention.end] == mention.text for mention in mentions)
    assert all(one.end <= other.start for one, other in pairwise(mentions))


@given(tagged_texts())
def test_places_are_numbered_by_their_first_mention_and_named_once(tagged: tuple[str, list[Entity]]) -> None:
    found = find_places(*tagged, GAZETTEER)
    assert [place.id for place in found] == [f"l{number}" for number in range(1, len(found) + 1)]
    firsts = [place.mentions[0].start for place in found]
    assert firsts == sorted(firsts)
    known = [place.geonames_id for place in found if place.geonames_id is not None]
    assert len(known) == len(set(known))
    assert all((place.latitude is None) == (place.longitude is None) for place in found)


@given(tagged_texts())
def test_the_order_of_the_entities_does_not_matter(tagged: tuple[str, list[Entity]]) -> None:
    text, entities = tagged
    spans = {(entity.start, entity.end) for entity in entities}
    apart = all(a is b or a[1] <= b[0] or b[1] <= a[0] for a in spans for b in spans)
    if apart and len(spans) == len(entities):
        assert find_places(text, entities, GAZETTEER) == find_places(text, entities[::-1], GAZETTEER)


@given(st.text())
def test_keys_are_stable(name: str) -> None:
    if len(name) < 40:
        assert normalised(normalised(name)) in {normalised(name), normalised(name).removeprefix("the ")}
    assert isinstance(GAZETTEER.candidates(name), tuple)
