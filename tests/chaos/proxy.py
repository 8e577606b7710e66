"""A TCP proxy that treats connections as bad networks do."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any, Self

from servers import free_port

_PIECE = 1 << 16


class _Pair:
    """The two sides of one connection."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.client = client
        self.server = server

    def abort(self) -> None:
        for side in (self.client, self.server):
            side.transport.abort()


class Proxy:
    """Stands before a server on loopback; its methods may be called from any thread."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._pairs: set[_Pair] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._latency = 0.0
        self._left: int | None = None  # bytes until the cut
        self._flows = asyncio.Event()
        self._listener: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self.port = free_port()

    def __enter__(self) -> Self:
        self._thread.start()
        self._call(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def reset(self) -> None:
        """Reset all connections."""
        self._call(self._reset())

    def cut(self, after: int) -> None:
        """Let ``after`` more bytes pass, then reset all connections: somewhere within a message."""
        self._call(self._set(left=after))

    def half_close(self, *, replies: bool) -> None:
        """Close one direction of all connections: that of the replies, or that of the commands."""
        self._call(self._half_close(replies))

    def delay(self, seconds: float) -> None:
        """Hold whatever passes for ``seconds``; 0 ends it."""
        self._call(self._set(latency=seconds))

    def stall(self, on: bool) -> None:
        """Carry nothing, without a word, until it is turned off."""
        self._call(self._set(stalled=on))

    def refuse(self, on: bool) -> None:
        """Reset all connections and refuse new ones until it is turned off."""
        self._call(self._refuse() if on else self._open())

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _open(self) -> None:
        self._flows.set()
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def _set(self, latency: float = 0.0, left: int | None = None, *, stalled: bool = False) -> None:
        self._latency, self._left = latency, left
        if stalled:
            self._flows.clear()
        else:
            self._flows.set()

    async def _reset(self) -> None:
        for pair in list(self._pairs):
            pair.abort()

    async def _refuse(self) -> None:
        if self._listener is not None:
            self._listener.close()
        await self._reset()

    async def _half_close(self, replies: bool) -> None:
        for pair in list(self._pairs):
            with contextlib.suppress(OSError, RuntimeError):
                (pair.client if replies else pair.server).write_eof()

    async def _close(self) -> None:
        await self._refuse()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._join(reader, writer)
        except (OSError, RuntimeError, asyncio.CancelledError):
            pass  # the connection has ended, one way or other
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_connection("127.0.0.1", self._target)
        pair = _Pair(writer, server)
        self._pairs.add(pair)
        try:
            await asyncio.gather(self._pump(reader, server), self._pump(answers, writer))
        finally:
            self._pairs.discard(pair)
            pair.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_PIECE):
            if self._latency:
                await asyncio.sleep(self._latency)
            await self._flows.wait()
            writer.write(self._passing(data))
            await writer.drain()
            if self._left == 0:
                self._left = None
                await self._reset()
        if not writer.is_closing():
            writer.write_eof()

    def _passing(self, data: bytes) -> bytes:
        if self._left is None:
            return data
        data = data[: self._left]
        self._left -= len(data)
        return data
