"""The main job, end to end: a page enqueued by any means comes back as facts."""

from __future__ import annotations

import base64
import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator
from support import COMMAND, EXAMPLE, Worker, answered, body_of, events, until

from config.settings import Settings
from pagefacts.client.keys import shard_of
from pagefacts.contracts.schema import schema
from worker.connection import open_ledgers
from worker.ledger import GROUP, Ledger
from worker.queue_state import read_state

Start = Callable[..., Worker]

MALFORMED = [
    (b"not json", "job"),
    (b'["a list"]', "job"),
    (b'{"body":"\xff\xfe"}', "job"),
    (b'{"id":"two-pages","html":"<p>x</p>","body":"x"}', "job"),
    (b'{"id":"no-page"}', "job"),
    (b'{"id":"unknown","body":"x","colour":"red"}', "colour"),
    (b'{"id":"type","body":5}', "body"),
    (b'{"id":"url","body":"x","url":"ftp://example.org/"}', "url"),
    (b'{"id":"date","body":"x","published":"yesterday"}', "published"),
    (b'{"id":"","body":"x"}', "id"),
    (b'{"id":"charset","body":"x","charset":"latin-1"}', "job"),
    (b'{"id":"version","body":"x","schema_version":"9"}', "schema_version"),
    (b'{"id":"surrogate","body":"\\ud800"}', "body"),
]


def resp(url: str, *command: bytes) -> bytes:
    """Send one command as a client that knows nothing but Redis' protocol; return the reply's first line."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(urlsplit(url).path)
        parts = b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in command)
        connection.sendall(b"*%d\r\n%s" % (len(command), parts))
        return connection.makefile("rb").readline()


def test_the_example_comes_back_as_facts_in_the_schema(ledger: Ledger, start_worker: Start) -> None:
    start_worker()
    job = {
        "id": "seed",
        "text": EXAMPLE.read_text(),
        "attributes": {"case": 7},
        "url": "https://www.independent.co.uk/a",
    }
    ledger.enqueue(json.dumps(job))

    (event,) = answered(ledger, 1)

    Draft202012Validator(schema("event")).validate(event)
    data = event["data"]
    assert (event["type"], event["id"], event["subject"]) == ("pagefacts.result.v1", "seed", job["url"])
    assert data["attributes"] == {"case": 7}
    assert data["article"]["title"] == "Russia considers air strikes against Isis in Syria"
    assert [(fact["effect"], fact["min"], fact["max"]) for fact in data["casualties"]] == [("killed", 250_000, None)]
    assert set(data["provenance"]["milliseconds"]) == {"extract", "tag", "facts"}
    assert read_state(ledger).in_flight == 0


def test_a_job_of_a_bare_redis_client(ledger: Ledger, server: str, start_worker: Start) -> None:
    start_worker()
    job = json.dumps({"id": "raw", "body": "Three people were killed in Kabul on Friday.", "published": "2021-08-07"})
    assert resp(server, b"XADD", ledger.keys.jobs.encode(), b"*", b"job", job.encode()).startswith(b"$")

    (event,) = answered(ledger, 1)

    assert event["id"] == "raw"
    assert [(fact["effect"], fact["best"]) for fact in event["data"]["casualties"]] == [("killed", 3)]
    assert event["data"]["article"]["text"] == "Three people were killed in Kabul on Friday."


def test_a_job_of_a_celery_user(ledger: Ledger, environment: dict[str, str], start_worker: Start) -> None:
    """With nothing but Celery and the broker's address, as another system has it."""
    start_worker()
    program = (
        "import os; from celery import Celery;"
        "app = Celery(broker=os.environ['REDIS_URL'].replace('unix://', 'redis+socket://'));"
        "prefix = '{%s}:celery:' % os.environ['PAGEFACTS_NAMESPACE'];"
        "app.conf.broker_transport_options = {'global_keyprefix': prefix};"
        "job = {'id': 'celery', 'body': 'A man was shot dead.'};"
        "app.send_task('pagefacts.submit', [job], queue='pagefacts.extract')"
    )
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=60)
    (event,) = answered(ledger, 1)
    assert (event["id"], event["type"]) == ("celery", "pagefacts.result.v1")


