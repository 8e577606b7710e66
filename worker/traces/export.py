"""Spans on their way to the collector, from any process of a worker.

OpenTelemetry's BatchSpanProcessor starts a thread in each process at the moment it is forked. A child of the pool must
have one thread when it enters its sandbox, or the others go free: here the thread begins with the first span.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

_FLUSH: Final = 2.0
"""Seconds that the end of a process waits for its last spans to be taken."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Batches:
    """How spans are sent; the defaults are OpenTelemetry's."""

    seconds: float = 5
    """Between two batches."""
    size: int = 512
    """Spans of a batch; so many are sent at once."""
    waiting: int = 2048
    """Spans kept until they are sent; where there are more the oldest go."""


class _Sender(threading.Thread):
    """Sends the spans of one process."""

    def __init__(self, exporter: SpanExporter, batches: Batches) -> None:
        super().__init__(name="spans", daemon=True)
        self._exporter = exporter
        self._batches = batches
        self._waiting: deque[ReadableSpan] = deque(maxlen=batches.waiting)
        self._wanted = threading.Event()
        self._closed = False
        self._failing = False

    def add(self, span: ReadableSpan) -> None:
        self._waiting.append(span)
        if len(self._waiting) >= self._batches.size:
            self._wanted.set()

    def run(self) -> None:
        while not self._closed:
            self._wanted.wait(self._batches.seconds)
            self._wanted.clear()
            self._send_all()

    def _send_all(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self._batches.size, len(self._waiting)))]
            failing = self._exporter.export(batch) is not SpanExportResult.SUCCESS
            if failing != self._failing:
                logger.warning(
                    "spans are lost: the collector does not take them" if failing else "spans are taken again"
                )
            self._failing = failing

    def close(self) -> None:
        """Send what waits, within a moment; what the collector has not taken then is lost."""
        self._closed = True
        self._wanted.set()
        self.join(_FLUSH)
        self._exporter.shutdown()


class Exporting(SpanProcessor):
    """Gives ended spans to a thread that sends them."""

    def __init__(self, exporter: Callable[[], SpanExporter], batches: Batches) -> None:
        """``exporter``: makes one for each process, as connections cannot be shared."""
        self._exporter = exporter
        self._batches = batches
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._sender: _Sender | None = None
        self._lock = threading.Lock()

    def on_end(self, span: ReadableSpan) -> None:
        """Take a span that has ended."""
        if span.context is not None and span.context.trace_flags.sampled:
            self._here().add(span)

    def _here(self) -> _Sender:
        with self._lock:
            if self._sender is None:
                self._sender = _Sender(self._exporter(), self._batches)
                self._sender.start()
            return self._sender

    def shutdown(self) -> None:
        """Send what this process has left."""
        if self._sender is not None:
            self._sender.close()
