"""A web site on this machine, with pages that behave and pages that do not."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

ARTICLE = (
    "<html><head><title>Market hit in Aleppo</title></head><body><article><h1>Market hit in Aleppo</h1>"
    + "<p>At least 12 people were killed and 30 wounded in Aleppo on Monday, police said, when a market was hit.</p>"
    * 4
    + "</article></body></html>"
).encode()


@dataclass
class Site:
    """What the site answers, and what it was asked."""

    pages: dict[str, Callable[[Any], None]] = field(default_factory=dict)
    """What is done for a path; whatever is not here is a 404."""
    asked: list[str] = field(default_factory=list)
    """Paths, in the order in which they were asked for."""
    headers: list[dict[str, str]] = field(default_factory=list)
    """The headers of these requests."""
    url: str = ""

    @property
    def port(self) -> str:
        """The port that it listens on."""
        return self.url.rpartition(":")[2]

    def count(self, path: str) -> int:
        """Return how often ``path`` was asked for."""
        return sum(each.partition("?")[0] == path for each in self.asked)


def reply(body: bytes = b"", status: int = 200, **headers: str) -> Callable[[Any], None]:
    """Return what answers with ``body``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Type": "text/html", "Content-Length": str(len(body)), **named}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return act


def in_turn(*acts: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return what does one thing after the other, and the last one for ever."""
    waiting = list(acts)

    def act(handler: BaseHTTPRequestHandler) -> None:
        (waiting.pop(0) if len(waiting) > 1 else waiting[0])(handler)

    return act


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site: Site = self.server.site  # type: ignore[attr-defined]
        site.asked.append(self.path)
        site.headers.append(dict(self.headers))
        self.close_connection = True
        with suppress(ConnectionError, TimeoutError):  # the other side has had enough
            site.pages.get(self.path.partition("?")[0], reply(b"not here", 404))(self)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: that a client hangs up is what these tests are about."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve a site; ``tls`` is the context of one behind https."""
    server = _Server(("127.0.0.1", 0), _Handler)
    site = Site()
    server.site = site  # type: ignore[attr-defined]
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    site.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def serving_raw(act: Callable[[socket.socket], None]) -> Iterator[str]:
    """Do ``act`` with each connection; yield the port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # the other side has had enough
                act(self.request)

    with _Threads(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield str(server.server_address[1])
        finally:
            server.shutdown()


@contextmanager
def serving_http2(tls: ssl.SSLContext, answer: Callable[[H2Connection, int, socket.socket], None]) -> Iterator[str]:
    """Serve over HTTP/2 alone what ``answer`` sends to each request; yield the URL."""
    tls.set_alpn_protocols(["h2"])

    def act(plain: socket.socket) -> None:
        with tls.wrap_socket(plain, server_side=True) as connection:
            _speak(connection, answer)

    with serving_raw(act) as port:
        yield f"https://localhost:{port}"


class _Threads(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


def _speak(connection: ssl.SSLSocket, answer: Callable[[H2Connection, int, socket.socket], None]) -> None:
    h2 = H2Connection(H2Configuration(client_side=False))
    h2.initiate_connection()
    connection.sendall(h2.data_to_send())
    while data := connection.recv(65_536):
        for event in h2.receive_data(data):
            if isinstance(event, RequestReceived):
                answer(h2, event.stream_id, connection)
        connection.sendall(h2.data_to_send())
