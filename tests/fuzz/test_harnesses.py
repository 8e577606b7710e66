"""Every harness over its seeds, over the inputs on which one failed before, and over structured ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from harnesses import HARNESSES
from hypothesis import given, settings
from hypothesis import strategies as st

from pagefacts.contracts import Job

CORPUS = Path(__file__).parent / "corpus"
# As `harnesses` takes parts off its input: the length, then as many bytes; of the longest it makes a thousand copies.
PARTS = st.binary(max_size=40).map(lambda part: bytes([len(part)]) + part) | st.binary(min_size=255, max_size=255).map(
    lambda part: b"\xff" + part
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=()), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
JOBS = st.dictionaries(st.sampled_from(sorted(Job.model_fields)) | st.text(max_size=5), VALUES, max_size=6)


@pytest.mark.parametrize("name", HARNESSES)
def test_a_harness_finds_nothing_in_its_corpus(name: str) -> None:
    inputs = sorted((CORPUS / name).iterdir())
    assert inputs
    for path in inputs:
        HARNESSES[name](path.read_bytes())


@given(JOBS, st.booleans())
def test_jobs_of_any_fields_are_decoded_or_refused(job: dict[str, object], ascii_only: bool) -> None:
    HARNESSES["job"](json.dumps(job, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass"))


@settings(deadline=None, max_examples=50)
@given(st.lists(PARTS, max_size=60).map(b"".join))
def test_the_ledger_takes_any_bytes(data: bytes) -> None:
    HARNESSES["ledger"](data)
