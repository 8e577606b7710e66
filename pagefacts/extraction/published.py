"""Publication dates: from ISO 8601 and from words, with the precision and the offset that they state."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final

from pagefacts.contracts import Precision, Published
from pagefacts.tables import rows

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_DAY: Final = r"(?<![\d.:/])(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_IN_WORDS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAY}(?:\s+of)?[\s,-]{{1,3}}{_MONTH}[\s,-]{{1,3}}{_YEAR}",
        rf"\b{_MONTH}\s{{0,3}}{_DAY},?\s{{1,3}}{_YEAR}",
        r"(?<![\d/-])(?P<year>(?:19|20)\d\d)[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)(?![\d/-])",
    )
)
_MONTH_ALONE = re.compile(rf"\W{{0,3}}(?:published:?\s)?{_MONTH}[\s,]{{1,3}}{_YEAR}\W{{0,3}}", re.IGNORECASE)
_UPDATED = re.compile(r"\b(?:last\s+)?(?:updated?|modified|edited|amended|revised)\b", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?<![\d.:/+-])(?:(?P<hour>[0-2]?\d)[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d))?|(?P<on_the_hour>1?\d)(?=\s?[ap]\.?m\b)"
    r"|(?P<military>[0-2]\d[0-5]\d)(?=\s?(?:GMT|UTC|hrs\b)))(?!\d)(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    r"(?:[\s,(]{0,3}(?P<zone>[A-Z]{2,4})\b)?(?:\s?(?P<sign>[+-])(?P<offset>[01]?\d(?::?[0-5]\d)?)(?!\d))?",
    # The zone alone is told by its capitals.
    re.IGNORECASE,
)
_ISO = re.compile(
    r"(?P<date>\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[T\s]\s?(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s?(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE | re.ASCII,
)
_LABELS: Final = frozenset(
    {
        "first",
        "last",
        "originally",
        "published",
        "posted",
        "updated",
        "modified",
        "edited",
        "created",
        "on",
        "at",
        "by",
        "gmt",
        "utc",
        "date",
        "issued",
        "filed",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
        "am",
        "pm",
        "a",
        "p",
        "m",
        "hours",
        "hrs",
        "local",
        "time",
        "min",
        "mins",
        "minute",
        "minutes",
        "read",
        "ago",
        "share",
        "split",
    }
)
_AS_CONTRACT = re.compile(r"(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)(Z|[+-]\d\d:\d\d)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
# United States zones named without the season: standard offset in hours. Daylight time since 2007 runs from the
# second Sunday of March to the first of November (Energy Policy Act of 2005, section 110).
_UNITED_STATES: Final = {"ET": -5, "CT": -6, "MT": -7, "PT": -8}


def from_job(value: str) -> Published:
    """Return a job's ``published``, checked by the contract; rewritten only where it is ISO 8601 of another form."""
    if _AS_CONTRACT.fullmatch(value):
        return _stated(value)
    if len(value) == len("2015-W40-2"):
        return _stated(date.fromisoformat(value).isoformat())
    moment = datetime.fromisoformat(value)
    offset = moment.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):  # an offset with seconds, which no result can hold
        moment = moment.astimezone(UTC)
    return _stated(moment.isoformat(timespec="seconds"))


def from_iso(value: str) -> Published | None:
    """Return the date that machine-readable markup gives, ISO 8601 with the usual liberties; None where it is none."""
    value = value.strip()[:40]
    compact = _COMPACT.fullmatch(value)
    if compact:
        year, month, day, hour, minute, second, zone = compact.groups()
        value = f"{year}-{month}-{day}" + (f"T{hour}:{minute}:{second or '00'}{zone or ''}" if hour else "")
    return _iso(value)


def from_words(line: str) -> Published | None:
    """Return the date in a line of English such as "Tuesday 29 September 2015 09:41 BST"; None where there is none.

    A date that the line calls an update counts only where there is no other. Days and months in digits alone
    (07/08/2015) are read only with the year first: which of them comes first differs between countries.
    """
    line = line[:300]
    parts = [*_UPDATED.split(line), line]
    return next((found for part in parts if (found := _from_part(part)) is not None), None)


