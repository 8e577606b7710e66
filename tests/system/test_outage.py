"""The server hangs, is killed, and comes back: what an operator is told meanwhile, and that every job is answered."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from monitoring import MONITORING, PROMETHEUS, expressions, told_at
from servers import free_port, running_server
from support import COMMAND, Worker, answered, until

from config.settings import Settings
from worker.connection import open_ledger
from worker.embedded import server_binary
from worker.ledger import Ledger
from worker.queue_state import read_state

Ask = Callable[[str], Any]

AWAY = "Redis does not answer any worker"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A server of the test's own, and a machine where no other worker runs."""
    (tmp_path / "tmp").mkdir()
    return {**environment, "REDIS_URL": f"unix://{tmp_path}/server/s.sock", "TMPDIR": str(tmp_path / "tmp")}


@pytest.fixture
def workers(environment: dict[str, str], port: int, tmp_path: Path) -> Iterator[list[Worker]]:
    """The first tells its metrics; the second takes no jobs in and does a step of those of the first."""
    own = {"PAGEFACTS_METRICS_PORT": str(port)}
    started = [
        Worker({**environment, **own}, tmp_path / "w1"),
        Worker(environment, tmp_path / "w2", "-Q", "pagefacts.tag"),
    ]
    yield started
    for worker in started:
        if worker.process.poll() is None:
            worker.kill()


@pytest.fixture
def prometheus(port: int, tmp_path: Path) -> Iterator[Ask | None]:
    """Asks the API of a Prometheus that has the rules and times of the repository; None where there is none."""
    if not PROMETHEUS:
        yield None
        return
    folder, address = tmp_path / "prometheus", f"127.0.0.1:{free_port()}"
    shutil.copytree(MONITORING / "prometheus", folder)
    config = yaml.safe_load((folder / "prometheus.yml").read_text())
    (jobs,) = config["scrape_configs"]
    config["scrape_configs"] = [{"job_name": jobs["job_name"], "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    options = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/tsdb"]
    with (tmp_path / "prometheus.log").open("wb") as log:
        process = subprocess.Popen([PROMETHEUS, *options, f"--web.listen-address={address}"], stdout=log, stderr=log)

    def ask(path: str) -> Any:
        try:
            with urllib.request.urlopen(f"http://{address}/api/v1/{path}", timeout=30) as reply:
                return json.load(reply)["data"]
        except OSError:
            return None

    yield ask
    process.terminate()
    process.wait(timeout=60)


def firing(prometheus: Ask) -> set[str] | None:
    """What the alerts say that fire; None before Prometheus knows."""
    scraped = (prometheus("query?query=pagefacts_server_up") or {}).get("result")
    found = scraped and prometheus("alerts")
    return found and {alert["annotations"]["summary"] for alert in found["alerts"] if alert["state"] == "firing"}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=60)


def jobs(*ids: int) -> list[str]:
    return [json.dumps({"id": str(n), "body": f"On Monday {n + 2} people were killed in Aleppo, Syria."}) for n in ids]


def server(folder: Path) -> Any:
    return running_server(server_binary(), folder, "--appendonly", "yes", "--appendfsync", "always", "--save", "")


def test_a_server_that_goes_and_comes_back(
    environment: dict[str, str], workers: list[Worker], port: int, prometheus: Ask | None, tmp_path: Path
) -> None:
    ledger = open_ledger(Settings.from_env(environment))
    with ExitStack() as stack:
        stack.callback(ledger.client.close)
        with server(tmp_path / "server"):
            all_is_well(environment)
            ledger.enqueue(*jobs(0, 1))
            answered(ledger, 2)
            until(lambda: told_at(port)("jobs_answered_total", outcome="result") == 2)
            until(lambda: prometheus is None or firing(prometheus) == set(), what="Prometheus, and no alert")
            process = ledger.client.info("server")["process_id"]
            work_is_left(ledger, workers[0])

            os.kill(process, signal.SIGSTOP)  # it takes connections, and says nothing
            until(lambda: told_at(port)("server_up") == 0)
            assert "the server does not answer: Timeout" in said_by_status(environment)
            os.kill(process, signal.SIGKILL)

        until(lambda: prometheus is None or firing(prometheus) == {AWAY}, what="the alert")
        told = told_at(port)
        assert (told("server_up"), told("jobs_answered_total", outcome="result")) == (0, 2)
        assert told("stream_lag_jobs") is None  # an old figure would be taken for the present one
        said = said_by_status(environment)
        assert said.count("the server has not answered for") == 2  # each worker of the machine has said so
        assert "go on by themselves" in said

        stack.enter_context(server(tmp_path / "server"))
        assert sorted(event["id"] for event in answered(ledger, 12)) == sorted(map(str, range(12)))
        all_is_well(environment)
        until(lambda: told_at(port)("server_up") == 1)
        until(lambda: told_at(port)("ledger_answers_total", outcome="result") == 12)
        until(lambda: prometheus is None or firing(prometheus) == set(), what="no alert")
        if prometheus:
            for asked in expressions():
                assert prometheus(f"query?query={quote(asked)}") is not None, asked
        assert workers[1].stop() == 0
        assert run(environment, "health").stdout.count(": ready") == 1
    assert "the metrics are told without the state of the queue" in workers[0].log.read_text()


def all_is_well(environment: dict[str, str]) -> None:
    until(lambda: run(environment, "health", "--ready").stdout.count(": ready") == 2, what="two workers")
    until(lambda: run(environment, "status", "--check").returncode == 0, what="all is well")
    assert "All is well" in run(environment, "status").stdout


def work_is_left(ledger: Ledger, worker: Worker) -> None:
    """Ten more jobs, of which some are in work and others wait when the server goes."""
    (child,) = worker.children()
    os.kill(child, signal.SIGSTOP)
    ledger.enqueue(*jobs(*range(2, 12)))
    until(lambda: (read_state(ledger).in_flight, read_state(ledger).waiting) == (2, 8))
    os.kill(child, signal.SIGCONT)


def said_by_status(environment: dict[str, str]) -> str:
    """What `pagefacts status` says of a server that is away, when a worker knows of it, too."""
    until(lambda: run(environment, "health", "--ready").returncode == 1, what="a worker that is not ready")
    assert "not ready: the server has not answered for" in run(environment, "health").stdout
    assert run(environment, "health", "--live").returncode == 0
    status = run(environment, "status")
    assert (status.returncode, status.stdout) == (1, "")
    return status.stderr
