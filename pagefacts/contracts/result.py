"""The answer to a job: a result or a failure, in a CloudEvents envelope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal, Self

from pydantic import AwareDatetime, Field, JsonValue, TypeAdapter, model_validator

from pagefacts.contracts.article import Article, Dating, Sources
from pagefacts.contracts.base import LeftOut, Message
from pagefacts.contracts.entity import Entity
from pagefacts.contracts.facts import CasualtyFact, DateFact, LocationFact
from pagefacts.errors import Stage

RESULT_TYPE: Final = "pagefacts.result.v1"
FAILURE_TYPE: Final = "pagefacts.failure.v1"


class Provenance(Message):
    """What made the result."""

    pagefacts: str
    """Version of pagefacts."""
    models: dict[str, str] = Field(default_factory=dict)
    """Name and version of each model and gazetteer."""
    milliseconds: dict[str, float] = Field(default_factory=dict)
    """Wall time of each step."""
    published: Dating = Dating()
    """Where ``article.published`` comes from, and what else was stated."""
    article: Sources = Sources()
    """Where the other fields of the article come from."""


class Result(Message):
    """What a page says."""

    schema_version: Literal["1"] = "1"
    """Version of this schema."""
    article: Article
    """The article."""
    entities: tuple[Entity, ...] = ()
    """The names in it."""
    casualties: tuple[CasualtyFact, ...] = ()
    """Casualty figures."""
    dates: tuple[DateFact, ...] = ()
    """Temporal expressions."""
    locations: tuple[LocationFact, ...] = ()
    """Places."""
    provenance: Provenance
    """What made it."""
    attributes: dict[str, JsonValue] | None = None
    """The job's attributes, untouched."""

    @model_validator(mode="after")
    def _evidence_stands_in_the_text(self) -> Self:
        text = self.article.text
        for start, end, quote in self._quotes():
            if not quote or text[start:end] != quote:
                raise ValueError(f"article.text[{start}:{end}] is not the quoted text")
        return self

    @model_validator(mode="after")
    def _ids_exist(self) -> Self:
        dates = {fact.id for fact in self.dates}
        places = {fact.id for fact in self.locations}
        figures = {fact.id for fact in self.casualties}
        for fact in self.casualties:
            if fact.time is not None and fact.time.date is not None and fact.time.date not in dates:
                raise ValueError(f"{fact.id}: no date {fact.time.date}")
            if fact.place is not None and fact.place not in places:
                raise ValueError(f"{fact.id}: no location {fact.place}")
            for other in (fact.part_of, fact.same_as):
                if other is not None and (other not in figures or other == fact.id):
                    raise ValueError(f"{fact.id}: no other figure {other}")
        return self

    def _quotes(self) -> Iterable[tuple[int, int, str]]:
        for span in (*self.entities, *self.dates, *(m for place in self.locations for m in place.mentions)):
            yield span.start, span.end, span.text
        for fact in self.casualties:
            yield fact.evidence.start, fact.evidence.end, fact.evidence.quote


class FailureDetail(Message):
    """Why a job has no result."""

    stage: Stage
    """Where it failed."""
    code: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    """What failed, for programs."""
    message: str
    """What failed, for people."""
    field: str | None = None
    """The job's field at fault, where one is."""
    retryable: bool
    """Whether the same job may succeed later."""
    deliveries: Annotated[int, Field(ge=1)]
    """How often the job was tried."""


class Failure(Message):
    """The answer to a job that has no result."""

    schema_version: Literal["1"] = "1"
    """Version of this schema."""
    failure: FailureDetail
    """Why."""
    attributes: dict[str, JsonValue] | None = None
    """The job's attributes, untouched, where it was valid."""


class _Envelope(Message):
    """A CloudEvents 1.0 event in JSON; extension attributes as the specification allows."""

    specversion: Literal["1.0"] = "1.0"
    """Version of CloudEvents."""
    id: Annotated[str, Field(min_length=1)]
    """The job's id."""
    source: Literal["/pagefacts"] = "/pagefacts"
    """Who sends the event."""
    subject: Annotated[str | None, LeftOut] = None
    """The page's URL."""
    time: AwareDatetime
    """When the answer was made, UTC."""
    datacontenttype: Literal["application/json"] = "application/json"
    """What ``data`` is."""
    traceparent: Annotated[str | None, LeftOut] = None
    """The job's W3C Trace Context (CloudEvents extension "Distributed Tracing")."""

    def to_json(self) -> str:
        """Return the event as JSON on one line; absent attributes of the envelope are left out."""
        return self.model_dump_json(by_alias=True)


class ResultEvent(_Envelope):
    """A result on the results stream."""

    type: Literal["pagefacts.result.v1"] = RESULT_TYPE
    """What happened."""
    data: Result
    """The result."""


class FailureEvent(_Envelope):
    """A failure on the results stream."""

    type: Literal["pagefacts.failure.v1"] = FAILURE_TYPE
    """What happened."""
    data: Failure
    """The failure."""


Event = Annotated[ResultEvent | FailureEvent, Field(discriminator="type")]
"""What stands in the ``event`` field of an entry of the results stream."""

_EVENT: Final[TypeAdapter[ResultEvent | FailureEvent]] = TypeAdapter(Event)


def read_event(text: str) -> ResultEvent | FailureEvent:
    """Return what `ResultEvent.to_json` or `FailureEvent.to_json` wrote, of this version or another.

    Fields that this version does not know are left out. Raises `pydantic.ValidationError`.
    """
    return _EVENT.validate_json(text, extra="ignore")
