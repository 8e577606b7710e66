"""The facts: casualty figures, dates and locations, each with the words it stands on."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pagefacts.contracts.base import Confidence, CountryCode, Message, Offset, Span

Day = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$", description="ISO 8601 calendar date")]
"""A calendar day, ISO 8601."""


class Effect(StrEnum):
    """What happened to the people counted."""

    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    DISPLACED = "displaced"
    DETAINED = "detained"
    CASUALTIES = "casualties"
    """Dead and wounded given as one figure, which is never split."""


class Qualifier(StrEnum):
    """How the words bound the number."""

    EXACTLY = "exactly"
    MORE_THAN = "more_than"
    AT_LEAST = "at_least"
    FEWER_THAN = "fewer_than"
    AT_MOST = "at_most"
    ABOUT = "about"
    BETWEEN = "between"
    VAGUE = "vague"


class Unit(StrEnum):
    """What is counted; never converted."""

    PERSONS = "persons"
    HOUSEHOLDS = "households"
    DWELLINGS = "dwellings"


class Term(StrEnum):
    """The kind of displacement, after IDMC."""

    DISPLACED = "displaced"
    EVACUATED = "evacuated"
    HOMELESS = "homeless"
    SHELTERED = "sheltered"
    REFUGEE = "refugee"
    RELOCATED = "relocated"


class Group(StrEnum):
    """A kind of victims."""

    CIVILIAN = "civilian"
    MILITARY = "military"
    POLICE = "police"
    REBEL = "rebel"
    CHILD = "child"
    WOMAN = "woman"
    MAN = "man"
    JOURNALIST = "journalist"
    AID_WORKER = "aid_worker"
    MEDICAL = "medical"
    REFUGEE = "refugee"
    OFFICIAL = "official"
    FOREIGNER = "foreigner"


class Status(StrEnum):
    """What the page says of the figure's truth."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    CLAIMED = "claimed"
    DISPUTED = "disputed"
    HYPOTHETICAL = "hypothetical"
    HISTORICAL = "historical"
    NEGATED = "negated"


class SourceKind(StrEnum):
    """What kind of source gave the figure."""

    GOVERNMENT = "government"
    UN = "un"
    NGO = "ngo"
    ARMED_GROUP = "armed_group"
    MEDIA = "media"
    MEDICAL = "medical"
    POLICE = "police"
    MILITARY = "military"
    EYEWITNESS = "eyewitness"


class Victims(Message):
    """Who was hit."""

    text: str
    """The noun phrase, as written, without its number: ``Syrians``."""
    groups: tuple[Group, ...] = ()
    """The kinds of people that the words name."""
    nationality: CountryCode | None = None
    """Where the words name one."""


class Source(Message):
    """Who said it."""

    text: str
    """As written."""
    kind: SourceKind | None = None
    """What kind of source, where the words tell."""


class Evidence(Message):
    """The words that a figure stands on: ``article.text[start:end] == quote``."""

    quote: str
    """The clause with the number, its victims and what happened to them."""
    start: Offset
    """First code point of the quote."""
    end: Offset
    """One past its last code point."""
    sentence_start: Offset
    """First code point of the sentence around it."""
    sentence_end: Offset
    """One past the sentence's last code point."""
    cue: str | None = None
    """The words that made the status other than reported."""


class Time(Message):
    """When it happened."""

    date: str | None = None
    """Id of a date of this result."""
    text: str
    """The phrase, as written."""


