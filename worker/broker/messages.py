"""What a message on Celery's queues must be before a worker takes it.

Celery refuses what is no JSON, and yet trusts whoever can write to its queues: a message that is odd enough (no JSON
around it, a header of another type, a compressed bomb) ends the whole worker, goes back to its queue as it does, and
ends the next one; others are written to the log with the page in them. Here a message is checked and made anew of what
was checked, so that Celery sees nothing else.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from kombu.utils.json import loads
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from config.celeryconfig import QUEUES, SUBMIT

_LONGEST_WAIT: Final = timedelta(days=1)
"""A task that is to wait longer is refused: it would be kept in the worker's memory meanwhile."""

_Name = Annotated[str, StringConstraints(max_length=256)]
_Text = Annotated[str, StringConstraints(max_length=8192)]


class Refused(Exception):
    """The message is dropped. What it says is the worker's own words: nothing of the message gets into the log."""

    harmless = True


class _Checked(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Headers(_Checked):
    task: Literal[*QUEUES]  # type: ignore[valid-type]  # the names of the tasks
    id: _Name
    root_id: _Name | None = None
    parent_id: _Name | None = None
    retries: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    eta: Annotated[str, StringConstraints(max_length=64)] | None = None
    origin: _Name | None = None
    compression: None = None
    sentry_trace: Annotated[_Text | None, Field(alias="sentry-trace")] = None
    baggage: _Text | None = None
    sentry_sent: Annotated[float | None, Field(alias="sentry-task-enqueued-time")] = None


class _Properties(_Checked):
    body_encoding: Literal["base64"]
    delivery_tag: _Name
    correlation_id: _Name | None = None


class _Envelope(_Checked):
    content_type: Annotated[Literal["application/json"], Field(alias="content-type")]
    content_encoding: Annotated[Literal["utf-8"], Field(alias="content-encoding")]
    headers: _Headers
    properties: _Properties
    body: str


class _Signature(_Checked):
    task: Literal[*QUEUES]  # type: ignore[valid-type]


class _Embedded(_Checked):
    """What is to follow a task: of Celery's ways the steps of a chain alone."""

    callbacks: None = None
    errbacks: None = None
    chord: None = None
    chain: list[_Signature] | None = None


class _Step(_Checked):
    """The arguments of all tasks but one: the job's id, the attempt, and what a later version may add of their kind."""

    positional: Annotated[list[int | _Name], Field(alias="args", min_length=2, max_length=8)]
    named: Annotated[dict[str, Any], Field(alias="kwargs", max_length=0)]


class _Submission(_Checked):
    """The arguments of `config.celeryconfig.SUBMIT`, which carries a whole job."""

    positional: Annotated[list[dict[str, Any]], Field(alias="args", min_length=1, max_length=1)]
    named: Annotated[dict[str, Any], Field(alias="kwargs", max_length=0)]


def checked(item: bytes | str, now: datetime | None = None) -> str:
    """Return the message ``item``, as it lies on the queue, made anew. Raise `Refused`."""
    with _refusals():
        message = json.loads(item)
    return json.dumps(anew(message, now))


def anew(message: Any, now: datetime | None = None) -> dict[str, Any]:
    """Return a message that is no longer JSON, made anew. Raise `Refused`."""
    with _refusals():
        envelope = _Envelope.model_validate(message)
        body = loads(base64.b64decode(envelope.body, validate=True).decode())  # type: ignore[no-untyped-call]
        _check_body(envelope.headers.task, body)
        _check_eta(envelope.headers.eta, now or datetime.now(UTC))
    return _made_of(envelope)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what is raised on an odd message into `Refused`."""
    try:
        yield
    except ValidationError as error:
        raise Refused(_reason(error)) from None
    except RecursionError:
        raise Refused("nested too deep") from None
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise Refused("no JSON of Celery's protocol 2") from None


def _check_body(task: str, body: Any) -> None:
    args, kwargs, embedded = body
    arguments = _Submission if task == SUBMIT else _Step
    arguments.model_validate({"args": args, "kwargs": kwargs})
    following = _Embedded.model_validate(embedded or {})
    if task == SUBMIT and following.chain:
        raise ValueError("nothing follows a submission")


def _check_eta(eta: str | None, now: datetime) -> None:
    if eta is None:
        return
    at = datetime.fromisoformat(eta)
    if at.replace(tzinfo=at.tzinfo or UTC) > now + _LONGEST_WAIT:
        raise ValueError("too far ahead")


def _reason(error: ValidationError) -> str:
    """Name the field at fault, and nothing that the message holds."""
    models: tuple[type[BaseModel], ...] = (_Envelope, _Headers, _Properties, _Embedded, _Step)
    known = {field.alias or name for model in models for name, field in model.model_fields.items()}
    names = [str(part) for part in error.errors()[0]["loc"] if part in known]
    return f"its {'.'.join(names)} is not allowed" if names else "no JSON of Celery's protocol 2"


def _made_of(envelope: _Envelope) -> dict[str, Any]:
    headers, properties = envelope.headers, envelope.properties
    trace = headers.model_dump(include={"sentry_trace", "baggage", "sentry_sent"}, by_alias=True, exclude_none=True)
    return {
        "body": envelope.body,
        "content-type": envelope.content_type,
        "content-encoding": envelope.content_encoding,
        "headers": {
            **trace,
            "headers": trace,  # where Sentry looks for it
            "lang": "py",
            "task": headers.task,
            "id": headers.id,
            "root_id": headers.root_id or headers.id,
            "parent_id": headers.parent_id,
            "group": None,
            "retries": headers.retries,
            "eta": headers.eta,
            "expires": None,
            "timelimit": [None, None],
            "argsrepr": _shown(headers.task, envelope.body),
            "kwargsrepr": "{}",
            "origin": headers.origin,
            "ignore_result": True,
        },
        "properties": {
            "correlation_id": properties.correlation_id or headers.id,
            "reply_to": "",
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": QUEUES[headers.task]},
            "priority": 0,
            "body_encoding": properties.body_encoding,
            "delivery_tag": properties.delivery_tag,
        },
    }


def _shown(task: str, body: str) -> str:
    """Return the arguments as events, Flower and the log show them: of a submission nothing."""
    return "(job,)" if task == SUBMIT else repr(tuple(json.loads(base64.b64decode(body))[0]))
