"""Commands in order, written once for clients that block and clients that are awaited.

A step yields what a method of a redis-py client returns, and is sent the reply. On `redis.Redis` that is the reply
itself, on `redis.asyncio.Redis` something to be awaited.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")
Steps = Generator[Any, Any, T]


def run(steps: Steps[T]) -> T:
    """Take ``steps`` on a client that blocks; return what they return."""
    reply = None
    while True:
        try:
            reply = steps.send(reply)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # typed by Steps; StopIteration.value is Any


async def run_async(steps: Steps[T]) -> T:
    """Take ``steps`` on a client that is awaited; what awaiting raises is raised within them."""
    resume, value = steps.send, None
    while True:
        try:
            waited = resume(value)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # as above
        try:
            resume, value = steps.send, await waited
        except Exception as error:
            resume, value = steps.throw, error


def text(reply: bytes | str) -> str:
    """Return a reply as text, whether or not the client decodes replies."""
    return reply.decode() if isinstance(reply, bytes) else reply
