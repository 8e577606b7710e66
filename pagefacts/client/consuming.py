"""Answers off the results stream."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any, Final

import redis

from pagefacts.client.answer import Answer
from pagefacts.client.connection import Connection
from pagefacts.client.errors import AnswerGone, WaitTimeout
from pagefacts.client.keys import WireKeys, shard_of
from pagefacts.client.steps import Steps, text

OLDEST: Final = "0-0"
"""The place before the oldest answer that is kept."""
NEW: Final = "$"
"""The place behind the newest answer."""
_UNREAD: Final = ">"
"""What no consumer of a group has been given yet, in the words of XREADGROUP."""
_EPOCH: Final = datetime.fromtimestamp(0, UTC)
_FIRST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 0.5
"""Seconds between looks for one job's answer."""
_ROUND_MS: Final = 48
"""Milliseconds of waiting at all shards in turn, none of which has anything."""
_SHORTEST_GLANCE_MS: Final = 2
"""Milliseconds of waiting at one of them at least, so that many shards do not keep everybody busy."""

Place = str | datetime
"""Where reading begins: `OLDEST`, `NEW`, behind an entry, or at a time (the server's clock)."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How answers are read. Raises `ValueError`, which names the parameter."""

    group: str | None
    """The consumer group; None: as one who leaves no trace."""
    consumer: str
    """The name within the group: what was given to it and not acknowledged comes first when it is there again."""
    since: Place = OLDEST
    """Where reading begins; with a group, where the group begins when there is none of that name."""
    follow: bool = False
    """Whether to wait for more at the end."""
    batch: int = 100
    """Answers of one round trip at most."""
    block: float = 1.0
    """Seconds that are waited for the first of them; below the client's ``socket_timeout``."""
    take_over: float | None = 300.0
    """Seconds after which what another consumer of the group was given and did not acknowledge is taken over.

    More than a batch takes to be processed: else what is being worked on is given to another, or again. None: never.
    """

    def __post_init__(self) -> None:
        checks = {
            "group": self.group != "",
            "consumer": self.consumer != "",
            "batch": self.batch >= 1,
            "block": self.block > 0,
            "take_over": self.take_over is None or self.take_over >= 0,
        }
        for name, fine in checks.items():
            if not fine:
                raise ValueError(f"{name}: {getattr(self, name)!r} is empty or too small")
        _entry_of(self.since)


