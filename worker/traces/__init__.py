"""Traces for OpenTelemetry, where its endpoint is named: a span for each attempt at a job, each stage, each answer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from config.settings import SettingsError

if TYPE_CHECKING:
    from worker.traces.spans import Tracing

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS: Final = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_FILES: Final = tuple(
    f"OTEL_EXPORTER_OTLP_{signal}{part}"
    for signal in ("", "TRACES_")
    for part in ("CERTIFICATE", "CLIENT_CERTIFICATE", "CLIENT_KEY")
)
_PROTOCOL: Final = "http/protobuf"

_tracing: Tracing | None = None


def endpoint(environ: Mapping[str, str]) -> str | None:
    """Return where spans are sent, by OpenTelemetry's own variables; None where nothing is traced."""
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or environ.get("OTEL_TRACES_EXPORTER") == "none":
        return None
    return _first(environ, ENDPOINTS)


def files(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the files that a process reads to send spans, certificates and keys, by their variables."""
    return {name: path for name in _FILES if (path := environ.get(name))} if endpoint(environ) else {}


def start(environ: Mapping[str, str], worker: str) -> None:
    """Trace jobs from now on, in this process and those that it forks, where an `endpoint` is named.

    ``worker``: its name. Raises `config.settings.SettingsError` where that is not possible.
    """
    global _tracing  # noqa: PLW0603 - a process traces once
    if endpoint(environ) is None:
        return
    protocol = _first(environ, _PROTOCOLS) or _PROTOCOL
    if protocol != _PROTOCOL:
        raise SettingsError(f"OTEL_EXPORTER_OTLP_PROTOCOL must be {_PROTOCOL}, and {protocol!r} is not")
    for name, path in files(environ).items():
        if not os.access(path, os.R_OK):
            raise SettingsError(f"{name}: there is no file of that name that can be read")
    try:
        from worker.traces.spans import Tracing  # noqa: PLC0415 - the extra may not be installed
    except ModuleNotFoundError as missing:
        raise SettingsError(
            f"OTEL_EXPORTER_OTLP_ENDPOINT is set, and there is no {missing.name}: pip install 'pagefacts[otel]'"
        ) from None
    _tracing = Tracing(environ, worker)


def tracing() -> Tracing | None:
    """Return what makes spans; None where nothing is traced."""
    return _tracing


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((value for name in names if (value := environ.get(name, "").strip())), None)
