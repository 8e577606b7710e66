"""No framework: a loop that reads a stream, answers, and acknowledges."""

from __future__ import annotations

import sys

import redis
from ending import URL, answer, put

JOBS, GROUP = "jobs", "workers"


def work(client: redis.Redis) -> None:
    """Take jobs one at a time, for ever."""
    while True:
        reply = client.xreadgroup(GROUP, "one", {JOBS: ">"}, count=1, block=500)
        for entry, fields in reply[0][1] if reply else ():
            answer(fields[b"job"].decode())
            client.xack(JOBS, GROUP, entry)
            client.xdel(JOBS, entry)


if __name__ == "__main__":
    given = redis.Redis.from_url(URL, protocol=2)
    if len(sys.argv) > 1:
        put(lambda payload: given.xadd(JOBS, {"job": payload}))
    else:
        given.xgroup_create(JOBS, GROUP, id="0", mkstream=True)
        work(given)
