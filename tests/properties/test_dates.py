"""What holds of temporal expressions on any text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from pagefacts.contracts import Precision, Published
from pagefacts.facts.dates import find_dates

DAYS = st.dates().map(lambda day: Published(value=day.isoformat(), precision=Precision.DAY))
VOCABULARY = (
    "on in the of last next this every a an two 24 several few half monday Tuesday May march SEPT. Jan. 29 29th 2015 "
    "1990s '90s 9:41 a.m. 0900 GMT noon week weekend month quarter year years ago earlier later past first third "
    "fiscal summer fall century decades day morning night today yesterday tonight now recently future soon daily "
    "Christmas Eve 2015-09-29 09/29/2015 31 , . \n - ’s people killed will was to February -long and 1/2 "
    "before after at moment past millennia B.C. Q3 half quarter ½ '98 80s 9/11 weekend until set plans had been "
    "due $3 % million p.m."
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


_DAY = r"(?:[\dX]{4}(?:-(?:[01]\d|XX)(?:-(?:[0-3]\d|XX))?|-W(?:[0-5]\d|XX)(?:-(?:[1-7]|WE))?)?)"
_PERIOD = r"[\dX]{4}-(?:Q[1-4X]|H[12X]|SP|SU|FA|WI)|[\dX]{2,3}|BC\d{4}|(?:PRESENT|PAST|FUTURE)_REF"
_LENGTH = r"P(?:X|\d+(?:\.\d+)?)(?:[DWMQYECL]|Y6M)|PT(?:X|\d+(?:\.\d+)?)[HMS](?:30[MS])?"
# ISO 24617-1, TIMEX3: the values that each type may have.
VALUES = {
    "DATE": rf"{_DAY}|{_PERIOD}",
    "TIME": rf"{_DAY}T(?:[0-2]\d:[0-5]\d|MO|MI|AF|EV|NI)",
    "DURATION": _LENGTH,
    "SET": rf"{_LENGTH}|XXXX-(?:WXX-(?:[1-7]|WE)|\d\d|XX-XX|SP|SU|FA|WI)(?:T(?:MO|MI|AF|EV|NI))?",
}


@given(TEXTS, st.none() | DAYS)
def test_values_are_those_of_timex3(text: str, published: Published | None) -> None:
    for fact in find_dates(text, published):
        assert re.fullmatch(VALUES[fact.type], fact.value), fact


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
