"""``python -m chaos.run``: the same faults into pagefacts and into plain Celery chains, and one table of the outcome.

The exit status is 1 where pagefacts does not hold the invariant; its folder with all logs and data is then kept.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Final

from chaos.faults import Kind, plan
from chaos.systems import Limits
from chaos.trial import PHASES, SYSTEMS, Order, Outcome, run
from rich.console import Console
from rich.table import Table

LIMITS: Final = Limits(soft=4, hard=5, in_flight=2, claim_after=15.5, max_deliveries=6)
_TITLES: Final = {
    "pagefacts": "pagefacts",
    "celery": "Celery chain, defaults",
    "celery-late": "Celery chain, late acks",
}
_TIMED: Final = {
    "begin": "one script of the ledger, from its first try to its answer",
    "enqueue": "a producer's XADD through the proxy, from its first try to its acknowledgement",
    "answer": "a job, from its acknowledgement to its answer",
}


def main() -> int:
    """Run all systems side by side; print the table; return the exit status."""
    for number in (signal.SIGINT, signal.SIGTERM):  # whatever was started is ended
        signal.signal(number, signal.default_int_handler)
    options = _options()
    if options.only:
        return _one(options)
    folder = Path(tempfile.mkdtemp(prefix="pagefacts-chaos-"))
    began = time.monotonic()
    running = {system: _start(system, folder, options) for system in options.systems}
    try:
        for process in running.values():
            process.wait()
    except KeyboardInterrupt:
        for process in running.values():
            process.terminate()
            process.wait()
        raise
    outcomes = [_outcome(folder / system) for system in running]
    _print(options, outcomes, time.monotonic() - began)
    wrong = [outcome for outcome in outcomes if outcome.system == "pagefacts" and outcome.wrong]
    if wrong or any(process.returncode for process in running.values()):
        sys.stdout.write(f"The invariant does not hold. Logs and data: {folder}\n")
        return 1
    shutil.rmtree(folder)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chaos.run", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=5000)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=SYSTEMS)
    parser.add_argument("--only", choices=SYSTEMS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _start(system: str, folder: Path, options: argparse.Namespace) -> subprocess.Popen[bytes]:
    own = folder / system
    own.mkdir()
    numbers = [f"--{name}={getattr(options, name)}" for name in ("seed", "jobs", "faults")]
    command = [sys.executable, "-m", "chaos.run", "--only", system, "--folder", str(own), *numbers]
    return subprocess.Popen(command)


def _one(options: argparse.Namespace) -> int:
    """Run one system, in a process of its own."""
    order = Order(options.only, options.seed, options.jobs, options.faults, LIMITS, options.folder)
    began = time.monotonic()

    def say(line: str) -> None:
        sys.stderr.write(f"{time.monotonic() - began:6.0f} s  {line}\n")

    (options.folder / "outcome.json").write_text(json.dumps(asdict(run(order, say))))
    return 0


def _outcome(folder: Path) -> Outcome:
    path = folder / "outcome.json"
    if not path.exists():
        return Outcome(folder.name, {}, {"harness": "it ended early"}, {}, {}, {})
    return Outcome(**json.loads(path.read_text()))


def _print(options: argparse.Namespace, outcomes: list[Outcome], seconds: float) -> None:
    console = Console(width=140, highlight=False)
    title = f"seed {options.seed}: {options.jobs} jobs, {options.faults} faults, {seconds / 60:.0f} minutes"
    table = Table("", *(_TITLES[outcome.system] for outcome in outcomes), title=title, title_justify="left")
    for name in outcomes[0].counts or outcomes[-1].counts:
        table.add_row(name, *(str(outcome.counts.get(name, "")) for outcome in outcomes))
    table.add_section()
    planned = Counter(fault.kind for fault in plan(options.seed, options.faults))
    for kind in Kind:
        if planned[kind]:
            table.add_row(kind.value, *(_injected(outcome, kind) for outcome in outcomes))
    table.add_section()
    reasons = sorted({reason for outcome in outcomes for reason in outcome.refusals})
    for reason in reasons:
        table.add_row(f"jobs refused: {reason}", *(str(outcome.refusals.get(reason, 0)) for outcome in outcomes))
    console.print(table)
    _print_latency(console, outcomes)
    for outcome in outcomes:
        for name, what in outcome.wrong.items() if outcome.system == "pagefacts" else ():
            console.print(f"{outcome.system}: {name} {what}", markup=False)


def _injected(outcome: Outcome, kind: Kind) -> str:
    if kind.name in outcome.left_out:
        return "does not apply" if kind is Kind.SAME_ID else "no compiler"
    return str(outcome.faults.get(kind.name, 0))


def _print_latency(console: Console, outcomes: list[Outcome]) -> None:
    table = Table("pagefacts: milliseconds, p50 / p99 (n)", *(f"{phase} the faults" for phase in PHASES))
    for outcome in outcomes:
        if outcome.system != "pagefacts":
            continue
        for what, meaning in _TIMED.items():
            table.add_row(meaning, *(_times(outcome.milliseconds.get(what, {}).get(phase)) for phase in PHASES))
    console.print(table)


def _times(values: list[float] | None) -> str:
    return f"{values[0]:g} / {values[1]:g} ({values[2]:g})" if values else ""


if __name__ == "__main__":
    sys.exit(main())
