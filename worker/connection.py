"""Connections to the server, and what it must be able to do."""

from __future__ import annotations

from typing import Final

import redis
from redis.retry import Retry

from config.settings import Settings, SettingsError
from pagefacts.client.connection import BACKOFF, TRIES
from pagefacts.client.keys import shard_namespaces
from worker.cluster import pool_at
from worker.errors import OperatorError
from worker.keys import Keys
from worker.ledger import Ledger, Limits

MINIMUM: Final = (6, 2)
"""XAUTOCLAIM came with 6.2."""


class ServerUnsuitable(OperatorError):
    """The server cannot keep the ledger."""


def connect(url: str, retries: int = TRIES, timeout: float = 30, namespace: str = "pagefacts") -> redis.Redis:
    """Return a client of the server at ``url``; it connects when first used, and again in each forked child.

    Where that is a node of a cluster, it connects to the one that has the keys of the ``namespace``.

    Commands are tried again while the server is away, ``retries`` times: by default for some fifteen seconds. A server
    that keeps silent is waited for ``timeout`` seconds each time. All scripts of the ledger may be repeated: a second
    answer finds the job answered, a second enqueue is a duplicate.
    """
    pool = pool_at(
        url,
        namespace,
        retry=Retry(BACKOFF, retries),
        socket_connect_timeout=min(timeout, 5),
        socket_timeout=timeout,
        health_check_interval=30,
        client_name="pagefacts",
    )
    return redis.Redis.from_pool(pool)


def check_server(client: redis.Redis) -> str:
    """Return the server's name and version. Raise `ServerUnsuitable` where it is too old to keep the ledger."""
    info = client.info("server")
    name, version = ("Valkey", info["valkey_version"]) if "valkey_version" in info else ("Redis", info["redis_version"])
    if tuple(int(part) for part in version.split(".")[:2]) < MINIMUM:
        raise ServerUnsuitable(
            f"{name} {version} is too old: pagefacts needs Redis or Valkey 6.2 or newer (XAUTOCLAIM)"
        )
    return f"{name} {version}"


def open_ledgers(chosen: Settings, retries: int = TRIES, timeout: float = 30) -> list[Ledger]:
    """Return the ledger of each shard, in their order, as `open_ledger` does."""
    return [open_ledger(chosen, retries, timeout, shard) for shard in range(chosen.shards)]


def open_ledger(chosen: Settings, retries: int = TRIES, timeout: float = 30, shard: int = 0) -> Ledger:
    """Return the ledger of a shard with connections of its own, as `connect` makes them.

    Raises `config.settings.SettingsError` where no server is named.
    """
    if chosen.redis_url is None:
        raise SettingsError("REDIS_URL is not set")
    limits = Limits(chosen.jobs_max, chosen.results_max, chosen.dead_max, chosen.memory_max, chosen.claim_max_mb)
    namespace = shard_namespaces(chosen.namespace, chosen.shards)[shard]
    client = connect(chosen.redis_url, retries, timeout, namespace)
    return Ledger(client, Keys(namespace), chosen.done_ttl, limits)