def test_shards_on_one_server_and_steps_that_cross_them(environment: dict[str, str], start_worker: Start) -> None:
    """Jobs put into the queue of one shard's workers go to the shard of their ids, and come back as three steps."""
    shards = {"PAGEFACTS_SHARDS": "2"}
    start_worker(**shards, PAGEFACTS_SHARD="1", PAGEFACTS_PIPELINE="chain")
    program = (
        "import os; from celery import Celery;"
        "app = Celery(broker=os.environ['REDIS_URL'].replace('unix://', 'redis+socket://'));"
        "prefix = '{%s.1}:celery:' % os.environ['PAGEFACTS_NAMESPACE'];"
        "app.conf.broker_transport_options = {'global_keyprefix': prefix};"
        "jobs = [{'id': name, 'body': 'A man was shot dead.'} for name in 'abcdef'];"
        "[app.send_task('pagefacts.submit', [job], queue='pagefacts.extract') for job in jobs]"
    )
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=60)
    ledgers = open_ledgers(Settings.from_env({**environment, **shards}))
    for shard, ledger in enumerate(ledgers):
        ids = [name for name in "abcdef" if shard_of(name, 2) == shard]
        found = answered(ledger, len(ids))
        assert sorted(event["id"] for event in found) == ids != []
        assert {event["type"] for event in found} == {"pagefacts.result.v1"}


def test_html_in_its_own_charset(ledger: Ledger, start_worker: Start) -> None:
    start_worker()
    paragraph = "<p>At least 12 people were killed in Málaga on Monday, police said, when a café collapsed.</p>"
    page = f"<html><head><title>Café collapses</title></head><body><article>{paragraph * 3}</article></body></html>"
    encoded = base64.b64encode(page.encode("windows-1252")).decode()
    ledger.enqueue(json.dumps({"id": "html", "html_base64": encoded, "charset": "windows-1252"}))
    (event,) = answered(ledger, 1)
    assert "Málaga" in event["data"]["article"]["text"]


@pytest.mark.parametrize("pipeline", ["chain", "fused"])
def test_both_pipelines_give_the_same_facts(ledger: Ledger, start_worker: Start, pipeline: str) -> None:
    start_worker(PAGEFACTS_PIPELINE=pipeline)
    ledger.enqueue(json.dumps({"id": "a", "text": EXAMPLE.read_text()}), '{"id":"b","url":"https://example.org/"}')
    by_id = {event["id"]: event["data"] for event in answered(ledger, 2)}
    assert by_id["a"]["casualties"][0]["min"] == 250_000
    assert by_id["b"]["failure"]["code"] == "fetch_not_enabled"
    assert by_id["b"]["failure"]["stage"] == "extract"


def test_the_same_id_twice_gives_one_answer(ledger: Ledger, start_worker: Start) -> None:
    start_worker()
    ledger.enqueue(*['{"id":"same","body":"Two people died."}'] * 5)
    answered(ledger, 1)
    ledger.enqueue('{"id":"same","body":"Two people died."}', '{"id":"last","body":"Two people died."}')
    answered(ledger, 2)
    until(lambda: read_state(ledger).duplicates == 5)
    assert sorted(event["id"] for event in events(ledger)) == ["last", "same"]


def test_without_an_id_the_content_is_the_id_whatever_the_order_of_its_fields(
    ledger: Ledger, start_worker: Start
) -> None:
    start_worker()
    ledger.enqueue('{"body":"Two died.","language":"en"}', '{"language":"en", "body":"Two died."}')
    answered(ledger, 1)
    until(lambda: read_state(ledger).duplicates == 1)
    assert len(events(ledger)) == 1