class Reader:
    """Reads one batch after the other from all shards in turn, and knows where it is."""

    def __init__(self, shards: Sequence[tuple[Connection, WireKeys]], reading: Reading) -> None:
        """``shards``: of each the connection and the keys."""
        self.reading = reading
        self._shards = [
            _ShardReader(connection, keys, reading, number if len(shards) > 1 else None)
            for number, (connection, keys) in enumerate(shards)
        ]
        self._turns = cycle(self._shards)
        self._begun = False

    def read(self) -> Steps[list[Answer] | None]:
        """Return the next answers; none where there was nothing yet, None at the end."""
        if not self._begun:  # on all shards, so that each keeps what the group has not read
            for shard in self._shards:
                yield from shard.begin()
            self._begun = True
        answers = yield from self._read_all() if len(self._shards) > 1 else self._read_one()
        return answers if answers or self.reading.follow else None

    def _read_one(self) -> Steps[list[Answer]]:
        block_ms = max(1, int(self.reading.block * 1000)) if self.reading.follow else None
        return (yield from self._shards[0].read(block_ms))

    def _read_all(self) -> Steps[list[Answer]]:
        """Read from the next shard that has something; where none has, wait a little at one after the other."""
        deadline = time.monotonic() + self.reading.block
        for shard in islice(self._turns, len(self._shards)):
            answers = yield from shard.read(None)
            if answers:
                return answers
        glance_ms = max(_SHORTEST_GLANCE_MS, _ROUND_MS // len(self._shards))
        while self.reading.follow and time.monotonic() < deadline:
            answers = yield from next(self._turns).read(glance_ms)
            if answers:
                return answers
        return []

    def ack(self, answers: Iterable[Answer | str]) -> Steps[None]:
        """Acknowledge ``answers``, or their places: the group is not given them again."""
        group = self._group
        entries: dict[int, list[str]] = {}
        for answer in answers:
            shard, entry = self._place_of(answer)
            entries.setdefault(shard, []).append(entry)
        for shard, of_shard in entries.items():
            client = yield from self._shards[shard].connection.client()
            yield client.xack(self._shards[shard].keys.results, group, *of_shard)

    def _place_of(self, answer: Answer | str) -> tuple[int, str]:
        place = answer if isinstance(answer, str) else answer.place
        if len(self._shards) == 1:
            return 0, place
        shard, slash, entry = place.partition("/")
        if not (slash and shard.isdecimal() and int(shard) < len(self._shards)):
            raise ValueError(f"{place!r} does not say which of the {len(self._shards)} shards it is on: `Answer.place`")
        return int(shard), entry

    def rewind(self, since: Place) -> Steps[None]:
        """Let the group be given anew what is on the streams from ``since`` on."""
        group, entry = self._group, _entry_of(since)
        for shard in self._shards:
            client = yield from shard.connection.client()
            yield from make_group(client, shard.keys.results, group, entry)
            yield client.xgroup_setid(shard.keys.results, group, entry)

    @property
    def _group(self) -> str:
        if self.reading.group is None:
            raise ValueError("group: without one nothing is acknowledged or replayed")
        return self.reading.group


@dataclass
class _ShardReader:
    """Reads the answers of one shard."""

    connection: Connection
    keys: WireKeys
    reading: Reading
    shard: int | None
    """Its number, where there are several."""
    _cursor: str = field(default=OLDEST, init=False)
    """In a group: the last of its own answers that were pending, then `_UNREAD`. Else the last answer read."""
    _next_take_over: float = field(default=0.0, init=False)

    def begin(self) -> Steps[None]:
        """Find the place where reading begins; make the group."""
        client = yield from self.connection.client()
        since = _entry_of(self.reading.since)
        if self.reading.group:
            yield from make_group(client, self.keys.results, self.reading.group, since)
        elif since == NEW:
            newest = yield client.xrevrange(self.keys.results, count=1)
            self._cursor = text(newest[0][0]) if newest else OLDEST
        else:
            self._cursor = since

    def read(self, block_ms: int | None) -> Steps[list[Answer]]:
        """Return the next answers; wait for the first, unless ``block_ms`` is None."""
        client = yield from self.connection.client()
        return (yield from (self._read_group if self.reading.group else self._read_stream)(client, block_ms))

    def _read_stream(self, client: Any, block_ms: int | None) -> Steps[list[Answer]]:
        reply = yield client.xread({self.keys.results: self._cursor}, count=self.reading.batch, block=block_ms)
        entries = _of_one_stream(reply)
        if entries:
            self._cursor = text(entries[-1][0])
        return _answers(entries, self.shard)

    def _read_group(self, client: Any, block_ms: int | None) -> Steps[list[Answer]]:
        if self._cursor != _UNREAD:
            answers = yield from self._read_as_group(client, self._cursor, None)
            if answers:
                self._cursor = answers[-1].entry
                return answers
            self._cursor = _UNREAD
        answers = yield from self._take_over(client)
        return answers or (yield from self._read_as_group(client, _UNREAD, block_ms))

    def _read_as_group(self, client: Any, place: str, block_ms: int | None) -> Steps[list[Answer]]:
        """Read from ``place`` on; what is pending but was trimmed is acknowledged and passed over."""
        results, reading = self.keys.results, self.reading
        while True:
            reply = yield client.xreadgroup(
                reading.group, reading.consumer, {results: place}, count=reading.batch, block=block_ms
            )
            entries = _of_one_stream(reply)
            gone = [entry for entry, fields in entries if not fields]
            if gone:
                yield client.xack(results, reading.group, *gone)
            if len(gone) < len(entries) or not entries:
                return _answers(entries, self.shard)

    def _take_over(self, client: Any) -> Steps[list[Answer]]:
        """Take over what other consumers have left; looked for a few times in the time after which it is due."""
        reading = self.reading
        due = reading.take_over
        if due is None or time.monotonic() < self._next_take_over:
            return []
        cursor = OLDEST
        while True:  # one call looks at ten times its count of pending entries
            reply = yield client.xautoclaim(
                self.keys.results, reading.group, reading.consumer, int(due * 1000), cursor, count=reading.batch
            )
            answers, cursor = _answers(reply[1], self.shard), text(reply[0])
            if answers:
                return answers
            if cursor == OLDEST:
                self._next_take_over = time.monotonic() + due / 4
                return []


def own_name() -> str:
    """Return the name of a consumer that is given none: the machine's, which is the same when it starts anew."""
    return platform.node() or "pagefacts"


def make_group(client: Any, stream: str, group: str, since: str = OLDEST) -> Steps[None]:
    """Create the stream and its consumer group, which begins at ``since``, where they do not exist."""
    try:
        yield client.xgroup_create(stream, group, id=since, mkstream=True)
    except redis.ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise


def wait(
    connection: Connection,
    shards: Sequence[WireKeys],
    job_id: str,
    timeout: float | None,
    sleep: Callable[[float], Any],
) -> Steps[Answer]:
    """Return the answer of a job when it is there, also where it was before.

    It is looked for by the job's id, on its shard, so that nobody else's answers are read for it; ``sleep`` waits
    between two looks. Raises `WaitTimeout` after ``timeout`` seconds, and `AnswerGone`.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    client = yield from connection.client()
    number = shard_of(job_id, len(shards))
    pause = _FIRST_PAUSE
    while True:
        answer = yield from find(client, shards[number], job_id, number if len(shards) > 1 else None)
        if answer:
            return answer
        left = pause if deadline is None else deadline - time.monotonic()
        if left <= 0:
            raise WaitTimeout(job_id, timeout or 0)
        yield sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def find(client: Any, keys: WireKeys, job_id: str, shard: int | None = None) -> Steps[Answer | None]:
    """Return the answer of a job, None where there is none yet or its id is forgotten. Raises `AnswerGone`."""
    entry = yield client.get(keys.done(job_id))
    if entry is None:
        return None
    found = yield client.xrange(keys.results, entry, entry)
    if not found:
        raise AnswerGone(job_id)
    return _answers(found, shard)[0]


def _entry_of(place: Place) -> str:
    if isinstance(place, str):
        return place
    if place.tzinfo is None:
        raise ValueError("since: a time needs its time zone")
    milliseconds = (place - _EPOCH) // timedelta(milliseconds=1)
    return f"{max(0, milliseconds - 1)}-{2**64 - 1}"  # reading begins behind it


def _of_one_stream(reply: Any) -> list[tuple[Any, Any]]:
    """Return the entries of a reply about one stream, in any of the shapes that redis-py gives it."""
    if not reply:
        return []
    if not isinstance(reply, dict):
        return list(reply[0][1])
    (entries,) = reply.values()
    return list(entries[0] if entries and isinstance(entries[0], list) else entries)


def _answers(entries: Iterable[tuple[Any, Any]], shard: int | None) -> list[Answer]:
    """Return the answers among ``entries``; those that were trimmed before they were acknowledged have no fields."""
    return [
        Answer(text(entry), text(fields.get(b"event") or fields["event"]), shard) for entry, fields in entries if fields
    ]
