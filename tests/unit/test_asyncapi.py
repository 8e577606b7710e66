"""The wire contract as an AsyncAPI document: valid, whole, and true of the messages."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import golden
import pytest
from jsonschema import Draft7Validator, Draft202012Validator, ValidationError

from pagefacts import __version__
from pagefacts.client import WireKeys
from pagefacts.contracts import DeadLetter, Job, ResultEvent, parse_job
from pagefacts.contracts.asyncapi import asyncapi
from pagefacts.contracts.documents import document

OFFICIAL = Path(__file__).parents[1] / "asyncapi" / "3.0.0.json.gz"
"""The JSON Schema of AsyncAPI 3.0.0, as the npm package @asyncapi/specs 6.11.1 has it."""

DOCUMENT: dict[str, Any] = json.loads(document("asyncapi"))
MESSAGES = DOCUMENT["components"]["messages"]


@pytest.fixture(scope="module")
def official() -> Draft7Validator:
    return Draft7Validator(json.loads(gzip.decompress(OFFICIAL.read_bytes())))


def validate(message: str, payload: Any) -> None:
    """Raise where ``payload`` is not as the document says of ``message``."""
    schema = {**MESSAGES[message]["payload"], "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(payload)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(part)


def resolved(reference: str) -> Any:
    found = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_it_is_valid(official: Draft7Validator) -> None:
    official.validate(DOCUMENT)
    assert DOCUMENT["info"]["version"] == __version__


@pytest.mark.parametrize(
    ("path", "wrong"), [(("operations", "sendResult", "action"), "publish"), (("channels", "jobs", "adress"), "jobs")]
)
def test_an_invalid_one_is_seen(official: Draft7Validator, path: tuple[str, ...], wrong: str) -> None:
    broken = asyncapi()
    part = broken
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = wrong
    with pytest.raises(ValidationError):
        official.validate(broken)


def test_all_that_it_refers_to_is_there() -> None:
    references = [node["$ref"] for node in nodes(DOCUMENT) if isinstance(node.get("$ref"), str)]
    assert len(references) > len(DOCUMENT["components"]["schemas"])
    for reference in references:
        assert resolved(reference) is not None


def test_its_schemas_are_those_that_asyncapi_can_read() -> None:
    """AsyncAPI's schemas are those of draft 07, which knows none of these keywords."""
    newer = {"$defs", "prefixItems", "unevaluatedProperties", "dependentSchemas", "dependentRequired", "$dynamicRef"}
    for node in nodes(DOCUMENT["components"]["schemas"]):
        assert not newer & node.keys()


def test_addresses_are_the_keys() -> None:
    namespace = DOCUMENT["components"]["parameters"]["namespace"]["default"]
    addresses = {name: each["address"].format(namespace=namespace) for name, each in DOCUMENT["channels"].items()}
    keys = WireKeys()
    assert addresses == {"jobs": keys.jobs, "results": keys.results, "dead": keys.dead}


@pytest.mark.parametrize("message", MESSAGES)
def test_examples_are_valid(message: str) -> None:
    examples = MESSAGES[message]["examples"]
    assert examples
    for example in examples:
        validate(message, example["payload"])


def test_jobs_of_the_examples_are_taken_in() -> None:
    for example in MESSAGES["job"]["examples"]:
        payload = example["payload"]
        assert parse_job(json.dumps(payload)).model_dump(mode="json", exclude_unset=True) == payload


def test_the_page_of_the_contract_has_every_field() -> None:
    page = (Path(__file__).parents[2] / "docs" / "wire.md").read_text(encoding="utf-8")
    sections = {title: rest for title, _, rest in (part.partition("\n") for part in page.split("\n## "))}
    named = {title: re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) for title, text in sections.items()}
    assert sorted(named["The job"]) == sorted(Job.model_fields)
    assert sorted(named["The answer"]) == sorted(ResultEvent.model_fields)


def test_the_dead_letter_of_the_examples_is_read() -> None:
    (example,) = MESSAGES["deadLetter"]["examples"]
    assert parse_job(DeadLetter.read(json.dumps(example["payload"])).raw).id == example["payload"]["id"]


@pytest.mark.parametrize("name", golden.NAMES)
def test_golden_results_are_valid(name: str) -> None:
    found, (example,) = golden.read(name), MESSAGES["result"]["examples"]
    provenance = example["payload"]["data"]["provenance"]  # golden results are without: it changes from run to run
    event = {**example["payload"], "subject": found["url"], "data": {**found["result"], "provenance": provenance}}
    validate("result", event)
    assert found["result"].keys() <= DOCUMENT["components"]["schemas"]["Result"]["properties"].keys()
    with pytest.raises(ValidationError):
        validate("failure", event)


def test_a_result_lacks_nothing_and_may_have_more_than_is_known() -> None:
    (example,) = MESSAGES["result"]["examples"]
    event = example["payload"]
    validate("result", {**event, "data": {**event["data"], "of_a_later_version": 1}})
    for name in event.keys() - {"subject", "traceparent"}:
        with pytest.raises(ValidationError):
            validate("result", {field: value for field, value in event.items() if field != name})


def test_a_job_with_a_field_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValidationError):
        validate("job", {"body": "x", "color": 1})
