"""Metrics for Prometheus: what this worker counts, and the state of the queue."""

from functools import cache

from worker.metrics.counts import KINDS, Counts
from worker.metrics.endpoint import PortTaken, serve

__all__ = ["KINDS", "Counts", "PortTaken", "counts", "serve"]


@cache
def counts() -> Counts:
    """Return the counts of this worker. Made by the first call, which must come before its pool forks."""
    return Counts()
