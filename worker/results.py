"""Reading the results stream."""

from __future__ import annotations

from typing import Final

from pagefacts.client import Client, Results
from worker.ledger import Ledger

_CONSUMER: Final = "pagefacts-results"


def open_results(ledger: Ledger, group: str | None, follow: bool) -> Results:
    """Return the answers of the ledger, which the caller acknowledges where there is a group."""
    client = Client(ledger.client, namespace=ledger.keys.namespace)
    return client.results(group, consumer=_CONSUMER, follow=follow, auto_ack=False)
