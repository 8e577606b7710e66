"""Reading the results streams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pagefacts.client import Results
from pagefacts.client.connection import Connection
from pagefacts.client.consuming import Reader, Reading
from worker.ledger import Ledger

_CONSUMER: Final = "pagefacts-results"


def open_results(ledgers: Sequence[Ledger], group: str | None, follow: bool) -> Results:
    """Return the answers of the ledgers of all shards, which the caller acknowledges where there is a group."""
    shards = [(Connection(ledger.client), ledger.keys) for ledger in ledgers]
    return Results(Reader(shards, Reading(group, _CONSUMER, follow=follow)), auto_ack=False)
