"""The wire contract as an AsyncAPI 3.0 document, generated from the models."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from pagefacts import __version__
from pagefacts.contracts.dead import DeadLetter
from pagefacts.contracts.job import Job
from pagefacts.contracts.result import FailureEvent, ResultEvent
from pagefacts.contracts.schema import Mode, WireSchema
from pagefacts.errors import FAILURES, HttpStatus, PagefactsError

_ABOUT: Final = """pagefacts reads news pages and answers with checked casualty facts.

Channels are streams of Redis or Valkey. A producer appends a job to the jobs stream; each job is answered with one
event on the results stream, a result or a failure; a job that failed is kept as a dead letter. An entry of a stream
has one field, which holds the message as JSON in UTF-8: `x-redis-stream-field` of the message names it.

Operations are those of pagefacts: it receives what a producer sends, and sends what a consumer receives."""

_NAMESPACE: Final = (
    "The workers' `PAGEFACTS_NAMESPACE` in braces, which stand in the key: they are its hash tag. "
    "Where `PAGEFACTS_SHARDS` is K > 1, one for each shard, `{pagefacts.0}` to `{pagefacts.K-1}`: "
    "a job goes to the one that the CRC32 of its id modulo K says."
)

_ID: Final = "The job's id. A job without one is answered under a hash of its content."

_MESSAGES: Final[dict[str, tuple[type[BaseModel], str, str, tuple[str, ...]]]] = {
    "job": (Job, "job", "A page to be processed.", ("page", "url")),
    "result": (ResultEvent, "event", "What a page says: a CloudEvents 1.0 event.", ("result",)),
    "failure": (FailureEvent, "event", "Why a job has no result: a CloudEvents 1.0 event.", ("failure",)),
    "deadLetter": (DeadLetter, "dead", "A job that failed, as it was sent.", ("dead",)),
}
"""Of each message its model, its field in an entry of the stream, what it is, and its files in ``examples``."""


def asyncapi() -> dict[str, Any]:
    """Return the document."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "pagefacts",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"plain": _server("redis", "TCP"), "tls": _server("rediss", "TLS")},
        "channels": {
            "jobs": _channel("jobs", "Jobs that are not answered yet.", "job"),
            "results": _channel("results", "Answers, in the order in which they were written.", "result", "failure"),
            "dead": _channel("dead", "Jobs that failed, until an operator drops or retries them.", "deadLetter"),
        },
        "operations": {
            "receiveJob": _operation("receive", "jobs", "job", "Take a job in; it stays on the stream until answered."),
            "sendResult": _operation("send", "results", "result", "Answer a job with what its page says."),
            "sendFailure": _operation("send", "results", "failure", "Answer a job that has no result."),
            "sendDeadLetter": _operation("send", "dead", "deadLetter", "Keep a job that failed as it was sent."),
        },
        "components": {
            "messages": {name: _message(name, *parts) for name, parts in _MESSAGES.items()},
            "schemas": _schemas(),
            "parameters": {"namespace": {"description": _NAMESPACE, "default": "{pagefacts}"}},
            "correlationIds": {"job": {"description": _ID, "location": "$message.payload#/id"}},
            "securitySchemes": {"user": {"type": "userPassword", "description": "A user of the server's ACL."}},
        },
    }


def _ref(*path: str) -> dict[str, str]:
    return {"$ref": "/".join(["#", *path])}


def _server(protocol: str, transport: str) -> dict[str, Any]:
    return {
        "host": "{host}:{port}",
        "pathname": "/{database}",
        "protocol": protocol,
        "description": f"Redis or Valkey, 6.2 or newer, over {transport}; RESP2 or RESP3.",
        "variables": {
            "host": {"default": "localhost"},
            "port": {"default": "6379"},
            "database": {"default": "0", "description": "Number of the database."},
        },
        "security": [_ref("components", "securitySchemes", "user")],
    }


def _channel(name: str, summary: str, *messages: str) -> dict[str, Any]:
    return {
        "address": f"{{namespace}}:{name}",
        "summary": summary,
        "parameters": {"namespace": _ref("components", "parameters", "namespace")},
        "messages": {message: _ref("components", "messages", message) for message in messages},
    }


def _operation(action: str, channel: str, message: str, summary: str) -> dict[str, Any]:
    return {
        "action": action,
        "channel": _ref("channels", channel),
        "summary": summary,
        "messages": [_ref("channels", channel, "messages", message)],
    }


def _message(name: str, model: type[BaseModel], field: str, summary: str, examples: Iterable[str]) -> dict[str, Any]:
    return {
        "name": name,
        "summary": summary,
        **({"description": _failures()} if model is FailureEvent else {}),
        "contentType": "application/cloudevents+json" if field == "event" else "application/json",
        "correlationId": _ref("components", "correlationIds", "job"),
        "payload": _ref("components", "schemas", model.__name__),
        "examples": [{"name": each, "payload": _example(each)} for each in examples],
        "x-redis-stream-field": field,
    }


def _example(name: str) -> dict[str, Any]:
    text = files("pagefacts.contracts").joinpath("examples", f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _schemas() -> dict[str, Any]:
    modes: list[tuple[type[BaseModel], Mode]] = [
        (model, "validation" if model is Job else "serialization") for model, *_ in _MESSAGES.values()
    ]
    _, described = models_json_schema(modes, ref_template="#/components/schemas/{model}", schema_generator=WireSchema)
    schemas: dict[str, Any] = described["$defs"]
    return schemas


def _failures() -> str:
    head = ["A job that failed has one of these codes; more may come.", "", "| code | stage | retryable | message |"]
    rows = (f"{failure_row(kind)} {kind().message} |" for kind in FAILURES)
    return "\n".join([*head, "|---|---|---|---|", *rows])


def failure_row(kind: type[PagefactsError]) -> str:
    """Return the row of a table in Markdown: the code, the stages where it may happen, whether another try may help."""
    code, retryable = kind.code, "yes" if kind.retryable else "no"
    if kind is HttpStatus:
        code, retryable = "http_<status>", "408, 425, 429, 5xx"
    return f"| `{code}` | {', '.join(kind.stages)} | {retryable} |"
