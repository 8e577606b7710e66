"""JSON Schemas of the messages, generated from the models."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import ModelSchema

from pagefacts.contracts.dead import DeadLetter
from pagefacts.contracts.job import Job
from pagefacts.contracts.result import Event

Mode = Literal["validation", "serialization"]

SCHEMAS: Final[dict[str, tuple[TypeAdapter[Any], Mode]]] = {
    "job": (TypeAdapter(Job), "validation"),
    "event": (TypeAdapter(Event), "serialization"),
    "dead": (TypeAdapter(DeadLetter), "serialization"),
}
"""The messages on the wire: what a producer writes, what a consumer reads, and what is kept of a job that failed."""


class WireSchema(GenerateJsonSchema):
    """Schemas of what is read are closed, as unknown fields of a job are refused.

    Those of what is written are open: a later version may write fields that a consumer of this one does not know.
    """

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        """Return the schema of a model."""
        described = super().model_schema(schema)
        if self.mode == "serialization":
            described.pop("additionalProperties", None)
        return described


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of message ``name``."""
    model, mode = SCHEMAS[name]
    body = model.json_schema(mode=mode, by_alias=True, schema_generator=WireSchema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}
