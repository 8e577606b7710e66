"""Reading the results stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pagefacts.client import Client, Results
from worker.ledger import Ledger

_BATCH: Final = 100
_BLOCK_MS: Final = 1_000
_CONSUMER: Final = "pagefacts-results"


def open_results(ledger: Ledger, group: str | None, follow: bool) -> Results:
    """Return the answers of the ledger, which the caller acknowledges where there is a group."""
    client = Client(ledger.client, namespace=ledger.keys.namespace)
    return client.results(group, consumer=_CONSUMER, follow=follow, auto_ack=False)


def follow_stream(ledger: Ledger, follow: bool) -> Iterator[str]:
    """Yield all events, JSON, from the oldest; with ``follow`` wait for more."""
    cursor = "0-0"
    while True:
        reply = ledger.client.xread({ledger.keys.results: cursor}, count=_BATCH, block=_BLOCK_MS if follow else None)
        if not reply and not follow:
            return
        for entry, fields in reply[0][1] if reply else []:
            cursor = entry.decode()
            yield fields[b"event"].decode()


def follow_group(ledger: Ledger, group: str, follow: bool) -> Iterator[str]:
    """Yield the events, JSON, that ``group`` has not acknowledged, and acknowledge each when the next is asked for.

    The group is created where it does not exist, at the oldest event. What an earlier reader of the group was given
    and did not acknowledge comes first.
    """
    client, results = ledger.client, ledger.keys.results
    ledger.create_group(results, group)
    cursor = "0-0"  # first what is pending, then ">" what is new
    while True:
        block = _BLOCK_MS if follow and cursor == ">" else None
        reply = client.xreadgroup(group, _CONSUMER, {results: cursor}, count=_BATCH, block=block)
        entries = reply[0][1] if reply else []
        if not entries:
            if cursor == ">" and not follow:
                return
            cursor = ">"
        for entry, fields in entries:
            if fields:  # else it was trimmed before it was acknowledged
                yield fields[b"event"].decode()
            client.xack(results, group, entry)
