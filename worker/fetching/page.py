"""A fetched page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from pagefacts.contracts import Job
from pagefacts.contracts.job import PAGE_FIELDS

FIELDS: Final = ("page", "page_about")
"""Names under which a claim keeps the page: its bytes, and all else as JSON."""
WANTED: Final = tuple(f"{name}?" for name in FIELDS)
"""The same, as of a step for which a page may have been fetched."""


def is_wanted(job: Job) -> bool:
    """Return whether the job gives only a URL."""
    return all(getattr(job, name) is None for name in PAGE_FIELDS)


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched."""

    url: str
    """Where it was found in the end."""
    content: bytes
    """The body, with no content encoding left."""
    charset: str | None
    """The encoding that the header Content-Type names."""
    is_text: bool
    """Whether it is plain text; else it is HTML."""
    fetched_at: datetime
    """When; with a time zone."""

    def dump(self) -> dict[str, str | bytes]:
        """Return the page as the fields of a claim."""
        about = {
            "url": self.url,
            "charset": self.charset,
            "is_text": self.is_text,
            "fetched_at": self.fetched_at.isoformat(),
        }
        return {"page": self.content, "page_about": json.dumps(about)}

    @classmethod
    def load(cls, content: bytes, about: str | bytes) -> Self:
        """Return the page that `dump` wrote."""
        value = json.loads(about)
        fetched_at = datetime.fromisoformat(value.pop("fetched_at"))
        return cls(content=content, fetched_at=fetched_at, **value)
