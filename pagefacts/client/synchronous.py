"""The client for programs that block."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Self

import redis
from redis.retry import Retry

from pagefacts.client.answer import Answer
from pagefacts.client.connection import BACKOFF, SETTINGS, TRIES, Connection
from pagefacts.client.consuming import OLDEST, Place, Reader, Reading, own_name, wait
from pagefacts.client.keys import WireKeys, shard_namespaces
from pagefacts.client.producing import DEFAULT, AnyJob, Batch, Limits, Sender
from pagefacts.client.steps import run


class Client:
    """Puts pages in and reads answers. Threads may share one."""

    def __init__(
        self,
        server: str | redis.Redis | redis.RedisCluster,
        *,
        namespace: str = "pagefacts",
        shards: int = 1,
        limits: Limits = DEFAULT,
    ) -> None:
        """``server``: a URL (``redis://``, ``rediss://``, ``unix://``), or a client of redis-py, which stays yours.

        ``namespace`` and ``shards`` are the workers' ``PAGEFACTS_NAMESPACE`` and ``PAGEFACTS_SHARDS``; ``limits`` are
        those of this producer, for each shard. With several shards the URL may name any node of a cluster; for one,
        give a `redis.RedisCluster`. It connects when it is first used. While the server is away a client of its own
        tries again for some fifteen seconds, then it raises `redis.ConnectionError`. Raises `ValueError` where the URL
        is none, or there is no shard.
        """
        self._is_own = isinstance(server, str)
        self._connection = _connect(server, shards > 1) if isinstance(server, str) else Connection(server)
        self._shards = [WireKeys(each) for each in shard_namespaces(namespace, shards)]
        self._sender = Sender(self._connection, self._shards, limits, time.sleep)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that the client has made itself."""
        if self._is_own:
            for client in self._connection.made:
                client.close()

    def enqueue(self, job: AnyJob, *, check: bool = True, wait_for_room: float = 0) -> str:
        """Enqueue one page; return the id under which it will be answered. All else is as in `enqueue_many`."""
        return self.enqueue_many([job], check=check, wait_for_room=wait_for_room)[0]

    def enqueue_many(self, jobs: Iterable[AnyJob], *, check: bool = True, wait_for_room: float = 0) -> list[str]:
        """Enqueue pages, up to a hundred in one round trip; return the id of each, in their order.

        A job is a `Job`, a mapping of its fields, or its JSON. ``jobs`` may be larger than memory: they are taken as
        they are sent. Each is checked as the workers check it; with ``check=False`` it is sent as it is, and what is
        wrong with it is said in its answer. Where there is no room it is tried again for ``wait_for_room`` seconds
        (`math.inf`: as long as it takes).

        Raises `InvalidJob`, which names the field, `UnknownVersion` and what ``jobs`` raises: the jobs before that one
        are enqueued. Raises `QueueFull`: those in its ``refused``, and those not yet taken from ``jobs``, are not.
        Raises redis-py's errors: some of the last hundred may be. To enqueue all of them again does no harm, as an id
        is answered once.
        """
        ids: list[str] = []
        batch = Batch(check)
        try:
            for job in jobs:
                if batch.add(job):
                    ids += run(self._sender.send(batch.take(), wait_for_room))
        finally:  # also where a job is refused: those before it may not be had again
            ids += run(self._sender.send(batch.take(), wait_for_room))
        return ids

    def results(
        self,
        group: str | None = None,
        *,
        consumer: str | None = None,
        since: Place = OLDEST,
        follow: bool = False,
        auto_ack: bool = True,
        batch: int = 100,
        block: float = 1.0,
        take_over: float | None = 300.0,
    ) -> Results:
        """Read the answers as a consumer ``group``, or without one: then all that are kept, and no trace is left.

        They are read from all shards in turn; in the order in which they were written within a shard.

        A group is given each answer once: what one of its consumers was given and did not acknowledge comes first when
        that one reads again, and after ``take_over`` seconds to any of them; then what is new. With ``auto_ack`` an
        answer is acknowledged when the next one is asked for: one whose processing raised an error, or ended the
        program, is given again, so process it in a way that may be repeated.

        ``consumer``: this program's name in the group, the machine's name unless given; programs that run beside each
        other on one machine need one each.
        ``since``: where reading begins: `OLDEST`, `NEW`, behind an entry (`Answer.entry`; on other shards behind its
        time), or at a time by the server's clock; of a group only where there is none of that name yet (else:
        `Results.replay`).
        ``follow``: whether to wait for more at the end.
        ``batch``, ``block``: answers of one round trip at most, and the seconds that it waits for the first of them
        (below the ``socket_timeout`` of a client of yours).
        ``take_over``: more than a batch takes to be processed; None: nothing is taken over.

        Raises `ValueError`, which names the parameter; the iterator raises redis-py's errors.
        """
        reading = Reading(group, consumer or own_name(), since, follow, batch, block, take_over)
        return Results(Reader([(self._connection, keys) for keys in self._shards], reading), auto_ack)

    def wait(self, job_id: str, timeout: float | None = None) -> Answer:
        """Return the answer to one job when it is there, also where it was answered before, up to a day ago.

        Raises `WaitTimeout` after ``timeout`` seconds, and `AnswerGone` where the answer was trimmed away. Also works
        for an id that is not enqueued yet.
        """
        return run(wait(self._connection, self._shards, job_id, timeout, time.sleep))


def _connect(url: str, may_be_cluster: bool) -> Connection:
    def made(kind: Any) -> Any:
        return kind.from_url(url, retry=Retry(BACKOFF, TRIES), **SETTINGS)

    return Connection(made(redis.Redis), (lambda: made(redis.RedisCluster)) if may_be_cluster else None)


class Results:
    """The answers, as an iterator; it ends where there are no more, unless it follows."""

    def __init__(self, reader: Reader, auto_ack: bool) -> None:
        self._reader = reader
        self._auto_ack = auto_ack and reader.reading.group is not None

    def __iter__(self) -> Iterator[Answer]:
        for answers in self.batches():
            for answer in answers:
                yield answer
                if self._auto_ack:
                    self.ack(answer)

    def batches(self) -> Iterator[list[Answer]]:
        """Yield the answers of one round trip after the other, and leave it to the caller to acknowledge them.

        When it follows, an empty list says that nothing came for a moment.
        """
        while (answers := run(self._reader.read())) is not None:
            yield answers

    def ack(self, *answers: Answer | str) -> None:
        """Acknowledge ``answers``, or their places (`Answer.place`): the group is not given them again.

        Raises `ValueError` where there is no group, and for a place that does not say which of several shards it is on.
        """
        run(self._reader.ack(answers))

    def replay(self, since: Place = OLDEST) -> None:
        """Give the group anew what is on the streams from ``since`` on, to each of its consumers a part.

        Raises `ValueError` where there is no group: read without one from ``since`` on instead.
        """
        run(self._reader.rewind(since))
