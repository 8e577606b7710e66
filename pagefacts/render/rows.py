"""Results as the rows of a table, one for each casualty figure, for Excel, pandas and R.

Columns have the names of UCDP GED and of ACLED where they mean the same; a description that names one of them says
which it is, and where it differs. The codes of precision are those of the UCDP GED Codebook, as the documentation of
the R package mapme.biodiversity 0.9 (``calc_fatalities``) has them too; where two fit, the less exact one stands. A
figure that a page states more than once is one row, as it is one feature of the GeoJSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from pydantic import Field

from pagefacts.contracts import (
    CasualtyFact,
    DateFact,
    Effect,
    Evidence,
    Group,
    LocationFact,
    Precision,
    Published,
    ResultEvent,
)
from pagefacts.contracts import Unit as Counted
from pagefacts.contracts.base import Message
from pagefacts.render.figures import Figure, candidates, page_of
from pagefacts.render.words import country_name

_ARMED: Final = frozenset({Group.MILITARY, Group.POLICE, Group.REBEL})
_MOST: Final = 2**63 - 1
"""The largest number of a 64-bit column."""
_BEFORE: Final = 40
"""Code points before a name that are looked at."""


class Row(Message):
    """One casualty figure. The fields are the columns, in this order; each docstring is the column's meaning."""

    id: str
    """Id of the row: the job's id, a slash, and the figure's id in the result."""
    effect: str
    """What happened to the people counted: killed, injured, missing, displaced, detained, or casualties (dead and
    wounded in one figure)."""
    best: int | None
    """The number stated (UCDP `best`, which counts deaths alone: look at `effect`); null where only a bound is."""
    low: int | None
    """The lowest number that the words allow (UCDP `low`)."""
    high: int | None
    """The highest (UCDP `high`); null: open, as in "more than 20"."""
    fatalities: int | None
    """Of people killed: `best`, else `low` (ACLED `fatalities`, which takes the lowest of several); null for every
    other effect, and where the words tell only how many at most. It is of one figure, not of an event."""
    deaths_civilians: int | None
    """`fatalities` where the words say that the dead were civilians, and name no armed group (UCDP `deaths_civilians`).
    Null: the words do not say."""
    qualifier: str
    """How the words bound the number: exactly, more_than, at_least, fewer_than, at_most, about, between, vague."""
    number_text: str
    """The number as written: "dozens", "two"."""
    unit: str
    """What is counted: persons, households, dwellings."""
    term: str | None
    """The kind of displacement, after IDMC; null for other effects."""
    status: str
    """What the page says of the figure's truth: reported, confirmed, claimed, disputed, hypothetical, historical,
    negated ("no one was hurt": 0)."""
    cumulative: bool
    """Whether it is the running total of a rising toll."""
    previous: int | None
    """The total that it rose from."""
    part_of: str | None
    """`id` of the row whose figure includes this one."""
    stated: int
    """How often the page states the figure."""
    victims: str | None
    """Who was hit, as written, without the number."""
    groups: tuple[str, ...]
    """Kinds of victims that the words name: civilian, military, police, rebel, child, woman, …"""
    nationality: str | None
    """Of the victims, ISO 3166-1 alpha-2."""
    event_date: date | None
    """The day of the event, where the words tell one single day (ACLED `event_date`)."""
    date_start: date | None
    """First day that the words cover (UCDP `date_start`)."""
    date_end: date | None
    """Last day (UCDP `date_end`)."""
    date_prec: int | None
    """How exact (UCDP `date_prec`): 1 a day, 2 two to six days, 3 a week, 4 up to a month, 5 up to a year; null where
    it is longer, or not known."""
    year: int | None
    """Of the event (UCDP and ACLED `year`), where it is one year."""
    date_text: str | None
    """The words for the time, as written."""
    location: str | None
    """The place (ACLED `location`, UCDP `where_coordinates`): its name in GeoNames, else as written."""
    country: str | None
    """The country's name in English."""
    country_code: str | None
    """ISO 3166-1 alpha-2. ACLED's `iso` is the number of the same standard, UCDP's `country_id` is Gleditsch and
    Ward's."""
    admin1_code: str | None
    """GeoNames code of the first-order division; UCDP `adm_1` and ACLED `admin1` are names."""
    subdivision: str | None
    """ISO 3166-2 code of the same division, where it has one."""
    latitude: float | None
    """WGS 84 degrees; null where the place has none ("the West") or is not decided."""
    longitude: float | None
    """WGS 84 degrees."""
    where_prec: int | None
    """How exact (UCDP `where_prec`): 1 a town or site, 2 near one ("outside Aleppo"), 3 a district, 4 a first-order
    division, 5 a river, an island, a region or another area within a country, 6 a country, 7 a sea; null where it is
    not known, or larger than a country."""
    geonames_id: int | None
    """GeoNames id of the place."""
    feature_code: str | None
    """GeoNames feature code: PCLI, ADM1, PPLC, …"""
    place_confidence: float | None
    """Probability that it is this place."""
    candidates: str | None
    """The likeliest places of the name, where it is not decided: name, country, division, GeoNames id, share."""
    source_original: str | None
    """Who gave the figure, as written (UCDP `source_original`): "the ministry"."""
    source_kind: str | None
    """What kind of source that is: government, un, ngo, armed_group, media, medical, police, military, eyewitness."""
    quote: str
    """The words that the figure stands on."""
    quote_start: int
    """Where they begin in `article.text` of the answer, in Unicode code points."""
    quote_end: int
    """One past where they end."""
    notes: str
    """The sentence around them. ACLED's `notes` are a coder's summary."""
    cue: str | None
    """The words that made the status other than reported."""
    rule: str
    """Id of the rule or model that made the figure."""
    confidence: float
    """Probability that effect, number, bounds and status are right."""
    source_headline: str | None
    """The headline (UCDP `source_headline`)."""
    source_office: str | None
    """The publication (UCDP `source_office`; ACLED `source`)."""
    source_date: date | None
    """The day of publication (UCDP `source_date`); null where only a month or year is known."""
    published: str | None
    """The same in ISO 8601, as exact as the page states it."""
    url: str | None
    """Where the page was found."""
    language: str | None
    """Of the article, BCP 47."""
    fingerprint: str | None
    """The same for copies of one text on many sites."""
    job: str
    """The job's id."""
    attributes: str | None
    """The producer's own data, JSON."""
    timestamp: datetime
    """When the answer was made, UTC. ACLED's `timestamp` counts seconds."""
    pagefacts: str
    """Version of pagefacts that made it."""
    models: tuple[str, ...] = Field(default=())
    """Each model and gazetteer with its version."""


