"""The client for programs on asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from types import TracebackType
from typing import Any, Self

import redis.asyncio
from redis.asyncio.retry import Retry

from pagefacts.client.answer import Answer
from pagefacts.client.connection import BACKOFF, SETTINGS, TRIES, Connection
from pagefacts.client.consuming import OLDEST, Place, Reader, Reading, own_name, wait
from pagefacts.client.keys import WireKeys, shard_namespaces
from pagefacts.client.producing import DEFAULT, AnyJob, Batch, Limits, Sender
from pagefacts.client.steps import run_async


class AsyncClient:
    """What `pagefacts.client.Client` is, with methods to be awaited. Tasks of one event loop may share one."""

    def __init__(
        self,
        server: str | redis.asyncio.Redis | redis.asyncio.RedisCluster,
        *,
        namespace: str = "pagefacts",
        shards: int = 1,
        limits: Limits = DEFAULT,
    ) -> None:
        """As of `Client`; a client of redis-py is one of `redis.asyncio`."""
        self._is_own = isinstance(server, str)
        self._connection = _connect(server, shards > 1) if isinstance(server, str) else Connection(server)
        self._shards = [WireKeys(each) for each in shard_namespaces(namespace, shards)]
        self._sender = Sender(self._connection, self._shards, limits, asyncio.sleep)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections that the client has made itself."""
        if self._is_own:
            for client in self._connection.made:
                await client.aclose()

    async def enqueue(self, job: AnyJob, *, check: bool = True, wait_for_room: float = 0) -> str:
        """Enqueue one page, as `Client.enqueue` does."""
        return (await self.enqueue_many([job], check=check, wait_for_room=wait_for_room))[0]

    async def enqueue_many(
        self, jobs: Iterable[AnyJob] | AsyncIterable[AnyJob], *, check: bool = True, wait_for_room: float = 0
    ) -> list[str]:
        """Enqueue pages, as `Client.enqueue_many` does; ``jobs`` may also be an asynchronous iterable."""
        ids: list[str] = []
        batch = Batch(check)
        try:
            async for job in jobs if isinstance(jobs, AsyncIterable) else _each(jobs):
                if batch.add(job):
                    ids += await run_async(self._sender.send(batch.take(), wait_for_room))
        finally:  # as of `Client`
            ids += await run_async(self._sender.send(batch.take(), wait_for_room))
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
    ) -> AsyncResults:
        """Read the answers, as `Client.results` does, with ``async for``."""
        reading = Reading(group, consumer or own_name(), since, follow, batch, block, take_over)
        return AsyncResults(Reader([(self._connection, keys) for keys in self._shards], reading), auto_ack)

    async def wait(self, job_id: str, timeout: float | None = None) -> Answer:
        """Return the answer to one job when it is there, as `Client.wait` does."""
        return await run_async(wait(self._connection, self._shards, job_id, timeout, asyncio.sleep))


def _connect(url: str, may_be_cluster: bool) -> Connection:
    def made(kind: Any) -> Any:
        return kind.from_url(url, retry=Retry(BACKOFF, TRIES), **SETTINGS)

    cluster = redis.asyncio.RedisCluster
    return Connection(made(redis.asyncio.Redis), (lambda: made(cluster)) if may_be_cluster else None)


async def _each(jobs: Iterable[AnyJob]) -> AsyncIterator[AnyJob]:
    for job in jobs:
        yield job


class AsyncResults:
    """The answers, as an asynchronous iterator; what `pagefacts.client.Results` is."""

    def __init__(self, reader: Reader, auto_ack: bool) -> None:
        self._reader = reader
        self._auto_ack = auto_ack and reader.reading.group is not None

    async def __aiter__(self) -> AsyncIterator[Answer]:
        async for answers in self.batches():
            for answer in answers:
                yield answer
                if self._auto_ack:
                    await self.ack(answer)

    async def batches(self) -> AsyncIterator[list[Answer]]:
        """Yield the answers of one round trip after the other, as `Results.batches` does."""
        while (answers := await run_async(self._reader.read())) is not None:
            yield answers

    async def ack(self, *answers: Answer | str) -> None:
        """Acknowledge ``answers``, or their places: the group is not given them again."""
        await run_async(self._reader.ack(answers))

    async def replay(self, since: Place = OLDEST) -> None:
        """Give the group anew what is on the streams from ``since`` on."""
        await run_async(self._reader.rewind(since))
