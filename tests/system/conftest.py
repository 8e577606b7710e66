"""A real server and real workers, each in a process of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from support import COMMAND, Worker

from config.settings import Settings
from worker.connection import open_ledger
from worker.embedded import embedded_server
from worker.ledger import Ledger


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server for all tests; each has a namespace of its own on it."""
    with embedded_server(str(tmp_path_factory.mktemp("server"))) as running:
        yield running.url


@pytest.fixture
def environment(server: str, request: pytest.FixtureRequest) -> dict[str, str]:
    namespace = re.sub(r"[^\w.-]", ".", request.node.name)[:60]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFACTS_")}
    return {**clean, "REDIS_URL": server, "PAGEFACTS_NAMESPACE": namespace}


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
