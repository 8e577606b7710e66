"""Where Prometheus asks for a worker's metrics: a thread of its main process."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from typing import Any, Final

from billiard.process import current_process
from celery import signals
from prometheus_client import Info, ProcessCollector, disable_created_metrics, start_http_server

from config.settings import Settings
from pagefacts import __version__
from worker.connection import open_ledgers
from worker.errors import OperatorError
from worker.metrics.counts import Counts
from worker.metrics.queue import QueueCollector
from worker.queue_state import QueueState, read_state

_TIMEOUT: Final = 1.0
"""Seconds that a connection to the server, or an answer of its, may take."""


class PortTaken(OperatorError):
    """The port of the metrics cannot be listened on."""


def serve(counts: Counts, settings: Settings, worker: str) -> None:
    """Answer scrapes from now on, where the settings name a port. ``worker``: its name on the jobs stream.

    To be called before the pool forks. Raises `PortTaken`.
    """
    listening = _listen(counts, settings, worker) if settings.metrics_port else None

    def begin_child(**_: Any) -> None:
        place = getattr(current_process(), "index", None)
        if place is None:  # the pool `solo` has no children
            return
        counts.table.use_row(place + 1)
        if listening is not None:  # else a child could answer in its parent's place, and keep the port after its end
            listening.close()

    signals.worker_process_init.connect(begin_child, weak=False)


def _listen(counts: Counts, settings: Settings, worker: str) -> socket.socket:
    ledgers = open_ledgers(settings, retries=0, timeout=_TIMEOUT)
    register(counts, settings, worker, lambda: [read_state(ledger) for ledger in ledgers])
    try:
        server, _ = start_http_server(settings.metrics_port, settings.metrics_address, counts.registry)
    except OSError as error:
        raise PortTaken(
            f"the metrics cannot be told at {settings.metrics_address}, port {settings.metrics_port}: {error.strerror} "
            "(PAGEFACTS_METRICS_PORT, PAGEFACTS_METRICS_ADDRESS; each worker of a machine needs a port of its own)"
        ) from None
    return server.socket


def register(counts: Counts, settings: Settings, worker: str, read: Callable[[], Sequence[QueueState]]) -> None:
    """Let all that is told beside the counts stand in their registry; ``read`` gives the state of each shard."""
    disable_created_metrics()  # type: ignore[no-untyped-call] # when a count began is of no use, and doubles the text
    Info("pagefacts_build", "The version that runs.", registry=counts.registry).info({"version": __version__})
    ProcessCollector(registry=counts.registry)
    counts.registry.register(QueueCollector(settings, worker, read))
