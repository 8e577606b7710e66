"""The table that the words, patterns and rules come from: ``resources/en/dates.toml``, whose head explains it."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any, Final

TABLE: Final[dict[str, Any]] = tomllib.loads(
    files("pagefacts").joinpath("resources", "en", "dates.toml").read_text(encoding="utf-8")
)
"""The sections of the table by name."""
