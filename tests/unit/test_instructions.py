"""The comparison of counted instructions with the baseline: what fails, and what two machines have in common."""

from __future__ import annotations

from pathlib import Path

import instructions
import pytest
from hypothesis import given
from hypothesis import strategies as st

YARDSTICK = "yardstick: python"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (1_051, "parse: +5.1% instructions; where that is meant: make counts-baseline"),
        (949, "parse: -5.1% instructions, which is better: keep it by make counts-baseline"),
    ],
)
def test_a_count_that_differs_by_more_than_five_percent_is_told(now: int, said: str) -> None:
    assert instructions.findings({"parse": 1_000, "tag": 10}, {"parse": now, "tag": 10}) == [said]


@given(before=st.integers(10**3, 10**9), change=st.floats(-0.049, 0.049))
def test_a_smaller_difference_is_none(before: int, change: float) -> None:
    assert instructions.findings({"parse": before}, {"parse": round(before * (1 + change))}) == []


@given(before=st.integers(10**3, 10**9), factor=st.floats(1.06, 100))
def test_a_larger_difference_is_one_either_way(before: int, factor: float) -> None:
    now = round(before * factor)
    assert len(instructions.findings({"parse": before}, {"parse": now})) == 1
    assert len(instructions.findings({"parse": now}, {"parse": before})) == 1


def test_work_that_came_or_went_asks_for_a_new_baseline() -> None:
    assert [line.split(";")[0] for line in instructions.findings({"old": 1}, {"new": 1})] == [
        "old: not counted any more",
        "new: not in the baseline",
    ]


def test_yardsticks_are_not_judged_but_tell_machines_apart() -> None:
    baseline = {YARDSTICK: 1_000, "parse": 5}
    assert instructions.findings(baseline, {YARDSTICK: 2_000, "parse": 5}) == []
    assert not instructions.counts_alike(baseline, {YARDSTICK: 2_000, "parse": 5})
    assert not instructions.counts_alike(baseline, {"parse": 5})
    assert instructions.counts_alike(baseline, {YARDSTICK: 1_001, "parse": 9})


def test_counts_are_read_from_the_dumps_in_their_order(tmp_path: Path) -> None:
    dump = "version: 1\ndesc: Trigger: Client Request: {}\nevents: Ir\nsummary: {}\ntotals: {}\n"
    (tmp_path / "counts").write_text("desc: Trigger: Program termination\ntotals: 7\n")
    (tmp_path / "counts.10").write_text(dump.format("tag", 3, 3))
    (tmp_path / "counts.2").write_text(dump.format("extract: html", 40, 40))
    (tmp_path / "counts.11").write_text("desc: Trigger: Program termination\ntotals: 7\n")
    assert list(instructions.read_counts(tmp_path)) == [("extract: html", 40), ("tag", 3)]


def test_a_machine_without_valgrind_says_so_and_fails_only_where_it_must_count(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["instructions.py"])
    monkeypatch.delenv("VALGRIND", raising=False)
    assert instructions.main() == 0
    assert "NOT COUNTED: valgrind and gcc not found" in capsys.readouterr().out
    monkeypatch.setenv("VALGRIND", "/usr/bin/valgrind")
    assert instructions.main() == 1
