"""What relative expressions are resolved against: the publication day, the date last spoken of, and the tense."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Final

from pagefacts.facts.dates.words import word_set

if TYPE_CHECKING:
    from pagefacts.contracts import Published
    from pagefacts.facts.dates.periods import Grain, Period


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

    def spoken_of(self, grain: Grain) -> date | None:
        """Return the first day of the date spoken of before, where that is no vaguer than ``grain``."""
        return self.reference.first if self.reference is not None and self.reference.grain <= grain else None

    @property
    def direction(self) -> Direction:
        """The tense of the clause."""
        return _direction(self.text, self.start, self.end)

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


# Words by which news looks ahead: modals, and the participles and adjectives of announcements.
_FUTURE: Final = word_set(
    "will shall 'll ’ll won't won’t would scheduled expected expects expect plan plans planned planning slated "
    "due upcoming deadline expire expires forthcoming payable effective opens begins starts"
)
# After these an infinitive tells what did happen: "began to", "was forced to".
_ACCOMPLISHED: Final = word_set("began failed managed had refused forced able continued helped declined used order")
_INFINITIVE: Final = re.compile(
    r"(\w+) to (?:be )?(?!(?:the|an?|his|her|its|their|death)\b)[a-z]+(?: [a-z]+)?(?: (?:on|by|at|in|early|late))? ?$"
    r"|\b(is|are) to [a-z]+ [a-z ]{0,30}$|\bas (soon|early) as $"
)
# Before a participle they make it no past: "will be held", "is heard".
_AUXILIARIES: Final = word_set("be is are being")
_NOT_PAST: Final = word_set("united hundred need indeed speed proceed exceed succeed naked sacred")
# Irregular past forms that news uses most; regular ones end in -ed.
_PAST: Final = word_set(
    "was were had did said told took came went fell rose made left gave held met won lost began saw found hit "
    "struck ran shot been became sent spoke led wrote brought thought bought sold paid broke drove flew fled "
    "fought got grew heard kept knew lay let meant put read rode sank shook showed shut slid sought stood stole "
    "swept swore threw woke built caught dealt drew fed felt hung hurt laid leapt quit split spent spread cut "
    "since late earlier ended"
)
_WORD: Final = re.compile(r"[\w'’]+")
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’)]*\s+(?=[A-Z\"“‘'`(])|\n")
_REACH: Final = 160


def _direction(text: str, start: int, end: int) -> Direction:
    before = _SENTENCE_END.split(text[max(0, start - _REACH) : start])[-1].lower()
    infinitive = _INFINITIVE.search(before)
    if infinitive and infinitive[1] not in _ACCOMPLISHED:
        return Direction.FUTURE
    found = Direction.UNKNOWN
    if not text.startswith(("'s", "’s"), end):  # "Wednesday's ruling": what is said before is not said of it
        found = _first_cue(reversed(_pairs(before)))
    if found is Direction.UNKNOWN:
        # "would" after it belongs to another clause: "the vote Monday, which would end the war".
        after = _SENTENCE_END.split(text[end : end + _REACH])[0].lower().replace("would", "")
        found = _first_cue(_pairs(after))
    return found


def _pairs(clause: str) -> list[tuple[str, str]]:
    """Return the words of ``clause``, each after the word before it."""
    words = _WORD.findall(clause)
    return list(zip(["", *words], words, strict=False))


def _first_cue(pairs: Iterable[tuple[str, str]]) -> Direction:
    for previous, word in pairs:
        found = _cue(word)
        if found is Direction.FUTURE or (found is Direction.PAST and previous not in _AUXILIARIES):
            return found
    return Direction.UNKNOWN


def _cue(word: str) -> Direction:
    if word in _FUTURE or word.endswith(("'ll", "’ll")):
        return Direction.FUTURE
    if word in _PAST or (word.endswith("ed") and len(word) > 4 and word not in _NOT_PAST):
        return Direction.PAST
    return Direction.UNKNOWN
