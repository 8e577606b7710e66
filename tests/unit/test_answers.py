"""Failures and dead letters."""

from __future__ import annotations

import base64
import json

import pytest

from pagefacts.contracts import parse_job
from pagefacts.errors import InvalidJob, NoArticle, PagefactsError
from worker.answers import InternalError, TimeLimit, TooManyDeliveries, failed, failure_event


def test_a_failure_says_what_failed_where_and_echoes_the_job() -> None:
    job = parse_job('{"id":"a","url":"https://example.org/","attributes":{"n":1}}')
    event = json.loads(failure_event(job.head, "a", NoArticle(), "extract", 2).to_json())
    assert event["subject"] == "https://example.org/"
    assert "traceparent" not in event
    assert event["data"]["attributes"] == {"n": 1}
    assert event["data"]["failure"] == {
        "stage": "extract",
        "code": "no_article",
        "message": "No article text was found in the page.",
        "field": None,
        "retryable": False,
        "deliveries": 2,
    }


@pytest.mark.parametrize("raw", [b'{"id": "a", "n": "\xc3\xa9"}', b"\xff\x00"])
def test_a_dead_letter_keeps_the_job_as_it_was_sent(raw: bytes) -> None:
    answer = failed(failure_event(None, "a", InvalidJob("x", field="job"), "intake", 1), raw)
    letter = json.loads(str(answer.dead))
    assert letter["id"] == "a"
    assert (letter["job"].encode() if "job" in letter else base64.b64decode(letter["job_base64"])) == raw


def every_error(kind: type[PagefactsError] = PagefactsError) -> list[type[PagefactsError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in every_error(child))]


def test_every_error_has_a_code_and_a_message() -> None:
    kinds = every_error()
    assert {TimeLimit, TooManyDeliveries, InternalError, NoArticle} <= set(kinds)
    for kind in kinds:
        assert kind.code.isidentifier()
        assert str(kind("detail")).endswith(". detail") or str(kind("detail")).endswith("again. detail"), kind
