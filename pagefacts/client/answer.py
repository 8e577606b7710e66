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
    shard: int | None = None
    """The shard that it stands on, where there are several: entries of two shards may be equal."""

    @property
    def place(self) -> str:
        """What to acknowledge it by: its entry, and before it its shard and a slash where there are several."""
        return self.entry if self.shard is None else f"{self.shard}/{self.entry}"

    @cached_property
    def event(self) -> ResultEvent | FailureEvent:
        """The event, parsed. Fields that this version does not know are left out: a newer worker may send some.

        Raises `pydantic.ValidationError` where it is none that this version can read.
        """
        return read_event(self.json)
