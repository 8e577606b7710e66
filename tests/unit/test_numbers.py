"""English cardinal numbers."""

from __future__ import annotations

import re

import pytest

from pagefacts.facts.numbers import CARDINAL, cardinal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("12", 12),
        ("250,000", 250_000),
        ("2 000", 2_000),
        ("2\u202f000", 2_000),
        ("1.5 million", 1_500_000),
        ("1.3m", 1_300_000),
        ("three", 3),
        ("twenty-one", 21),
        ("Twenty one", 21),
        ("a hundred", 100),
        ("a hundred and five", 105),
        ("two hundred and fifty thousand", 250_000),
        ("one million two hundred thousand", 1_200_000),
        ("seven lakh", 700_000),
        ("two crore", 20_000_000),
        ("10 thousand", 10_000),
    ],
)
def test_reads_a_number(text, value):
    assert cardinal(text) == value


@pytest.mark.parametrize(
    "text", ["", "people", "1.5", "four six", "one two", "12 people", "nineteen eighty", "9" * 500]
)
def test_other_words_are_no_number(text):
    assert cardinal(text) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("12 dead and 1,500 hurt", ["12", "1,500"]),
        ("TWO HUNDRED AND SIX MEN", ["TWO HUNDRED AND SIX"]),
        ("the tenants of someone", []),
        ("one and two", ["one", "two"]),
        ("between five and ten", ["five", "ten"]),
        ("two hundred thousand and six", ["two hundred thousand and six"]),
        ("about 1.3 million Syrians", ["1.3 million"]),
        ("sixty-six villages", ["sixty-six"]),
    ],
)
def test_pattern_finds_whole_numbers(text, numbers):
    pattern = re.compile(rf"(?<![\w.,]){CARDINAL}\b", re.IGNORECASE)
    assert [match[0] for match in pattern.finditer(text)] == numbers
