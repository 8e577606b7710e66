"""Workers that jobs bring faults into, and what Sentry's server is told of them."""

from __future__ import annotations

import gzip
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import brotli

STARTER = [sys.executable, "-P", str(Path(__file__).parent / "system" / "starter.py")]
"""In place of ``pagefacts``: see there."""


class _Capture(BaseHTTPRequestHandler):
    """Takes what is posted, as Sentry's server and a collector of traces do."""

    bodies: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers["Content-Encoding"], bytes)
        self.bodies.append(unpack(body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def captured() -> Iterator[tuple[str, list[bytes]]]:
    """Listen until the block ends; yield host and port, and the bodies as they are posted."""
    handler = type("Handler", (_Capture,), {"bodies": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}", handler.bodies
        server.shutdown()


@contextmanager
def sentry_server() -> Iterator[tuple[str, list[bytes]]]:
    """Listen as Sentry's server does until the block ends; yield the DSN, and the envelopes as they come."""
    with captured() as (place, envelopes):
        yield f"http://key@{place}/1", envelopes


def error_events(envelopes: list[bytes]) -> list[dict[str, Any]]:
    """The errors in these envelopes."""
    return [item for item in _items(envelopes) if "exception" in item]


def transactions(envelopes: list[bytes]) -> list[dict[str, Any]]:
    """The transactions in these envelopes."""
    return [item for item in _items(envelopes) if item.get("type") == "transaction" and "spans" in item]


def _items(envelopes: list[bytes]) -> list[dict[str, Any]]:
    lines = [line for envelope in list(envelopes) for line in envelope.splitlines() if line.startswith(b"{")]
    return [json.loads(line) for line in lines]
