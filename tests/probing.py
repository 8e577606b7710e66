"""Workers that jobs bring faults into, and what Sentry's server is told of them."""

from __future__ import annotations

import gzip
import json
import ssl
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli

STARTER = [sys.executable, "-P", str(Path(__file__).parent / "system" / "starter.py")]
"""In place of ``pagefacts``: see there."""


class Posted(bytes):
    """What was posted."""

    connection: int
    """The port that it came from."""


class _Capture(BaseHTTPRequestHandler):
    """Takes what is posted, as Sentry's server and a collector of traces do."""

    protocol_version = "HTTP/1.1"  # connections are kept
    bodies: list[Posted]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers["Content-Encoding"], bytes)
        posted = Posted(unpack(body))
        posted.connection = self.client_address[1]
        self.bodies.append(posted)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def captured(context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[Posted]]]:
    """Listen on 127.0.0.1 until the block ends; yield the port, and the bodies as they are posted.

    ``context``: for TLS.
    """
    handler = type("Handler", (_Capture,), {"bodies": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, handler.bodies
        server.shutdown()


@contextmanager
def sentry_server() -> Iterator[tuple[str, list[Posted]]]:
    """Listen as Sentry's server does until the block ends; yield the DSN, and the envelopes as they come."""
    with captured() as (port, envelopes):
        yield f"http://key@127.0.0.1:{port}/1", envelopes


def error_events(envelopes: Iterable[bytes]) -> list[dict[str, Any]]:
    """The errors in these envelopes."""
    return [item for item in _items(envelopes) if "exception" in item]


def transactions(envelopes: Iterable[bytes]) -> list[dict[str, Any]]:
    """The transactions in these envelopes."""
    return [item for item in _items(envelopes) if item.get("type") == "transaction" and "spans" in item]


def _items(envelopes: Iterable[bytes]) -> list[dict[str, Any]]:
    lines = [line for envelope in list(envelopes) for line in envelope.splitlines() if line.startswith(b"{")]
    return [json.loads(line) for line in lines]