def is_date_line(line: str) -> bool:
    """Return whether ``line`` is the line of a page that dates it: a full date and few words besides."""
    if len(line) > 160 or from_words(line) is None:
        return False
    rest = _CLOCK.sub(" ", line)
    for pattern in _IN_WORDS:
        rest = pattern.sub(" ", rest)
    words = [word for word in re.findall(r"[^\W\d_]+", rest) if word.lower() not in _LABELS]
    return len(words) <= 1 or (len(words) <= 6 and not line.endswith((".", "!", "?")))


def _from_part(part: str) -> Published | None:
    for pattern in _IN_WORDS:
        for match in pattern.finditer(part):
            day = _day(match["year"], match["month"], match["day"])
            if day is not None:
                clock = _CLOCK.search(part, match.end()) or _CLOCK.search(part[: match.start()])
                return _with_clock(day, clock)
    alone = _MONTH_ALONE.fullmatch(part)
    return Published(value=f"{alone['year']}-{_month(alone['month']):02}", precision=Precision.MONTH) if alone else None


def _month(name: str) -> int:
    return int(name) if name.isdecimal() else _MONTHS.index(name[:3].lower()) + 1


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), _month(month), int(day))
    except ValueError:
        return None


def _with_clock(day: date, clock: re.Match[str] | None) -> Published:
    time = _time(clock) if clock else None
    if clock is None or time is None:
        return _stated(day.isoformat())
    precision = Precision.SECOND if clock["second"] else Precision.MINUTE
    return _stated(f"{day.isoformat()}T{time}{_offset(clock, day) or ''}", precision)


def _time(clock: re.Match[str]) -> str | None:
    if clock["military"]:
        hour, minute = int(clock["military"][:2]), clock["military"][2:]
    else:
        hour, minute = int(clock["hour"] or clock["on_the_hour"]), clock["minute"] or "00"
    if clock["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    return f"{hour:02}:{minute}:{clock['second'] or '00'}" if hour < 24 else None


def _offset(clock: re.Match[str], day: date) -> str | None:
    zone = clock["zone"] or ""
    if clock["sign"] and zone in {"", "GMT", "UTC"}:
        digits = clock["offset"].replace(":", "")
        hours, minutes = (digits, "00") if len(digits) <= 2 else (digits[:-2], digits[-2:])
        return f"{clock['sign']}{int(hours):02}:{minutes}"
    if zone in _UNITED_STATES and day.year >= 2007:
        return f"-{-_UNITED_STATES[zone] - _daylight(day):02}:00"
    return zones().get(zone)


def _daylight(day: date) -> bool:
    march, november = date(day.year, 3, 8), date(day.year, 11, 1)
    starts = march + timedelta(days=6 - march.weekday())
    ends = november + timedelta(days=6 - november.weekday())
    return starts <= day < ends


@cache
def zones() -> dict[str, str]:
    """Return the offset from UTC of each time zone abbreviation, as ``+01:00``."""
    return dict(rows("zones.tsv"))


def _iso(value: str) -> Published | None:
    match = _ISO.fullmatch(value)
    if not match:
        return None
    stated, precision = match["date"], None
    if match["hour"]:
        stated += f"T{match['hour']}:{match['minute']}:{match['second'] or '00'}{_iso_offset(match['zone'])}"
        precision = Precision.SECOND if match["second"] else Precision.MINUTE
    try:
        datetime.fromisoformat(f"{stated}-01-01"[:10] if len(stated) < len("2015-09-29") else stated)
    except ValueError:
        return None
    return _stated(stated, precision)


def _iso_offset(zone: str | None) -> str:
    if not zone or zone.upper() in {"Z", "UTC", "GMT"}:
        return "Z" if zone else ""
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


_PRECISION_BY_LENGTH: Final = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY, 16: Precision.MINUTE}


def _stated(value: str, precision: Precision | None = None) -> Published:
    """Return a contract's date; ``precision`` is that of ``value`` where the page's own is not given."""
    match = _AS_CONTRACT.fullmatch(value)
    bare = match[1] if match else value
    return Published(
        value=value,
        precision=precision or _PRECISION_BY_LENGTH.get(len(bare), Precision.SECOND),
        offset=match[2] if match else None,
    )
