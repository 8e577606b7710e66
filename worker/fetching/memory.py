"""What is known of hosts from one request to the next: turns, robots.txt, and pages that may not have changed."""

from __future__ import annotations

import hashlib
import json
import time
import zlib
from dataclasses import dataclass
from typing import Any, Final, Protocol

from worker.fetching.limits import Turn
from worker.fetching.page import Page
from worker.fetching.robots import Rules
from worker.ledger import Ledger, Superseded

ROBOTS_TTL: Final = 3_600
"""Seconds for which a robots.txt holds; RFC 9309 allows a day."""
KEPT_TTL: Final = 86_400
"""Seconds for which a page is kept to be asked for anew."""
_LARGEST_SHARE: Final = 4
"""A page is kept where it takes no more than this part of the room for all of them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A page, and what its server calls this state of it."""

    page: Page
    validators: dict[str, str]
    """Headers of the request that asks for it only where it has changed."""


class Memory(Protocol):
    """What is known of hosts; for one job."""

    def wait(self, host: str, turn: Turn) -> float:
        """Return the seconds until this job's next request to ``host`` may go; 0: now, and its turn is used up.

        A turn is the job's own from the first time it asks, so that jobs which wait do not compete again.
        """

    def hold(self, host: str, seconds: float, turn: Turn) -> None:
        """Let no request go to ``host`` for so long: it has asked for it."""

    def robots(self, origin: str) -> Rules | None:
        """Return the rules of an origin, where they are known."""

    def learn_robots(self, origin: str, rules: Rules) -> None:
        """Remember them."""

    def kept(self, url: str) -> Kept | None:
        """Return the page that was found at ``url``, where it is kept."""

    def keep(self, url: str, kept: Kept | None) -> None:
        """Keep the page, as far as there is room; None: forget it."""


class OwnMemory:
    """The memory of one process that fetches one page at a time; pages are not kept."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}
        self._robots: dict[str, tuple[float, Rules]] = {}

    def wait(self, host: str, turn: Turn) -> float:
        """As `Memory.wait`; nobody else waits, so nothing is reserved."""
        now = time.monotonic()
        following = self._next.get(host, now)
        wait = following - (turn.burst - 1) * turn.interval - now
        if wait > 0:
            return wait
        self._next[host] = max(following, now) + turn.interval
        return 0.0

    def hold(self, host: str, seconds: float, turn: Turn) -> None:
        """As `Memory.hold`."""
        self._next[host] = time.monotonic() + seconds + (turn.burst - 1) * turn.interval

    def robots(self, origin: str) -> Rules | None:
        """As `Memory.robots`."""
        learned, rules = self._robots.get(origin, (0.0, None))
        return rules if time.monotonic() - learned < ROBOTS_TTL else None

    def learn_robots(self, origin: str, rules: Rules) -> None:
        """As `Memory.learn_robots`."""
        self._robots[origin] = time.monotonic(), rules

    def kept(self, url: str) -> Kept | None:
        """Return None."""
        return None

    def keep(self, url: str, kept: Kept | None) -> None:
        """Do nothing."""


class SharedMemory:
    """The memory of all workers, in the Redis of one ledger: the first shard's, also for jobs of the others.

    So a host's rate is one for all shards.
    """

    def __init__(self, ledger: Ledger, room_mb: int) -> None:
        self._client: Any = ledger.client
        self._keys = ledger.keys
        self._room = room_mb * 1024 * 1024
        self._wait = ledger.script("pace")
        self._hold = ledger.script("hold")
        self._keep = ledger.script("keep")

    def of_job(self, ledger: Ledger, job_id: str, attempt: int) -> _JobMemory:
        """Return the memory as one attempt of a job in ``ledger`` uses it."""
        return _JobMemory(self, ledger, job_id, attempt)

    def wait(self, host: str, turn: Turn, job_id: str, attempt: int, ledger: Ledger | None = None) -> float:
        """As `Memory.wait`, for a job of ``ledger`` (None: of this one).

        Raise `Superseded` where the attempt is over.
        """
        of_turn = [host, round(turn.interval * 1000), turn.burst]
        if ledger is None or ledger.keys == self._keys:
            milliseconds = self._wait([self._keys.pace(host), self._keys.claim(job_id)], [attempt, *of_turn])
        elif ledger.is_at(job_id, attempt):  # no script reaches both: the turn stands beside the pace
            milliseconds = self._wait([self._keys.pace(host), self._keys.turns(job_id)], ["", *of_turn])
        else:
            milliseconds = None
        if milliseconds is None:
            raise Superseded(job_id)
        return float(milliseconds) / 1000

    def hold(self, host: str, seconds: float, turn: Turn) -> None:
        """As `Memory.hold`."""
        self._hold([self._keys.pace(host)], [round(seconds * 1000), round(turn.interval * 1000), turn.burst])

    def robots(self, origin: str) -> Rules | None:
        """As `Memory.robots`."""
        found = self._client.get(self._keys.robots(origin))
        return Rules.from_json(zlib.decompress(found)) if found else None

    def learn_robots(self, origin: str, rules: Rules) -> None:
        """As `Memory.learn_robots`."""
        self._client.set(self._keys.robots(origin), zlib.compress(rules.to_json().encode(), 1), ex=ROBOTS_TTL)

    def kept(self, url: str) -> Kept | None:
        """As `Memory.kept`."""
        found = self._client.hget(self._keys.kept, _name(url)) if self._room else None
        if not found:
            return None
        about, _, content = zlib.decompress(found).partition(b"\n")
        page, validators = json.loads(about)
        return Kept(Page.load(content, json.dumps(page)), validators)

    def keep(self, url: str, kept: Kept | None) -> None:
        """As `Memory.keep`: where there is no room, the pages that were kept first make it."""
        value = b"" if kept is None else _packed(kept)
        if not self._room or len(value) > self._room // _LARGEST_SHARE:
            value = b""
        keys = [self._keys.kept, self._keys.kept_order, self._keys.kept_bytes]
        self._keep(keys, [_name(url), value, self._room, KEPT_TTL])


class _JobMemory:
    """A shared memory, for one attempt of a job."""

    def __init__(self, shared: SharedMemory, ledger: Ledger, job_id: str, attempt: int) -> None:
        self._shared = shared
        self._ledger = ledger
        self._job_id = job_id
        self._attempt = attempt
        self.hold = shared.hold
        self.robots = shared.robots
        self.learn_robots = shared.learn_robots
        self.kept = shared.kept
        self.keep = shared.keep

    def wait(self, host: str, turn: Turn) -> float:
        """As `Memory.wait`. Raise `Superseded` where the attempt is over."""
        return self._shared.wait(host, turn, self._job_id, self._attempt, self._ledger)


def _name(url: str) -> str:
    """Return a hash of ``url``: what a query may hold is nobody's business who looks at the keys."""
    return hashlib.sha256(url.encode()).hexdigest()


def _packed(kept: Kept) -> bytes:
    fields = kept.page.dump()
    about = json.dumps([json.loads(fields["page_about"]), kept.validators]).encode()
    return zlib.compress(about + b"\n" + kept.page.content, 6)
