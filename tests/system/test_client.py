"""The client for programs in Python, against a real server and a real worker."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable

import pytest
from support import Worker

from pagefacts.client import AsyncClient, Client, InvalidJob, Job, Limits, QueueFull, ResultEvent, WaitTimeout
from worker.ledger import Ledger


@pytest.fixture
def client(ledger: Ledger) -> Client:
    return Client(ledger.client, namespace=ledger.keys.namespace)


def test_pages_go_in_and_answers_come_out(client: Client, start_worker: Callable[..., Worker]) -> None:
    start_worker()
    ids = client.enqueue_many([{"id": "a", "body": "Two people died."}, Job(body="x"), '{"id":"c","body":"y"}'])
    assert ids[0] == "a"
    assert ids[2] == "c"
    answer = client.wait("a", timeout=90)
    assert isinstance(answer.event, ResultEvent)
    assert answer.event.data.article.text == "Two people died."
    for job_id in ids:
        client.wait(job_id, timeout=90)
    assert {each.event.id for each in client.results("desk")} == set(ids)
    assert list(client.results("desk")) == []
    assert len(list(client.results())) == 3


def test_the_same_on_asyncio(ledger: Ledger, server: str, start_worker: Callable[..., Worker]) -> None:
    start_worker()

    async def trial() -> tuple[list[str], list[str]]:
        async with AsyncClient(server, namespace=ledger.keys.namespace) as client:
            ids = await client.enqueue_many({"body": f"{n} people died."} for n in range(3))
            for job_id in ids:
                await client.wait(job_id, timeout=90)
            return ids, [answer.event.id async for answer in client.results("desk")]

    ids, answered = asyncio.run(trial())
    assert sorted(ids) == sorted(answered)


def test_a_bad_job_is_refused_by_name(client: Client, ledger: Ledger) -> None:
    with pytest.raises(InvalidJob) as caught:
        client.enqueue({"body": "x", "url": "nowhere"})
    assert caught.value.field == "url"
    assert ledger.status()["lag"] == 0


def test_a_full_queue_is_said(ledger: Ledger) -> None:
    client = Client(ledger.client, namespace=ledger.keys.namespace, limits=Limits(jobs=2))
    with pytest.raises(QueueFull) as caught:
        client.enqueue_many({"body": str(n)} for n in range(3))
    assert caught.value.limit == "jobs"
    assert caught.value.refused == [b'{"body": "2"}']


def test_waiting_ends(client: Client) -> None:
    with pytest.raises(WaitTimeout):
        client.wait("nobody", timeout=0.1)


def test_an_answer_that_was_not_acknowledged_comes_again(client: Client, ledger: Ledger) -> None:
    event = '{"id":"a"}'
    for _ in range(3):
        ledger.client.xadd(ledger.keys.results, {"event": event})
    first = next(iter(client.results("desk")))
    again = client.results("desk", auto_ack=False)
    (batch, *_) = again.batches()
    assert batch[0] == first
    again.ack(*batch)
    assert list(client.results("desk")) == []
    client.results("desk").replay()
    assert len(list(client.results("desk"))) == 3


def test_the_client_is_light() -> None:
    program = (
        "import sys, pagefacts.client;"
        "print([n for n in ('celery', 'kombu', 'lxml', 'numpy', 'onnxruntime', 'trafilatura', 'worker', 'config')"
        " if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
