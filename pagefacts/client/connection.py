"""How the client connects to a server that it is given the URL of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import redis
from redis.backoff import ExponentialBackoff

from pagefacts.client.steps import Steps

SETTINGS: Final[dict[str, Any]] = {
    "socket_connect_timeout": 5,
    "socket_timeout": 30,
    "health_check_interval": 30,
    "client_name": "pagefacts-client",
}
"""Settings of redis-py's; the URL may state others."""
BACKOFF: Final = ExponentialBackoff(cap=2, base=0.1)
TRIES: Final = 10
"""How often a command is tried again while the server is away, in some fifteen seconds. All of them may be repeated."""


class Connection:
    """A client of redis-py; where the server is a cluster, which it is asked once, one that finds each shard's node."""

    def __init__(self, plain: Any, cluster: Callable[[], Any] | None = None) -> None:
        """``plain`` is for one server. ``cluster`` makes one for a cluster; None: there is nothing to be found out."""
        self.made = [plain]
        """All clients, to be closed."""
        self._plain = plain
        self._cluster = cluster
        self._chosen = plain if cluster is None else None

    def client(self) -> Steps[Any]:
        """Return the client to use."""
        if self._chosen is None and self._cluster is not None:
            try:
                yield self._plain.execute_command("CLUSTER SLOTS")
            except redis.ResponseError:  # no cluster
                self._chosen = self._plain
            else:
                self._chosen = self._cluster()
                self.made.append(self._chosen)
        return self._chosen
