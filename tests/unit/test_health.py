"""What a worker says of itself, and what a probe makes of it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from worker.health import Probe, Report, reports, withdraw
from worker.heartbeat import Vitals

NOW = time.monotonic()


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return Report("pagefacts1@ho/st", os.getpid(), time.monotonic(), None, None)


def test_what_was_written_is_read_until_it_is_withdrawn(report: Report) -> None:
    report.write()
    assert list(reports()) == [report]
    withdraw(report.name)
    assert list(reports()) == []


@pytest.mark.parametrize(
    ("change", "live", "ready"),
    [
        ({}, None, None),
        ({"not_ready": "no"}, None, "no"),
        ({"not_live": "dead"}, "dead", "dead"),
        ({"at": NOW - 30}, None, "it has said nothing"),
        ({"at": NOW - 90}, "it has said nothing", "it has said nothing"),
        ({"at": NOW + 1e6}, "it has said nothing", "it has said nothing"),  # of before the machine was started
    ],
)
def test_a_probe_fails_with_a_reason(report: Report, change: dict[str, Any], live: str, ready: str) -> None:
    said = replace(report, **change)
    for probe, expected in ((Probe.LIVE, live), (Probe.READY, ready)):
        wrong = said.wrong(probe)
        assert (wrong or "").startswith(expected or "")
        assert (wrong is None) == (expected is None)


def test_a_worker_that_is_silent_and_gone_is_forgotten_and_one_that_stands_still_is_not(report: Report) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    replace(report, at=NOW - 90, pid=gone.pid, name="gone").write()
    replace(report, at=NOW - 90, name="still").write()
    assert [each.name for each in reports()] == ["still"]


def intake(**changed: Any) -> Any:
    return SimpleNamespace(**{"alive": True, "turned": NOW, "served": NOW, **changed})


def vitals(**changed: Any) -> Vitals:
    return Vitals(**{"looped": NOW, "served": NOW, "away_ended": NOW, **changed})


@pytest.mark.parametrize(
    ("known", "taking", "live", "ready"),
    [
        (vitals(), intake(), True, True),
        (vitals(), None, True, True),  # a worker that takes no jobs in, of other queues
        (vitals(stopping=True), intake(alive=False), True, False),
        (vitals(away="refused", looped=NOW - 9_000), intake(served=NOW - 9_000), True, False),
        (vitals(looped=NOW - 60), intake(), True, False),
        (vitals(looped=NOW - 601, away_ended=NOW - 601), intake(), False, False),
        (vitals(looped=NOW - 601, away_ended=NOW - 5), intake(), True, False),
        (vitals(), intake(served=NOW - 60), True, False),
        (vitals(), intake(turned=NOW - 601, served=NOW - 601), False, False),
        (vitals(), intake(alive=False), False, True),  # `health --ready` asks whether it is live first
    ],
)
def test_a_worker_knows_how_it_is(known: Vitals, taking: Any, live: bool, ready: bool) -> None:
    assert (known.not_live(taking, NOW) is None, known.not_ready(taking, NOW) is None) == (live, ready)
