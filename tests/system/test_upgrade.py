"""Workers of two versions side by side, as while a new one is rolled out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest
from support import Worker, answered, events, until

from pagefacts import __version__
from worker.ledger import Ledger
from worker.queue_state import read_state

Start = Callable[..., Worker]

OTHER = "0.0.1"
PROGRAM = f"import pagefacts; pagefacts.__version__ = {OTHER!r}; from pagefacts.__main__ import main; main()"
OF_OTHER_VERSION = [sys.executable, "-P", "-c", PROGRAM]


def jobs(count: int) -> list[str]:
    return [json.dumps({"id": str(n), "body": f"{n + 2} people died in Paris."}) for n in range(count)]


@pytest.mark.parametrize("others", ["pagefacts.extract", "pagefacts.tag", "pagefacts.facts"])
def test_a_job_is_done_by_one_version(ledger: Ledger, start_worker: Start, others: str) -> None:
    """Each job would begin in one version and end in the other: it is done anew, at once, by one of them."""
    queues = {"pagefacts.extract", "pagefacts.tag", "pagefacts.facts"}
    start_worker("-Q", others, command=OF_OTHER_VERSION)
    start_worker("-Q", ",".join(sorted(queues - {others})))
    ledger.enqueue(*jobs(5))

    found = answered(ledger, 5)

    assert {event["type"] for event in found} == {"pagefacts.result.v1"}
    done_by = {event["data"]["provenance"]["pagefacts"] for event in found}
    assert done_by == {OTHER if others == "pagefacts.extract" else __version__}
    assert sorted(fact["best"] for event in found for fact in event["data"]["casualties"]) == [2, 3, 4, 5, 6]
    until(lambda: read_state(ledger).in_flight == 0)


def test_two_versions_answer_each_job_once(ledger: Ledger, start_worker: Start) -> None:
    start_worker(command=OF_OTHER_VERSION)
    start_worker()
    ledger.enqueue(*jobs(100))
    found = answered(ledger, 100)
    until(lambda: read_state(ledger).in_flight == 0)
    assert sorted(event["id"] for event in found) == sorted(str(n) for n in range(100))
    assert len(events(ledger)) == 100
    assert {event["data"]["provenance"]["pagefacts"] for event in found} <= {OTHER, __version__}
    assert list(ledger.client.scan_iter(ledger.keys.claim("*"))) == []


def test_a_claim_that_names_no_version_is_of_another(ledger: Ledger, start_worker: Start) -> None:
    """As the steps of an earlier version leave them."""
    start_worker("-Q", "pagefacts.extract")
    ledger.enqueue(*jobs(1))
    claim = ledger.keys.claim("0")
    until(lambda: ledger.client.hexists(claim, "article"))
    ledger.client.hdel(claim, "version")
    ledger.client.hset(claim, "article", "in a form of long ago")
    start_worker("-Q", "pagefacts.tag,pagefacts.facts")
    (event,) = answered(ledger, 1)
    assert event["data"]["casualties"][0]["best"] == 2
