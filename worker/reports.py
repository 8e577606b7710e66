"""What Sentry is told of an error: its type, where it was raised, the job and the step. Nothing that quotes a page."""

from __future__ import annotations

from typing import Any, Final, cast

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.types import Event, Hint

from config import logs
from config.settings import Settings
from pagefacts import __version__

_KEPT: Final = (
    *("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "server_name", "sdk"),
    *("modules", "transaction"),
)
_TAGS: Final = frozenset({"job_id", "stage"})
_CONTEXTS: Final = frozenset({"runtime", "trace"})
_OF_VALUE: Final = ("type", "module", "mechanism", "stacktrace", "thread_id")


def init_sentry(settings: Settings) -> None:
    """Report errors to Sentry where ``SENTRY_DSN`` is set; nothing else, and of these what `_without_quotes` leaves."""
    if settings.sentry_dsn is None:
        return
    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        release=f"pagefacts@{__version__}",
        integrations=[CeleryIntegration(propagate_traces=False)],
        auto_enabling_integrations=False,
        before_send=_without_quotes,
        before_send_transaction=_nothing,
        before_send_log=_nothing,
        before_send_metric=_nothing,
        max_breadcrumbs=0,
        auto_session_tracking=False,
        include_local_variables=False,
        max_request_body_size="never",
        send_default_pii=False,
    )


def _without_quotes(event: Event, hint: Hint) -> Event:
    """Return a new event of what is known to be harmless: other parts, and those to come, may quote anything."""
    given = cast("dict[str, Any]", event)
    kept: dict[str, Any] = {name: given[name] for name in _KEPT if name in given}
    kept["tags"] = {name: value for name, value in dict(given.get("tags") or {}).items() if name in _TAGS}
    kept["contexts"] = {name: value for name, value in (given.get("contexts") or {}).items() if name in _CONTEXTS}
    if record := hint.get("log_record"):
        kept["logentry"] = {"message": logs.message_of(record)}
    values = (given.get("exception") or {}).get("values") or []
    if values:
        kept["exception"] = {"values": [_without_value(value) for value in values]}
        if raised := hint.get("exc_info"):
            kept["exception"]["values"][-1]["value"] = logs.described(raised[1])
    return cast("Event", kept)


def _without_value(value: dict[str, Any]) -> dict[str, Any]:
    return {name: value[name] for name in _OF_VALUE if name in value}


def _nothing(_: Any, __: Hint) -> None:
    return None
