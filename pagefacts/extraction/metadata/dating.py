"""One publication date of what a job and its page state: the most trusted, and who says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import Enum, auto
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pagefacts.contracts import DateConflict, Dating, Precision, Published
from pagefacts.extraction.metadata.published import day_of

JOB: Final = "job"
URL: Final = "url"

_MONTH: Final = (
    r"0[1-9]|1[0-2]|[1-9]|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_YEAR: Final = r"(?P<year>199\d|20\d\d)"
# The forms of a date in a path, the surest first: /2015/09/29/ and /2015/sep/29/; 2015-09-29; 20150929; a section
# between year and month, /2015/world/09/29/; /2015/09/.
_IN_PATHS: Final = tuple(
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        rf"/{_YEAR}/(?P<month>{_MONTH})/(?P<day>[0-3]?\d)(?![\da-z])",
        rf"(?<!\d){_YEAR}(?P<mark>[-_])(?P<month>[01]\d)(?P=mark)(?P<day>[0-3]\d)(?!\d)",
        rf"(?<![\da-z]){_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)(?![\da-z])",
        rf"/{_YEAR}/[a-z][\w-]{{1,30}}/(?P<month>0?[1-9]|1[0-2])/(?P<day>[0-3]?\d)(?=/)",
        rf"/{_YEAR}[/-](?P<month>0[1-9]|1[0-2])(?P<day>)(?=/|$)",
    )
)
_ALL_ZONES: Final = tuple(timezone(timedelta(hours=hours)) for hours in (-12, 0, 14))
"""The first, the middle and the last of the offsets in use (IANA time zone database): all days of one moment."""


class Kind(Enum):
    """What a date tells of. Only where no page states when it was published do the others count."""

    PUBLICATION = auto()
    GUESS = auto()
    CREATION = auto()
    """When the page was made."""
    CHANGE = auto()
    """When it was changed."""


class Candidate(NamedTuple):
    """A date of a page."""

    source: str
    """Where it stands; see `pagefacts.contracts.Dating`."""
    published: Published
    kind: Kind = Kind.PUBLICATION
    is_shown: bool = False
    """Whether the page shows it to its readers, in an element that it marks as a date and uses for no other."""


def settle(candidates: Sequence[Candidate], latest: str) -> tuple[Published | None, Dating]:
    """Return the date of publication, and where it comes from.

    ``candidates`` stand in the order of trust. The first wins, unless it is when the page was saved and an earlier day
    is shown; one that says the same and more, the day, the time or its offset, makes it finer. A date after ``latest``
    (a day, ISO 8601) is none. The job's is taken as it is.
    """
    possible = [each for each in candidates if each.source == JOB or each.published.value[:10] <= latest]
    stated = [each for each in possible if each.kind is Kind.PUBLICATION]
    first = next(iter(stated or possible), None)
    if first is None:
        return None, Dating()
    best = first if first.source == JOB else _of_page(first, possible)
    conflicts = tuple(
        DateConflict(source=other.source, value=other.published.value)
        for other in stated
        if differ(best.published, other.published)
    )
    return best.published, Dating(source=best.source, conflicts=conflicts)


def last_change(
    candidates: Sequence[Candidate], published: Published | None, dating: Dating, latest: str
) -> Candidate | None:
    """Return the date of the last change: of what is stated for machines before what is shown.

    None where there is none after ``published`` and up to the day ``latest``: a page that states one moment for both
    was not changed. Where that of a change had to stand in for the publication, as ``dating`` says, it is returned.
    """
    changes = [each for each in candidates if each.kind is Kind.CHANGE and each.published.value[:10] <= latest]
    later = [
        each
        for each in sorted(changes, key=lambda each: each.source.endswith(":updated"))
        if published is None or each.source == dating.source or _is_after(each.published, published)
    ]
    first = next(iter(later), None)
    return next((each for each in later if first and _says_more(each, first)), first)


def from_url(url: str | None) -> Iterator[Candidate]:
    """Yield the date in the path of an article's address, to the day or to the month; none where it has none."""
    path = urlsplit(url or "").path
    for pattern in _IN_PATHS:
        for match in pattern.finditer(path):
            day = day_of(match["year"], match["month"], match["day"] or "1")
            if day is not None:
                precision = Precision.DAY if match["day"] else Precision.MONTH
                value = day.isoformat() if match["day"] else day.isoformat()[:7]
                yield Candidate(URL, Published(value=value, precision=precision))
                return


def differ(one: Published, other: Published) -> bool:
    """Return whether two statements are of different days, also after allowing for time zones.

    Two moments are compared in the offset of ``one``; two dates without offsets are taken to be of the same place. A
    date without an offset may count by the clock of a moment's place or by UTC; beside a moment in UTC, by any clock.
    """
    if one.offset and other.offset:
        there = _moment(one)
        return there.date() != _day_at(_moment(other), there.tzinfo)
    if one.offset or other.offset:
        zoned, plain = (one, other) if one.offset else (other, one)
        return not any(day.isoformat().startswith(plain.value[:10]) for day in _days_of(_moment(zoned)))
    shorter = min(len(one.value), len(other.value), len("2015-09-29"))
    return one.value[:shorter] != other.value[:shorter]


def _of_page(first: Candidate, possible: Sequence[Candidate]) -> Candidate:
    """Return the date of a page whose most trusted one is ``first``: the day that is shown before the moment of saving.

    Content systems that know only when a page was saved, or brought over from an older system, state that moment for
    its publication and its last change alike.
    """
    if any(each.kind is Kind.CHANGE and each.published == first.published for each in possible):
        first = next((each for each in possible if _is_shown_before(each, first)), first)
    return next((each for each in possible if _is_finer(each, first)), first)


def _is_shown_before(one: Candidate, other: Candidate) -> bool:
    """Return whether the page shows ``one`` as its publication, and that was on a day before ``other``."""
    if not one.is_shown or one.kind is not Kind.PUBLICATION:
        return False
    return _is_after(other.published, one.published) and differ(other.published, one.published)


def _is_finer(other: Candidate, first: Candidate) -> bool:
    """Return whether ``other`` says the same as ``first``, and more."""
    return other.kind not in {Kind.CREATION, Kind.CHANGE} and _says_more(other, first)


def _says_more(other: Candidate, first: Candidate) -> bool:
    value, more = first.published.value, other.published.value
    return len(more) > len(value) and more.startswith(value)


def _is_after(one: Published, other: Published) -> bool:
    """Return whether ``one`` is later: of two moments by their offsets, else by what both state."""
    if one.offset and other.offset:
        return _moment(one) > _moment(other)
    length = min(len(one.value.removesuffix(one.offset or "")), len(other.value.removesuffix(other.offset or "")))
    return one.value[:length] > other.value[:length]


def _moment(published: Published) -> datetime:
    return datetime.fromisoformat(published.value)


def _days_of(moment: datetime) -> Iterator[date]:
    """Return the days that pages may give to a moment."""
    zones = (UTC, moment.tzinfo) if moment.utcoffset() else _ALL_ZONES
    return (_day_at(moment, zone) for zone in zones)


def _day_at(moment: datetime, zone: tzinfo | None) -> date:
    try:
        return moment.astimezone(zone).date()
    except OverflowError:  # the first or last day that there is
        return moment.date()
