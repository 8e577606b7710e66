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
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from documents import PAGES, ROOT, Document, matches
from monitoring import PROMTOOL
from servers import free_port, free_ports

from worker.embedded import server_binary

PROGRAMS = ("node", "npm", "jq", "curl", "redis-cli", "prometheus")
"""What pages use beside the project's own; a page is skipped without it, unless DOCS_PROGRAMS is set."""
PATH = os.pathsep.join([os.environ["PATH"], *([str(Path(PROMTOOL).parent)] if PROMTOOL else [])])
"""Where they are; Prometheus comes with its tool."""
PORTS = re.compile(r"\b(6379|5555|9464|9465|9090)\b")
"""Ports that pages name: the server's, Flower's, those of two workers' metrics, and Prometheus'."""
RUN = [Document(page) for page in PAGES if Document(page).commands]


@dataclass(frozen=True)
class Run:
    """How a page went."""

    status: int
    printed: dict[int, str]
    """By the line of the block."""
    log: str
    """What is on stderr beside that."""
    ports: dict[str, int]

    def __str__(self) -> str:
        last = "\n".join(f"--- line {line} printed\n{text[-1500:]}" for line, text in sorted(self.printed.items())[-2:])
        return f"status {self.status}\n{last}\n--- and beside that\n{self.log[-3000:]}"


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest) -> Iterator[dict[Path, Future[Run]]]:
    """The pages that are tested, two at a time: most of a page is waiting."""
    items = (item for item in request.session.items if isinstance(item, pytest.Function) and item.path == request.path)
    pages = [
        page for item in items if isinstance(page := item.callspec.params["page"], Document) and not _missing(page)
    ]
    with ThreadPoolExecutor(2) as pool:
        yield {page.path: pool.submit(_run, page) for page in pages}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("page", RUN, ids=str)
def test_a_page_works_as_printed(page: Document, runs: dict[Path, Future[Run]]) -> None:
    if missing := _missing(page):
        pytest.skip(f"not installed: {missing}")
    run = runs[page.path].result()
    assert run.status == 0, f"{page}: {run}"
    for command, shown in page.outputs:
        found = run.printed[command.first + 1]
        expected = _mapped(shown.content, run.ports)
        assert matches(expected, found), f"{page}:{shown.first + 1} shows\n{expected}\nbut it is\n{found}"


def _missing(page: Document) -> str:
    """Return the programs that the page needs and that are not here."""
    if os.environ.get("DOCS_PROGRAMS"):
        return ""
    words = {word for block in page.commands for word in re.split(r"[\s|;&()$]+", block.content)}
    return ", ".join(sorted(name for name in words.intersection(PROGRAMS) if shutil.which(name, path=PATH) is None))


def _ports() -> dict[str, int]:
    """Free ports in place of those that pages name."""
    metrics = free_ports(2)
    return {"9464": metrics, "9465": metrics + 1, **{port: free_port() for port in ("6379", "5555", "9090")}}


def _mapped(text: str, ports: dict[str, int]) -> str:
    return PORTS.sub(lambda port: str(ports[port[0]]), text)


def _clone(folder: Path, ports: dict[str, int]) -> Path:
    """Return a folder that looks like a clone of the repository, installed, where a page may leave files of its own."""
    folder.mkdir()
    copied = {"examples", "deploy"}
    for entry in ROOT.iterdir():
        if not entry.name.startswith(".") and entry.name not in {"build", *copied}:
            (folder / entry.name).symlink_to(entry)
    for name in copied:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("node_modules"))
    for file in folder.glob("deploy/**/*.yml"):
        file.write_text(_mapped(file.read_text(), ports))
    (environment := folder / ".venv").mkdir()
    for entry in Path(sys.prefix).iterdir():
        if entry.name != ".installed":
            (environment / entry.name).symlink_to(entry)
    (environment / ".installed").touch()  # so that make sets nothing up
    return folder


def _run(page: Document) -> Run:
    """Run a page to its end, and end what it has started; the exit status is that of `timeout` where it takes long."""
    with tempfile.TemporaryDirectory(prefix="page") as name:  # a short path, as sockets need it
        folder, ports = Path(name), _ports()
        script, outputs, log = folder / "page.sh", folder / "outputs", folder / "log"
        outputs.mkdir()
        script.write_text(_mapped(page.script(outputs), ports))
        environment = _environment(folder, ports)
        with log.open("wb") as lines:
            process = subprocess.Popen(
                ["timeout", "280", "bash", "-euo", "pipefail", str(script)],
                cwd=_clone(folder / "clone", ports),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=lines,
            )
            try:
                process.wait()
            finally:
                _end(folder)
        printed = {int(path.name): path.read_text(errors="replace") for path in outputs.iterdir()}
        return Run(process.returncode, printed, log.read_text(errors="replace"), ports)


def _environment(folder: Path, ports: dict[str, int]) -> dict[str, str]:
    """What a reader's shell has: no setting, the environment's programs on PATH, and folders of its own."""
    programs, temporary = folder / "bin", folder / "tmp"
    programs.mkdir()
    temporary.mkdir()
    server = os.environ.get("REDIS_SERVER") or server_binary()
    _program(
        programs / "redis-server", f"exec -a redis-server {shlex.quote(server)} --bind 127.0.0.1 --port {ports['6379']}"
    )
    if client := shutil.which("redis-cli"):
        _program(programs / "redis-cli", f"exec {shlex.quote(client)} -p {ports['6379']}")
    ours = re.compile("REDIS_URL|SENTRY_DSN|MAKE.*|PORT|(PAGEFACTS|FLOWER|OTEL)_.*")
    return {
        **{name: value for name, value in os.environ.items() if not ours.fullmatch(name)},
        "PATH": os.pathsep.join([str(programs), str(Path(sys.prefix) / "bin"), PATH]),
        "TMPDIR": str(temporary),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_STATE_HOME": str(folder / "state"),
        "FLOWER_PORT": str(ports["5555"]),
        "PORT": str(ports["9464"]),  # where honcho begins to number, in place of its 5000
    }


def _program(path: Path, command: str) -> None:
    path.write_text(f'#!/usr/bin/env bash\n{command} "$@"\n')
    path.chmod(0o755)


def _end(folder: Path) -> None:
    """End all that was started in ``folder`` or with it in its environment, also what has left the session."""
    while found := [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _is_of(entry, folder)]:
        for process in found:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def _is_of(process: Path, folder: Path) -> bool:
    try:
        # An embedded server, whose owner may be gone, has written its title over its environment.
        environment, works_in = (process / "environ").read_text(errors="replace"), (process / "cwd").readlink()
    except OSError:  # it has ended
        return False
    return f"TMPDIR={folder}/" in environment or works_in.is_relative_to(folder)
