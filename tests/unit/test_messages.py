"""Which messages on Celery's queues get through, and what is left of them."""

from __future__ import annotations

import base64
import contextlib
import json
import uuid
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from celery import Celery, chain
from hypothesis import given
from hypothesis import strategies as st

from config.celeryconfig import EXTRACT, FACTS, FETCH, SUBMIT, TAG
from worker.broker.messages import Refused, checked
from worker.broker.request import PageTask

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def message(body: Any = (("job", 1), {}, None), *, raw: bytes | None = None, **changes: Any) -> dict[str, Any]:
    """A message as Celery sends it; ``changes`` are of its headers."""
    encoded = base64.b64encode(json.dumps(body).encode() if raw is None else raw).decode()
    return {
        "body": encoded,
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {"lang": "py", "task": EXTRACT, "id": str(uuid.uuid4()), "argsrepr": "SECRET", **changes},
        "properties": {"delivery_tag": "tag", "body_encoding": "base64"},
    }


def sent(signature: Any) -> list[str]:
    """What Celery itself puts on the queue."""
    app = Celery(broker="memory://", set_as_current=False)
    app.conf.update(task_default_queue="q", broker_transport_options={"polling_interval": 0})
    with app.connection_for_write() as connection:
        signature(app).apply_async(connection=connection, queue="q")
        channel = connection.default_channel
        return [json.dumps(channel._get("q"))]  # noqa: SLF001 - the message as it lies there


@pytest.mark.parametrize(
    "signature",
    [
        lambda app: app.signature(EXTRACT, args=("job", 1), immutable=True),
        lambda app: chain(
            *(app.signature(name, args=("job", 1), immutable=True) for name in (FETCH, EXTRACT, TAG, FACTS)), app=app
        ),
        lambda app: app.signature(FETCH, args=("job", 1), countdown=30),
        lambda app: app.signature(SUBMIT, args=({"id": "a", "body": "x"},)),
    ],
)
def test_what_celery_sends_gets_through_with_its_body_as_it_was(signature: Any) -> None:
    (item,) = sent(signature)
    assert json.loads(checked(item))["body"] == json.loads(item)["body"]


def test_a_message_keeps_what_was_checked_and_nothing_else() -> None:
    kept = json.loads(
        checked(json.dumps(message(timelimit=[0.1, 0.1], shadow={"a": 1}, stamps=5, expires="x", baggage="b")))
    )
    assert kept["headers"]["timelimit"] == [None, None]
    assert kept["headers"]["expires"] is None
    assert kept["headers"]["argsrepr"] == "('job', 1)"
    assert kept["headers"]["headers"] == {"baggage": "b"}
    assert not {"shadow", "stamps"} & kept["headers"].keys()
    assert kept["properties"]["delivery_info"] == {"exchange": "", "routing_key": "pagefacts.extract"}


def test_a_submitted_page_is_in_the_body_alone() -> None:
    item = checked(json.dumps(message([[{"id": "a", "body": "SECRET"}], {}, {}], task=SUBMIT)))
    kept = json.loads(item)
    kept.pop("body")
    assert "SECRET" not in json.dumps(kept)


REFUSED = {
    "pickle": {"content-type": "application/x-python-serialize"},
    "yaml": {"content-type": "application/x-yaml"},
    "msgpack": {"content-type": "application/x-msgpack"},
    "no type": {"content-type": None},
    "a list as type": {"content-type": ["application/json"]},
    "another encoding": {"content-encoding": "rot13"},
    "no body": {"body": None},
    "no base64": {"body": "%%%"},
    "no headers": {"headers": None},
    "headers of another type": {"headers": ["task"]},
    "no properties": {"properties": None},
    "a tag of another type": {"properties": {"body_encoding": "base64", "delivery_tag": {}}},
    "another body encoding": {"properties": {"body_encoding": "zz", "delivery_tag": "tag"}},
}
HEADERS = {
    "an unknown task": {"task": "os.system"},
    "a task of Celery's own": {"task": "celery.backend_cleanup"},
    "a task of another type": {"task": ["pagefacts.extract"]},
    "an id of another type": {"id": {}},
    "no id": {"id": None},
    "a long id": {"id": "x" * 10_000},
    "compression": {"compression": "application/x-gzip"},
    "an eta that is none": {"eta": "SECRET"},
    "an eta of another type": {"eta": 5},
    "an eta that never comes": {"eta": "9999-12-31T23:59:59"},
    "retries of another type": {"retries": "x"},
}
BODIES = {
    "no list": {"args": ["job", 1]},
    "no arguments": [[], {}, {}],
    "one argument": [["job"], {}, {}],
    "a page as argument": [[{"body": "SECRET"}, 1], {}, {}],
    "a long argument": [["x" * 1000, 1], {}, {}],
    "keywords": [["job", 1], {"__class__": "SECRET"}, {}],
    "callbacks": [["job", 1], {}, {"callbacks": [{"task": EXTRACT}]}],
    "a chain to an unknown task": [["job", 1], {}, {"chain": [{"task": "os.system"}]}],
    "a type that kombu would make": [["job", {"__type__": "datetime", "__value__": "SECRET"}], {}, {}],
}


@pytest.mark.parametrize(
    "item",
    [
        *({**message(), **change} for change in REFUSED.values()),
        *(message(**change) for change in HEADERS.values()),
        *(message(body) for body in BODIES.values()),
        message([["no job"], {}, {}], task=SUBMIT),
        message([[{"id": "a"}], {}, {"chain": [{"task": EXTRACT}]}], task=SUBMIT),
        message(raw=b"["),
        message(raw=b"[" * 100_000),
        message(raw=b"\x80\x04."),
        message(raw=zlib.compress(b"[]")),
        ["a", "list"],
        None,
        5,
    ],
)
def test_a_message_of_another_kind_is_refused_in_words_that_quote_nothing(item: Any) -> None:
    with pytest.raises(Refused) as refused:
        checked(json.dumps(item), NOW)
    assert "SECRET" not in str(refused.value)
    assert len(str(refused.value)) < 100


@given(st.binary() | st.text() | st.text().map(lambda text: f'{{"headers": {text}}}'))
def test_any_bytes_are_refused(item: bytes | str) -> None:
    with pytest.raises(Refused):
        checked(item)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["task", "id", "args", "chain"]) | st.text(), inner)
        ),
    )
)
def test_any_body_is_refused_or_gets_through_as_it_was(body: Any) -> None:
    item = message(body)
    with contextlib.suppress(Refused):
        assert json.loads(checked(json.dumps(item)))["body"] == item["body"]


def test_a_job_that_is_submitted_again_is_not_shown_by_the_event_of_that() -> None:
    app = Celery(broker="memory://", task_cls=PageTask, set_as_current=False)
    app.conf.broker_transport_options = {"polling_interval": 0}

    @app.task(name=SUBMIT)
    def submit(job: Any) -> None:
        del job

    with app.connection_for_write() as connection:
        submit.apply_async(({"body": "SECRET"},), connection=connection, queue="again")
        item = connection.default_channel._get("again")  # noqa: SLF001 - the message as it lies there
    assert item["headers"]["argsrepr"] == "(job,)"  # what Celery's event task-sent says
