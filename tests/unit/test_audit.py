"""The look at known vulnerabilities: a finding fails, and a look that could not be had is said."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def audit() -> ModuleType:
    spec = spec_from_file_location("audit", Path(__file__).parents[2] / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package(*vulnerabilities: dict[str, Any]) -> dict[str, Any]:
    return {"name": "somelib", "version": "1.0", "vulns": list(vulnerabilities)}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([package({"id": "PYSEC-1", "fix_versions": ["1.1"]})], (1, "somelib 1.0: PYSEC-1, fixed in 1.1")),
        ([package({"id": "PYSEC-2", "fix_versions": []})], (1, "PYSEC-2, fixed in no version yet")),
        ([package()], (0, "looked up at pypi: 0 vulnerabilities")),
        ([], (0, "NOT DONE")),
    ],
)
def test_a_finding_fails_and_no_answer_is_said(
    audit: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answers: list[dict[str, Any]],
    expected: tuple[int, str],
) -> None:
    monkeypatch.setattr(audit, "audit", lambda *_: answers)
    monkeypatch.chdir(Path(__file__).parents[2])
    status, said = expected
    assert audit.main() == status
    assert said in capsys.readouterr().out
