"""Run one harness under atheris for so many seconds: ``python tests/fuzz/fuzz.py dates 600``.

What it finds of interest is kept in ``build/fuzz``, its log too; an input on which the harness fails or takes longer
than thirty seconds is kept there as ``<harness>-crash-…`` or ``<harness>-timeout-…``, and the exit status is not 0.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
KEPT = FOLDER.parents[1] / "build" / "fuzz"


def fuzz(name: str, arguments: list[str]) -> None:
    """Fuzz within this process, which libFuzzer ends."""
    import atheris  # type: ignore[import-untyped]  # noqa: PLC0415 - the other process does without

    sys.path.insert(0, str(FOLDER))
    with atheris.instrument_imports(include=["harnesses", "pagefacts", "worker.answers", "worker.ledger"]):
        from harnesses import HARNESSES  # noqa: PLC0415 - instrumented
    for seed in sorted((FOLDER / "corpus" / name).iterdir()):  # what is loaded once takes no time of an input
        HARNESSES[name](seed.read_bytes())
    atheris.Setup([sys.argv[0], *arguments], HARNESSES[name])
    atheris.Fuzz()


def run(name: str, seconds: str) -> int:
    """Fuzz in a process of its own, print how it ended, and return its exit status."""
    own = KEPT / name
    own.mkdir(parents=True, exist_ok=True)
    # atheris itself loses some 0.4 MB with each page that is read by instrumented code.
    limits = [
        f"-max_total_time={seconds}",
        "-timeout=30",
        "-report_slow_units=5",
        "-rss_limit_mb=8192",
        "-max_len=4096",
    ]
    options = [*limits, f"-dict={FOLDER / 'words.dict'}", f"-artifact_prefix={own}-"]
    arguments = [str(own), str(FOLDER / "corpus" / name), *options]
    log = KEPT / f"{name}.log"
    with log.open("wb") as lines:
        status = subprocess.run(
            [sys.executable, __file__, name, *arguments], stdout=lines, stderr=lines, check=False, preexec_fn=_nice
        ).returncode
    last = [line for line in log.read_text(errors="replace").splitlines() if line.strip()][-1 if status == 0 else -30 :]
    print(f"{name}:", *last, sep="\n" if status else " ", flush=True)  # noqa: T201 - it is a command
    return status


def _nice() -> None:
    os.nice(10)


if __name__ == "__main__":
    name, *rest = sys.argv[1:]
    if len(rest) == 1:
        sys.exit(run(name, rest[0]))
    fuzz(name, rest)
