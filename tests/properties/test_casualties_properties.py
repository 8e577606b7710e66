"""What holds of casualty figures whatever the text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pagefacts.contracts import Entity, Label
from pagefacts.facts.casualties import find_casualties

_VOCABULARY = """
the a two 12 30,000 dozens of more than at least up to no one people soldiers rebels bombs villages were was killed
killing wounded injured died dead missing displaced fled homes arrested death toll rose from to and , . ; ( )
including five of them who could not said police between 20 in Cairo 2015 children families another
"""
_NEUTRAL = "the army said that its talks were long and useful . , today near Cairo"
_WORDS = st.sampled_from(_VOCABULARY.split())
_NEWS = st.lists(_WORDS, max_size=40).map(" ".join)
_ANY = st.one_of(_NEWS, st.text(max_size=200), st.tuples(_NEWS, st.text(max_size=40), _NEWS).map("".join))


def _find(text: str):
    return find_casualties(text, (), (), (), lambda word: "EG" if word.lower() == "cairo" else None)


@given(_ANY)
def test_evidence_is_the_quoted_text_inside_its_sentence(text):
    for fact in _find(text):
        evidence = fact.evidence
        assert text[evidence.start : evidence.end] == evidence.quote != ""
        assert 0 <= evidence.sentence_start <= evidence.start < evidence.end <= evidence.sentence_end <= len(text)
        assert fact.number_text in evidence.quote


@given(_ANY, st.data())
def test_whatever_the_tagger_calls_a_person_the_evidence_is_in_the_text(text, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    people = [Entity(text=text[a:b], start=a, end=b, label=Label.PERSON) for a, b in pairwise(cuts)]
    for fact in find_casualties(text, people, (), (), lambda _: None):
        assert text[fact.evidence.start : fact.evidence.end] == fact.evidence.quote
        assert fact.victims is None or fact.victims.text in text


@given(_ANY)
def test_bounds_are_ordered_and_the_stated_number_is_inside(text):
    for fact in _find(text):
        assert fact.min is not None
        assert fact.max is None or fact.min <= fact.max
        assert fact.best is None or fact.min <= fact.best <= (fact.max if fact.max is not None else fact.best)
        assert (fact.status == "negated") == (fact.max == 0)


@given(_ANY)
def test_ids_are_unique_and_parts_name_another_figure(text):
    facts = _find(text)
    ids = [fact.id for fact in facts]
    assert ids == [f"c{number}" for number in range(1, len(ids) + 1)]
    assert all(fact.part_of in {None, *ids} - {fact.id} for fact in facts)


@given(st.lists(st.sampled_from(_NEUTRAL.split())).map(" ".join))
def test_without_number_or_effect_there_is_no_figure(text):
    assert _find(text) == ()


@given(_NEWS, _NEWS)
def test_a_further_paragraph_changes_no_figure_before_it(text, more):
    facts = _find(text)
    assert _find(f"{text}\n\n{more}")[: len(facts)] == facts


@given(_NEWS)
def test_upper_case_wires_read_the_same(text):
    figures = [(fact.effect, fact.min, fact.max, fact.status) for fact in _find(text)]
    assert [(fact.effect, fact.min, fact.max, fact.status) for fact in _find(text.upper())] == figures
