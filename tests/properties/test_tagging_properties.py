"""The tagger on texts, windows and scores that nobody thought of."""

from __future__ import annotations

from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pagefacts.tagging import tags
from pagefacts.tagging.base import Tagger
from pagefacts.tagging.engines import ENGINES
from pagefacts.tagging.windows import Word, cut, encode, read
from pagefacts.tagging.wordpiece import Shape, Wordpiece, words

VOCABULARY = Wordpiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a"])

word_parts = st.tuples(st.integers(1, 10), st.integers(0, 9), st.integers(0, 9))


@st.composite
def rows_of_words(draw: st.DrawFn) -> list[Word]:
    """Words of 1 to 10 pieces, of which some open a line and some end a sentence."""
    rarity = draw(st.integers(0, 9))
    drawn = draw(st.lists(word_parts, max_size=150))
    return [
        Word(at, at + 1, (4,) * pieces, Shape.LOWER, at == 0 or line > rarity, stop > rarity)
        for at, (pieces, line, stop) in enumerate(drawn)
    ]


@given(rows_of_words(), st.integers(64, 128))
def test_windows_keep_each_word_once_in_order(row: list[Word], length: int) -> None:
    windows = cut(row, length)
    assert [at for window in windows for at in range(window.keep, window.until)] == list(range(len(row)))
    for window in windows:
        assert window.first <= window.keep < window.until <= window.last


@given(rows_of_words(), st.integers(64, 128))
def test_no_window_is_longer_than_the_encoder_reads_unless_one_word_is(row: list[Word], length: int) -> None:
    for window in cut(row, length):
        pieces, shapes, firsts = encode(row[window.first : window.last], VOCABULARY)
        assert len(pieces) <= length or window.last - window.first == 1
        assert len(pieces) == len(shapes)
        assert len(firsts) == window.last - window.first


@given(rows_of_words())
def test_the_work_is_bounded_by_the_words(row: list[Word]) -> None:
    shown = sum(window.last - window.first for window in cut(row))
    assert shown <= 2 * len(row)


@cache
def valid_rows(length: int) -> list[tuple[int, ...]]:
    """Every row of tags that spells names, by trying them all."""
    opens = {at for at, tag in enumerate(tags.TAGS) if tag[0] in "BI"}
    goes_on = {at for at, tag in enumerate(tags.TAGS) if tag[0] in "IE"}

    def follows(one: int, two: int) -> bool:
        if one in opens:
            return two in goes_on and tags.TAGS[one][2:] == tags.TAGS[two][2:]
        return two not in goes_on

    return [
        row
        for row in product(range(len(tags.TAGS)), repeat=length)
        if row[0] not in goes_on and row[-1] not in opens and all(follows(*pair) for pair in pairwise(row))
    ]


scores_of_words = st.integers(1, 3).flatmap(
    lambda length: arrays.arrays(
        np.float32, (length, len(tags.TAGS)), elements=st.floats(-50, 0, width=32), fill=st.just(np.float32(-20))
    )
)


@given(scores_of_words)
def test_the_best_row_is_valid_and_none_is_better(scores: np.ndarray) -> None:
    found = tuple(int(tag) for tag in tags.best(scores))
    candidates = valid_rows(len(scores))
    assert found in set(candidates)
    sums = scores[np.arange(len(scores)), np.array(candidates)].sum(axis=1)
    assert scores[np.arange(len(scores)), found].sum() == pytest.approx(sums.max(), abs=1e-3)


@given(
    st.integers(1, 40).flatmap(
        lambda n: arrays.arrays(np.float32, (n, len(tags.TAGS)), elements=st.floats(-5, 0, width=32))
    )
)
def test_the_names_of_the_best_row_do_not_overlap(scores: np.ndarray) -> None:
    end = 0
    for first, last, label in tags.names(tags.best(scores)):
        assert end <= first < last <= len(scores)
        assert label in tags.LABELS
        end = last


texts = st.text(
    st.one_of(st.sampled_from("  \n\t.,'’“(-é\u0301💥\0عא中İß"), st.characters(exclude_categories=["Cs"])), max_size=200
) | st.lists(
    st.sampled_from(
        ["Barack Obama", "Berlin", "the United Nations", "said", "IN", "PARIS", ".", "\n", "\u0301", "’s", "💥"]
    ),
    max_size=60,
).map(" ".join)


@given(texts)
def test_words_are_what_stands_between_blanks(text: str) -> None:
    spans = list(words(text))
    assert "".join(text[start:end] for start, end in spans) == "".join(text.split())
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert [(word.start, word.end) for word in read(text, VOCABULARY)] == spans


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return ENGINES["pagefacts"].load()


@settings(deadline=None)
@given(text=texts)
def test_the_names_stand_in_the_text(tagger: Tagger, text: str) -> None:
    end = 0
    for entity in tagger.tag(text):
        assert end <= entity.start < entity.end
        assert text[entity.start : entity.end] == entity.text
        assert "\n" not in entity.text
        end = entity.end
