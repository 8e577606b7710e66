"""Sentence boundaries."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pagefacts.facts.sentences import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        (" \n ", []),
        ("One here. Two there.", ["One here.", "Two there."]),
        ("He said: “Go.” They went!", ["He said: “Go.”", "They went!"]),
        ("Mr. Smith met Gen. Jones.", ["Mr. Smith met Gen. Jones."]),
        ("The U.S. Army left. It rained.", ["The U.S. Army left.", "It rained."]),
        ("J. Doe, 34, died.", ["J. Doe, 34, died."]),
        ("A headline\nA first line", ["A headline", "A first line"]),
        ("It cost 1.5 million. 12 died.", ["It cost 1.5 million.", "12 died."]),
        ("  Blanks around.  ", ["Blanks around."]),
    ],
)
def test_splits_where_a_sentence_ends(text, parts):
    assert [text[start:end] for start, end in sentences(text)] == parts


def test_spans_are_in_order_and_do_not_overlap():
    spans = sentences("One. Two?\n\nThree! Four")
    assert spans == sorted(spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
