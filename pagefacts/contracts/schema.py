"""JSON Schemas of the messages, generated from the models and checked in under ``schemas/``.

``python -m pagefacts.contracts.schema DIR`` writes them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from pagefacts.contracts.job import Job
from pagefacts.contracts.result import Event

SCHEMAS: dict[str, TypeAdapter[object]] = {"job": TypeAdapter(Job), "event": TypeAdapter(Event)}
"""The messages on the wire: what a producer writes, and what a consumer reads."""


def schema(name: str) -> str:
    """Return the JSON Schema (draft 2020-12) of message ``name``, as indented JSON that ends in a newline."""
    mode: Literal["validation", "serialization"] = "validation" if name == "job" else "serialization"
    body = SCHEMAS[name].json_schema(mode=mode, by_alias=True)
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}
    return json.dumps(described, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    for each in SCHEMAS:
        Path(sys.argv[1], f"{each}.json").write_text(schema(each), encoding="utf-8")
