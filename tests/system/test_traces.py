"""The trace of a job, from its producer's span to the answer's: as a collector and Sentry's server receive it."""

from __future__ import annotations

import json
import os
import signal
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from probing import STARTER, Posted, captured, error_events, sentry_server, transactions
from servers import free_port
from support import Worker, answered, events, until
from website import ARTICLE, reply, serving

from worker.ledger import GROUP, Ledger

Start = Callable[..., Worker]

MARKER = "quoted-from-the-page"
TRACE, PRODUCER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SECRET = "the-collectors-key"  # noqa: S105 - of a collector that this test starts


def page(job_id: str, **more: Any) -> str:
    text = f"At least 34 people were killed in {MARKER} on Monday, officials said. " * 9
    head = f'<title>{MARKER}</title><meta name="author" content="{MARKER}"><meta name="date" content="{MARKER}">'
    html = f"<html><head>{head}</head><body><article><h1>{MARKER}</h1><p>{text}</p></article></body></html>"
    return json.dumps({"id": job_id, "html": html, "url": f"https://news.example/{MARKER}?q={MARKER}", **more})


def spans(bodies: Iterable[bytes]) -> list[Any]:
    requests = [ExportTraceServiceRequest.FromString(body) for body in list(bodies)]
    return [
        span for request in requests for of in request.resource_spans for in_ in of.scope_spans for span in in_.spans
    ]


