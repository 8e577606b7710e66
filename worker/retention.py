"""How long answers stay on the results stream."""

from __future__ import annotations

from typing import Any

from config.settings import Settings
from worker.ledger import Ledger


def trim_results(ledger: Ledger, settings: Settings) -> None:
    """Trim the results stream behind the slowest consumer group, and to the operator's limit.

    Answers that are younger than ``results_keep`` seconds stay in any case, and where no group is registered all do,
    unless ``results_max`` bounds them.
    """
    results = ledger.keys.results
    if not ledger.client.exists(results):
        return
    groups = ledger.client.xinfo_groups(results)
    if groups:
        acknowledged = min(_first_unacknowledged(ledger, group) for group in groups)
        seconds, microseconds = ledger.client.time()
        kept = (seconds * 1000 + microseconds // 1000 - settings.results_keep * 1000, 0)
        ledger.client.xtrim(results, minid="{}-{}".format(*min(acknowledged, kept)), approximate=False)
    if settings.results_max:
        ledger.client.xtrim(results, maxlen=settings.results_max, approximate=True)


def _first_unacknowledged(ledger: Ledger, group: dict[str, Any]) -> tuple[int, int]:
    """Return the id of the oldest entry that ``group`` still needs: pending, or just past what it has read."""
    summary = ledger.client.xpending(ledger.keys.results, group["name"])
    if summary["pending"]:
        return _id(summary["min"])
    milliseconds, sequence = _id(group["last-delivered-id"])
    return (milliseconds, sequence + 1)


def _id(entry: bytes) -> tuple[int, int]:
    milliseconds, sequence = entry.decode().split("-")
    return (int(milliseconds), int(sequence))
