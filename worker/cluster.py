"""Connections that find the node which has their keys, where the server is a Redis Cluster.

All keys of a shard lie in one slot, so a shard is on one node: an ordinary client, whose connections look for that
node each time they connect, does all that is needed, in pipelines, scripts, blocking reads and Celery alike. A node
that says that the slot is elsewhere is treated like one that has gone: the command is tried again on a new connection.
So a shard stands still while its slot is moved or its node is replaced, and then goes on.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.crc import key_slot
from redis.exceptions import AskError, ClusterDownError, MovedError, TryAgainError
from redis.retry import Retry

_ELSEWHERE: Final = (AskError, TryAgainError, ClusterDownError)
"""What a node says that has not the slot, or not all of it, or knows of none: the second of these is "moved", too."""
_PATIENCE: Final = 5.0
"""Seconds that a node may take to say where the slots are."""

_LOGIN: Final = {"username", "password", "credential_provider", "protocol", "client_name"}

Node = tuple[str, int]
"""Host and port."""


class SlotElsewhere(redis.ConnectionError):
    """The node does not serve the slot now: to be tried again on a connection to the one that does."""


class Nodes:
    """What this process knows of the cluster that a server belongs to."""

    def __init__(self, named: Node) -> None:
        self._known = [named]
        """All nodes, those first that are to be asked first."""
        self._ranges: list[tuple[int, int, Node]] | None = None
        """First and last slot, and the master that has them; empty: the server is no cluster; None: to be asked."""

    @property
    def known(self) -> tuple[Node, ...]:
        """All nodes that are known."""
        return tuple(self._known)

    def has(self, slot: int, probe: redis.Connection) -> Node:
        """Return the node that has ``slot``; ``probe`` is a connection that can be pointed at any of them."""
        if self._ranges is None:
            self._ask(probe)
        return next((node for first, last, node in self._ranges or () if first <= slot <= last), self._known[0])

    def _ask(self, probe: redis.Connection) -> None:
        for node in tuple(self._known):
            try:
                reply = _slots(probe, node)
            except redis.ResponseError:  # no cluster, or this user may not ask: then a node says it when it is met
                self._ranges = []
                return
            except (redis.RedisError, OSError):
                continue
            self._learn(node, reply)
            return

    def _learn(self, asked: Node, reply: list[Any]) -> None:
        """Take note of the reply to ``CLUSTER SLOTS``: of each range its first and last slot, master and replicas."""
        found = [(first, last, [_node(each, asked) for each in nodes]) for first, last, *nodes in reply]
        self._ranges = [(first, last, nodes[0]) for first, last, nodes in found]
        masters = [nodes[0] for _, _, nodes in found]
        replicas = [node for _, _, nodes in found for node in nodes[1:]]
        # The one that was named may be a name for all of them.
        self._known = [*dict.fromkeys([asked, *masters, *replicas, *self._known])]

    def doubt(self, node: Node, better: Node | None = None) -> None:
        """Ask again where the slots are, and ``node`` last; ``better`` was said to know it."""
        self._ranges = None
        others = [each for each in self._known if each not in {node, better}]
        self._known = [*([better] if better else []), *others, node]


@cache
def nodes_of(host: str, port: int) -> Nodes:
    """Return what is known of the server's cluster, the same in the whole process and its children."""
    return Nodes((host, port))


def _slots(probe: Any, node: Node) -> list[Any]:
    probe.host, probe.port = node
    try:
        probe.connect()
        probe.send_command("CLUSTER SLOTS")
        reply: list[Any] = probe.read_response()
    finally:
        probe.disconnect()
    return reply


def _node(told: list[Any], asked: Node) -> Node:
    """Return a node of a reply; where it has no host it is the one that was asked."""
    host = told[0].decode() if isinstance(told[0], bytes) else told[0]
    return (asked[0] if host in {None, "", "?"} else host, int(told[1]))


class _AtSlot:
    """Mixed into a connection's class: it connects to the node that has its slot."""

    def __init__(self, *args: Any, slot: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self._slot = slot
        self._nodes = nodes_of(self.host, self.port)
        self._options = options

    host: str
    port: int
    _plain: type[redis.Connection]

    def nodes(self) -> tuple[Node, ...]:
        """Return the nodes of the cluster, as far as they can be asked for."""
        self.node()
        return self._nodes.known

    def node(self) -> Node:
        """Return the node that has the slot, as far as it can be asked for."""
        return self._nodes.has(self._slot, self._probe())

    def _connect(self) -> Any:
        self.host, self.port = self.node()
        try:
            return super()._connect()  # type: ignore[misc]  # the connection's
        except (redis.RedisError, OSError):
            self._nodes.doubt((self.host, self.port))
            raise

    def _probe(self) -> redis.Connection:
        """Return a connection that logs in as this one does, and is not tried again."""
        patience = min(_PATIENCE, self._options.get("socket_timeout") or _PATIENCE)
        login = {name: value for name, value in self._options.items() if name in _LOGIN or name.startswith("ssl_")}
        retry = Retry(NoBackoff(), 0)
        return self._plain(**login, socket_timeout=patience, socket_connect_timeout=patience, retry=retry)

    def read_response(self, *args: Any, **options: Any) -> Any:
        """Return the reply. Raise `SlotElsewhere` where another node is to be asked."""
        try:
            return super().read_response(*args, **options)  # type: ignore[misc]  # the connection's
        except _ELSEWHERE as error:
            self._nodes.doubt((self.host, self.port), _better(error, self.host))
            self.disconnect()  # type: ignore[attr-defined]  # the connection's
            raise SlotElsewhere(f"{self.host}:{self.port} does not serve the slot: {error}") from None


def _better(error: Exception, host: str) -> Node | None:
    return (error.host or host, error.port) if isinstance(error, MovedError) else None


@cache
def at_slot(plain: type[redis.Connection]) -> type[redis.Connection]:
    """Return a class of TCP connections like ``plain`` that go to the node which has the keys of their ``slot``."""
    return type(f"{plain.__name__}AtSlot", (_AtSlot, plain), {"_plain": plain})


def pool_at(url: str, namespace: str, **options: Any) -> redis.ConnectionPool:
    """Return a pool of connections to the node of a namespace; through a unix socket there is one server only."""
    pool: redis.ConnectionPool = redis.ConnectionPool.from_url(url, **options)
    if issubclass(pool.connection_class, redis.Connection):
        pool.connection_class = at_slot(pool.connection_class)
        pool.connection_kwargs["slot"] = slot_of(namespace)
    return pool


def at_node(url: str, namespace: str) -> str:
    """Return ``url`` with the node that has the namespace's keys: for programs that ask one server only."""
    connection: Any = pool_at(url, namespace).make_connection()
    if not isinstance(connection, _AtSlot):
        return url
    host, port = connection.node()
    parts = urlsplit(url)
    login, at, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{login}{at}{f'[{host}]' if ':' in host else host}:{port}").geturl()


def nodes_at(url: str) -> tuple[Node, ...]:
    """Return the nodes of the cluster that the server belongs to: the server alone where it is none, or is away.

    Nothing where it is reached through a unix socket.
    """
    connection: Any = pool_at(url, "").make_connection()
    return connection.nodes() if isinstance(connection, _AtSlot) else ()


def slot_of(key: str) -> int:
    """Return the slot of a key, or of a namespace's keys: what stands in braces counts, where there are any."""
    return int(key_slot(key.encode()))
