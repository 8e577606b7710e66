"""A job that holds nothing but values, which would take gigabytes, is refused before it is decoded."""

from __future__ import annotations

import json

import pytest

from pagefacts.contracts import parse_job
from pagefacts.errors import InvalidJob

MANY = 70_000


@pytest.mark.parametrize(
    "raw",
    [
        '{"body":"x","attributes":{"a":[' + "[]," * MANY + "1]}}",
        '{"body":"x",' + ",".join(f'"{n}":1' for n in range(MANY)) + "}",
        '{"body":"a, \\" b\\\\","attributes":[' + '"\\\\",' * MANY + "1]}",
    ],
)
def test_a_job_of_many_values(raw: str) -> None:
    with pytest.raises(InvalidJob, match="more than 65,536 values") as refused:
        parse_job(raw)
    assert refused.value.field == "job"


@pytest.mark.parametrize("raw", ["[" * MANY, "[" * MANY + "]" * MANY, '{"a":' * MANY, "[" * 300 + "]" * 300])
def test_brackets_that_are_opened_in_one_another(raw: str) -> None:
    with pytest.raises(InvalidJob, match=r"recursion|nested deeper than 100 levels") as refused:
        parse_job(raw)
    assert refused.value.field == "job"


@pytest.mark.parametrize("page", ["a, b [c] {d} " * MANY, '\\", [{"' * MANY, "\\" * MANY])
def test_signs_of_the_page_itself_are_no_values(page: str) -> None:
    assert parse_job(json.dumps({"html": page})).html == page


def test_a_string_that_is_not_closed() -> None:
    with pytest.raises(InvalidJob, match="Unterminated string"):
        parse_job('{"html":"' + '\\",' * MANY)
