"""Dramatiq as it comes, on Redis: a single actor."""

from __future__ import annotations

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from ending import URL, answer, put

dramatiq.set_broker(RedisBroker(url=URL))


@dramatiq.actor
def single(payload: str) -> None:
    """Answer."""
    answer(payload)


def main() -> None:
    """Put jobs in: as a module, not as a script, whose tasks would have other names."""
    put(single.send)
