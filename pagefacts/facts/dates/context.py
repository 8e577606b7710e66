"""What relative expressions are resolved against: the publication day, the date last spoken of, and the tense."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Final

from pagefacts.facts.dates.patterns import cue
from pagefacts.facts.dates.periods import Grain
from pagefacts.facts.dates.table import TABLE
from pagefacts.facts.dates.words import STEPS

if TYPE_CHECKING:
    from pagefacts.contracts import Published
    from pagefacts.facts.dates.periods import Period


class Direction(Enum):
    """Which way from the publication day an expression points."""

    PAST = -1
    FUTURE = 1
    UNKNOWN = 0


@dataclass(frozen=True, slots=True)
class Context:
    """The text around an expression, and what it is resolved against."""

    text: str
    start: int
    end: int
    anchor: date | None
    """Publication day."""
    reference: Period | None
    """The date spoken of just before, in the same sentence or the one before it."""
    topic: Period | None = None
    """The quarter that the article reports on: the last one it named that was over."""
    history: Collection[Period] = ()
    """The dates spoken of so far, the latest last."""
    since: Period | None = None
    """Where the expression is the end of a range, its beginning."""
    gap: int = 0
    """Code points since the expression before."""

    def recalled(self, grain: Grain) -> date | None:
        """Return the first day of the last date spoken of, however far back, that is no vaguer than ``grain``."""
        return next((period.first for period in reversed(tuple(self.history)) if period.grain <= grain), None)

    def spoken_of(self, grain: Grain) -> date | None:
        """Return the first day of the date spoken of before, where that is no vaguer than ``grain``."""
        return self.reference.first if self.reference is not None and self.reference.grain <= grain else None

    def year_of(self, words: str) -> int | None:
        """Return the year that "last year", "that same year", "the following year" is; None where that is not known."""
        which = words.removesuffix(" year")
        spoken_of = which.startswith(("the ", "that"))
        base = (self.recalled(Grain.YEAR) if spoken_of else None) or self.anchor
        return None if base is None else base.year + STEPS[which.removeprefix("the ")]

    def range_start(self, grain: Grain) -> date | None:
        """Return the first day of the range that the expression ends, where it begins with the same ``grain``."""
        return self.since.first if self.since is not None and self.since.grain is grain else None

    @property
    def direction(self) -> Direction:
        """The tense of the clause."""
        return _direction(self.text, self.start, self.end)

    @property
    def direction_of_day(self) -> Direction:
        """The tense of the clause, for a day: that of "a vigil was planned for Tuesday" is ahead."""
        is_meant = cue("for_a_day").search(self.before()) and cue("goes_on").match(self.after())
        return Direction.FUTURE if is_meant else self.direction

    @property
    def is_over(self) -> bool:
        """Whether a verb in the past stands right before the expression: "sank on", "ended", "took effect"."""
        before = _PUNCTUATION.split(self.before())[-1]
        words = _words(before)
        if words and words[-1][1] in {"on", "in"}:
            words = words[:-1]
        return _first_cue(words[-1:]) is Direction.PAST or cue("happened").search(before) is not None

    def before(self, length: int = 40) -> str:
        """Return the text before the expression, lower case."""
        return self.text[max(0, self.start - length) : self.start].lower()

    def after(self, length: int = 40) -> str:
        """Return the text after it, lower case."""
        return self.text[self.end : self.end + length].lower()


def publication_day(published: Published | None) -> date | None:
    """Return the day of publication at the place of publication; None where it is not known to the day."""
    if published is None:
        return None
    try:
        return date.fromisoformat(published.value[:10])
    except ValueError:
        return None


_TENSE: Final[dict[str, str]] = TABLE["tense"]
_FUTURE: Final = frozenset(_TENSE["future"].split())
_PAST: Final = frozenset(_TENSE["past"].split())
_NOT_PAST: Final = frozenset(_TENSE["not_past"].split())
_AUXILIARIES: Final = frozenset(_TENSE["auxiliaries"].split())
_ACCOMPLISHED: Final = frozenset(_TENSE["accomplished"].split())
_DETERMINERS: Final = frozenset(_TENSE["determiners"].split())
_ASIDES: Final = frozenset(_TENSE["asides"].split())
_NOUNS: Final = frozenset(_TENSE["nouns"].split())
_PREPOSITIONS: Final = frozenset(_TENSE["prepositions"].split())
_PUNCTUATION: Final = re.compile(r"[^\w\s'’-]")
_WORD: Final = re.compile(r"[\w'’]+")
_REACH: Final = 160


def _direction(text: str, start: int, end: int) -> Direction:
    """Return which way the sentence around ``text[start:end]`` points: by what stands before it, then after it."""
    after = cue("sentence_end").split(text[end : end + _REACH])[0]
    # With its first letter, by which the end of the sentence before is known.
    before = cue("sentence_end").split(text[max(0, start - _REACH) : start + 1])[-1][:-1]
    if cue("upcoming").search(before):
        return Direction.FUTURE
    if after.startswith(("'s", "’s")):
        return _possessive_direction(before, after)
    if cue("unfulfilled").search(before):
        return Direction.PAST
    infinitive = cue("infinitive").search(before)
    if cue("deadline").search(before) or (infinitive and (infinitive[1] or "").lower() not in _ACCOMPLISHED):
        return Direction.FUTURE
    words = _words(before)
    found = _first_cue(reversed(words))
    if found is Direction.UNKNOWN and not (after.startswith(",") and len(words) > 2):
        # "would" after it belongs to another clause: "the vote Monday, which would end the war".
        found = _first_cue(_words(after.replace("would", "")))
    return found


def _possessive_direction(before: str, after: str) -> Direction:
    """Return which way "Wednesday's ruling" points: what is said before is not said of it, but "will play in" is."""
    if cue("part_in").search(before) and _first_cue(reversed(_words(before))) is Direction.FUTURE:
        return Direction.FUTURE
    return _first_cue(_words(after.split(",", maxsplit=1)[0]))


def _words(clause: str) -> list[tuple[str, str, str]]:
    """Return the words of ``clause``, each between its neighbours; without adverbs: "will be formally sentenced"."""
    words = [word for word in _WORD.findall(clause.lower()) if not word.endswith("ly") or word in _ASIDES]
    return list(zip(["", *words], words, [*words[1:], ""], strict=False))


def _first_cue(words: Iterable[tuple[str, str, str]]) -> Direction:
    for previous, word, following in words:
        found = Direction.UNKNOWN if previous in _ASIDES or _is_noun(previous, word, following) else _cue(word)
        if word == "set" and previous in _AUXILIARIES:
            found = Direction.FUTURE  # "is set to meet"
        elif found is Direction.PAST and previous in _AUXILIARIES:
            found = Direction.UNKNOWN  # "will be held"
        if found is not Direction.UNKNOWN:
            return found
    return Direction.UNKNOWN


def _is_noun(previous: str, word: str, following: str) -> bool:
    """Tell "announced plans", "their plan" and "plans for" from "plans to meet"."""
    if word not in _NOUNS:
        return False
    return previous in _DETERMINERS or following in _PREPOSITIONS or _cue(previous) is Direction.PAST


def _cue(word: str) -> Direction:
    if word in _FUTURE or word.endswith(("'ll", "’ll")):
        return Direction.FUTURE
    if word in _PAST or (word.endswith("ed") and len(word) > 4 and word not in _NOT_PAST):
        return Direction.PAST
    return Direction.UNKNOWN
