"""A page fetched, tried again where that may help, and left for later where its host has no free turn."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

from pagefacts.contracts import Job
from pagefacts.errors import FetchError
from worker.fetching.limits import Limits
from worker.fetching.memory import Memory
from worker.fetching.network import Wire
from worker.fetching.page import Page
from worker.fetching.trip import Later, Trip
from worker.fetching.visit import NotYet, Visit

_FIRST_BACKOFF: Final = 2.0
_LONGEST_BACKOFF: Final = 60.0


class Fetcher:
    """Fetches pages, one at a time, within ``limits``."""

    def __init__(
        self,
        limits: Limits,
        *,
        wire: Wire | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limits = limits
        self._wire = wire or Wire()
        self._sleep = sleep

    def fetch(self, trip: Trip, memory: Memory) -> Page:
        """Return the page that ``trip`` leads to.

        Raises a `FetchError`, or `Later` where its host has no free turn soon or another try may help.
        """
        visit = Visit(self._limits, self._wire, memory, trip, self._sleep)
        try:
            return visit.page()
        except NotYet as wait:
            raise Later(visit.trip, wait.seconds) from None
        except FetchError as error:
            tried = visit.trip.failed()
            if not error.retryable or visit.is_told_to_stay_away or tried.tries >= self._limits.tries:
                raise
            raise Later(tried, backoff(tried.tries)) from error
        finally:
            visit.close()

    def fetch_here(self, job: Job, memory: Memory) -> Page:
        """Return the page of ``job``, however long it has to wait. Raises a `FetchError`."""
        trip = Trip.resumed(None, job)
        while True:
            try:
                return self.fetch(trip, memory)
            except Later as later:
                trip = later.trip
                self._sleep(later.seconds)


def backoff(tries: int) -> float:
    """Return the seconds before the next try, after so many in vain: twice as many each time, and never the same."""
    longest = min(_LONGEST_BACKOFF, _FIRST_BACKOFF * 2.0 ** (tries - 1))
    return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret
