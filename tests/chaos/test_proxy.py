"""The proxy must do to connections what it says."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest
from chaos.proxy import Proxy
from support import until


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while data := self.request.recv(4096):
            self.request.sendall(data)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A connection that is reset is what the tests are about."""


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Server(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with Proxy(server.server_address[1]) as proxy:
            yield proxy
        server.shutdown()


@pytest.fixture
def connection(proxy: Proxy) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=30) as connection:
        assert answer(connection, b"hello") == b"hello"
        yield connection


def answer(connection: socket.socket, data: bytes) -> bytes:
    """What comes back; nothing where the connection has ended."""
    try:
        connection.sendall(data)
        return connection.recv(4096)
    except ConnectionError:
        return b""


def test_a_reset_ends_a_connection(proxy: Proxy, connection: socket.socket) -> None:
    proxy.reset()
    assert answer(connection, b"more") == b""


def test_a_cut_lets_a_part_of_a_message_pass(proxy: Proxy, connection: socket.socket) -> None:
    proxy.cut(3)
    assert answer(connection, b"message") in {b"", b"mes"}
    assert answer(connection, b"more") == b""


@pytest.mark.parametrize("replies", [True, False])
def test_a_half_closed_connection_brings_no_reply(proxy: Proxy, connection: socket.socket, replies: bool) -> None:
    proxy.half_close(replies=replies)
    assert answer(connection, b"more") == b""


def test_a_stalled_connection_goes_on_where_it_was(proxy: Proxy, connection: socket.socket) -> None:
    proxy.stall(True)
    connection.sendall(b"late")
    connection.settimeout(0.3)
    with pytest.raises(TimeoutError):
        connection.recv(4096)
    connection.settimeout(30)
    proxy.stall(False)
    assert connection.recv(4096) == b"late"


def test_a_slow_connection_is_slow_until_it_is_not(proxy: Proxy, connection: socket.socket) -> None:
    proxy.delay(0.2)
    began = time.monotonic()
    assert answer(connection, b"slow") == b"slow"
    assert time.monotonic() - began >= 0.4  # once each way
    proxy.delay(0)
    assert answer(connection, b"fast") == b"fast"


def test_connections_are_refused_and_then_taken_again(proxy: Proxy, connection: socket.socket) -> None:
    proxy.refuse(True)
    assert answer(connection, b"more") == b""
    with pytest.raises(ConnectionError):
        socket.create_connection(("127.0.0.1", proxy.port), timeout=30).close()
    proxy.refuse(False)

    def connected() -> bool:
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=30) as again:
            return answer(again, b"again") == b"again"

    until(connected, 30)