COLUMNS: Final = tuple(Row.model_fields)
"""The names of the columns, in their order."""


def rows_of(event: ResultEvent) -> Iterator[Row]:
    """Yield a row for each casualty figure of ``event``, in the order of the text."""
    page, result = page_of(event), event.data
    article, made = result.article, result.provenance
    about = {
        "source_headline": page.title,
        "source_office": page.site,
        "source_date": _day_of(article.published),
        "published": page.published,
        "url": page.url,
        "language": article.language,
        "fingerprint": article.fingerprint,
        "job": page.job,
        "attributes": None if result.attributes is None else json.dumps(result.attributes, ensure_ascii=False),
        "timestamp": event.time.astimezone(UTC),
        "pagefacts": made.pagefacts,
        "models": tuple(f"{name} {version}" for name, version in sorted(made.models.items())),
    }
    for figure in page.figures:
        yield Row.model_validate(
            {
                **_figure(figure, page.job),
                **_time(figure),
                **_place(figure.place),
                "where_prec": _place_precision(figure, article.text),
                **_words(figure),
                **about,
            }
        )


def _figure(figure: Figure, job: str) -> dict[str, object]:
    fact = figure.fact
    deaths, victims = _deaths(fact), fact.victims
    groups = victims.groups if victims else ()
    return {
        "id": f"{job}/{fact.id}",
        "effect": fact.effect.value,
        "best": _number(fact.best),
        "low": _number(fact.min),
        "high": _number(fact.max),
        "fatalities": deaths,
        "deaths_civilians": deaths if Group.CIVILIAN in groups and not _ARMED & set(groups) else None,
        "qualifier": fact.qualifier.value,
        "number_text": fact.number_text,
        "unit": fact.unit.value,
        "term": fact.term and fact.term.value,
        "status": fact.status.value,
        "cumulative": fact.cumulative,
        "previous": _number(fact.previous),
        "part_of": figure.whole and f"{job}/{figure.whole.id}",
        "stated": figure.stated,
        "victims": victims and victims.text,
        "groups": tuple(group.value for group in groups),
        "nationality": victims and victims.nationality,
    }


