"""The parts that patterns are made of.

A pattern is a regular expression in which a blank stands for any gap between two words, ``~`` for a gap or a hyphen,
and ``<NAME>`` for a part of `PARTS`. Every repetition is bounded, so that matching stays linear on any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pagefacts.facts.dates.holidays import HOLIDAYS
from pagefacts.facts.dates.words import (
    CENTURY_ORDINALS,
    DECADES,
    FREQUENCIES,
    MONTHS,
    ORDINALS,
    PARTS_OF_DAY,
    SEASONS,
    UNITS,
    WEEKDAYS,
)
from pagefacts.facts.numbers import CARDINAL


def _any_of(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


_GAP = r"(?:[\x20\t\u00a0\u202f]{1,3}|[\x20\t]?\r?\n[\x20\t]{0,16})"  # blanks, or the end of a hard-wrapped line
_TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty "
    "seventy eighty ninety"
)
_ONES = "one two three four five six seven eight nine"
_LONG_MONTHS = [name for name in MONTHS if len(name) > 4 or name in {"may", "june", "july"}]
_LONG_DAYS = [name for name in WEEKDAYS if name.endswith("day")]

PARTS: Final = {
    # Where an expression may begin, and that a number does not go on.
    "B": r"(?<![\w$£€#@./:-])",
    "END": r"(?![\w%]|[.,:/]\d)",
    "COUNTED": (  # after a bare number of four digits they show that it is no year
        r"(?:people|persons?|men|women|children|civilians?|soldiers|troops|fighters|rebels|refugees|victims|deaths|dead|"
        r"injured|wounded|killed|casualties|homes?|houses|families|households|villagers|residents|students|workers|"
        r"employees|jobs|migrants|prisoners|members|police|officers|cases|shares|units|tons?|tonnes|miles|km|kilomet\w+|"
        r"met(?:er|re)s|feet|pounds|dollars|euros|barrels|square|hectares|acres|others|more|percent|points|of\sthem|"
        r"[a-z]+(?:ians|ans|is|ese))\b"
    ),
    # Names.
    "MONTH_NAME": _any_of(_LONG_MONTHS),
    "MONTH": rf"(?:<MONTH_NAME>\b|{_any_of(name for name in MONTHS if len(name) <= 4)}\b\.?)",
    "WEEKDAY_NAME": _any_of(_LONG_DAYS),
    "WEEKDAY": (  # "Sun" and "Sat" are days only with a full stop or before a date
        r"(?:<WEEKDAY_NAME>\b"
        rf"|{_any_of(name for name in WEEKDAYS if name not in _LONG_DAYS)}(?:\.|(?=,? (?:<MONTH>|\d))))"
    ),
    "SEASON": _any_of(SEASONS),
    "HOLIDAY": _any_of(name.replace("'", "['’]") for name in HOLIDAYS),
    "PART": _any_of(PARTS_OF_DAY),
    "ORDINAL": _any_of(ORDINALS),
    "CENTURY_ORDINAL": rf"(?:(?:1\d|2[01]|[1-9])(?:st|nd|rd|th)|{_any_of(CENTURY_ORDINALS)})",
    "DECADE": _any_of(DECADES),
    "UNIT": _any_of(UNITS),
    "UNITS": _any_of(form for form, unit in UNITS.items() if form != unit and unit not in {"second", "night"}),
    "FREQUENCY": _any_of(FREQUENCIES),
    # Numbers.
    "DAY": r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?",
    "DIGITS_YEAR": r"(?:1[1-9]|20)\d\d<END>",
    "YEAR": (
        rf"(?:<DIGITS_YEAR>|(?:eighteen|nineteen|twenty)~{_any_of(_TEENS.split())}(?:~{_any_of(_ONES.split())})?\b"
        r"|two~thousand(?: and)?(?: <SMALL>)?\b)"
    ),
    "SMALL": _any_of(f"{_ONES} {_TEENS}".split()),
    "SHORT_YEAR": r"['’]?\d\d(?=[\x20\t]?[.,;:()\[\]–—-]|\s*$)",  # "8 JAN 90 (": before words it is a count
    "CARDINAL": CARDINAL.replace(" ", r"\x20"),
    "COUNT": (
        r"(?P<count><CARDINAL>|(?:a )?few|several|many|some|various|numerous|(?:dozens|hundreds|thousands) of"
        r"|(?:a )?couple(?: of)?|a dozen|another(?: <CARDINAL>)?|an?)"
    ),
    # Determiners and what stands around a name.
    "WHICH": (
        r"(?:this (?:past|coming)|last|past|previous|preceding|next|this|current|present|coming|upcoming|following)"
    ),
    "REL_YEAR": r"(?:last|this|next) year",
    "EDGE": r"(?:(?P<edge>early|late|earlier|later|mid)~(?:on |in )?)?",
    "EDGE_OF": r"(?:the )?(?:very )?(?:end|beginning|start|middle|close|rest|remainder|course) of ",
    # Times of day.
    "ZONE": (
        r"(?: ?(?:GMT|UTC|BST|CET|CEST|EET|EEST|MSK|IST|EST|EDT|CST|CDT|MST|MDT|PST|PDT|ET|PT|JST|KST|PKT|AEST"
        r"|local time)\b)"
    ),
    "HALF_DAY": r"(?P<hour>1[0-2]|0?[1-9])(?:[:.](?P<minute>[0-5]\d))? ?(?P<half>[ap])\.?m\b\.?",
    "H24": r"(?P<h24>[01]?\d|2[0-3]):(?P<m24>[0-5]\d)(?::[0-5]\d)?(?![\w:]|[.,]\d)",
    "H4": (  # "0900 GMT", "at 0730,"
        r"(?P<h4>[01]\d|2[0-3])(?P<m4>[0-5]\d)"
        r"(?:(?=<ZONE>)| ?(?:hours|hrs)\b|(?<=\bat\s\d{4})(?=[,;)]|\.\s| (?:on|today|yesterday|this|last|\()))"
    ),
    "NOON": r"(?P<named>noon|midday|midnight)\b",
    "BESIDE": r"(?: \((?:[01]\d|2[0-3]):?[0-5]\d<ZONE>\))?",  # "10:35 a.m. (0735 GMT)"
    "CLOCK": r"(?:(?:<HALF_DAY>|<H24>|<H4>|<NOON>)<ZONE>?<BESIDE>)",
    "TIME_BEFORE": r"(?:<CLOCK>,? (?:on |the )?|(?:the )?(?P<part_of><PART>) of )?",
    "TIME_AFTER": r"(?: (?:at )?(?P<part><PART>))?\b",
}  # fmt: skip
"""Parts by name; they may hold one another."""

_PART = re.compile(r"<([A-Z][A-Z_0-9]*)>")


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile ``pattern`` after putting the parts in, to match in any case."""
    while _PART.search(pattern):
        pattern = _PART.sub(lambda part: PARTS[part[1]], pattern)
    return re.compile(pattern.replace("~", f"(?:-|{_GAP})").replace(" ", _GAP), re.IGNORECASE)
