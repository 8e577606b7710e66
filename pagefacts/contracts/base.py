"""What every message has in common."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION: Final = "1"
"""Version of the message schemas. Raised when a consumer written for the old one would misread the new."""

Offset = Annotated[int, Field(ge=0, description="Unicode code points from the start of article.text")]
"""A position in ``article.text``, in Unicode code points."""

CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
"""A country, as ISO 3166-1 alpha-2 in capitals."""

Confidence = Annotated[float, Field(ge=0, le=1)]
"""A probability that the statement is right, 0 to 1."""

LeftOut: Final = Field(exclude_if=lambda value: value is None)
"""Of a field that is left out of the JSON where it is None."""


class Message(BaseModel):
    """A frozen message that refuses fields it does not know."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
        json_schema_serialization_defaults_required=True,
    )


class Span(Message):
    """A quoted stretch of ``article.text``: ``article.text[start:end] == text``."""

    text: str
    """The words as they stand in the article."""
    start: Offset
    """First code point."""
    end: Offset
    """One past the last code point."""
