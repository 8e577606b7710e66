"""What Sentry is told: of an error its type, its place, the job and the stage; of jobs their way and its times.

Nothing that quotes a page: what is sent is made anew of what is known to be harmless.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, cast

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.tracing import Span
from sentry_sdk.types import Event, Hint
from sentry_sdk.utils import BadDsn

from config import logs
from config.settings import SettingsError
from pagefacts import __version__
from pagefacts.errors import InternalError
from worker.answers import typed

_ALWAYS: Final = ("event_id", "timestamp", "platform", "release", "environment", "server_name", "sdk", "transaction")
_OF_ERROR: Final = (*_ALWAYS, "level", "logger", "modules")
_OF_TRANSACTION: Final = (*_ALWAYS, "type", "start_timestamp", "transaction_info")
_TAGS: Final = frozenset({"job_id", "stage", "url_host"})
_OF_VALUE: Final = ("type", "module", "mechanism", "stacktrace", "thread_id")
_OF_RUNTIME: Final = ("name", "version", "build")
_OF_SPAN: Final = (
    *("trace_id", "span_id", "parent_span_id", "op", "description", "status", "origin", "start_timestamp", "timestamp"),
    *("same_process_as_parent", "data"),
)
_OF_DATA: Final = (
    *("messaging.system", "messaging.destination.name", "messaging.message.id", "messaging.message.body.size"),
    *("messaging.message.receive.latency", "messaging.message.retry.count"),
)
_QUEUES: Final = "queue."
"""What the operations begin with whose spans are sent."""


def init(dsn: str, traces: float) -> None:
    """Report errors, and the way of a share of the jobs. Raises `config.settings.SettingsError` where it is no DSN."""
    try:
        _init(dsn, traces)
    except BadDsn:
        raise SettingsError("SENTRY_DSN: must be the DSN of a project, https://KEY@HOST/NUMBER") from None


def _init(dsn: str, traces: float) -> None:
    sentry_sdk.init(
        dsn=dsn,
        release=f"pagefacts@{__version__}",
        traces_sample_rate=traces or None,
        integrations=[CeleryIntegration(propagate_traces=traces > 0)],
        auto_enabling_integrations=False,
        before_send=_without_quotes,
        before_send_transaction=_queues_only,
        before_send_log=_nothing,
        before_send_metric=_nothing,
        max_breadcrumbs=0,
        auto_session_tracking=False,
        include_local_variables=False,
        max_request_body_size="never",
        send_default_pii=False,
    )


def about(job_id: str, stage: str, host: str | None = None) -> None:
    """Let what is reported from here on say which job and stage it is about, and which ``host`` its page is of."""
    sentry_sdk.set_tag("job_id", job_id)
    sentry_sdk.set_tag("stage", stage)
    if host:
        sentry_sdk.set_tag("url_host", host)


@contextmanager
def processing(traceparent: str | None, job_id: str, host: str | None, data: Mapping[str, Any]) -> Iterator[None]:
    """Report the block as a transaction that takes a job in; it belongs to the trace of ``traceparent``."""
    with sentry_sdk.isolation_scope():
        about(job_id, "intake", host)
        # Its third part, whether the producer's spans are kept, would overrule the share that is set here.
        of_producer = {"sentry-trace": "-".join(traceparent.split("-")[1:3])} if traceparent else {}
        name = "pagefacts.intake"
        transaction = sentry_sdk.continue_trace(of_producer, op="queue.task", name=name, source="task")
        with sentry_sdk.start_transaction(transaction), sentry_sdk.start_span(op="queue.process", name=name) as span:
            _describe(span, data)
            yield


@contextmanager
def publishing(data: Mapping[str, Any]) -> Iterator[None]:
    """Report the block, which sends a message, as a part of what is under way."""
    with sentry_sdk.start_span(op="queue.publish", name=data["messaging.destination.name"]) as span:
        _describe(span, data)
        yield


def _describe(span: Span, data: Mapping[str, Any]) -> None:
    for name, value in data.items():
        span.set_data(name, value)


def _without_quotes(event: Event, hint: Hint) -> Event:
    """Return a new event of what is known to be harmless: other parts, and those to come, may quote anything."""
    given = cast("dict[str, Any]", event)
    kept = _part(given, _OF_ERROR) | _around(given)
    if record := hint.get("log_record"):
        kept["logentry"] = {"message": logs.message_of(record)}
    values = (given.get("exception") or {}).get("values") or []
    if values:
        kept["exception"] = {"values": [_part(value, _OF_VALUE) for value in values]}
        if raised := hint.get("exc_info"):
            kept["exception"]["values"][-1]["value"] = logs.described(raised[1])
            kept["fingerprint"] = _fingerprint(raised[1])
    return cast("Event", kept)


def _fingerprint(error: BaseException) -> list[str]:
    """Return what errors have in common that are one issue: their code, and of defects where they were raised."""
    code = typed(error).code
    return [code, "{{ default }}"] if code == InternalError.code else [code]


def _queues_only(event: Event, _: Hint) -> Event:
    """Return a new transaction of what is known to be harmless, with the spans of messages alone."""
    given = cast("dict[str, Any]", event)
    kept = _part(given, _OF_TRANSACTION) | _around(given)
    spans = [span for span in given.get("spans") or [] if str(span.get("op")).startswith(_QUEUES)]
    kept["spans"] = [_span(span) for span in spans]
    return cast("Event", kept)


def _around(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tags and contexts of an event."""
    contexts = given.get("contexts") or {}
    return {
        "tags": _part(dict(given.get("tags") or {}), _TAGS),
        "contexts": {
            "runtime": _part(contexts.get("runtime") or {}, _OF_RUNTIME),
            "trace": _span(contexts.get("trace") or {}),
        },
    }


def _span(given: Mapping[str, Any]) -> dict[str, Any]:
    return _part(given, _OF_SPAN) | {"data": _part(given.get("data") or {}, _OF_DATA)}


def _part(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _nothing(_: Any, __: Hint) -> None:
    return None
