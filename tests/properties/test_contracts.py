"""Contracts hold for any text."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from pagefacts.contracts import Article, Entity, Label, Provenance, Result, ResultEvent, identify, parse_job
from pagefacts.contracts.job import decode
from pagefacts.errors import InvalidJob, UnknownVersion
from worker.answers import result_event

texts = st.text(min_size=1)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.data(), texts)
def test_every_span_quotes_its_text_after_a_round_trip(data: st.DataObject, text: str) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    entity = Entity(text=text[start:end], label=Label.PERSON, start=start, end=end)
    result = Result(article=Article(text=text), entities=(entity,), provenance=Provenance(pagefacts="0"))
    job = parse_job(json.dumps({"body": text}))

    event = ResultEvent.model_validate_json(result_event(job.head, str(job.id), result).to_json())

    (found,) = event.data.entities
    assert event.data.article.text[found.start : found.end] == found.text == entity.text


@given(texts, st.dictionaries(st.text(), json_values, max_size=4))
def test_a_body_and_attributes_come_through_untouched(body: str, attributes: dict[str, object]) -> None:
    job = parse_job(json.dumps({"body": body, "attributes": attributes}))
    assert job.body == body
    assert json.loads(job.head.model_dump_json())["attributes"] == attributes


@given(
    st.binary() | st.text().map(lambda text: text.encode("utf-8")) | json_values.map(lambda v: json.dumps(v).encode())
)
def test_anything_on_the_stream_is_a_job_or_a_typed_error_with_an_id(raw: bytes) -> None:
    job_id = identify(raw)
    assert job_id == identify(raw)
    assert job_id
    job_id.encode()
    try:
        assert parse_job(raw).id == job_id
    except (InvalidJob, UnknownVersion) as error:
        assert error.field
        str(error).encode()


@given(
    json_values,
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 99), st.sampled_from('{}[],:"\\eE.-+0u \ufeff')), max_size=3),
)
def test_what_is_accepted_reads_as_the_standard_library_reads_it(
    value: object, ascii_only: bool, damages: list[tuple[int, str]]
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    for place, sign in damages:
        text = text[:place] + sign + text[place + place % 2 :]  # put in, or in place of another
    raw = text.encode("utf-8", "surrogatepass")
    try:
        found = decode(raw)
    except InvalidJob:
        return
    assert repr(found) == repr(json.loads(raw.decode("utf-8-sig")))  # the same types and order, too


@given(st.dictionaries(st.sampled_from(["id", "url", "html", "body", "text", "published", "charset"]), json_values))
def test_fields_of_any_type_are_a_job_or_a_typed_error(fields: dict[str, object]) -> None:
    raw = json.dumps(fields)
    try:
        job = parse_job(raw)
    except InvalidJob as error:
        assert error.field
    else:
        assert job.id == identify(raw)
