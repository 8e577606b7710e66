"""The trace of a job, from its producer's span to the answer's: as a collector and Sentry's server receive it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from probing import STARTER, captured, error_events, sentry_server, transactions
from servers import free_port
from support import EXAMPLE, Worker, answered, until

from worker.ledger import Ledger

Start = Callable[..., Worker]

MARKER = "quoted-from-the-page"
TRACE, PRODUCER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SECRET = "the-collectors-key"  # noqa: S105 - of a collector that this test starts


def page(job_id: str, **more: Any) -> str:
    text = f"At least 34 people were killed in {MARKER} on Monday, officials said. " * 9
    html = f"<html><body><article><p>{text}</p></article></body></html>"
    return json.dumps({"id": job_id, "html": html, "url": f"https://news.example/{MARKER}?q={MARKER}", **more})


def spans(bodies: list[bytes]) -> list[Any]:
    requests = [ExportTraceServiceRequest.FromString(body) for body in list(bodies)]
    return [
        span for request in requests for of in request.resource_spans for in_ in of.scope_spans for span in in_.spans
    ]


def attributes(span: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


def of_job(bodies: list[bytes], job_id: str) -> dict[str, Any]:
    ids = ("pagefacts.job.id", "messaging.message.conversation_id")
    return {span.name: span for span in spans(bodies) if job_id in [attributes(span).get(name) for name in ids]}


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    with captured() as (place, bodies):
        yield f"http://{place}", bodies


@pytest.mark.parametrize("pipeline", ["chain", "fused"])
def test_a_trace_goes_from_producer_to_answer(
    ledger: Ledger, start_worker: Start, collector: tuple[str, list[bytes]], pipeline: str
) -> None:
    endpoint, bodies = collector
    worker = start_worker(
        OTEL_EXPORTER_OTLP_ENDPOINT=endpoint,
        OTEL_EXPORTER_OTLP_HEADERS=f"authorization={SECRET}",
        PAGEFACTS_PIPELINE=pipeline,
        PAGEFACTS_LOG_LEVEL="DEBUG",
    )
    ledger.enqueue(page("good", traceparent=f"00-{TRACE}-{PRODUCER}-01"), page("alone"))
    ledger.enqueue(page("unsampled", traceparent=f"00-{TRACE}-{PRODUCER}-00"))
    ledger.enqueue(json.dumps({"id": "empty", "html": "<html></html>", "traceparent": f"00-{TRACE}-{PRODUCER}-01"}))
    ledger.enqueue('{"id": "bad", "colour": "red"}')
    found = {event["id"]: event for event in answered(ledger, 5)}
    assert worker.stop() == 0

    names = [f"process {ledger.keys.jobs}", "extract", "tag", "facts", f"send {ledger.keys.results}"]
    good = of_job(bodies, "good")
    assert sorted(good) == sorted(names)
    assert {span.trace_id.hex() for span in good.values()} == {TRACE}
    attempt, sent = good[names[0]], good[names[-1]]
    assert attempt.parent_span_id.hex() == PRODUCER
    assert {good[name].parent_span_id for name in names[1:]} == {attempt.span_id}
    assert found["good"]["traceparent"] == f"00-{TRACE}-{sent.span_id.hex()}-01"
    assert attributes(good["facts"]) | {"pagefacts.outcome": "result", "url.domain": "news.example"} == attributes(
        good["facts"]
    )
    times = [good[name].start_time_unix_nano for name in names[:-1]]
    assert times == sorted(times)

    alone = of_job(bodies, "alone")
    assert sorted(alone) == sorted(names)
    assert alone[names[0]].parent_span_id == b""
    assert found["alone"]["traceparent"].split("-")[1] == alone["tag"].trace_id.hex() != TRACE
    assert not of_job(bodies, "unsampled")
    assert found["unsampled"]["traceparent"][-3:] == "-00"
    assert found["unsampled"]["traceparent"].split("-")[1] == TRACE

    failed = of_job(bodies, "empty")["extract"]
    assert (failed.status.code, failed.status.message) == (2, "")
    assert attributes(failed)["error.type"] == found["empty"]["data"]["failure"]["code"]
    assert attributes(of_job(bodies, "bad")[names[0]])["error.type"] == "invalid_job"

    lines = [json.loads(line) for line in worker.log.read_text().splitlines() if '"stage ended"' in line]
    assert {line["trace_id"] for line in lines if line["job"] == "good"} == {TRACE}
    assert MARKER not in b"".join(bodies).decode(errors="replace")
    assert SECRET not in worker.log.read_text()
    assert MARKER not in worker.log.read_text()


def test_a_new_attempt_is_linked_to_the_one_before(
    ledger: Ledger, start_worker: Start, collector: tuple[str, list[bytes]]
) -> None:
    endpoint, bodies = collector
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    first = start_worker("--queues", "pagefacts.extract", **settings)
    ledger.enqueue(page("again"))
    until(lambda: "extract" in of_job(bodies, "again"), what="the first attempt")
    earlier = of_job(bodies, "again")[f"process {ledger.keys.jobs}"]
    first.kill()
    ledger.client.delete(f"{{{ledger.keys.namespace}}}:celery:pagefacts.tag")
    quick = {"PAGEFACTS_SOFT_TIME_LIMIT": "2", "PAGEFACTS_HARD_TIME_LIMIT": "3", "PAGEFACTS_CLAIM_AFTER": "10"}
    second = start_worker(**settings, **quick)
    answered(ledger, 1)
    assert second.stop() == 0
    later = of_job(bodies, "again")[f"process {ledger.keys.jobs}"]
    assert attributes(later)["pagefacts.attempt"] == 2
    assert [link.span_id for link in later.links] == [earlier.span_id]


def test_a_collector_that_is_away_holds_nothing_up(ledger: Ledger, start_worker: Start) -> None:
    worker = start_worker(
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{free_port()}",
        OTEL_EXPORTER_OTLP_TIMEOUT="1",
        OTEL_BSP_SCHEDULE_DELAY="100",
    )
    ledger.enqueue(*(page(f"job-{n}") for n in range(5)))
    assert {event["type"] for event in answered(ledger, 5)} == {"pagefacts.result.v1"}
    until(lambda: "spans are lost" in worker.log.read_text())
    assert worker.stop() == 0


def test_a_variable_that_cannot_be_used_is_named(start_worker: Start) -> None:
    worker = start_worker(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1", OTEL_EXPORTER_OTLP_PROTOCOL="grpc")
    assert worker.process.wait(timeout=60) == 2
    assert "OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf" in worker.log.read_text()


def test_sentry_is_told_of_queues_and_of_defects_by_code(ledger: Ledger, start_worker: Start) -> None:
    with sentry_server() as (dsn, envelopes):
        settings = {"SENTRY_DSN": dsn, "PAGEFACTS_SENTRY_TRACES": "1", "STARTER_MARKER": MARKER}
        worker = start_worker(command=STARTER, SENTRY_ENVIRONMENT="staging", **settings)
        ledger.enqueue(page("good", traceparent=f"00-{TRACE}-{PRODUCER}-00"), page("value-error"), page("page-error"))
        answered(ledger, 3)
        assert worker.stop() == 0
        good = until(lambda: [each for each in transactions(envelopes) if each["tags"]["job_id"] == "good"])

        assert {each["transaction"] for each in good} == {
            "pagefacts.intake",
            "pagefacts.extract",
            "pagefacts.tag",
            "pagefacts.facts",
        }
        assert {each["contexts"]["trace"]["trace_id"] for each in good} == {TRACE}
        assert {each["tags"]["url_host"] for each in good} == {"news.example"}
        parts = {each["transaction"]: {span["op"]: span for span in each["spans"]} for each in good}
        assert {"queue.process", "queue.publish"} <= parts["pagefacts.intake"].keys()
        assert {"queue.process", "queue.publish"} <= parts["pagefacts.facts"].keys()
        data = parts["pagefacts.tag"]["queue.process"]["data"]
        assert data["messaging.destination.name"] == "pagefacts.tag"
        assert {
            "messaging.message.id",
            "messaging.message.receive.latency",
            "messaging.message.retry.count",
        } <= data.keys()
        sent = parts["pagefacts.facts"]["queue.publish"]["data"]
        assert sent["messaging.destination.name"] == ledger.keys.results

        (error,) = error_events(envelopes)
        assert error["fingerprint"] == ["internal_error", "extract", "{{ default }}"]
        assert error["tags"] == {"job_id": "value-error", "stage": "extract", "url_host": "news.example"}
        assert error["environment"] == "staging"
        assert error["release"].startswith("pagefacts@")
        assert all(MARKER.encode() not in envelope for envelope in envelopes)


def test_each_stage_of_a_job_is_one_line(ledger: Ledger, start_worker: Start) -> None:
    worker = start_worker()
    ledger.enqueue(json.dumps({"id": "a", "text": EXAMPLE.read_text()}), '{"id": "b", "colour": "red"}')
    answered(ledger, 2)
    assert worker.stop() == 0
    lines = [json.loads(line) for line in worker.log.read_text().splitlines() if line.startswith("{")]
    ended = [line for line in lines if line["event"] == "stage ended"]
    assert [(line["stage"], line["outcome"]) for line in ended if line["job"] == "a"] == [
        ("intake", "done"),
        ("extract", "done"),
        ("tag", "done"),
        ("facts", "result"),
    ]
    (refused,) = [line for line in ended if line["job"] == "b"]
    assert (refused["outcome"], refused["code"], refused["level"]) == ("failure", "invalid_job", "warning")
    assert [line["event"] for line in lines if line.get("job") == "a"] == ["stage ended"] * 4
    assert all(line["worker"].startswith("w0@") for line in ended)
