"""How far the fetching of a page has come."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Final, Self

from pagefacts.contracts import Job
from pagefacts.errors import FetchRedirects

MAX_REDIRECTS: Final = 10


@dataclass(frozen=True, slots=True)
class Trip:
    """The URLs gone through, and the tries that failed. It is kept while a page waits for its host's next free turn."""

    path: tuple[str, ...]
    """The job's URL, and those that it was redirected to."""
    tries: int = 0
    """How often the page was tried in vain."""

    @classmethod
    def resumed(cls, left: bytes | None, job: Job) -> Self:
        """Return the trip that was ``left`` when the page had to wait, or the beginning of one."""
        return cls((str(job.url),)) if left is None else cls.from_json(left)

    @property
    def url(self) -> str:
        """Where the trip has come to."""
        return self.path[-1]

    def on(self, url: str) -> Self:
        """Return the trip led on to ``url`` by a redirect. Raise `FetchRedirects` for a circle, and after ten."""
        if url in self.path:
            raise FetchRedirects("They lead in a circle.")
        if len(self.path) > MAX_REDIRECTS:
            raise FetchRedirects(f"There are more than {MAX_REDIRECTS}.")
        return replace(self, path=(*self.path, url))

    def failed(self) -> Self:
        """Return the trip with one more try in vain."""
        return replace(self, tries=self.tries + 1)

    def to_json(self) -> str:
        """Return the trip as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Return the trip that `to_json` wrote."""
        value = json.loads(text)
        return cls(tuple(value["path"]), value["tries"])


class Later(Exception):
    """The page is to be gone on with after a while; what was reached so far is its trip."""

    def __init__(self, trip: Trip, seconds: float) -> None:
        super().__init__(f"in {seconds:.1f} s")
        self.trip = trip
        self.seconds = seconds
