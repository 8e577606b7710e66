"""A real server and real workers, each in a process of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from browsing import chromium
from playwright.sync_api import Browser
from support import COMMAND, Worker, environment_of

from config.settings import Settings
from worker.connection import open_ledger
from worker.embedded import embedded_server
from worker.ledger import Ledger


@pytest.fixture(scope="session", autouse=True)
def _machine_of_its_own() -> Iterator[None]:
    """Files run side by side: what workers say of themselves on this machine is not for the tests of another file."""
    with tempfile.TemporaryDirectory(prefix="pf-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", folder)  # of the programs that are started; short, for the path of a socket is short
        yield


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server for all tests; each has a namespace of its own on it."""
    with embedded_server(str(tmp_path_factory.mktemp("server"))) as running:
        yield running.url


@pytest.fixture
def environment(server: str, request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    return {**environment_of(server, request.node.name), "PAGEFACTS_DATA_DIR": str(tmp_path / "data")}


@pytest.fixture
def ledger(environment: dict[str, str]) -> Iterator[Ledger]:
    ledger = open_ledger(Settings.from_env(environment))
    ledger.open()
    yield ledger
    ledger.client.close()


@pytest.fixture
def start_worker(environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    workers: list[Worker] = []

    def start(*options: str, command: Sequence[str] = COMMAND, **settings: str) -> Worker:
        log = tmp_path / f"worker{len(workers)}.log"
        name = ("--hostname", f"w{len(workers)}@%h")
        worker = Worker({**environment, **settings}, log, *name, *options, command=command)
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        if worker.process.poll() is None:
            worker.kill()


@pytest.fixture(scope="module")  # no longer: while it runs, no other test can run an event loop
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running
