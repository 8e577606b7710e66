"""Failures and dead letters."""

from __future__ import annotations

import json
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

import worker
from pagefacts import errors
from pagefacts.contracts import DeadLetter, parse_job
from pagefacts.contracts.asyncapi import failure_row
from pagefacts.errors import FAILURES, DataError, InvalidJob, NoArticle, PagefactsError
from worker.answers import failed, failure_event


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
    letter = DeadLetter.read(str(answer.dead))
    assert (letter.id, letter.failure.code) == ("a", "invalid_job")
    assert letter.raw == raw


def test_a_dead_letter_of_an_earlier_or_a_later_version_is_read() -> None:
    written = """{"id": "a", "time": "2026-11-24T06:00:00.123456+00:00", "failure": {"stage": "extract", "code":
        "no_article", "message": "None.", "field": null, "retryable": false, "deliveries": 1, "host": "example.org"},
        "job": "{}", "of_a_later_version": [1]}"""
    letter = DeadLetter.read(written)
    assert (letter.id, letter.failure.code, letter.raw) == ("a", "no_article", b"{}")


def every_error(kind: type[PagefactsError] = PagefactsError) -> list[type[PagefactsError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in every_error(child))]


def test_every_failure_has_a_code_a_stage_and_a_message() -> None:
    for kind in FAILURES:
        assert kind.code.isidentifier()
        assert kind.stages
        assert str(kind("detail")).endswith(". detail")


def test_what_a_job_may_be_answered_with_is_in_one_place() -> None:
    """So that no code is missing where they are listed."""
    for module in pkgutil.walk_packages(worker.__path__, "worker."):
        import_module(module.name)
    assert {kind.__module__ for kind in every_error()} == {errors.__name__}
    assert set(FAILURES) == set(every_error()) - {PagefactsError, DataError, errors.FetchError, errors.TransientError}


def test_the_documentation_has_every_failure() -> None:
    page = (Path(__file__).parents[2] / "docs" / "failures.md").read_text(encoding="utf-8")
    rows = re.findall(r"^(\| `.*? \| .*? \| .*? \|) ", page, re.MULTILINE)
    assert rows == [failure_row(kind) for kind in FAILURES]