def _deaths(fact: CasualtyFact) -> int | None:
    if fact.effect is not Effect.KILLED or fact.unit is not Counted.PERSONS:
        return None
    return _number(fact.best if fact.best is not None else fact.min or None)


def _number(value: int | None) -> int | None:
    """Leave out what no column holds: a number of twenty digits is a slip of the page, and `number_text` has it."""
    return None if value is None or value > _MOST else value


def _time(figure: Figure) -> dict[str, object]:
    first, last = _days(figure.date)
    return {
        "event_date": first if first == last else None,
        "date_start": first,
        "date_end": last,
        "date_prec": _date_precision(first, last),
        "year": first.year if first and last and first.year == last.year else None,
        "date_text": figure.fact.time and figure.fact.time.text,
    }


def _days(fact: DateFact | None) -> tuple[date | None, date | None]:
    return (_day(fact.first), _day(fact.last)) if fact else (None, None)


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:  # the contract looks at its shape alone
        return None


def _day_of(published: Published | None) -> date | None:
    if published is None or published.precision in {Precision.YEAR, Precision.MONTH}:
        return None
    return _day(published.value[: len("YYYY-MM-DD")])


def _date_precision(first: date | None, last: date | None) -> int | None:
    """UCDP GED Codebook, `date_prec`."""
    if first is None or last is None:
        return None
    days = (last - first).days + 1
    return next((code for code, most in ((1, 1), (2, 6), (3, 7), (4, 31), (5, 366)) if days <= most), None)


def _place(place: LocationFact | None) -> dict[str, object]:
    return {
        "location": place and place.name,
        "country": place and place.country and country_name(place.country),
        "country_code": place and place.country,
        "admin1_code": place and place.admin1,
        "subdivision": place and place.subdivision,
        "latitude": place and place.latitude,
        "longitude": place and place.longitude,
        "geonames_id": place and place.geonames_id,
        "feature_code": place and place.feature,
        "place_confidence": place and place.confidence,
        "candidates": place and candidates(place),
    }


_AREAS: Final = (
    ("PCL", 6),
    ("ADM1", 4),
    *((division, 3) for division in ("ADM2", "ADM3", "ADM4", "ADM5")),
    *((water, 7) for water in ("SEA", "OCN", "GULF", "STRT", "BAY", "CHN")),
)
"""How a GeoNames feature code begins, and what UCDP GED's `where_prec` calls such a place."""
_WIDE: Final = frozenset(
    "ADMD AREA CAPE CNL DLTA DSRT FLLS FRST GLCR HLL ISL ISLS LK LKS MT MTS PASS PEN PLAT PLN PRK RF RGN STM VAL "
    "ZN".split()
)
"""Feature codes of rivers, regions and other areas."""
_NEAR: Final = re.compile(
    r"\b(?:near|nearby|outside|around|beyond|close to|(?:north|south|east|west)\w* (?:of|from)"
    r"|(?:km|kilomet(?:er|re)s?|miles?) (?:away )?(?:of|from))\s+"
    r"(?:the\s+)?(?:(?:capital|city|port|town|village)\s+(?:of\s+)?)?$",
    re.IGNORECASE,
)
"""Words before a name that put the event beside the place."""


def _place_precision(figure: Figure, text: str) -> int | None:
    """UCDP GED Codebook, `where_prec`."""
    place = figure.place
    if place is None or place.feature is None or place.feature == "CONT":
        return None
    for beginning, code in _AREAS:
        if place.feature.startswith(beginning):
            return code
    if place.feature in _WIDE:
        return 5 if place.country else None
    return 2 if _is_near(place, figure.fact.evidence, text) else 1


def _is_near(place: LocationFact, evidence: Evidence, text: str) -> bool:
    """Tell whether the sentence of the figure, or the article where that does not name the place, says so."""
    starts = [mention.start for mention in place.mentions]
    within = [start for start in starts if evidence.sentence_start <= start < evidence.sentence_end]
    return any(_NEAR.search(text, max(0, start - _BEFORE), start) for start in within or starts)


def _words(figure: Figure) -> dict[str, object]:
    fact = figure.fact
    return {
        "source_original": fact.source and fact.source.text,
        "source_kind": fact.source and fact.source.kind and fact.source.kind.value,
        "quote": fact.evidence.quote,
        "quote_start": fact.evidence.start,
        "quote_end": fact.evidence.end,
        "notes": figure.before + fact.evidence.quote + figure.after,
        "cue": fact.evidence.cue,
        "rule": fact.rule,
        "confidence": fact.confidence,
    }
