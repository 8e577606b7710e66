"""Connections that are made only to addresses that were checked, and that keep a deadline and a limit of bytes."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from typing import Any, Final

import h2.exceptions
import httpcore
import httpx

from pagefacts.errors import (
    DnsUnavailable,
    FetchBadResponse,
    FetchConnect,
    FetchDns,
    FetchError,
    FetchRefused,
    FetchTimeout,
    FetchTls,
    FetchTooLarge,
)
from worker.fetching.addresses import Address
from worker.fetching.limits import MEBIBYTE, Limits

_ADDRESSES_TRIED: Final = 4
_CONNECT_SECONDS: Final = 4.0
"""Seconds for one address of a host; the next one is tried after them."""
_OVERHEAD: Final = MEBIBYTE
"""Bytes of an answer beside its body: headers, and what HTTP/2 says in between."""
_BROKEN_OFF: Final = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
"""Handshakes that the other side did not end; another try may."""
_CLOSED: Final = ("disconnected", "closed connection", "connectionterminated")
"""What httpcore and h2 say, in small letters, of a connection that was closed in the middle."""
_TEMPORARY: Final = frozenset({socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_MEMORY, socket.EAI_SYSTEM})


class Deadline:
    """Seconds within which a page must have arrived."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def left(self) -> float:
        """Return the seconds that are left. Raise `FetchTimeout` where there are none."""
        if (left := self._end - self._clock()) <= 0:
            raise self.missed("")
        return left

    def missed(self, host: str) -> FetchTimeout:
        """Return the error that says so."""
        return FetchTimeout(f"{host}{': ' if host else ''}the limit is {self._seconds:g} seconds.")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the time that the block takes out of account."""
        started = self._clock()
        yield
        self._end += self._clock() - started


@cache
def _trusted() -> ssl.SSLContext:
    """Return what certificates are checked with: Mozilla's list, or that which SSL_CERT_FILE or SSL_CERT_DIR names."""
    return httpx.create_ssl_context()


@dataclass(frozen=True, slots=True)
class Wire:
    """What the system gives to make connections with."""

    resolve: Callable[..., list[Any]] = socket.getaddrinfo
    """Looks a name up."""
    plain: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)
    """Makes a connection, good or bad."""
    trusted: ssl.SSLContext = field(default_factory=_trusted)
    """Checks certificates."""


