"""Taskiq as it comes, on a stream of Redis, which it acknowledges: a single task."""

from __future__ import annotations

import asyncio
import sys

import redis.asyncio
from ending import STREAM, URL
from taskiq_redis import RedisStreamBroker

broker = RedisStreamBroker(url=URL)
_client = redis.asyncio.Redis.from_url(URL)


@broker.task
async def single(payload: str) -> None:
    """Answer."""
    await _client.xadd(STREAM, {"event": payload})


async def _put() -> None:
    await broker.startup()
    for number in range(int(sys.argv[1])):
        await single.kiq(f"{number:0200}")
    await broker.shutdown()


def main() -> None:
    """Put jobs in: as a module, not as a script, whose tasks would have other names."""
    asyncio.run(_put())
