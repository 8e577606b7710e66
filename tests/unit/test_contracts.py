"""Jobs in, answers out: what is refused, and how it is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from pydantic import ValidationError

import pagefacts.contracts
from pagefacts.contracts import Article, CasualtyFact, Entity, Label, Provenance, Result, identify, parse_job
from pagefacts.contracts.documents import DOCUMENTS, document
from pagefacts.contracts.schema import SCHEMAS, schema
from pagefacts.errors import InvalidJob, UnknownVersion
from worker.cli.schema import schema as command

CHECKED_IN = Path(pagefacts.contracts.__file__).parent / "schemas"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_documents_checked_in_are_current(name: str) -> None:
    assert (CHECKED_IN / f"{name}.json").read_text(encoding="utf-8") == document(name), "run `make schemas`"


def test_the_documents_are_all_that_is_checked_in_and_can_be_written() -> None:
    assert {path.stem for path in CHECKED_IN.iterdir()} == set(DOCUMENTS)
    (argument,) = command.params
    assert isinstance(argument.type, click.Choice)
    assert list(argument.type.choices) == list(DOCUMENTS)
    assert CliRunner().invoke(command, ["dead"]).stdout == document("dead")


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize(
    "page", [{"html": "<p>x"}, {"html_base64": "eA=="}, {"text": "x"}, {"body": "x"}, {"url": "https://example.org/a"}]
)
def test_a_job_has_one_page(page: dict[str, str]) -> None:
    job = parse_job(json.dumps(page))
    assert job.id is not None
    assert job.id.startswith("sha256:")
    Draft202012Validator(schema("job")).validate(page)


@pytest.mark.parametrize(
    ("job", "field"),
    [
        ({"html": "x", "text": "y"}, "job"),
        ({}, "job"),
        ({"body": "x", "charset": "utf-8"}, "job"),
        ({"body": "x", "color": 1}, "color"),
        ({"body": None}, "job"),
        ({"body": ["x"]}, "body"),
        ({"body": "x", "url": "example.org"}, "url"),
        ({"body": "x", "url": "file:///etc/passwd"}, "url"),
        ({"body": "x", "url": "https://[::1"}, "url"),
        ({"body": "x", "url": "https:///nohost"}, "url"),
        ({"body": "x", "id": ""}, "id"),
        ({"body": "x", "id": "a\nb"}, "id"),
        ({"body": "x", "id": "x" * 257}, "id"),
        ({"body": "x", "id": 7}, "id"),
        ({"body": "x", "published": "29/09/2015"}, "published"),
        ({"body": "x", "published": "2015-13-01"}, "published"),
        ({"body": "x", "fetched_at": "2015-09-29T09:41:00"}, "fetched_at"),
        ({"body": "x", "language": "English"}, "language"),
        ({"body": "x", "attributes": [1]}, "attributes"),
        ({"body": "x", "attributes": {"a": "x" * 70_000}}, "attributes"),
        ({"body": "x", "traceparent": "00-1"}, "traceparent"),
    ],
)
def test_a_job_that_is_refused_names_the_field(job: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidJob) as caught:
        parse_job(json.dumps(job))
    assert caught.value.field == field
    assert field in str(caught.value)


def test_every_fault_is_named_and_no_content_is_repeated() -> None:
    with pytest.raises(InvalidJob) as caught:
        parse_job('{"body": 1, "secret": "content of the page"}')
    assert "body" in str(caught.value)
    assert "secret: unknown field" in str(caught.value)
    assert "content of the page" not in str(caught.value)


def test_attributes_that_nest_too_deep_are_refused() -> None:
    nested: Any = {}
    for _ in range(40):
        nested = {"a": nested}
    with pytest.raises(InvalidJob, match="levels deep"):
        parse_job(json.dumps({"body": "x", "attributes": nested}))


@pytest.mark.parametrize("raw", ["[" * 100_000, '{"body": NaN}', b"\xff", "", '{"body":"x"', '"x"'])
def test_what_is_no_json_object_is_refused(raw: str | bytes) -> None:
    with pytest.raises(InvalidJob) as caught:
        parse_job(raw)
    assert caught.value.field == "job"
    assert identify(raw).startswith("sha256:")


@pytest.mark.parametrize(
    "raw",
    [
        b'{"id":"\xed\xa0\x80","body":"x"}',  # half a character, which no key of Redis can hold
        '{"id":"\ud800","body":"x"}',
        b'{"id":"\\ud800","body":"x"}',
        '{"id":"a","body":"x"}'.encode("utf-16"),
        '{"id":"a","body":"x"}'.encode("utf-32-le"),
    ],
)
def test_a_job_is_json_in_utf_8_and_whole_characters(raw: bytes | str) -> None:
    with pytest.raises(InvalidJob):
        parse_job(raw)
    assert identify(raw).startswith("sha256:")


def test_a_byte_order_mark_does_no_harm() -> None:
    assert parse_job(b'\xef\xbb\xbf{"id":"a","body":"x"}').id == "a"


@pytest.mark.parametrize("levels", [101, 500, 900, 100_000])
def test_an_id_does_not_depend_on_how_deep_in_the_program_it_is_asked_for(levels: int) -> None:
    raw = b'{"a":' * levels + b"1" + b"}" * levels

    def deep(calls: int) -> str:
        return deep(calls - 1) if calls else identify(raw)

    assert deep(300) == identify(raw)
    with pytest.raises(InvalidJob):
        parse_job(raw)


def test_another_schema_version_is_refused_as_such() -> None:
    with pytest.raises(UnknownVersion, match="'2'"):
        parse_job('{"body":"x","schema_version":"2"}')


def test_the_content_is_the_id_where_the_producer_gives_none() -> None:
    assert identify('{"body":"x","url":"https://a.org"}') == identify('{ "url": "https://a.org", "body": "x" }')
    assert identify('{"body":"x"}') != identify('{"body":"y"}')
    assert identify('{"body":"x","id":"mine"}') == "mine"
    assert identify('{"body":"x","id":" padded "}').startswith("sha256:")


def result(**fields: Any) -> Result:
    return Result(article=Article(text="Two people died in Paris."), provenance=Provenance(pagefacts="0"), **fields)


def test_a_result_refuses_facts_that_do_not_stand_in_the_text() -> None:
    good = Entity(text="Paris", label=Label.GPE, start=19, end=24)
    assert result(entities=[good]).entities == (good,)
    with pytest.raises(ValidationError, match="not the quoted text"):
        result(entities=[good.model_copy(update={"start": 18})])


def figure(**fields: Any) -> dict[str, Any]:
    return {
        "id": "c1",
        "effect": "killed",
        "min": 2,
        "max": 2,
        "best": 2,
        "qualifier": "exactly",
        "number_text": "Two",
        "evidence": {"quote": "Two", "start": 0, "end": 3, "sentence_start": 0, "sentence_end": 25},
        "rule": "r",
        "confidence": 0.5,
        **fields,
    }


def test_a_result_refuses_ids_that_lead_nowhere() -> None:
    assert result(casualties=[figure()]).casualties[0].best == 2
    for wrong in ({"place": "l1"}, {"time": {"date": "d1", "text": "x"}}, {"part_of": "c2"}, {"same_as": "c1"}):
        with pytest.raises(ValidationError):
            result(casualties=[figure(**wrong)])


@pytest.mark.parametrize("bounds", [{"min": 3}, {"max": 1}, {"best": 5}, {"min": -1}])
def test_bounds_are_in_order(bounds: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        CasualtyFact.model_validate(figure(**bounds))
