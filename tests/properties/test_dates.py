"""What holds of temporal expressions on any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pagefacts.contracts import Precision, Published
from pagefacts.facts.dates import find_dates

DAYS = st.dates().map(lambda day: Published(value=day.isoformat(), precision=Precision.DAY))
VOCABULARY = (
    "on in the of last next this every a an two 24 several few half monday Tuesday May march SEPT. Jan. 29 29th 2015 "
    "1990s '90s 9:41 a.m. 0900 GMT noon week weekend month quarter year years ago earlier later past first third "
    "fiscal summer fall century decades day morning night today yesterday tonight now recently future soon daily "
    "Christmas Eve 2015-09-29 09/29/2015 31 , . \n - ’s people killed will was to February -long and 1/2"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))
TEXTS = st.one_of(st.text(), st.lists(WORDS, max_size=40).map(" ".join))


@given(TEXTS, st.none() | DAYS)
def test_spans_quote_the_text_in_order_and_do_not_overlap(text: str, published: Published | None) -> None:
    position = 0
    for number, fact in enumerate(find_dates(text, published), start=1):
        assert fact.id == f"d{number}"
        assert position <= fact.start < fact.end <= len(text)
        assert text[fact.start : fact.end] == fact.text
        position = fact.end


@given(TEXTS, st.none() | DAYS)
def test_the_same_text_gives_the_same_facts(text: str, published: Published | None) -> None:
    assert find_dates(text, published) == find_dates(text, published)


@given(TEXTS, st.none() | DAYS)
def test_days_covered_are_an_interval(text: str, published: Published | None) -> None:
    for fact in find_dates(text, published):
        assert (fact.first is None) == (fact.last is None)
        assert fact.first is None or fact.last is None or fact.first <= fact.last


@given(TEXTS)
def test_nothing_is_anchored_without_a_day_of_publication_or_a_date_in_the_text(text: str) -> None:
    first = next(iter(find_dates(text, None)), None)
    assert first is None or first.anchor is None


@given(st.text(alphabet="bcfhklpqvwxz .,\n'", max_size=200))
def test_text_without_digits_and_temporal_words_has_no_dates(text: str) -> None:
    # No temporal word of English is made of these letters alone.
    assert find_dates(text, None) == ()