def attributes(span: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


def of_job(bodies: Iterable[bytes], job_id: str) -> dict[str, Any]:
    ids = ("pagefacts.job.id", "messaging.message.conversation_id")
    return {span.name: span for span in spans(bodies) if job_id in [attributes(span).get(name) for name in ids]}


@pytest.fixture
def collector() -> Iterator[tuple[str, list[Posted]]]:
    with captured() as (port, bodies):
        yield f"http://127.0.0.1:{port}", bodies


@contextmanager
def by_https(folder: Path) -> Iterator[tuple[dict[str, str], list[Posted]]]:
    """A collector with a name and a certificate of an authority of its own."""
    authority, certificate = trustme.CA(), folder / "authority.pem"
    authority.cert_pem.write_to_path(str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with captured(context) as (port, bodies):
        yield (
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": f"https://localhost:{port}",
                "OTEL_EXPORTER_OTLP_CERTIFICATE": str(certificate),
            },
            bodies,
        )


@pytest.mark.parametrize("pipeline", ["chain", "fused"])
def test_a_trace_goes_from_producer_to_answer(
    ledger: Ledger, start_worker: Start, tmp_path: Path, pipeline: str
) -> None:
    with by_https(tmp_path) as (settings, bodies):
        worker = start_worker(
            **settings,
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
    assert (attempt.kind, sent.kind) == (Span.SPAN_KIND_CONSUMER, Span.SPAN_KIND_PRODUCER)
    assert attempt.parent_span_id.hex() == PRODUCER
    assert {good[name].parent_span_id for name in names[1:]} == {attempt.span_id}
    assert found["good"]["traceparent"] == f"00-{TRACE}-{sent.span_id.hex()}-01"
    assert attributes(attempt).items() >= {
        ("messaging.system", "redis"),
        ("messaging.operation.name", "process"),
        ("messaging.operation.type", "process"),
        ("messaging.destination.name", ledger.keys.jobs),
        ("messaging.consumer.group.name", GROUP),
    }
    assert attributes(sent).items() >= {
        ("messaging.operation.type", "send"),
        ("messaging.destination.name", ledger.keys.results),
    }
    assert attributes(good["facts"]).items() >= {("pagefacts.outcome", "result"), ("url.domain", "news.example")}
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

    lines = [json.loads(line) for line in worker.log.read_text().splitlines()]
    assert {line["trace_id"] for line in lines if line.get("job") == "good" and "ms" in line} == {TRACE}
    assert MARKER not in b"".join(bodies).decode(errors="replace")
    assert SECRET not in worker.log.read_text()
    assert MARKER not in worker.log.read_text()


@pytest.mark.parametrize("pipeline", ["chain", "fused"])
def test_a_fetch_is_a_part_of_the_trace(
    ledger: Ledger, start_worker: Start, collector: tuple[str, list[Posted]], pipeline: str
) -> None:
    endpoint, bodies = collector
    with serving() as site:
        site.pages[f"/{MARKER}"] = reply(ARTICLE)
        worker = start_worker(
            OTEL_EXPORTER_OTLP_ENDPOINT=endpoint,
            PAGEFACTS_PIPELINE=pipeline,
            PAGEFACTS_FETCH="on",
            PAGEFACTS_FETCH_ALLOW_NETWORKS="127.0.0.0/8",
            PAGEFACTS_FETCH_PORTS=site.port,
        )
        url = f"{site.url}/{MARKER}?{MARKER}"
        ledger.enqueue(json.dumps({"id": "far", "url": url, "traceparent": f"00-{TRACE}-{PRODUCER}-01"}))
        (event,) = answered(ledger, 1)
        assert worker.stop() == 0
    assert event["type"] == "pagefacts.result.v1"
    far = of_job(bodies, "far")
    times = {name: far[name].start_time_unix_nano for name in ("fetch", "extract", "tag", "facts")}
    assert sorted(times, key=lambda name: times[name]) == [*times]
    assert {far[name].parent_span_id for name in times} == {far[f"process {ledger.keys.jobs}"].span_id}
    assert attributes(far["fetch"])["url.domain"] == "127.0.0.1"
    assert MARKER not in b"".join(bodies).decode(errors="replace")
    assert MARKER not in worker.log.read_text()


def test_a_new_attempt_is_linked_to_the_one_before(
    ledger: Ledger, start_worker: Start, collector: tuple[str, list[Posted]]
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
        OTEL_BSP_SCHEDULE_DELAY="50",
    )
    ledger.enqueue(*(page(f"job-{n}") for n in range(5)))
    assert {event["type"] for event in answered(ledger, 5)} == {"pagefacts.result.v1"}
    until(lambda: len(lost(worker)) == 2)
    ledger.enqueue(*(page(f"more-{n}") for n in range(5)))
    answered(ledger, 10)
    assert worker.stop() == 0
    assert [line["level"] for line in lost(worker)] == ["warning"] * 2
    assert {line["process"] for line in lost(worker)} == {"MainProcess", "ForkPoolWorker-1"}
    assert "opentelemetry" not in worker.log.read_text()


def lost(worker: Worker) -> list[dict[str, Any]]:
    return [json.loads(line) for line in worker.log.read_text().splitlines() if "spans are lost" in line]


@pytest.mark.parametrize(
    ("pipeline", "tasks", "queue"),
    [
        ("chain", ("pagefacts.extract", "pagefacts.tag", "pagefacts.facts"), "pagefacts.facts"),
        ("auto", ("pagefacts.page",), "pagefacts.extract"),
    ],
)
def test_sentry_is_told_of_queues_and_of_defects_by_code(
    ledger: Ledger, start_worker: Start, pipeline: str, tasks: tuple[str, ...], queue: str
) -> None:
    with sentry_server() as (dsn, envelopes):
        settings = {"SENTRY_DSN": dsn, "PAGEFACTS_SENTRY_TRACES": "1", "STARTER_MARKER": MARKER}
        settings["PAGEFACTS_PIPELINE"] = pipeline
        worker = start_worker(command=STARTER, SENTRY_ENVIRONMENT="staging", **settings)
        ledger.enqueue(page("good", traceparent=f"00-{TRACE}-{PRODUCER}-00"), page("value-error"), page("page-error"))
        answered(ledger, 3)
        assert worker.stop() == 0
        good = until(lambda: [each for each in transactions(envelopes) if each["tags"]["job_id"] == "good"])

        assert {each["transaction"] for each in good} == {"pagefacts.intake", *tasks}
        assert {each["contexts"]["trace"]["trace_id"] for each in good} == {TRACE}
        assert {each["tags"]["url_host"] for each in good} == {"news.example"}
        parts = {each["transaction"]: {span["op"]: span for span in each["spans"]} for each in good}
        assert {"queue.process", "queue.publish"} <= parts["pagefacts.intake"].keys()
        assert {"queue.process", "queue.publish"} <= parts[tasks[-1]].keys()
        data = parts[tasks[-1]]["queue.process"]["data"]
        assert data["messaging.destination.name"] == queue
        assert {
            "messaging.message.id",
            "messaging.message.receive.latency",
            "messaging.message.retry.count",
        } <= data.keys()
        sent = parts[tasks[-1]]["queue.publish"]["data"]
        assert sent["messaging.destination.name"] == ledger.keys.results

        (error,) = error_events(envelopes)
        assert error["fingerprint"] == ["internal_error", "{{ default }}"]
        assert error["tags"] == {"job_id": "value-error", "stage": "extract", "url_host": "news.example"}
        assert error["environment"] == "staging"
        assert error["release"].startswith("pagefacts@")
        assert all(MARKER.encode() not in envelope for envelope in envelopes)


def test_each_process_of_a_pool_reports(
    ledger: Ledger, start_worker: Start, collector: tuple[str, list[Posted]]
) -> None:
    endpoint, bodies = collector
    with sentry_server() as (dsn, envelopes):
        worker = start_worker(
            *("--concurrency", "2"),
            command=STARTER,
            SENTRY_DSN=dsn,
            PAGEFACTS_SENTRY_TRACES="1",
            STARTER_MARKER=MARKER,
            OTEL_EXPORTER_OTLP_ENDPOINT=endpoint,
            OTEL_BSP_SCHEDULE_DELAY="100",
        )
        first = jobs_of_each_process(ledger, worker, 2)
        assert_told(first, envelopes, bodies)
        # Those that come later are forked from a process that has sent something itself.
        before = worker.children()
        for child in before:
            os.kill(child, signal.SIGKILL)
        until(lambda: len({*worker.children()} - {*before}) == 2, what="processes in their place")
        later = jobs_of_each_process(ledger, worker, 4)
        assert_told(later, envelopes, bodies)
        assert worker.stop() == 0
        # They have connections of their own.
        of_children = {each.connection for each in envelopes if errors_of_jobs([each])}
        of_main = {each.connection for each in envelopes if b'"pagefacts.intake"' in each}
        assert of_children
        assert of_main
        assert not of_children & of_main


def jobs_of_each_process(ledger: Ledger, worker: Worker, processes: int) -> set[str]:
    """Enqueue jobs that meet a defect until so many processes of the pool have met one; return all of them."""

    def met() -> dict[str, str]:
        before = len(events(ledger))
        ledger.enqueue(*(page(f"value-error:{before + n}") for n in range(4)))
        # A job is answered before its process says so.
        by_job = until(lambda: len(found := processes_by_job(worker)) == before + 4 and found, what="jobs that ended")
        return by_job if len(set(by_job.values())) == processes else {}

    return {*until(met, what=f"{processes} processes that have worked")}


def processes_by_job(worker: Worker) -> dict[str, str]:
    """The jobs that a worker says have ended, each with the process that it ended in."""
    written = map(json.loads, worker.log.read_text().splitlines())
    return {line["job"]: line["process"] for line in written if line.get("stage") == "extract"}


def assert_told(jobs: set[str], envelopes: Iterable[bytes], bodies: Iterable[bytes]) -> None:
    """Sentry is told of each error and each transaction, the collector of each span."""
    ways = {(job, name) for job in jobs for name in ("pagefacts.intake", "pagefacts.page")}
    until(lambda: {event["tags"]["job_id"] for event in errors_of_jobs(envelopes)} >= jobs, what="errors")
    until(lambda: ways <= {(each["tags"]["job_id"], each["transaction"]) for each in transactions(envelopes)})
    until(lambda: all("extract" in of_job(bodies, job) for job in jobs), what="spans")


def errors_of_jobs(envelopes: Iterable[bytes]) -> list[dict[str, Any]]:
    """The errors in these envelopes but those of a process that was killed before its task had been ticked off."""
    return [event for event in error_events(envelopes) if "job_id" in event["tags"]]
