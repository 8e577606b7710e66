"""A server of the harness' own, on loopback, over an append-only file, that can be treated badly."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import struct
import subprocess
from pathlib import Path
from typing import Any, Final

import redis
from servers import free_port
from support import until

from worker.embedded import server_binary

_CLOCK: Final = Path(__file__).with_name("clock.c")


def clock_shim(folder: Path) -> Path | None:
    """Compile what gives the server a clock of its own; None where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    shim = folder / "clock.so"
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", str(shim), str(_CLOCK)], check=True)
    return shim


class Server:
    """The server process; a context manager."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._shim = clock_shim(folder)
        self._clock = folder / "clock"
        self._seconds = 0.0
        self.step_clock(0)
        self.port = free_port()
        self.client = redis.Redis(port=self.port, socket_timeout=60)
        """A connection past the proxy, for the harness itself."""
        self.process: subprocess.Popen[bytes]

    @property
    def has_clock(self) -> bool:
        """Whether its clock can be stepped."""
        return self._shim is not None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Start it, over the data that is there."""
        options: dict[str, str | int] = {
            "port": self.port,
            "bind": "127.0.0.1",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
        }
        arguments = [str(part) for name, value in options.items() for part in (f"--{name}", value)]
        preload = {"LD_PRELOAD": str(self._shim), "CHAOS_CLOCK": str(self._clock)} if self._shim else {}
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [server_binary(), *arguments],
                env={**os.environ, **preload},
                stdout=log,
                stderr=log,
                start_new_session=True,
                restore_signals=False,  # Python ignores SIGXFSZ, and so shall the server: a full disk is an error
            )
        until(self.answers, what="the server")

    def answers(self) -> bool:
        """Whether it answers, and has loaded its data."""
        try:
            return bool(self.client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        """Stop it without ending it."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.process.pid, signal.SIGCONT)

    def info(self, section: str) -> dict[str, Any]:
        """What the server says of itself."""
        found: Any = self.client.info(section)
        return dict(found)

    def fill_memory(self) -> None:
        """Let there be less memory than is used, and than will be when all jobs are answered."""
        self.client.config_set("maxmemory", self.info("memory")["used_memory"] // 4)

    def free_memory(self) -> None:
        """Take the limit away."""
        self.client.config_set("maxmemory", 0)

    def fill_disk(self) -> None:
        """Let no file of the server grow beyond what the largest has, as where a disk is full."""
        most = max(path.stat().st_size for path in (self.folder / "appendonlydir").iterdir())
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (most + 512, resource.RLIM_INFINITY))

    def free_disk(self) -> None:
        """Make room, and wait until the server has seen it."""
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        until(lambda: self.info("persistence")["aof_last_write_status"] == "ok", what="a written AOF")

    def step_clock(self, seconds: float) -> None:
        """Step the wall clock by ``seconds``."""
        self._seconds += seconds
        with self._clock.open("r+b" if self._clock.exists() else "wb") as file:
            file.write(struct.pack("=q", int(self._seconds * 1e9)))
