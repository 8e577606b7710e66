"""Named entities."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pydantic import TypeAdapter

from pagefacts.contracts.base import Span


class Label(StrEnum):
    """Entity types after OntoNotes 5.0, without those of numbers, which the facts give."""

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
    MISC = "MISC"


class Entity(Span):
    """A name in the article."""

    label: Label
    """Its type."""


_ENTITIES: Final = TypeAdapter(tuple[Entity, ...])


def dump_entities(entities: tuple[Entity, ...]) -> str:
    """Return ``entities`` as JSON."""
    return _ENTITIES.dump_json(entities).decode()


def load_entities(raw: bytes | str) -> tuple[Entity, ...]:
    """Return the entities that `dump_entities` wrote."""
    return _ENTITIES.validate_json(raw)
