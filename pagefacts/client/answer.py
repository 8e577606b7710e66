"""One entry of the results stream."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pagefacts.contracts import FailureEvent, ResultEvent, read_event


@dataclass(frozen=True)
class Answer:
    """The answer to one job, as it stands on the results stream."""

    entry: str
    """Its entry; entries grow in the order in which answers were written."""
    json: str
    """The event as it was published, JSON."""

    @cached_property
    def event(self) -> ResultEvent | FailureEvent:
        """The event, parsed. Fields that this version does not know are left out: a newer worker may send some.

        Raises `pydantic.ValidationError` where it is none that this version can read.
        """
        return read_event(self.json)
