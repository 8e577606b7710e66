"""The end of a job, the same for all: its answer on a stream."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import redis

URL = os.environ["REDIS_URL"]
STREAM = "out"

_client = redis.Redis.from_url(URL)


def answer(payload: str) -> None:
    """Publish the answer."""
    _client.xadd(STREAM, {"event": payload})


def put(send: Callable[[str], object]) -> None:
    """Send as many jobs as the command line says, each with a payload of some 200 characters."""
    for number in range(int(sys.argv[1])):
        send(f"{number:0200}")