def test_malformed_jobs_are_answered_with_the_field_and_kept(ledger: Ledger, start_worker: Start) -> None:
    start_worker()
    ledger.enqueue(*(raw for raw, _ in MALFORMED))
    ledger.client.xadd(ledger.keys.jobs, {"wrong": "field"})

    found = answered(ledger, len(MALFORMED) + 1)

    assert {event["type"] for event in found} == {"pagefacts.failure.v1"}
    fields = [event["data"]["failure"]["field"] for event in found]
    assert fields == [field for _, field in MALFORMED] + ["job"]
    for event in found:
        Draft202012Validator(schema("event")).validate(event)
        failure = event["data"]["failure"]
        assert failure["field"] in failure["message"]
        assert (failure["stage"], failure["retryable"]) == ("intake", False)
    letters = ledger.client.xrange(ledger.keys.dead)
    assert len(letters) == len(MALFORMED) + 1
    for _, letter in letters:
        Draft202012Validator(schema("dead")).validate(json.loads(letter[b"dead"]))
    assert ledger.client.xlen(ledger.keys.jobs) == 0


def test_a_worker_killed_in_the_middle_of_a_page_is_followed_by_one_that_finishes_it_once(
    ledger: Ledger, start_worker: Start
) -> None:
    limits = {"PAGEFACTS_SOFT_TIME_LIMIT": "29", "PAGEFACTS_HARD_TIME_LIMIT": "30", "PAGEFACTS_CLAIM_AFTER": "100"}
    limits["PAGEFACTS_PIPELINE"] = "chain"  # so that a step begins of which the ledger knows
    first = start_worker(**limits)
    ledger.enqueue(json.dumps({"id": "long", "body": body_of(1000), "published": "2020-01-01"}))
    until(lambda: ledger.stage("long") == "tag")
    first.kill()
    assert events(ledger) == []
    # What the claim time waits for: the entry looks as if it had been idle for long.
    ((entry, _),) = ledger.client.xrange(ledger.keys.jobs)
    ledger.client.xclaim(ledger.keys.jobs, GROUP, "w0", 0, [entry], idle=101_000, justid=True)

    start_worker(**limits)

    (event,) = answered(ledger, 1)
    assert event["type"] == "pagefacts.result.v1"
    assert len(event["data"]["casualties"]) > 1000
    until(lambda: read_state(ledger).in_flight == 0)
    assert len(events(ledger)) == 1


