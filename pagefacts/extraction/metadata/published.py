"""Publication dates: from ISO 8601 and from words, with the precision and the offset that they state."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final

from pagefacts.contracts import Precision, Published
from pagefacts.extraction.metadata.zones import zone_country, zone_offset
from pagefacts.locales import Locale
from pagefacts.tables import rows

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
# A day and a month in digits, in the order of the country.
_IN_DIGITS = re.compile(
    r"(?<![\d/.-])(?P<first>[0-3]?\d)(?P<mark>[/.-])(?P<second>[0-3]?\d)(?P=mark)(?P<year>(?:19|20)\d\d)(?![\d/-])"
)
# A day, a month in words of any language, and a year; and the form of China, Japan and Korea.
_IN_OTHER_WORDS = re.compile(
    rf"{_DAY}(?:[.ºª]|er)?\s{{1,3}}(?:de\s{{1,3}})?(?P<month>[^\W\d_]{{3,14}})\.?,?\s{{1,3}}(?:del?\s{{1,3}})?{_YEAR}",
    re.IGNORECASE,
)
_IN_CHARACTERS = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s?[年년]\s?(?P<month>[01]?\d)\s?[月월]\s?(?P<day>[0-3]?\d)\s?[日일]", re.ASCII
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
_AGE = re.compile(
    r"\W{0,3}(?:(?:published|posted|updated|modified)\W{1,3})?(?:(?P<count>\d{1,3})\s?(?P<unit>min(?:ute)?|h(?:ou)?r|h|day|d|week|w)s?\s+ago"
    r"|(?P<day>yesterday|today|just now))\W{0,3}",
    re.IGNORECASE | re.ASCII,
)
_UNITS: Final = {
    "mi": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "hr": timedelta(hours=1),
    "ho": timedelta(hours=1),
    "d": timedelta(days=1),
    "da": timedelta(days=1),
    "w": timedelta(weeks=1),
    "we": timedelta(weeks=1),
}
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
_LONGEST: Final = 300
"""Characters that are read of a line."""
_LABEL: Final = 40
"""Characters of the words before a date that tell what it is the date of."""
_ANYWHERE: Final = Locale()
_AS_CONTRACT = re.compile(r"(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)(Z|[+-]\d\d:\d\d)?", re.ASCII)
# What content systems print for a date that was never set: the zero of .NET, of databases, of the Unix clock.
_UNSET: Final = ("0001-01-01", "0000-", "1970-01-01T00:00:00", "1970-01-01 00:00:00")
_CLOCK_COUNT = re.compile(r"([12]\d{9})(?:\d{3})?", re.ASCII)
"""Seconds since 1970, or milliseconds, from 2001 on."""
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)


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


def from_clock(text: str) -> Published | None:
    """Return the moment that a count of seconds or milliseconds since 1970 names; None for other texts."""
    count = _CLOCK_COUNT.fullmatch(text.strip())
    return _stated(f"{datetime.fromtimestamp(int(count[1]), UTC):%Y-%m-%dT%H:%M:%S}Z") if count else None


def from_markup(text: str, locale: Locale) -> Published | None:
    """Return the date in what a page marks as one, in ISO 8601 or in words; None where it is none or was never set."""
    if text.strip().startswith(_UNSET):
        return None
    return from_iso(text) or from_words(text, locale)


def from_age(text: str, now: datetime) -> Published | None:
    """Return the day, by the clock of ``now``, of an age such as "3 hours ago" or "yesterday"; None for other words."""
    match = _AGE.fullmatch(text[:_LONGEST])
    if match is None:
        return None
    days = {"yesterday": 1, "today": 0, "just now": 0}.get((match["day"] or "").lower())
    age = timedelta(days) if days is not None else int(match["count"]) * _UNITS[match["unit"][:2].lower()]
    try:
        return _stated((now - age).date().isoformat())
    except OverflowError:  # before the first day that there is
        return None


def from_words(line: str, locale: Locale = _ANYWHERE) -> Published | None:
    """Return the date in a line of English such as "Tuesday 29 September 2015 09:41 BST"; None where there is none.

    A date that the line calls an update counts only where there is no other. Where nothing tells which of the numbers
    in "09/10/2015" is the month, the date is known to the year.
    """
    line = line[:_LONGEST]
    parts = [*_UPDATED.split(line), line]
    return next((found for part in parts if (found := _from_part(part, locale)) is not None), None)


def is_update(line: str) -> bool:
    """Return whether the date that `from_words` finds in ``line`` is that of an update."""
    before, *after = _UPDATED.split(line[:_LONGEST])
    return bool(after) and _from_part(before, _ANYWHERE) is None


def says_update(text: str | None) -> bool:
    """Return whether a few words before a date call it that of an update; not where they date the update themselves."""
    _, *after = _UPDATED.split((text or "")[-_LABEL:])
    return bool(after) and _from_part(after[-1], _ANYWHERE) is None


def is_date_line(line: str) -> bool:
    """Return whether ``line`` is the line of a page that dates it: a full date and few words besides."""
    if len(line) > 160 or from_words(line) is None:
        return False
    rest = _CLOCK.sub(" ", line)
    for pattern in (*_IN_WORDS, _IN_DIGITS):
        rest = pattern.sub(" ", rest)
    words = [word for word in re.findall(r"[^\W\d_]+", rest) if word.lower() not in _LABELS]
    return len(words) <= 1 or (len(words) <= 6 and not line.endswith((".", "!", "?")))


def _from_part(part: str, locale: Locale) -> Published | None:
    for pattern in (*_IN_WORDS, _IN_OTHER_WORDS, _IN_CHARACTERS):
        for match in pattern.finditer(part):
            day = day_of(match["year"], match["month"], match["day"])
            if day is not None:
                return _with_clock(day, _clock(part, match), locale)
    alone = _MONTH_ALONE.fullmatch(part)
    if alone:
        return Published(value=f"{alone['year']}-{_month(alone['month']):02}", precision=Precision.MONTH)
    found = (_from_digits(part, match, locale) for match in _IN_DIGITS.finditer(part))
    return next((published for published in found if published is not None), None)


def _from_digits(part: str, match: re.Match[str], locale: Locale) -> Published | None:
    year, first, second = match["year"], match["first"], match["second"]
    days = {day for day in (day_of(year, second, first), day_of(year, first, second)) if day is not None}
    clock = _clock(part, match)
    if len(days) > 1:
        # Only where months come second is the dot a separator (Unicode CLDR).
        day_first = True if match["mark"] == "." else locale.day_first(zone_country(_zone(clock)))
        if day_first is None:
            return _stated(year)
        days = {day for day in days if (day.day == int(first)) == day_first}
    return _with_clock(days.pop(), clock, locale) if days else None


def _clock(part: str, day: re.Match[str]) -> re.Match[str] | None:
    return _CLOCK.search(part, day.end()) or _CLOCK.search(part[: day.start()])


def _zone(clock: re.Match[str] | None) -> str:
    return (clock["zone"] if clock else None) or ""


def _month(name: str) -> int:
    """Return the number of a month in figures or words of any language; 0, which is none, for other words."""
    return int(name) if name.isdecimal() else _months().get(name.casefold(), 0)


@cache
def _months() -> dict[str, int]:
    return {
        name: number
        for _, *months in rows("months.tsv")
        for number, names in enumerate(months, 1)
        for name in map(str.casefold, names.split("/"))
    }


def day_of(year: str, month: str, day: str) -> date | None:
    """Return the day that figures, and a month in figures or words, name; None where there is no such day."""
    try:
        return date(int(year), _month(month), int(day))
    except ValueError:
        return None


def _with_clock(day: date, clock: re.Match[str] | None, locale: Locale) -> Published:
    time = _time(clock) if clock else None
    if clock is None or time is None:
        return _stated(day.isoformat())
    precision = Precision.SECOND if clock["second"] else Precision.MINUTE
    return _stated(f"{day.isoformat()}T{time}{_offset(clock, day, locale) or ''}", precision)


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


def _offset(clock: re.Match[str], day: date, locale: Locale) -> str | None:
    zone = _zone(clock)
    if clock["sign"] and zone in {"", "GMT", "UTC"}:
        digits = clock["offset"].replace(":", "")
        hours, minutes = (digits, "00") if len(digits) <= 2 else (digits[:-2], digits[-2:])
        return f"{clock['sign']}{int(hours):02}:{minutes}"
    return zone_offset(zone, day, locale.country)


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
