"""When and where: the dates and places that stand nearest to a figure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from pagefacts.contracts import DateFact, LocationFact, Mention, Time, Victims

_BEFORE_TIME = re.compile(
    r"\b(?:in|on|at|over|during|since|within|between|for|after|before|by|until|from|through|throughout|across)"
    r"(?:\s(?:the|past|last|only|just|about|nearly|more than|at least)){0,4}\s$",
    re.IGNORECASE,
)
# "the army said (in a statement) on Wednesday": when it was said is not when it happened.
_SAID_BEFORE = re.compile(
    r"\b(?:said|says|told|announced|reported|confirmed|added|stated|tweeted|wrote|disclosed)\b(?P<between>[^,;:.\n]{0,60})$",
    re.IGNORECASE,
)
_OF_AFTER = re.compile(r"\sof(?:\s(?!(?:and|who|that|which|in|on|at|by)\b)[\w'’-]+){1,4}")
_BEFORE_PLACE = re.compile(
    r"\b(?:in|at|near|on|outside|inside|across|around|of|from|to|into|off|through|throughout|over)\s"
    r"(?:(?:the|central|northern|southern|eastern|western|north|south|east|west|north-?eastern|north-?western"
    r"|south-?eastern|south-?western|downtown|neighbou?ring|nearby|city|town|village|capital|of|province|region"
    r"|district)\s){0,4}$",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[;,]|\b(?:and|but|while|when|after)\b", re.IGNORECASE)
_SPAN_OF_TIME = re.compile(r"since|from|over|for|during", re.IGNORECASE)
_OTHER_CLAUSE: Final = 200  # code points added to the distance of what stands in another clause
_NO_PREPOSITION: Final = 60  # the same for a name without a preposition of place
_FARTHEST: Final = 2_000  # code points; what is farther away in the paragraph is not near

Span = tuple[int, int]


class Circumstances:
    """The dates and places of a text, to be asked for the nearest."""

    def __init__(self, text: str, dates: Sequence[DateFact], locations: Sequence[LocationFact]) -> None:
        self.text = text
        self.dates = sorted((date for date in dates if date.type != "SET"), key=lambda date: date.start)
        self._date_starts = [date.start for date in self.dates]
        self._by_id = {date.id: date for date in dates}
        self._today = max((date.anchor[:10] for date in dates if date.anchor), default=None)
        named = [(mention, place) for place in locations for mention in place.mentions if mention.kind == "name"]
        self.names = sorted(named, key=lambda pair: pair[0].start)
        self._name_starts = [mention.start for mention, _ in self.names]
        countries = (place for place in reversed(locations) if (place.feature or "").startswith("PCL"))
        self._named_countries = [
            (mention.start, mention.end, place.country)
            for place in locations
            if (place.feature or "").startswith("PCL")
            for mention in place.mentions
        ]
        self._countries = {place.country: place.id for place in countries}

    def around(self, evidence: Span, sentence: Span, victims: Victims | None) -> tuple[Time | None, str | None]:
        """Return when and where something happened.

        The nearest date of the sentence, else of the paragraph. The nearest place of the sentence, else the country
        that the victims' demonym names, else the nearest of the paragraph, else the first of the text (its dateline).
        """
        paragraph = self._paragraph(sentence)
        time = self._time(evidence, sentence) or self._time(evidence, paragraph)
        place = (
            self._place(evidence, sentence)
            or (self._countries.get(victims.nationality) if victims and victims.nationality else None)
            or self._place(evidence, paragraph)
            or self._dateline(evidence[0])
        )
        return time, place

    def country_named(self, span: Span) -> str | None:
        """Return the country whose name stands inside ``span``: "two *United States* soldiers"."""
        inside = (code for start, end, code in self._named_countries if span[0] <= start and end <= span[1])
        return next(inside, None)

    def is_past(self, time: Time) -> bool:
        """Whether a date is over a year older than the day against which the text's relative dates are resolved."""
        date = self._by_id.get(time.date or "")
        if date is None or date.type != "DATE" or date.last is None or self._today is None:
            return False
        if _SPAN_OF_TIME.match(time.text):
            return False
        return f"{int(date.last[:4]) + 1:04}{date.last[4:]}" < self._today

    def _paragraph(self, sentence: Span) -> Span:
        low, high = max(0, sentence[0] - _FARTHEST), sentence[1] + _FARTHEST
        start = max(low, self.text.rfind("\n", low, sentence[0]) + 1)
        end = self.text.find("\n", sentence[1], high)
        return start, end if end >= 0 else high

    def _time(self, evidence: Span, within: Span) -> Time | None:
        dates = self.dates[bisect_left(self._date_starts, within[0]) : bisect_left(self._date_starts, within[1])]
        near = [date for date in dates if not self._is_of_saying(date, evidence)]
        if not near:
            return None
        nearest = min(near, key=lambda date: self._distance((date.start, date.end), evidence))
        return Time(date=nearest.id, text=self._phrase(nearest))

    def _is_of_saying(self, date: DateFact, evidence: Span) -> bool:
        """Whether a date tells when something was said: it follows the verb, with nothing of the event between."""
        said = _SAID_BEFORE.search(self.text, max(0, date.start - 80), date.start)
        if said is None or "that" in said["between"].lower().split():
            return False
        return not said.start("between") <= evidence[0] < date.start

    def _phrase(self, date: DateFact) -> str:
        before = _BEFORE_TIME.search(self.text[max(0, date.start - 40) : date.start])
        after = _OF_AFTER.match(self.text, date.end) if date.type == "DURATION" else None
        return self.text[date.start - (len(before[0]) if before else 0) : after.end() if after else date.end]

    def _place(self, evidence: Span, within: Span) -> str | None:
        near = self.names[bisect_left(self._name_starts, within[0]) : bisect_left(self._name_starts, within[1])]
        if not near:
            return None
        return min(near, key=lambda pair: self._place_distance(pair[0], evidence))[1].id

    def _place_distance(self, mention: Mention, evidence: Span) -> int:
        distance = self._distance((mention.start, mention.end), evidence)
        before = self.text[max(0, mention.start - 60) : mention.start]
        return distance if _BEFORE_PLACE.search(before) else distance + _NO_PREPOSITION

    def _distance(self, span: Span, evidence: Span) -> int:
        """Return the code points between two spans; more where a clause ends between them."""
        first, last = (span[1], evidence[0]) if span[1] <= evidence[0] else (evidence[1], span[0])
        if last <= first:
            return 0
        return last - first + (_OTHER_CLAUSE if _CLAUSE_END.search(self.text, first, last) else 0)

    def _dateline(self, before: int) -> str | None:
        return self.names[0][1].id if self.names and self.names[0][0].start < before else None
