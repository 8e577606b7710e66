"""The wire contract as it is checked in under ``schemas/``.

``python -m pagefacts.contracts.documents DIR`` writes all of it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from pagefacts.contracts.asyncapi import asyncapi
from pagefacts.contracts.schema import SCHEMAS, schema

DOCUMENTS: Final = (*SCHEMAS, "asyncapi")
"""The JSON Schema of each message, and the AsyncAPI document."""


def document(name: str) -> str:
    """Return one of `DOCUMENTS` as indented JSON that ends in a newline."""
    content = asyncapi() if name == "asyncapi" else schema(name)
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    for each in DOCUMENTS:
        Path(sys.argv[1], f"{each}.json").write_text(document(each), encoding="utf-8")
