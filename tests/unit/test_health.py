"""What a worker says of itself, and what a probe makes of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from importlib.metadata import packages_distributions
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from worker.cli import cli
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
    ("silent", "change", "live", "ready"),
    [
        (0, {}, None, None),
        (0, {"not_ready": "no"}, None, "no"),
        (0, {"not_live": "dead"}, "dead", "dead"),
        (30, {}, None, "it has said nothing"),
        (90, {}, "it has said nothing", "it has said nothing"),
        (-1e6, {}, "it has said nothing", "it has said nothing"),  # of before the machine was started
    ],
)
def test_a_probe_fails_with_a_reason(
    report: Report, silent: float, change: dict[str, Any], live: str, ready: str
) -> None:
    said = replace(report, at=time.monotonic() - silent, **change)
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


def test_a_file_that_holds_no_report_is_passed_over(report: Report, tmp_path: Path) -> None:
    report.write()
    (folder,) = tmp_path.glob("pagefacts-*/workers")
    for number, text in enumerate(["", "{", "[]", json.dumps({"of": "another version"})]):
        (folder / f"{number}.json").write_text(text)
    assert list(reports()) == [report]


def test_the_command_says_how_each_worker_is(report: Report) -> None:
    def health(*options: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["health", *options])
        return done.exit_code, done.output

    assert health() == (1, "Error: no worker runs here\n")
    replace(report, name="pagefacts1@desk").write()
    replace(report, name="pagefacts2@desk", not_ready="it is being stopped").write()
    assert health("--live") == (0, "pagefacts1@desk: live\npagefacts2@desk: live\n")
    assert health() == (1, "pagefacts1@desk: ready\npagefacts2@desk: not ready: it is being stopped\n")
    assert health("-n", "pagefacts1") == (0, "pagefacts1@desk: ready\n")
    assert health("-n", "pagefacts2@desk")[0] == 1
    assert health("-n", "pagefacts3") == (1, "Error: no worker pagefacts3 runs here\n")


def test_a_probe_loads_nothing_that_takes_its_time() -> None:
    program = "import sys; from worker.cli import main\ntry: main()\nexcept SystemExit: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program, "health"], capture_output=True, text=True, timeout=60)
    loaded = {module.partition(".")[0] for module in done.stdout.splitlines()[-1].split()}
    assert {"worker", "click"} <= loaded
    installed = {name for name in packages_distributions() if not name.startswith("_")}  # those load with Python itself
    assert loaded & installed <= {"click", "pagefacts", "config", "worker", "tasks", *sys.stdlib_module_names}


def test_each_worker_of_a_machine_has_a_name_of_its_own(tmp_path: Path) -> None:
    program = "from worker.names import free_name; print(free_name(), flush=True); input()"

    def start() -> subprocess.Popen[str]:
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        return subprocess.Popen([sys.executable, "-c", program], env=environment, text=True, **pipes)

    def name(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()

    first = start()
    assert name(first) == "pagefacts1@%h"
    second = start()
    assert name(second) == "pagefacts2@%h"
    first.kill()  # a name is free again however its worker ends
    first.communicate()
    third = start()
    assert name(third) == "pagefacts1@%h"
    for process in (second, third):
        process.communicate("\n")


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
