"""Redis and Valkey servers that a test starts with options of its own."""

from __future__ import annotations

import base64
import http.client
import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
import redis
from support import COMMAND, until

USERS = Path(__file__).parents[1] / "docs" / "users.acl"


def installed_server(folder: Path) -> str:
    """The machine's own Redis, which has TLS as the server of the wheel has not, under a name that makes it a server.

    Debian's redis-tools has the program as redis-check-rdb. With REDIS_SERVER set to one, tests of it run or fail;
    without, they are skipped where none is found.
    """
    found = os.environ.get("REDIS_SERVER") or shutil.which("redis-server") or shutil.which("redis-check-rdb")
    if found is None:
        pytest.skip("no Redis with TLS is installed; REDIS_SERVER may name one")
    link = folder / "redis-server"
    link.symlink_to(Path(found).resolve())
    return str(link)


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    return free_ports(1)


def free_ports(count: int) -> int:
    """The first of ``count`` ports in a row that nothing listens on at this moment.

    The system gives none of them to a connection or a server that asks for any port: those are above (Linux's
    ip_local_port_range begins at 32768, IANA's range at 49152). So they are still free when a server starts.
    """
    while True:
        first = random.randrange(16_384, 32_768 - count)  # noqa: S311 - no secret
        with ExitStack() as probes, suppress(OSError):
            for port in range(first, first + count):
                probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


@contextmanager
def running_server(binary: str, folder: Path, *options: str) -> Iterator[str]:
    """Run a server over ``folder`` until the block ends; yield the path of its unix socket."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "s.sock"
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [binary, "--port", "0", "--bind", "127.0.0.1", "--unixsocket", str(path), "--dir", str(folder), *options],
            stdout=log,
            stderr=log,
        )
    try:
        until(lambda: process.poll() is not None or _answers(path), seconds=20, what="the server")
        assert process.poll() is None, (folder / "server.log").read_text()
        yield str(path)
    finally:
        process.terminate()
        process.wait()


def _answers(path: Path) -> bool:
    client = redis.Redis(unix_socket_path=str(path))
    try:
        return bool(client.ping())
    except redis.AuthenticationError:
        return True
    except redis.ConnectionError:
        return False
    finally:
        client.close()


class Cluster:
    """A running Redis Cluster: masters, each with a part of the slots, and perhaps a replica of the first."""

    def __init__(self, ports: list[int], bus_ports: list[int], masters: int) -> None:
        self.ports = ports
        self.nodes = [redis.Redis(port=port) for port in ports]
        self._join(bus_ports, masters)
        for replica in self.nodes[masters:]:
            self._follow(replica)

    @property
    def url(self) -> str:
        """One of its nodes."""
        return f"redis://127.0.0.1:{self.ports[0]}"

    def _join(self, bus_ports: list[int], masters: int) -> None:
        share = 16384 // masters + 1
        for n, node in enumerate(self.nodes):
            if n < masters:
                node.execute_command("CLUSTER ADDSLOTSRANGE", n * share, min((n + 1) * share, 16384) - 1)
            self.nodes[0].execute_command("CLUSTER MEET", "127.0.0.1", self.ports[n], bus_ports[n])
        until(self._is_whole, seconds=30, what="the cluster")

    def _follow(self, replica: redis.Redis) -> None:
        replica.execute_command("CLUSTER REPLICATE", self.nodes[0].execute_command("CLUSTER MYID"))
        until(lambda: replica.info("replication")["master_link_status"] == "up", seconds=30, what="the replica")
        until(lambda: len(self.nodes[1].execute_command("CLUSTER SLOTS")[0]) > 3, seconds=30, what="news of it")

    def _is_whole(self) -> bool:
        infos = [node.execute_command("CLUSTER INFO") for node in self.nodes]
        return all(
            info["cluster_state"] == "ok" and int(info["cluster_known_nodes"]) == len(self.nodes) for info in infos
        )

    def owner(self, slot: int) -> int:
        """The number of the node that has ``slot``, as the node itself says."""
        own = [self._has(node, slot) for node in self.nodes]
        assert own.count(True) == 1
        return own.index(True)

    def _has(self, node: redis.Redis, slot: int) -> bool:
        own = node.execute_command("CLUSTER MYID")
        found = node.execute_command("CLUSTER SLOTS")
        return any(first <= slot <= last and nodes[2] == own for first, last, nodes, *_ in found)

    def move(self, slot: int, to: int, pause: float = 0) -> None:
        """Move ``slot`` with its keys to another node, as operators do, with ``pause`` seconds amid it."""
        source, target = self.nodes[self.owner(slot)], self.nodes[to]
        source_id, target_id = (node.execute_command("CLUSTER MYID").decode() for node in (source, target))
        target.execute_command("CLUSTER SETSLOT", slot, "IMPORTING", source_id)
        source.execute_command("CLUSTER SETSLOT", slot, "MIGRATING", target_id)
        time.sleep(pause)
        while keys := source.execute_command("CLUSTER GETKEYSINSLOT", slot, 100):
            source.execute_command("MIGRATE", "127.0.0.1", self.ports[to], "", 0, 10_000, "KEYS", *keys)
        for node in (target, source, *self.nodes):
            node.execute_command("CLUSTER SETSLOT", slot, "NODE", target_id)


@contextmanager
def running_cluster(binary: str, folder: Path, masters: int = 3, replicas: int = 0) -> Iterator[Cluster]:
    """Run a cluster on loopback until the block ends; replicas are of its first master."""
    with ExitStack() as running:
        ports, bus_ports = [], []
        for n in range(masters + replicas):
            ports.append(free_port())
            bus_ports.append(free_port())
            listening = ("--port", str(ports[n]), "--cluster-port", str(bus_ports[n]))
            options = ("--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--appendonly", "yes")
            running.enter_context(running_server(binary, folder / str(n), *listening, *options))
        yield Cluster(ports, bus_ports, masters)


def users(lines: str, *more: str) -> str:
    """The users of ``lines`` with passwords, each "pw-" and its name, and an administrator for the test itself."""
    found = [
        line.replace(f">{name.upper()}_PASSWORD", f">pw-{name}")
        for line in lines.splitlines()
        for name in [line.split()[1]]
    ]
    return "\n".join([*found, "user admin on >pw-admin allkeys allchannels allcommands", *more]) + "\n"


class Flower:
    """A running Flower, asked with the password that it was given."""

    def __init__(self, port: int, credentials: str) -> None:
        self.port = port
        self._credentials = credentials

    def __call__(self, path: str, credentials: str | None = None) -> str:
        """What is at ``path``, or "" where it does not answer, or not to these ``credentials``."""
        given = base64.b64encode((self._credentials if credentials is None else credentials).encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={"Authorization": f"Basic {given}"} if given else {})
            reply = connection.getresponse()
            return reply.read().decode() if reply.status == 200 else ""
        except OSError:
            return ""
        finally:
            connection.close()


@contextmanager
def flower(environment: dict[str, str], log: Path, credentials: str = "desk:secret") -> Iterator[Flower]:
    """Run Flower until the block ends; with ``credentials`` "" without a password."""
    port = free_port()
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [*COMMAND, "flower", f"--port={port}"],
            env={**environment, **({"FLOWER_BASIC_AUTH": credentials} if credentials else {})},
            stdout=lines,
            stderr=lines,
        )
    try:
        yield Flower(port, credentials)
    finally:
        process.terminate()
        process.wait(timeout=30)


def listening(port: int) -> set[str]:
    """The addresses, as /proc has them, that something listens on at ``port``."""
    rows = [
        line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port}
