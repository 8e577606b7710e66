"""Named entities."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, TypeAdapter

from pagefacts.contracts.base import CountryCode, Span


class Label(StrEnum):
    """Entity types after OntoNotes 5.0, with WEAPON and MISC, and without those of numbers, which the facts give.

    PRODUCT, WORK_OF_ART, LAW, LANGUAGE, DATE and TIME come from spaCy's tagger alone: ours says MISC, or nothing.
    """

    PERSON = "PERSON"
    NORP = "NORP"
    FAC = "FAC"
    ORG = "ORG"
    GPE = "GPE"
    LOC = "LOC"
    PRODUCT = "PRODUCT"
    EVENT = "EVENT"
    WORK_OF_ART = "WORK_OF_ART"
    LAW = "LAW"
    LANGUAGE = "LANGUAGE"
    DATE = "DATE"
    TIME = "TIME"
    WEAPON = "WEAPON"
    MISC = "MISC"


class Entity(Span):
    """A name in the article."""

    label: Label
    """Its type."""
    entity_id: Annotated[str, Field(pattern=r"^e\d+$")] | None = None
    """What it names, by an id within this result: every mention of the same person, organisation or place has the same.

    ``e1``, ``e2``, … in the order of first mention; null for dates and times.
    """
    name: str | None = None
    """Its fullest name in the article, without "Mr" or "President": ``Vladimir Putin`` where the text is "Mr Putin"."""
    country: CountryCode | None = None
    """Of a country or a nationality ("Syrian", "Britons"): ISO 3166-1 alpha-2."""


_ENTITIES: Final = TypeAdapter(tuple[Entity, ...])


def dump_entities(entities: tuple[Entity, ...]) -> str:
    """Return ``entities`` as JSON."""
    return _ENTITIES.dump_json(entities).decode()


def load_entities(raw: bytes | str) -> tuple[Entity, ...]:
    """Return the entities that `dump_entities` wrote."""
    return _ENTITIES.validate_json(raw)
