"""The rules, as data: what each matches, and the reader that says what it means.

Sources: TIMEX3 of TimeML 1.2.1 and ISO 24617-1 for what belongs to an expression and what its value is; the AP
Stylebook for how news writes dates and times.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pagefacts.facts.dates import days, lengths, relative, spans
from pagefacts.facts.dates.context import Context
from pagefacts.facts.dates.patterns import compiled
from pagefacts.facts.dates.reading import Reading
from pagefacts.facts.dates.words import (
    DECADES,
    FREQUENCIES,
    MONTHS,
    PARTS_OF_DAY,
    SEASONS,
    UNITS,
    WEEKDAYS,
    word_set,
)

Reader = Callable[[re.Match[str], Context], Reading | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of writing a date."""

    id: str
    needs: frozenset[str]
    """Kinds of trigger words of which one must be near: see `TRIGGERS`."""
    pattern: re.Pattern[str]
    """Where it has a group ``x`` that takes part, that is the expression, and the rest its context."""
    read: Reader


TRIGGERS: Final = {
    **dict.fromkeys(
        word_set("christmas easter thanksgiving halloween boxing valentine eve election black cyber"), "holiday"
    ),
    **dict.fromkeys(MONTHS, "month"),
    **dict.fromkeys([*WEEKDAYS, *(f"{day}s" for day in WEEKDAYS)], "weekday"),
    **dict.fromkeys(SEASONS, "season"),
    **dict.fromkeys([*UNITS, "weekend", "weekends", "period", "half"], "unit"),
    **dict.fromkeys(FREQUENCIES, "frequency"),
    **dict.fromkeys([*PARTS_OF_DAY, *(f"{part}s" for part in PARTS_OF_DAY)], "part"),
    **dict.fromkeys(word_set("today tonight yesterday tomorrow overnight"), "deictic"),
    **dict.fromkeys(word_set("noon midday midnight am pm m"), "clock"),
    **dict.fromkeys([*DECADES, *word_set("eighteen nineteen twenty thousand fy fiscal")], "year"),
    **dict.fromkeys(word_set("now currently current nowadays recently recent past future soon"), "reference"),
}
"""Words without one of which no rule can match; numbers of four digits, or before one of ``:/-.s``, are "digits"."""

# Before a bare number of four digits they make it a year.
_YEAR_CUE = "|".join(
    word_set(
        "in since until till before after during through throughout by from of to into and or between around about "
        "circa for than as back both due the this that its their his a 's ’s year late early mid spring summer autumn "
        "fall winter election elections late- early- mid- post- pre-"
    )
)
# "of 1428 Elm Street" is where somebody lives; "in 2008 Wall Street" is not.
_STREET = "st|street|ave|avenue|rd|road|blvd|boulevard|lane|ln|drive|dr|court|ct|place|way"
_NO_ADDRESS = rf"(?:(?<=\bin\s)|(?!\d{{4}} [\w.]+ (?:{_STREET})\b))"
# Events that are called by their year.
_YEARLY = "|".join(
    word_set(
        "campaign campaigns election elections war wars crisis agreement accord accords treaty coup bombing bombings "
        "attack attacks earthquake tsunami flood floods invasion budget season uprising revolution conflict resolution "
        "law report study massacre genocide ceasefire cease-fire peace constitution census olympics games results "
        "earnings sales revenue revenues profit profits operating fiscal"
    )
)
# "a 30-year-old", "two years older", "a year-end report" are no lengths of time.
_NO_LENGTH = r"(?!-?s?[\s-]old|[\s-](?:of\sage|older|younger|olds)\b|-(?:end|ago|earlier|round|on|over|to|long)\b)"


def _rule(name: str, needs: str, pattern: str, read: Reader) -> Rule:
    return Rule(name, word_set(needs), compiled(pattern), read)


