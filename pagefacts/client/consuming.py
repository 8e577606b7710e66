"""Answers off the results stream."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import redis

from pagefacts.client.answer import Answer
from pagefacts.client.errors import AnswerGone, WaitTimeout
from pagefacts.client.keys import WireKeys
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
    """Seconds that one round trip waits for the first of them; below the client's ``socket_timeout``."""
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


@dataclass
class Reader:
    """Reads one batch after the other, and knows where it is."""

    client: Any
    keys: WireKeys
    reading: Reading
    _cursor: str | None = None
    """In a group: the last of its own answers that were pending, then `_UNREAD`. Else the last answer read."""
    _next_take_over: float = field(default=0.0, init=False)

    def read(self) -> Steps[list[Answer] | None]:
        """Return the next answers; none where there was nothing yet, None at the end."""
        if self._cursor is None:
            self._cursor = yield from self._begin()
        answers = yield from self._read_group() if self.reading.group else self._read_stream()
        return answers if answers or self.reading.follow else None

    def ack(self, answers: Iterable[Answer | str]) -> Steps[None]:
        """Acknowledge ``answers``: the group is not given them again."""
        entries = [answer if isinstance(answer, str) else answer.entry for answer in answers]
        if entries:
            yield self.client.xack(self.keys.results, self._group, *entries)

    def rewind(self, since: Place) -> Steps[None]:
        """Let the group be given anew what is on the stream from ``since`` on."""
        yield from make_group(self.client, self.keys.results, self._group, _entry_of(since))
        yield self.client.xgroup_setid(self.keys.results, self._group, _entry_of(since))

    @property
    def _group(self) -> str:
        if self.reading.group is None:
            raise ValueError("group: without one nothing is acknowledged or replayed")
        return self.reading.group

    @property
    def _block_ms(self) -> int | None:
        return max(1, int(self.reading.block * 1000)) if self.reading.follow else None

    def _begin(self) -> Steps[str]:
        since = _entry_of(self.reading.since)
        if self.reading.group:
            yield from make_group(self.client, self.keys.results, self.reading.group, since)
            return OLDEST
        if since != NEW:
            return since
        newest = yield self.client.xrevrange(self.keys.results, count=1)
        return text(newest[0][0]) if newest else OLDEST

    def _read_stream(self) -> Steps[list[Answer]]:
        results, batch = self.keys.results, self.reading.batch
        reply = yield self.client.xread({results: self._cursor}, count=batch, block=self._block_ms)
        entries = _of_one_stream(reply)
        if entries:
            self._cursor = text(entries[-1][0])
        return _answers(entries)

    def _read_group(self) -> Steps[list[Answer]]:
        if self._cursor != _UNREAD:
            answers = yield from self._read_as_group(str(self._cursor), None)
            if answers:
                self._cursor = answers[-1].entry
                return answers
            self._cursor = _UNREAD
        answers = yield from self._take_over()
        return answers or (yield from self._read_as_group(_UNREAD, self._block_ms))

    def _read_as_group(self, place: str, block_ms: int | None) -> Steps[list[Answer]]:
        """Read from ``place`` on; what is pending but was trimmed is acknowledged and passed over."""
        results, reading = self.keys.results, self.reading
        while True:
            reply = yield self.client.xreadgroup(
                reading.group, reading.consumer, {results: place}, count=reading.batch, block=block_ms
            )
            entries = _of_one_stream(reply)
            gone = [entry for entry, fields in entries if not fields]
            if gone:
                yield self.client.xack(results, reading.group, *gone)
            if len(gone) < len(entries) or not entries:
                return _answers(entries)

    def _take_over(self) -> Steps[list[Answer]]:
        """Take over what other consumers have left; looked for a few times in the time after which it is due."""
        reading = self.reading
        due = reading.take_over
        if due is None or time.monotonic() < self._next_take_over:
            return []
        cursor = OLDEST
        while True:  # one call looks at ten times its count of pending entries
            reply = yield self.client.xautoclaim(
                self.keys.results, reading.group, reading.consumer, int(due * 1000), cursor, count=reading.batch
            )
            answers, cursor = _answers(reply[1]), text(reply[0])
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
    client: Any, keys: WireKeys, job_id: str, timeout: float | None, sleep: Callable[[float], Any]
) -> Steps[Answer]:
    """Return the answer of a job when it is there, also where it was before.

    It is looked for by the job's id, so that nobody else's answers are read for it; ``sleep`` waits between two looks.
    Raises `WaitTimeout` after ``timeout`` seconds, and `AnswerGone`.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    pause = _FIRST_PAUSE
    while True:
        answer = yield from find(client, keys, job_id)
        if answer:
            return answer
        left = pause if deadline is None else deadline - time.monotonic()
        if left <= 0:
            raise WaitTimeout(job_id, timeout or 0)
        yield sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def find(client: Any, keys: WireKeys, job_id: str) -> Steps[Answer | None]:
    """Return the answer of a job, None where there is none yet or its id is forgotten. Raises `AnswerGone`."""
    entry = yield client.get(keys.done(job_id))
    if entry is None:
        return None
    found = yield client.xrange(keys.results, entry, entry)
    if not found:
        raise AnswerGone(job_id)
    return _answers(found)[0]


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


def _answers(entries: Iterable[tuple[Any, Any]]) -> list[Answer]:
    """Return the answers among ``entries``; those that were trimmed before they were acknowledged have no fields."""
    return [Answer(text(entry), text(fields.get(b"event") or fields["event"])) for entry, fields in entries if fields]
