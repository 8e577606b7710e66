"""Huey as it comes, on Redis, but that it keeps no results: a single task."""

from __future__ import annotations

from ending import URL, answer, put
from huey import RedisHuey

huey = RedisHuey("empty", url=URL, results=False)


@huey.task()
def single(payload: str) -> None:
    """Answer."""
    answer(payload)


def main() -> None:
    """Put jobs in: as a module, not as a script, whose tasks would have other names."""
    put(single)
