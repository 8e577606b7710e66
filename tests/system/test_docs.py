"""Each command of the documentation works as printed: a page is run as its reader would type it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from documents import PAGES, ROOT, Document, matches
from servers import free_port

from worker.embedded import server_binary

PROGRAMS = ("node", "npm", "jq", "curl", "redis-cli")
"""What pages use beside the project's own; a page is skipped without it, unless DOCS_PROGRAMS is set."""
RUN = [Document(page) for page in PAGES if Document(page).commands]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path, as sockets need it."""
    with tempfile.TemporaryDirectory(prefix="page") as folder:
        yield Path(folder)


@pytest.mark.parametrize("page", RUN, ids=str)
def test_a_page_works_as_printed(page: Document, folder: Path) -> None:
    _require_programs(page)
    outputs, log = folder / "outputs", folder / "log"
    outputs.mkdir()

    status = _run(_mapped(page.script(outputs), ports := _ports()), folder, log, ports)

    printed = {int(path.name): path.read_text(errors="replace") for path in outputs.iterdir()}
    assert status == 0, f"{page}: status {status}\n{_tail(log.read_text(errors='replace'), printed)}"
    for command, shown in page.outputs:
        found = printed[command.first + 1]
        expected = _mapped(shown.content, ports)
        assert matches(expected, found), f"{page}:{shown.first + 1} shows\n{expected}\nbut it is\n{found}"


def _require_programs(page: Document) -> None:
    used = {program for program in PROGRAMS for block in page.commands if re.search(rf"\b{program}\b", block.content)}
    missing = sorted(program for program in used if shutil.which(program) is None)
    if missing and not os.environ.get("DOCS_PROGRAMS"):
        pytest.skip(f"not installed: {', '.join(missing)}")


def _ports() -> dict[str, int]:
    """Free ports in place of those that pages name: the server's, Flower's, and that of the metrics."""
    return {port: free_port() for port in ("6379", "5555", "9464")}


def _mapped(text: str, ports: dict[str, int]) -> str:
    return re.sub(r"\b(6379|5555|9464)\b", lambda port: str(ports[port[0]]), text)


def _clone(folder: Path) -> Path:
    """Return a folder that looks like a clone of the repository, installed, where a page may leave files of its own."""
    folder.mkdir()
    for entry in ROOT.iterdir():
        if not entry.name.startswith(".") and entry.name not in {"build", "examples"}:
            (folder / entry.name).symlink_to(entry)
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=shutil.ignore_patterns("node_modules"))
    (environment := folder / ".venv").mkdir()
    for entry in Path(sys.prefix).iterdir():
        if entry.name != ".installed":
            (environment / entry.name).symlink_to(entry)
    (environment / ".installed").touch()  # so that make sets nothing up
    return folder


def _run(script: str, folder: Path, log: Path, ports: dict[str, int]) -> int:
    """Run ``script`` to its end, and end what it has started; return its exit status."""
    file = folder / "page.sh"
    file.write_text(script)
    environment = _environment(folder, ports)
    with log.open("wb") as lines:
        process = subprocess.Popen(
            ["bash", "-euo", "pipefail", str(file)],
            cwd=_clone(folder / "clone"),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
        )
        try:
            return process.wait(timeout=240)
        finally:
            _end(f"TMPDIR={environment['TMPDIR']}")
            process.wait()


def _environment(folder: Path, ports: dict[str, int]) -> dict[str, str]:
    """What a reader's shell has: no setting, the environment's programs on PATH, and folders of its own."""
    programs, temporary = folder / "bin", folder / "tmp"
    programs.mkdir()
    temporary.mkdir()
    server = os.environ.get("REDIS_SERVER") or server_binary()
    _program(programs / "redis-server", f"exec -a redis-server {shlex.quote(server)} --port {ports['6379']}")
    if client := shutil.which("redis-cli"):
        _program(programs / "redis-cli", f"exec {shlex.quote(client)} -p {ports['6379']}")
    ours = re.compile("REDIS_URL|SENTRY_DSN|MAKE.*|PORT|(PAGEFACTS|FLOWER|OTEL)_.*")
    return {
        **{name: value for name, value in os.environ.items() if not ours.fullmatch(name)},
        "PATH": os.pathsep.join([str(programs), str(Path(sys.prefix) / "bin"), os.environ["PATH"]]),
        "TMPDIR": str(temporary),
        "XDG_DATA_HOME": str(folder / "data"),
        "FLOWER_PORT": str(ports["5555"]),
    }


def _program(path: Path, command: str) -> None:
    path.write_text(f'#!/usr/bin/env bash\n{command} "$@"\n')
    path.chmod(0o755)


def _end(mark: str) -> None:
    """End all that was started with ``mark`` in its environment, also what has left the session."""
    while found := [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if mark in _environment_of(entry)]:
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def _environment_of(process: Path) -> str:
    try:
        return (process / "environ").read_text(errors="replace")
    except OSError:  # it has ended
        return ""


def _tail(log: str, printed: dict[int, str]) -> str:
    last = "\n".join(f"--- line {line} printed\n{text[-1500:]}" for line, text in sorted(printed.items())[-2:])
    return f"{last}\n--- and beside that\n{log[-3000:]}"
