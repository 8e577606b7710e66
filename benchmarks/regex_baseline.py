"""Casualty figures by one regular expression: the number nearest to a word of harm within a sentence.

About what one writes in half an hour: digits, number words, "dozens", and the bound before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scores import Figure

_WORDS: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
).split()
_VALUES: Final = {word: value for value, word in enumerate(_WORDS)} | {"thirty": 30, "forty": 40, "fifty": 50}
_FLOORS: Final = {"several": 3, "dozens": 12, "scores": 20, "hundreds": 100, "thousands": 1000}
_SCALES: Final = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_EFFECTS: Final = {
    "killed": r"kill\w*|dead|died?|deaths?|murder\w*|slain|assassinat\w+|lives",
    "injured": r"injur\w+|wound\w+|hurt",
    "missing": r"missing",
    "displaced": r"displac\w+|homeless|fled|flee\w*|evacuat\w+|refugees?|homes",
    "detained": r"detain\w*|arrest\w*",
}
_REACH: Final = 60
"""Characters between a number and its word of harm at most."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_NUMBER = re.compile(
    r"(?:(?P<above>more than|over|at least)|(?P<below>fewer than|less than|up to|nearly|almost))?\s*"
    rf"(?<![\w.,])(?P<number>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{'|'.join([*_VALUES, *_FLOORS])})"
    rf"(?:[ -](?P<scale>{'|'.join(_SCALES)}))?\b(?![%-]|\s+(?:percent|per cent|years?|months?|days?|hours?))",
    re.IGNORECASE,
)


def figures(text: str) -> list[Figure]:
    """Return the casualty figures of ``text``."""
    return [figure for sentence in _SENTENCE.split(text) for figure in _in_sentence(sentence)]


def _in_sentence(sentence: str) -> Iterator[Figure]:
    numbers = list(_NUMBER.finditer(sentence))
    for effect, words in _EFFECTS.items():
        for word in re.finditer(rf"\b(?:{words})\b", sentence, re.IGNORECASE):
            gaps = [(_gap(word, number), number) for number in numbers if not _clause_apart(word, number)]
            gap, nearest = min(gaps, key=lambda pair: pair[0], default=(_REACH, None))
            if nearest is not None and gap < _REACH:
                yield _figure(effect, nearest)


def _gap(word: re.Match[str], number: re.Match[str]) -> int:
    return max(word.start() - number.end(), number.start() - word.end())


def _clause_apart(word: re.Match[str], number: re.Match[str]) -> bool:
    """Whether a comma stands between a word of harm and a number behind it: "one killed, eleven wounded"."""
    return "," in word.string[word.end() : number.start("number")]


def _figure(effect: str, match: re.Match[str]) -> Figure:
    word = match["number"].lower().replace(",", "")
    floor = _FLOORS.get(word)
    value = floor or _VALUES.get(word)
    number = int((float(word) if value is None else value) * _SCALES.get((match["scale"] or "").lower(), 1))
    low = 0 if match["below"] else number
    return Figure(effect, low, None if floor or match["above"] else number)