class CasualtyFact(Message):
    """One figure: how many people, what happened to them, who says so.

    Bounds after UCDP GED and ACLED practice: ``max`` null is open, ``best`` null where only a bound is stated.
    """

    id: Annotated[str, Field(pattern=r"^c\d+$")]
    """Id within this result."""
    effect: Effect
    """What happened to them."""
    min: Annotated[int, Field(ge=0)] | None
    """The lowest number that the words allow."""
    max: Annotated[int, Field(ge=0)] | None
    """The highest; null = open."""
    best: Annotated[int, Field(ge=0)] | None
    """The number stated; null where only a bound is."""
    qualifier: Qualifier
    """How the words bound it."""
    number_text: str
    """The number as written: "dozens", "two", "250,000"; "a" or "" for a single victim named without a number."""
    unit: Unit = Unit.PERSONS
    """What is counted."""
    term: Term | None = None
    """The kind of displacement; null for other effects."""
    victims: Victims | None = None
    """Who was hit."""
    status: Status = Status.REPORTED
    """What the page says of its truth."""
    cumulative: bool = False
    """The running total of a rising toll."""
    previous: Annotated[int, Field(ge=0)] | None = None
    """The total that it rose from."""
    part_of: Annotated[str, Field(pattern=r"^c\d+$")] | None = None
    """Id of the figure that includes this one."""
    same_as: Annotated[str, Field(pattern=r"^c\d+$")] | None = None
    """Id of the first figure in the text that this one states again; null for that first one."""
    time: Time | None = None
    """When."""
    place: Annotated[str, Field(pattern=r"^l\d+$")] | None = None
    """Where: id of a location of this result."""
    source: Source | None = None
    """Who said it."""
    evidence: Evidence
    """The words it stands on."""
    rule: str
    """Id of the rule or model that made it."""
    confidence: Confidence
    """Probability that effect, number, bounds and status are right."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        low = self.min if self.min is not None else 0
        if self.max is not None and self.max < low:
            raise ValueError("max is below min")
        if self.best is not None and not (low <= self.best and (self.max is None or self.best <= self.max)):
            raise ValueError("best is outside min and max")
        return self


class DateFact(Span):
    """A temporal expression, after TIMEX3 of TimeML (ISO 24617-1)."""

    id: Annotated[str, Field(pattern=r"^d\d+$")]
    """Id within this result."""
    type: Literal["DATE", "TIME", "DURATION", "SET"]
    """TIMEX3 type."""
    value: str
    """TIMEX3 value: ``2015-09-28``, ``2015-W40``, ``P4Y``, ``PRESENT_REF``, ``XXXX-09-29``."""
    first: Annotated[Day | None, Field(alias="from")] = None
    """First day covered; null where the words do not tell."""
    last: Annotated[Day | None, Field(alias="to")] = None
    """Last day covered."""
    anchor: str | None = None
    """What it was resolved against: a day, or null where it stands by itself."""
    rule: str
    """Id of the rule that made it."""


class Mention(Span):
    """A place's name as it stands in the article."""

    kind: Literal["name", "demonym"] = "name"
    """``demonym``: "Turkish", as a toponym of its country."""


class Candidate(Message):
    """One of the places that a name may mean."""

    name: str
    """The gazetteer's name."""
    country: CountryCode | None = None
    """ISO 3166-1 alpha-2."""
    admin1: str | None = None
    """GeoNames code of the first-order division."""
    latitude: Annotated[float, Field(ge=-90, le=90)]
    """WGS 84 degrees."""
    longitude: Annotated[float, Field(ge=-180, le=180)]
    """WGS 84 degrees."""
    geonames_id: int | None = None
    """GeoNames id."""
    feature: str
    """GeoNames feature code."""
    share: Confidence
    """Its probability among the places of this name."""


class LocationFact(Message):
    """A place, with its coordinates and the words that name it."""

    id: Annotated[str, Field(pattern=r"^l\d+$")]
    """Id within this result."""
    name: str
    """The gazetteer's name, or the words where the gazetteer knows none."""
    country: CountryCode | None = None
    """ISO 3166-1 alpha-2."""
    admin1: str | None = None
    """GeoNames code of the first-order division."""
    subdivision: Annotated[str, Field(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")] | None = None
    """ISO 3166-2 code of the same division, where it has one: ``US-LA``."""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    """WGS 84 degrees; null where the place has none ("the West") or cannot be decided."""
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    """WGS 84 degrees."""
    geonames_id: int | None = None
    """GeoNames id."""
    feature: str | None = None
    """GeoNames feature code: PCLI, ADM1, PPLC, CONT, …"""
    mentions: Annotated[tuple[Mention, ...], Field(min_length=1)]
    """Where the article names it."""
    confidence: Confidence
    """Probability that it is this place; where it cannot be decided, that it is the first of the candidates."""
    candidates: tuple[Candidate, ...] = ()
    """The likeliest places of the name, where it cannot be decided; then there are no coordinates."""


class Facts(Message):
    """All facts of one article."""

    casualties: tuple[CasualtyFact, ...] = ()
    """Casualty figures, in the order of the text."""
    dates: tuple[DateFact, ...] = ()
    """Temporal expressions, in the order of the text."""
    locations: tuple[LocationFact, ...] = ()
    """Places, in the order of their first mention."""
