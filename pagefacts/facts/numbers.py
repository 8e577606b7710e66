"""English cardinal numbers, in digits and words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_BELOW_TWENTY: Final = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen"""
_MULTIPLES_OF_TEN: Final = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS: Final = {word: value for value, word in enumerate(_BELOW_TWENTY.split())}
_TENS: Final = {word: 10 * value for value, word in enumerate(_MULTIPLES_OF_TEN.split(), start=2)}
_SCALES: Final = {
    "hundred": 100,
    "thousand": 1_000,
    "lakh": 100_000,  # South Asian English
    "crore": 10_000_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "m": 1_000_000,
}
_SCALE = "hundred|thousand|lakh|crore|million|billion"
_LONGEST = 200  # characters; a longer run of digits is no number of anything
_WORD = re.compile(r"\d+(?:\.\d+)?|[a-z]+")
_SMALL = "|".join([*sorted(_UNITS, key=len, reverse=True), *_TENS])
_DIGITS = r"\d{1,3}(?:[,\u00a0\u202f ]\d{3}){1,5}(?![\d])|\d+(?:\.\d+)?"

_AFTER_SCALE = (
    rf"(?:{_SCALE})\b(?:[\s-]and[\s-](?:{_SMALL})\b)?"  # "two hundred and six"; "one and two" are two numbers
)

CARDINAL: Final = (
    rf"(?:(?:{_DIGITS})(?:[\s\u00a0-](?:{_SCALE})\b|m(?=\b))?"
    rf"|(?:(?:a|an)[\s-](?=(?:{_SCALE})\b))?(?:(?:{_SMALL})\b|{_AFTER_SCALE})"
    rf"(?:[\s-](?:(?:{_SMALL})\b|{_AFTER_SCALE})){{0,12}})"
)
"""Pattern of a cardinal without bounds of its own: wrap it in ``(?<![\\w.,])`` and ``\\b``, with re.IGNORECASE."""


def cardinal(text: str) -> int | None:
    """Return the whole number that ``text`` spells, or None where it spells none.

    Digits with thousands separators, words, and both mixed: "250,000", "twenty-one", "1.3 million", "a hundred",
    "two hundred and fifty thousand". A fraction of a person is no number: "1.5" is None, "1.5 million" is 1500000; nor
    are numbers said one after the other: "one two", "four six".
    """
    if len(text) > _LONGEST:
        return None
    plain = re.sub(r"(?<=\d)[,\u00a0\u202f ](?=\d{3}(?!\d))", "", text.strip().lower())
    words = [word for word in _WORD.findall(plain) if word not in {"and", "a", "an"}]
    if not words or _WORD.sub("", plain).strip(" \u00a0-\t\n"):
        return None
    total, group = Decimal(0), Decimal(0)
    for position, word in enumerate(words):
        if word == "hundred":
            group = max(group, Decimal(1)) * 100
        elif word in _SCALES:
            total, group = total + max(group, Decimal(1) if position == 0 else group) * _SCALES[word], Decimal(0)
        elif (value := _small(word)) is not None and group % (10 if value < 10 else 100) == 0:
            group += value
        else:
            return None
    total += group
    return int(total) if total == int(total) else None


def _small(word: str) -> Decimal | None:
    if word[0].isdigit():
        return Decimal(word)
    value = _UNITS.get(word, _TENS.get(word))
    return None if value is None else Decimal(value)
