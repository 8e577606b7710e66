"""How long answers stay on the results stream."""

from __future__ import annotations

from typing import Any

from config.settings import Settings
from worker.ledger import Ledger


def trim_results(ledger: Ledger, settings: Settings) -> None:
    """Trim the results stream behind the slowest consumer group.

    Answers that are younger than ``results_keep`` seconds stay, unless there are more than ``results_max``. Where no
    group is registered all do, up to ``results_max``: then the oldest go.
    """
    client, results = ledger.client, ledger.keys.results
    length = client.xlen(results)
    if not length:
        return
    crowded = 0 < settings.results_max <= length
    groups = client.xinfo_groups(results)
    if groups:
        acknowledged = min(_first_unacknowledged(ledger, group) for group in groups)
        seconds, microseconds = client.time()
        kept = (seconds * 1000 + microseconds // 1000 - settings.results_keep * 1000, 0)
        oldest = acknowledged if crowded else min(acknowledged, kept)
        client.xtrim(results, minid="{}-{}".format(*oldest), approximate=False)
    elif crowded:
        client.xtrim(results, maxlen=settings.results_max, approximate=False)


def full_stream(ledger: Ledger, settings: Settings) -> str | None:
    """Return what is full, with what is to be done; None where no limit of the operator's is reached."""
    client, keys = ledger.client, ledger.keys
    if 0 < settings.dead_max <= client.xlen(keys.dead):
        return f"{settings.dead_max} dead letters lie there: retry or drop some (`pagefacts dead`)"
    if not 0 < settings.results_max <= client.xlen(keys.results):
        return None
    trim_results(ledger, settings)
    if client.xlen(keys.results) < settings.results_max or not client.xinfo_groups(keys.results):
        return None
    slowest = min(client.xinfo_groups(keys.results), key=lambda group: _first_unacknowledged(ledger, group))
    return f"the consumer group {slowest['name'].decode()!r} is behind by {settings.results_max} answers"


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
