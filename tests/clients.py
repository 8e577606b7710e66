"""One way of asking for both clients, so that a test holds for both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import redis
import redis.asyncio

from pagefacts.client import Answer, AsyncClient, Client


class Blocking(Client):
    """A `Client` that also closes the connections of the program that uses it."""

    def __init__(self, given: str | redis.Redis, **options: Any) -> None:
        super().__init__(given, **options)
        self._given = given

    def close(self) -> None:
        super().close()
        if not isinstance(self._given, str):
            self._given.close()


class Awaited:
    """An `AsyncClient` as one that blocks, so that a test holds for both; closes as `Blocking` does."""

    def __init__(self, given: str | redis.asyncio.Redis, **options: Any) -> None:
        self._given = given
        self._client = AsyncClient(given, **options)
        self._loop = asyncio.Runner()

    def enqueue(self, job: Any, **options: Any) -> str:
        return self._loop.run(self._client.enqueue(job, **options))

    def enqueue_many(self, jobs: Iterable[Any], **options: Any) -> list[str]:
        return self._loop.run(self._client.enqueue_many(jobs, **options))

    def results(self, *group: str, **options: Any) -> AwaitedResults:
        return AwaitedResults(self._client.results(*group, **options), self._loop)

    def wait(self, job_id: str, timeout: float | None = None) -> Answer:
        return self._loop.run(self._client.wait(job_id, timeout))

    def close(self) -> None:
        self._loop.run(self._client.close())
        if not isinstance(self._given, str):
            self._loop.run(self._given.aclose())
        self._loop.close()


class AwaitedResults:
    """`AsyncResults` as an iterator."""

    def __init__(self, results: Any, loop: asyncio.Runner) -> None:
        self._results = results
        self._loop = loop

    def __iter__(self) -> Iterator[Answer]:
        return self._each(aiter(self._results))

    def batches(self) -> Iterator[list[Answer]]:
        return self._each(self._results.batches())

    def _each(self, iterator: AsyncIterator[Any]) -> Iterator[Any]:
        async def following() -> Any:
            return await anext(iterator, None)

        while (found := self._loop.run(following())) is not None:
            yield found

    def ack(self, *answers: Answer | str) -> None:
        self._loop.run(self._results.ack(*answers))

    def replay(self, *since: Any) -> None:
        self._loop.run(self._results.replay(*since))


AnyClient = Blocking | Awaited
KINDS: dict[str, tuple[type[AnyClient], Any]] = {"blocking": (Blocking, redis), "asyncio": (Awaited, redis.asyncio)}
"""The client, and the module of what it may be given."""
