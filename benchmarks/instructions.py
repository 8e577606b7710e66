"""Count the instructions of fixed work under valgrind, and compare them with ``instructions.json``.

    python benchmarks/instructions.py [--write | --json FILE]

More than 5 % above the committed count is a regression, and status 1. More than 5 % below is status 1 too, until
``make counts-baseline`` has written the better count: what is not written down can be lost unseen.

Counts hold for one build of Python and one kind of processor. Two yardsticks, none of pagefacts' code, are counted in
the same run: where they differ from the baseline's, the baseline's commit is counted on this machine instead.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
BASELINE: Final = Path("benchmarks") / "instructions.json"
YARDSTICK: Final = "yardstick: "
"""Begins the name of work that is none of pagefacts."""
MOST: Final = 0.05
"""The part by which a count may differ from the baseline's."""
ALIKE: Final = 0.02
"""The part by which a yardstick may differ where two machines count alike."""
HELP: Final = "start: --help"
RENEW: Final = "where that is meant: make counts-baseline"

Counts = Mapping[str, int]


def environment(root: Path) -> dict[str, str]:
    """Return what the counted programs see: nothing that differs from one user to the next."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    plain = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": tempfile.gettempdir()}
    return {**plain, **threads, "PYTHONHASHSEED": "0", "PYTHONPATH": str(root)}


def valgrind(root: Path, *arguments: str) -> str:
    """Run Python under valgrind; return what it says. Raise `RuntimeError` where the program fails."""
    command = [str(shutil.which("valgrind")), *arguments]
    done = subprocess.run(command, cwd=root, env=environment(root), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    return done.stderr


def count_steps(root: Path, folder: Path) -> dict[str, int]:
    """Return the instructions of each work of ``instructions_work.py``."""
    marks, out = folder / "marks.so", folder / "counts"
    compiler = str(shutil.which("gcc"))
    source = root / "benchmarks" / "instructions_marks.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", marks, source], check=True)
    tool = ["--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}"]
    valgrind(root, *tool, sys.executable, "benchmarks/instructions_work.py", str(marks))
    return dict(read_counts(folder))


def read_counts(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield the name and the instructions of each of callgrind's dumps, in the order they were written."""
    for path in sorted(folder.glob("counts.*"), key=lambda path: int(path.suffix[1:])):
        text = path.read_text(encoding="utf-8")
        name = re.search(r"^desc: Trigger: Client Request: (.+)$", text, re.MULTILINE)
        total = re.search(r"^totals: (\d+)$", text, re.MULTILINE)
        if name and total:
            yield name[1], int(total[1])


def count_start(root: Path) -> int:
    """Return the instructions of a whole ``pagefacts --help``, compiled before."""
    program = [sys.executable, "-m", "pagefacts", "--help"]
    subprocess.run(program, cwd=root, env=environment(root), check=True, stdout=subprocess.DEVNULL)
    said = valgrind(root, "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", *program)
    total = re.search(r"I\s+refs:\s+([\d,]+)", said)
    if total is None:
        raise RuntimeError(f"cachegrind gives no count:\n{said}")
    return int(total[1].replace(",", ""))


def count(root: Path) -> dict[str, int]:
    """Return all counts of the tree at ``root``."""
    with tempfile.TemporaryDirectory() as folder:
        return {**count_steps(root, Path(folder)), HELP: count_start(root)}


def machine() -> dict[str, str]:
    """Return what the counts were taken with: for the reader, as the yardsticks decide."""
    command = [str(shutil.which("valgrind")), "--version"]
    version = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return {
        "machine": platform.machine(),
        "python": f"{platform.python_implementation()} {platform.python_version()}, {platform.python_compiler()}",
        "libc": " ".join(platform.libc_ver()),
        "valgrind": version,
    }


def counts_alike(baseline: Counts, counts: Counts) -> bool:
    """Tell whether this machine counts as the baseline's did: its yardsticks agree."""
    names = [name for name in {**baseline, **counts} if name.startswith(YARDSTICK)]
    return all(
        name in baseline and name in counts and abs(counts[name] / baseline[name] - 1) <= ALIKE for name in names
    )


