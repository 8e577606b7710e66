"""The spans of a job's way, after OpenTelemetry's semantic conventions for messaging.

An attempt is a span in the trace that the job names, or in a new one; stages and the answer are its children, whichever
processes they run in. What travels is the attempt's ``traceparent``, in the claim.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import requests
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Link, Span, SpanKind, StatusCode, get_current_span, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from config.settings import SettingsError
from pagefacts import __version__
from worker.traces.export import Batches, Exporting

Attributes = Mapping[str, str | int | float]

_PROPAGATOR: Final = TraceContextTextMapPropagator()


class Attempt:
    """The span of an attempt at a job."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self.traceparent = _traceparent(span)
        """W3C Trace Context for what belongs to it."""

    def fail(self, code: str) -> None:
        """Say that the job failed, with the error's ``code``."""
        _fail(self._span, code)


class Tracing:
    """Makes spans. A process that is forked from one that traces does so too."""

    def __init__(self, environ: Mapping[str, str], worker: str) -> None:
        # What the exporter says of a collector that is away it says of every batch, and Sentry would be told.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        self._provider = TracerProvider(resource=_resource(worker), shutdown_on_exit=False)
        self._provider.add_span_processor(Exporting(_exporter, _batches(environ)))
        self._tracer = self._provider.get_tracer("pagefacts", __version__)

    @contextmanager
    def attempt(self, traceparent: str | None, begun: int, earlier: str | None, given: Attributes) -> Iterator[Attempt]:
        """Trace an attempt at a job from ``begun`` (Unix nanoseconds) to the end of the block, unless that raises.

        ``earlier``: the ``traceparent`` of the attempt before, where there was one.
        """
        links = [Link(get_current_span(_context(earlier)).get_span_context())] if earlier else []
        name = f"process {given['messaging.destination.name']}"
        span = self._tracer.start_span(
            name, _context(traceparent), SpanKind.CONSUMER, {**_operation("process"), **given}, links, begun
        )
        yield Attempt(span)
        span.end()

    def stage(self, name: str, traceparent: str | None, begun: int, ended: int, given: Attributes) -> None:
        """Trace a stage of the attempt at ``traceparent`` that has ended, with its times in Unix nanoseconds."""
        span = self._tracer.start_span(name, _context(traceparent), attributes=given, start_time=begun)
        if code := given.get("error.type"):
            _fail(span, str(code))
        span.end(ended)

    @contextmanager
    def sending(self, traceparent: str | None, given: Attributes) -> Iterator[str]:
        """Trace the block, which sends a message, unless that raises; yield the ``traceparent`` for its consumers."""
        name = f"send {given['messaging.destination.name']}"
        attributes = {**_operation("send"), **given}
        span = self._tracer.start_span(name, _context(traceparent), SpanKind.PRODUCER, attributes)
        yield _traceparent(span)
        span.end()

    def stop(self) -> None:
        """Send the spans that this process has left."""
        self._provider.shutdown()


class _Session(requests.Session):
    """Trusts the authority that the exporter names; requests would let REQUESTS_CA_BUNDLE go before it."""

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        return super().merge_environment_settings(url, proxies, stream, verify or self.verify, cert)


def _exporter() -> OTLPSpanExporter:
    return OTLPSpanExporter(session=_Session())


def _fail(span: Span, code: str) -> None:
    """Say that what ``span`` traces failed, and never why in words."""
    span.set_attribute("error.type", code)
    span.set_status(StatusCode.ERROR)


def _traceparent(span: Span) -> str:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, set_span_in_context(span))
    return carrier["traceparent"]


def _context(traceparent: str | None) -> Context:
    """Return the context of a parent; an empty one, where a trace begins, without any, or where it is invalid."""
    return _PROPAGATOR.extract({"traceparent": traceparent} if traceparent else {}, Context())


def _operation(name: str) -> dict[str, str]:
    return {"messaging.system": "redis", "messaging.operation.type": name, "messaging.operation.name": name}


def _resource(worker: str) -> Resource:
    """Return what is said of this worker; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES go before."""
    ours = {"service.name": "pagefacts", "service.version": __version__, "service.instance.id": worker}
    return Resource.create().merge(Resource(ours)).merge(OTELResourceDetector().detect())


def _batches(environ: Mapping[str, str]) -> Batches:
    usual = Batches()
    return Batches(
        _number(environ, "OTEL_BSP_SCHEDULE_DELAY", int(usual.seconds * 1000)) / 1000,
        _number(environ, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", usual.size),
        _number(environ, "OTEL_BSP_MAX_QUEUE_SIZE", usual.waiting),
    )


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    given = environ.get(name, "").strip() or str(default)
    if not given.isdecimal() or int(given) == 0:
        raise SettingsError(f"{name}: must be a whole number above 0")
    return int(given)
