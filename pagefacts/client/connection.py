"""How the client connects to a server that it is given the URL of."""

from __future__ import annotations

from typing import Any, Final

from redis.backoff import ExponentialBackoff

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