def findings(baseline: Counts, counts: Counts) -> list[str]:
    """Return what is to be done about each count that differs; empty where all is well."""
    ours = [name for name in {**baseline, **counts} if not name.startswith(YARDSTICK)]
    return [said for name in ours if (said := finding(baseline.get(name), counts.get(name)).format(name=name))]


def finding(before: int | None, now: int | None) -> str:
    """Return what is wrong with one count, or nothing."""
    if before is None or now is None:
        return f"{{name}}: {'not counted any more' if before else 'not in the baseline'}; {RENEW}"
    change = now / before - 1
    if change > MOST:
        return f"{{name}}: {change:+.1%} instructions; {RENEW}"
    if change < -MOST:
        return f"{{name}}: {change:+.1%} instructions, which is better: keep it by make counts-baseline"
    return ""


def table(baseline: Counts, counts: Counts) -> str:
    """Return all counts beside the baseline's."""
    rows = [f"{'instructions':<24}{'baseline':>16}{'now':>16}{'change':>9}"]
    for name, now in counts.items():
        before = baseline.get(name)
        change = f"{now / before - 1:+.2%}" if before else "new"
        rows.append(f"{name:<24}{before or 0:>16,}{now:>16,}{change:>9}")
    return "\n".join(rows)


def git(*arguments: str) -> str:
    """Return what git says; nothing where there is no git, or no repository."""
    if shutil.which("git") is None:
        return ""
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.strip()


def baseline_commit() -> str:
    """Return the commit that wrote the baseline; nothing where the history does not tell.

    In a shallow clone the oldest commit there is seems to have written every file.
    """
    whole = git("rev-parse", "--is-shallow-repository") == "false"
    return git("log", "-1", "--format=%H", "--", str(BASELINE)) if whole else ""


def count_commit(commit: str) -> dict[str, int]:
    """Return the counts of ``commit`` by its own program, with the packages that are installed now."""
    with tempfile.TemporaryDirectory() as folder:
        packed, tree, out = (Path(folder) / name for name in ("tree.tar", "tree", "counts.json"))
        git("archive", "--output", str(packed), commit)
        shutil.unpack_archive(packed, tree, filter="data")
        command = [sys.executable, str(tree / "benchmarks" / "instructions.py"), "--json", str(out)]
        subprocess.run(command, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, check=True)
        found: dict[str, int] = json.loads(out.read_text(encoding="utf-8"))
        return found


def missing() -> str:
    """Return what counting needs and this machine has not."""
    absent = [name for name in ("valgrind", "gcc") if shutil.which(name) is None]
    if not absent and not Path("/usr/include/valgrind/callgrind.h").is_file():
        absent = ["valgrind's headers"]
    return " and ".join(absent)


def compare() -> int:
    """Print the comparison; return the exit status."""
    written: dict[str, int] = json.loads((ROOT / BASELINE).read_text(encoding="utf-8"))["counts"]
    counts = count(ROOT)
    baseline: Counts = written
    if not counts_alike(written, counts):
        print("counts: this machine counts otherwise than the baseline's, so the baseline's commit is counted here")
        commit = baseline_commit()
        if not commit:
            print(table(written, counts))
            print("counts: NOT COMPARED: the history does not tell which commit wrote the baseline")
            return 0
        baseline = count_commit(commit)
    print(table(baseline, counts))
    found = findings(baseline, counts)
    for line in found:
        print(f"counts: {line}")
    return 1 if found else 0


def main() -> int:
    """Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the baseline anew")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the counts to FILE and compare nothing")
    options = parser.parse_args()
    if absent := missing():
        print(f"counts: NOT COUNTED: {absent} not found")
        return 1 if options.write or options.json or "VALGRIND" in os.environ else 0
    if options.json:
        options.json.write_text(json.dumps(count(ROOT)), encoding="utf-8")
        return 0
    if options.write:
        made = {"machine": machine(), "counts": count(ROOT)}
        (ROOT / BASELINE).write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
        return 0
    return compare()


if __name__ == "__main__":
    sys.exit(main())