def test_a_page_that_kills_its_process_each_time_is_parked(ledger: Ledger, start_worker: Start) -> None:
    """As a page does that crashes the parser: here the test kills the process, whenever it has begun with the page."""
    worker = start_worker(
        PAGEFACTS_SOFT_TIME_LIMIT="2.9",
        PAGEFACTS_HARD_TIME_LIMIT="3",
        PAGEFACTS_IN_FLIGHT="1",
        PAGEFACTS_CLAIM_AFTER="6.5",
        PAGEFACTS_MAX_DELIVERIES="2",
    )
    ledger.enqueue(json.dumps({"id": "poison", "body": body_of(1300)}))
    claim = ledger.keys.claim("poison")
    for attempt in (b"1", b"2"):
        until(lambda attempt=attempt: ledger.client.hmget(claim, "attempt", "stage") == [attempt, b"tag"])
        for child in Path(f"/proc/{worker.process.pid}/task/{worker.process.pid}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)

    (event,) = answered(ledger, 1)

    failure = event["data"]["failure"]
    assert (failure["code"], failure["stage"], failure["deliveries"]) == ("too_many_deliveries", "tag", 3)
    assert read_state(ledger).dead == 1
    ledger.enqueue('{"id":"good","body":"Two people died."}')
    assert answered(ledger, 2)[1]["data"]["casualties"]


def test_a_page_that_takes_too_long_is_parked(ledger: Ledger, start_worker: Start) -> None:
    """A step that takes longer than its limits for each delivery, as a page in an endless loop does."""
    start_worker(
        PAGEFACTS_SOFT_TIME_LIMIT="0.9",
        PAGEFACTS_HARD_TIME_LIMIT="1",
        PAGEFACTS_CLAIM_AFTER="4",
        PAGEFACTS_MAX_DELIVERIES="2",
    )
    ledger.enqueue(json.dumps({"id": "poison", "body": body_of(1300)}), '{"id":"good","body":"Two people died."}')

    by_id = {event["id"]: event["data"] for event in answered(ledger, 2)}

    assert by_id["poison"]["failure"]["code"] in {"time_limit", "too_many_deliveries"}
    assert by_id["good"]["casualties"]
    assert read_state(ledger).dead == 1


def test_two_workers_share_real_pages_and_answer_each_once(ledger: Ledger, start_worker: Start) -> None:
    start_worker()
    start_worker()
    pages = sorted((Path(__file__).parents[1] / "golden").glob("*.html.gz"))
    bodies = [gzip.decompress(page.read_bytes()).decode() for page in pages] or [EXAMPLE.read_text()]
    jobs = [json.dumps({"id": f"page-{n}", "html": bodies[n % len(bodies)]}) for n in range(50)]
    ledger.enqueue(*jobs)

    found = answered(ledger, 50)

    time.sleep(1)  # for a second answer, were there one
    assert sorted(event["id"] for event in events(ledger)) == sorted(f"page-{n}" for n in range(50))
    assert {event["type"] for event in found} == {"pagefacts.result.v1"}
    consumers = ledger.client.xinfo_consumers(ledger.keys.jobs, GROUP)
    assert len(consumers) == 2
    assert read_state(ledger).in_flight == 0


def test_no_more_jobs_are_taken_in_than_the_limit(ledger: Ledger, start_worker: Start) -> None:
    ledger.enqueue(*(json.dumps({"id": str(n), "body": body_of(40)}) for n in range(30)))
    start_worker(PAGEFACTS_IN_FLIGHT="3", PAGEFACTS_CLAIM_AFTER="400")
    most = 0
    while len(events(ledger)) < 30:
        most = max(most, read_state(ledger).in_flight)
    assert most == 3


def test_a_worker_of_one_queue_takes_no_jobs_in(ledger: Ledger, start_worker: Start) -> None:
    tag = start_worker("-Q", "pagefacts.tag")
    until(lambda: "ready" in tag.log.read_text())
    ledger.enqueue('{"id":"a","body":"Two people died."}')
    start_worker("-Q", "pagefacts.extract")
    until(lambda: ledger.stage("a") == "tag")
    assert events(ledger) == []
    start_worker("-Q", "pagefacts.facts")
    assert len(answered(ledger, 1)) == 1
    assert len(ledger.client.xinfo_consumers(ledger.keys.jobs, GROUP)) == 1


def test_sigterm_finishes_the_page_in_work(ledger: Ledger, start_worker: Start) -> None:
    worker = start_worker(PAGEFACTS_PIPELINE="fused")
    ledger.enqueue(json.dumps({"id": "a", "body": body_of(300)}))
    until(lambda: ledger.stage("a"))
    worker.stop()
    assert [event["id"] for event in events(ledger)] == ["a"]


def test_what_waits_in_redis_holds_no_page(ledger: Ledger, start_worker: Start) -> None:
    """Celery's messages carry ids: no queue of them fills the server, and Flower shows no page."""
    extract_only = start_worker("-Q", "pagefacts.extract")
    ledger.enqueue(json.dumps({"id": "a", "body": "SECRETWORD " * 50}))
    key = f"{{{ledger.keys.namespace}}}:celery:pagefacts.tag"
    (message,) = until(lambda: ledger.client.lrange(key, 0, -1))
    assert b"SECRETWORD" not in message
    assert len(message) < 4096
    assert "SECRETWORD" not in extract_only.log.read_text()


def test_an_unreachable_server_is_one_clear_line(tmp_path: Path) -> None:
    environment = {**os.environ, "REDIS_URL": f"unix://{tmp_path}/nothing.sock"}
    done = subprocess.run([*COMMAND, "status"], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "nothing.sock" in done.stderr
    assert "Traceback" not in done.stderr