class Guard(httpcore.NetworkBackend):
    """Makes the connections of one page: each to an address that was checked a moment before, under one deadline.

    A name is looked up here and nowhere else, so that no second answer of its DNS can lead to another address. The
    name itself stays what a certificate is checked against.
    """

    def __init__(self, limits: Limits, wire: Wire, deadline: Deadline) -> None:
        self.wire = wire
        self._limits = limits
        self._deadline = deadline
        self.is_new = False
        """Whether a connection was made for the answer that is expected."""
        self._most = limits.size + _OVERHEAD
        self._read = 0

    def expect_answer(self) -> None:
        """Begin to count the bytes of an answer."""
        self.is_new, self._read = False, 0

    def took(self, data: bytes) -> bytes:
        """Count ``data``. Raise `FetchTooLarge` where the answer has more bytes than the limit."""
        self._read += len(data)
        if self._read > self._most:
            raise FetchTooLarge(f"The limit of all that is sent is {self._most:,} bytes.")
        return data

    def left(self) -> float:
        """Return the seconds until the deadline."""
        return self._deadline.left()

    @contextmanager
    def told_by_type(self, host: str) -> Iterator[None]:
        """Raise what goes wrong in the block as a `FetchError`."""
        try:
            yield
        except httpcore.TimeoutException as error:
            raise self._deadline.missed(host) from error
        except httpcore.NetworkError as error:
            raise FetchConnect(f"({host}: {_reason(error)})") from error
        except (httpcore.ProtocolError, h2.exceptions.H2Error) as error:
            raise _protocol_error(host, error) from error

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a checked address of ``host``."""
        if port not in self._limits.ports:
            raise FetchRefused(f"{host}: port {port} is not among those allowed.", field="url")
        missed: Exception | None = None
        for address in self._limits.policy.check(host, self._look_up(host, port))[:_ADDRESSES_TRIED]:
            seconds = min(self.left(), _CONNECT_SECONDS)
            try:
                stream = self.wire.plain.connect_tcp(str(address), port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                missed = error
            else:
                self.is_new = True
                return _GuardedStream(stream, self)
        self.left()
        raise FetchConnect(f"({host}: {_reason(missed)})") from missed

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        """Refuse."""
        raise FetchRefused("Sockets of this machine are not read.", field="url")

    def _look_up(self, host: str, port: int) -> tuple[Address, ...]:
        """Return the addresses of ``host``. The resolver knows no time limit, so it runs in a thread of its own."""
        outcome: list[Any] = []

        def resolve() -> None:
            try:
                outcome.append(self.wire.resolve(host, port, type=socket.SOCK_STREAM))
            except Exception as error:  # raised below
                outcome.append(error)

        thread = threading.Thread(target=resolve, name="resolver", daemon=True)
        thread.start()
        thread.join(self.left())
        if not outcome:
            raise self._deadline.missed(host)
        if isinstance(outcome[0], Exception):
            raise _dns_error(host, outcome[0]) from outcome[0]
        found = tuple(dict.fromkeys(ip_address(info[4][0]) for info in outcome[0]))
        if not found:
            raise FetchDns(f"({host})")
        return found


class _GuardedStream(httpcore.NetworkStream):
    """A connection whose every read counts and keeps the deadline: of a byte a second nobody lives long."""

    def __init__(self, stream: httpcore.NetworkStream, guard: Guard) -> None:
        self._stream = stream
        self._guard = guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._guard.took(self._stream.read(max_bytes, self._guard.left()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._guard.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._guard.left())
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLError) and not isinstance(error.__cause__, _BROKEN_OFF):
                raise FetchTls(f"({server_hostname}: {_tls_reason(error.__cause__)})") from error
            raise
        return _GuardedStream(stream, self._guard)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Transport(httpx.BaseTransport):
    """HTTP/1.1 and HTTP/2 over the connections of a guard; what goes wrong is raised as a `FetchError`."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._pool = httpcore.ConnectionPool(ssl_context=guard.wire.trusted, http2=True, network_backend=guard)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` and return the answer, its body unread."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        with self._guard.told_by_type(request.url.host):
            response = self._send(
                httpcore.Request(request.method, url, headers=request.headers.raw, content=request.stream)
            )
        body = _Body(response, self._guard, request.url.host)
        return httpx.Response(response.status, headers=response.headers, stream=body)

    def _send(self, request: httpcore.Request) -> httpcore.Response:
        """Send a GET. Where it met the end of a connection that was kept, it is sent once more on a new one.

        A server may close what it keeps at any moment, also when a request is on its way (RFC 9112, 9.3.1).
        """
        self._guard.expect_answer()
        try:
            return self._pool.handle_request(request)
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            if self._guard.is_new or not _is_end(error):
                raise
        self._guard.expect_answer()
        return self._pool.handle_request(request)

    def close(self) -> None:
        """Close all connections, whatever they still carry."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response, guard: Guard, host: str) -> None:
        self._response = response
        self._guard = guard
        self._host = host

    def __iter__(self) -> Iterator[bytes]:
        with self._guard.told_by_type(self._host):
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


def _protocol_error(host: str, error: Exception) -> FetchError:
    """Tell an answer that stops in the middle, which may be whole the next time, from one that is no HTTP."""
    if _is_end(error):
        return FetchConnect(f"({host}: it was closed before the answer was whole)")
    return FetchBadResponse(f"({host})")


def _is_end(error: Exception) -> bool:
    """Tell whether ``error`` says that the other side has closed the connection."""
    text = str(error).lower()
    return isinstance(error, httpcore.NetworkError) or any(said in text for said in _CLOSED)


def _dns_error(host: str, error: Exception) -> FetchError:
    if isinstance(error, socket.gaierror) and error.errno in _TEMPORARY:
        return DnsUnavailable(f"({host})")
    return FetchDns(f"({host})")


def _reason(error: Exception | None) -> str:
    cause = error.__cause__ or error if error else None
    return (getattr(cause, "strerror", None) or type(cause).__name__) if cause else "no address"


def _tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return (error.reason or type(error).__name__).replace("_", " ").lower()
