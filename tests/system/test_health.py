"""`pagefacts health`, as Docker and Kubernetes ask it; and what is said while the server is away."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from servers import running_server
from support import COMMAND, Worker, answered, until

from config.settings import Settings
from worker.connection import open_ledger
from worker.embedded import server_binary


@pytest.fixture
def here(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """As on a machine where nothing else runs."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    return {**environment, "TMPDIR": str(folder)}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=60)


def healthy(environment: dict[str, str], *options: str) -> bool:
    return run(environment, "health", *options).returncode == 0


@contextmanager
def running(*workers: Worker) -> Iterator[None]:
    try:
        yield
    finally:
        for worker in workers:
            if worker.process.poll() is None:
                worker.kill()


def test_workers_have_names_of_their_own_and_say_how_they_are(here: dict[str, str], tmp_path: Path) -> None:
    none = run(here, "health")
    assert (none.returncode, none.stderr.strip()) == (1, "Error: no worker runs here")
    first = Worker(here, tmp_path / "1")
    with running(first):
        until(lambda: healthy(here, "--ready"), what="the first worker")
        second = Worker(here, tmp_path / "2", "-Q", "pagefacts.tag")  # takes no jobs in
        with running(second):
            until(lambda: healthy(here, "-n", "pagefacts2"), what="the second worker")
            names = {line.partition("@")[0] for line in run(here, "health", "--live").stdout.splitlines()}
            assert names == {"pagefacts1", "pagefacts2"}
            assert not healthy(here, "-n", "pagefacts3")
            assert second.stop() == 0
            assert run(here, "health").stdout.startswith("pagefacts1@")
        first.kill()
        third = Worker(here, tmp_path / "3")
        with running(third):  # takes the name that is free again
            until(lambda: healthy(here, "--ready"), what="the third worker")
            assert run(here, "health").stdout.split("@")[0] == "pagefacts1"


def test_a_probe_loads_nothing_that_takes_its_time() -> None:
    program = "import sys; from worker.cli import main\ntry: main()\nexcept SystemExit: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program, "health"], capture_output=True, text=True, timeout=60)
    loaded = done.stdout.splitlines()[-1].split()
    assert "worker.health" in loaded
    assert not {"redis", "celery", "pydantic", "numpy", "rich"} & set(loaded)


def test_a_server_that_goes_and_comes_back(here: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "server"
    environment = {**here, "REDIS_URL": f"unix://{folder}/s.sock"}
    with ExitStack() as stack:
        with running_server(server_binary(), folder, "--appendonly", "yes"):
            workers = [Worker(environment, tmp_path / f"w{number}") for number in (1, 2)]
            stack.enter_context(running(*workers))
            until(lambda: run(environment, "health").stdout.count(": ready") == 2, what="two workers")
            assert "All is well" in run(environment, "status").stdout

        until(lambda: not healthy(environment, "--ready"), seconds=20, what="a worker that is not ready")
        away = run(environment, "health", "--ready").stdout
        assert "not ready: the server has not answered for" in away
        assert healthy(environment, "--live")
        told = run(environment, "status")
        assert told.returncode == 1
        assert "the server does not answer" in told.stderr
        assert "pagefacts1@" in told.stderr
        assert "go on by themselves" in told.stderr

        stack.enter_context(running_server(server_binary(), folder, "--appendonly", "yes"))
        until(lambda: run(environment, "health").stdout.count(": ready") == 2, what="two workers again")
        assert run(environment, "status", "--check").returncode == 0
        ledger = open_ledger(Settings.from_env(environment))
        ledger.enqueue(json.dumps({"id": "after", "body": "Two people died in Paris."}))
        answered(ledger, 1)
        ledger.client.close()
