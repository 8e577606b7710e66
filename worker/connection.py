"""Connections to the server, and what it must be able to do."""

from __future__ import annotations

from typing import Final

import redis
from redis.retry import Retry

from config.settings import Settings, SettingsError
from pagefacts.client.connection import BACKOFF, TRIES
from worker.errors import OperatorError
from worker.keys import Keys
from worker.ledger import Ledger, Limits

MINIMUM: Final = (6, 2)
"""XAUTOCLAIM came with 6.2."""


class ServerUnsuitable(OperatorError):
    """The server cannot keep the ledger."""


def connect(url: str, retries: int = TRIES, timeout: float = 30) -> redis.Redis:
    """Return a client of the server at ``url``; it connects when first used, and again in each forked child.

    Commands are tried again while the server is away, ``retries`` times: by default for some fifteen seconds. A server
    that keeps silent is waited for ``timeout`` seconds each time. All scripts of the ledger may be repeated: a second
    answer finds the job answered, a second enqueue is a duplicate.
    """
    client: redis.Redis = redis.Redis.from_url(
        url,
        retry=Retry(BACKOFF, retries),
        socket_connect_timeout=min(timeout, 5),
        socket_timeout=timeout,
        health_check_interval=30,
        client_name="pagefacts",
    )
    return client


def check_server(client: redis.Redis) -> str:
    """Return the server's name and version. Raise `ServerUnsuitable` where it is too old to keep the ledger."""
    info = client.info("server")
    name, version = ("Valkey", info["valkey_version"]) if "valkey_version" in info else ("Redis", info["redis_version"])
    if tuple(int(part) for part in version.split(".")[:2]) < MINIMUM:
        raise ServerUnsuitable(
            f"{name} {version} is too old: pagefacts needs Redis or Valkey 6.2 or newer (XAUTOCLAIM)"
        )
    return f"{name} {version}"


def open_ledger(chosen: Settings, retries: int = TRIES, timeout: float = 30) -> Ledger:
    """Return a ledger with connections of its own, as `connect` makes them.

    Raises `config.settings.SettingsError` where no server is named.
    """
    if chosen.redis_url is None:
        raise SettingsError("REDIS_URL is not set")
    limits = Limits(chosen.jobs_max, chosen.results_max, chosen.dead_max, chosen.memory_max, chosen.claim_max_mb)
    return Ledger(connect(chosen.redis_url, retries, timeout), Keys(chosen.namespace), chosen.done_ttl, limits)