RULES: Final = (
    # Days by number.
    _rule(
        "day.iso",
        "digits",
        r"<B>(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
        r"(?:(?:T| )(?P<h24>[01]\d|2[0-3]):(?P<m24>[0-5]\d)(?::[0-5]\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-])",
        days.numeric,
    ),
    _rule("day.year-first", "digits", r"<B>(?P<year>\d{4})/(?P<month>\d\d?)/(?P<day>\d\d?)(?![\w/])", days.numeric),
    _rule(
        "day.slashed",
        "digits",
        r"<B>(?P<month>\d\d?)(?P<order>/)(?P<day>\d\d?)/(?P<year>\d{4}|\d\d)(?![\w/])",
        days.numeric,
    ),
    _rule("day.dotted", "digits", r"<B>(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})(?!\w|\.\d)", days.numeric),
    # Days by name.
    _rule(
        "day.month-day",
        "month",
        r"<B><TIME_BEFORE><EDGE>(?:(?P<weekday><WEEKDAY>),? )?(?:(?P<which>last|next|this) )?"
        r"(?P<month><MONTH>) (?:the )?(?P<dom><DAY>)<END>"
        r"(?:(?:, ?| )(?P<year><YEAR>))?<TIME_AFTER>",
        days.month_day,
    ),
    _rule(
        "day.day-month",
        "month",
        r"<B><TIME_BEFORE><EDGE>(?:(?P<weekday><WEEKDAY>),? )?(?:the )?(?P<dom><DAY>)(?: (?:of )?|-)(?P<month><MONTH>)"
        r"(?:(?:, ?| |-)(?P<year><DIGITS_YEAR>|<SHORT_YEAR>))?(?!\w)<TIME_AFTER>",
        days.month_day,
    ),
    _rule(
        "day.second",  # "April 24 and 25"
        "month",
        r"<B>(?P<month><MONTH>) \d\d?(?: (?:and|to) |-|–)(?P<x>(?P<dom><DAY>)<END>)(?:,? (?P<year><DIGITS_YEAR>))?",
        days.month_day,
    ),
    _rule(
        "day.first",  # "24 and 25 April"
        "month",
        r"<B>(?P<x>(?P<dom><DAY>))(?: (?:and|to) |-|–)<DAY>(?: of)? (?P<month><MONTH>)\b"
        r"(?:,? (?P<year><DIGITS_YEAR>))?",
        days.month_day,
    ),
    _rule(
        "day.weekday",
        "weekday",
        r"<B>(?<!bloody\s)<TIME_BEFORE><EDGE>(?:(?:the )?(?P<which><WHICH>) )?(?P<weekday><WEEKDAY>)<TIME_AFTER>",
        days.weekday,
    ),
    _rule(
        "day.deictic",
        "deictic part",
        r"<B>(?<!\busa\s)<TIME_BEFORE><EDGE>(?:(?P<word>the day (?:before yesterday|after tomorrow)"
        r"|today|yesterday|tomorrow|tonight|overnight)<TIME_AFTER>|(?P<word2>this|last) (?P<part2><PART>)\b)",
        days.deictic,
    ),
    _rule(
        "day.holiday",
        "holiday weekday",
        r"<B>(?<!orthodox\s)(?:(?P<which><WHICH>) )?(?P<holiday><HOLIDAY>)\b(?:,? (?P<year><DIGITS_YEAR>))?"
        r"(?! (?:trees?|cards?|songs?|presents?|eggs?|islands?)\b)",
        days.holiday,
    ),
    _rule(
        "day.part",
        "part",
        r"<B>(?:the (?P<which>next|following|previous|same)|(?P<which2>that(?: same)?)) (?P<part><PART>)\b",
        days.part,
    ),
    # Times whose day stands elsewhere.
    _rule(
        "time.clock",
        "clock digits",
        r"<B>(?:(?:<HALF_DAY>|<H4>|<NOON>)<ZONE>?<BESIDE>|<H24>(?=<ZONE>|\shours)<ZONE>?)",
        days.clock,
    ),
    _rule(
        "time.24-hours",
        "digits",
        r"\b(?:at|by|around|about|from|until|till|before|after|since|between|and|to) (?P<x><H24>)",
        days.clock,
    ),
    _rule("time.part", "part", r"\bin (?P<x>the (?P<part>morning|afternoon|evening))\b", days.clock),
    # Months and weeks.
    _rule(
        "month.year",
        "month",
        r"<B>(?:<EDGE_OF>)?<EDGE>(?P<month><MONTH>)(?:,? (?:of )?|-)(?P<year><YEAR>|<REL_YEAR>)",
        spans.month,
    ),
    _rule(
        "month",
        "month",
        r"<B>(?:<EDGE_OF>)?<EDGE>(?:(?P<which><WHICH>) )?(?P<month><MONTH_NAME>)\b(?! \d\d?\b)",
        spans.month,
    ),
    _rule("week.of", "month", r"\bthe week of (?P<month><MONTH>) (?P<dom><DAY>)<END>", days.week_of),
    # Quarters, halves, seasons.
    _rule(
        "quarter",
        "unit",
        r"<B>(?:the |its |their )?(?:(?:fiscal|current|latest)~)?(?P<ordinal><ORDINAL>)"
        r"~(?P<unit>quarter)\b(?![\s-]final)"
        r"(?: (?:of )?(?:fiscal )?(?P<year><DIGITS_YEAR>|<REL_YEAR>))?",
        spans.quarter_of,
    ),
    _rule(
        "quarter.year-first",
        "unit",
        r"<B>(?:the )?(?P<year><DIGITS_YEAR>|<REL_YEAR>)(?:['’]s)? (?P<ordinal><ORDINAL>)~(?P<unit>quarter|half)\b",
        spans.quarter_of,
    ),
    _rule("quarter.code", "digits", r"<B>Q(?P<q>[1-4]) (?P<year><DIGITS_YEAR>)", spans.quarter_of),
    _rule(
        "half",
        "unit",
        r"<B>(?:the )?(?P<ordinal>first|second|last|final) (?P<unit>half)"
        r" of (?:the year|(?P<year><DIGITS_YEAR>|<REL_YEAR>))",
        spans.quarter_of,
    ),
    _rule(
        "season",
        "season",
        r"<B>(?:<EDGE_OF>)?<EDGE>(?:the )?(?P<which><WHICH>) (?P<season><SEASON>)\b"
        r"|\b(?:in|into|over|during|since|by|through|until) "
        r"(?P<x>(?:(?:the|early|late|mid)~){0,2}(?P<season2><SEASON>))\b(?! of\b)",
        spans.season,
    ),
    _rule(
        "season.year",
        "season",
        r"<B>(?:the )?<EDGE>(?P<season><SEASON>)(?:,? (?:of )?)(?P<year><YEAR>|<REL_YEAR>)",
        spans.season,
    ),
    # Years and longer.
    _rule(
        "year",
        "digits",
        rf"(?<![\w$£€.,-])(?:{_YEAR_CUE})~?(?<=[\s-]){_NO_ADDRESS}(?P<x>(?P<year><DIGITS_YEAR>))(?! <COUNTED>|['’]s\b)",
        spans.year,
    ),
    _rule("year.of-event", "digits", rf"<B>(?P<x>(?P<year><DIGITS_YEAR>)) (?:{_YEARLY}|world cup)\b", spans.year),
    _rule("year.list", "digits", r"(?<=\b\d{4},\s)(?P<x>(?P<year><DIGITS_YEAR>))(?! <COUNTED>)", spans.year),
    _rule("year.range", "digits", r"(?<=\b\d{4}[-–])(?P<x>(?P<year><DIGITS_YEAR>))", spans.year),
    _rule("year.bracketed", "digits", r"\((?P<x>(?P<year><DIGITS_YEAR>))(?=[)–-])", spans.year),
    _rule("year.spoken", "year", r"<B>(?!\d|two\b)(?P<year><YEAR>)(?! <COUNTED>)", spans.year),
    _rule(
        "year.two-thousand",
        "year",
        r"\bthe year (?P<year>(?=two\b)<YEAR>)"
        r"|\b(?:in|since|until|by|during) (?P<x>(?P<year2>two~thousand(?: and)? <SMALL>))\b(?!~hundred| <COUNTED>)",
        spans.year,
    ),
    _rule(
        "year.fiscal",
        "year",
        r"<B>(?:the )?(?:(?P<which><WHICH>|latest) )?"
        r"(?:fiscal(?: year)?(?: (?P<year><DIGITS_YEAR>))?|FY ?['’]?(?P<year2><DIGITS_YEAR>|\d\d))\b",
        spans.fiscal,
    ),
    _rule("year-end", "unit", r"<B>(?:the )?year(?:['’]s)?~end\b", spans.year_end),
    _rule(
        "decade",
        "digits year",
        r"(?<![\w$£€.,])(?:the )?(?:(?:early|late|mid)~)?"
        r"(?:(?P<decade>(?:1\d|20)\d0|['’]\d0)['’]?s|(?<=the\s)(?P<decade_word><DECADE>))\b",
        spans.decade,
    ),
    _rule(
        "century",
        "unit",
        r"<B>(?:the )?(?:(?:early|late|mid)~)?(?P<century><CENTURY_ORDINAL>)~centur(?:y|ies)\b",
        spans.century,
    ),
    # Periods counted from publication, or from what was said before.
    _rule(
        "relative",
        "unit",
        r"<B>(?:<EDGE_OF>)?<EDGE>(?:the )?(?P<which><WHICH>|that same|same|that) "
        r"(?P<unit>day|night|week|weekend|month|quarter|year|decade|century)\b",
        relative.relative,
    ),
    _rule(
        "definite",
        "unit",
        r"\b(?:<EDGE_OF>|(?:early|late|earlier|later) in )the (?P<unit>week|weekend|month|year)\b"
        r"|\b(?:in|for|during|of|over|through|at) (?P<x>the (?:full )?(?P<unit2>week|weekend|month|year))\b(?!-)",
        relative.definite,
    ),
    _rule(
        "quarter.definite",
        "unit",
        r"\bthe latest (?:quarter|period)\b|\b(?:in|for|during|of|over|through|at) (?P<x>the (?:full )?quarter)\b(?!-)",
        relative.the_quarter,
    ),
    _rule(
        "quarter.in-year", "digits", r"<B>the (?P<year><DIGITS_YEAR>) (?:quarter|period)\b", relative.quarter_in_year
    ),
    _rule(
        "year-earlier",
        "unit",
        r"<B>(?:the |its )?(?:comparable |corresponding )?year-(?:ago|earlier)"
        r"(?: (?:(?P<ordinal><ORDINAL>)~)?(?P<unit>quarter|period))?\b",
        relative.year_earlier,
    ),
    _rule(
        "distance",
        "unit",
        r"<B><COUNT>~(?P<unit><UNIT>)(?: and a half)?"
        r"(?: or (?:so|two|more))? (?P<towards>ago|earlier|later|hence|afterwards|from now)\b",
        relative.distance,
    ),
    # Sets.
    _rule(
        "set.every",
        "unit weekday month season part",
        r"<B>(?:every|each) (?:(?P<count><CARDINAL>|other|few) )?(?:(?P<weekday><WEEKDAY_NAME>)(?: (?P<part><PART>))?"
        r"|(?P<month><MONTH_NAME>)|(?P<season><SEASON>)|(?P<part2>morning|afternoon|evening)"
        r"|(?P<unit><UNIT>|weekend))\b",
        lengths.every,
    ),
    _rule(
        "set.plural",
        "weekday",
        r"\bon (?P<x>(?P<weekday><WEEKDAY_NAME>)s|(?P<weekday2><WEEKDAY_NAME>) (?P<part><PART>)s)\b",
        lengths.every,
    ),
    _rule(  # before the lengths, of which "a year" is one too
        "set.rate",
        "unit",
        r"(?:\d|\d [a-z]{2,12}|%|\b(?:times|once|twice|percent|million|billion|tons"
        r"|tonnes|barrels|dollars|people|hours|days|weeks|months)) "
        r"(?P<x>(?:an?|per) (?P<unit>hour|day|night|week|month|quarter|year))\b"
        r"(?! (?:ago|earlier|later|before|after)\b)",
        lengths.every,
    ),
    _rule("set.frequency", "frequency", r"<B><FREQUENCY>\b", lengths.frequency),
    # Lengths.
    _rule(
        "duration",
        "unit",
        r"<B>(?:(?:the )?(?P<rel>past|last|next|coming|previous|preceding|following|first|final|latest|same) |the )?"
        r"(?:<CARDINAL> (?:to|or) |\d{1,3}-)?<COUNT>(?P<and_half>(?: |-)(?:1/2|and~a~half))?~"
        r"(?:(?:more|additional|other|straight|consecutive|full|whole|trading|business|working|long) )?"
        rf"(?P<unit><UNIT>)\b(?P<and_half2> and a half\b)?{_NO_LENGTH}",
        lengths.duration,
    ),
    _rule(
        "duration.half", "unit", r"<B>half~(?:an? )?(?P<unit>hour|minute|day|year|decade|century)\b", lengths.half_unit
    ),
    _rule(
        "duration.vague",
        "unit",
        r"\b(?:for|in|within|after|over|lasted|took|takes?|spent|last) (?P<x>(?P<unit><UNITS>))\b",
        lengths.duration,
    ),
    _rule(
        "duration.long",
        "unit",
        r"<B>(?:(?P<count><CARDINAL>)~)?(?P<unit><UNIT>)-long\b|\bover (?P<x>the (?P<unit2>years|decades|centuries))\b",
        lengths.long,
    ),
    # References to no calendar date.
    _rule(
        "reference.present",
        "reference unit",
        r"<B>(?:right )?(?:now|currently|nowadays|current|these days)\b(?!-)",
        lengths.present,
    ),
    _rule(
        "reference.past",
        "reference unit",
        r"<B>(?:(?:(?:more|most) )?recently|recent(?: <UNITS>)?|past <UNITS>)\b|\bin (?P<x>the past)\b",
        lengths.past,
    ),
    _rule(
        "reference.future",
        "reference unit",
        r"<B>(?:the (?:near |foreseeable )?future(?! of\b)|in future|soon(?! (?:after|as)\b)"
        r"|(?:the )?coming <UNITS>|the <UNITS> ahead)\b",
        lengths.future,
    ),
)
