"""What Prometheus is told by real workers: every job once, also of children that were killed, and of a server away."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from monitoring import MONITORING, PROMETHEUS, PROMTOOL, promtool
from prometheus_client.parser import text_string_to_metric_families
from servers import free_port, running_server
from support import COMMAND, EXAMPLE, Worker, answered, events, until

from config.settings import Settings
from worker.connection import open_ledger
from worker.embedded import server_binary
from worker.ledger import GROUP, Ledger

Start = Callable[..., Worker]
Told = Callable[..., float | None]

GOOD = "On Monday {} people were killed and 12 were injured in Aleppo, Syria, police said."
EMPTY = "<html><body></body></html>"


def scrape(port: int) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as reply:
        return str(reply.read().decode())


def told_at(port: int) -> Told:
    """What is told now: a value by name and labels, None where it is not told."""
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(scrape(port))
        for sample in family.samples
    }
    return lambda name, **labels: samples.get((f"pagefacts_{name}", *sorted(labels.items())))


def children(worker: Worker) -> set[int]:
    tasks = Path(f"/proc/{worker.process.pid}/task")
    return {int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()}


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def metrics(port: int) -> dict[str, str]:
    return {"PAGEFACTS_METRICS_PORT": str(port)}


def good(count: int, first: int = 0) -> list[str]:
    return [json.dumps({"id": f"good-{n}", "body": GOOD.format(n + 2)}) for n in range(first, first + count)]


@pytest.mark.parametrize("pipeline", ["chain", "fused"])
def test_every_job_is_counted_once(  # also those of children that were killed
    ledger: Ledger, start_worker: Start, port: int, metrics: dict[str, str], pipeline: str
) -> None:
    jobs = [*good(6), '{"id":"no-json"', json.dumps({"id": "empty", "html": EMPTY})]
    twice = json.dumps({"id": "good-0", "body": GOOD.format(2)})
    lost = json.dumps({"id": "lost", "body": GOOD.format(2)})
    ledger.enqueue(lost)
    (delivery,) = ledger.read("lost@worker", 1, 1)  # it was given a job, and is no more
    ledger.client.xclaim(ledger.keys.jobs, GROUP, "lost@worker", 0, [delivery.entry], idle=10_000_000)
    ledger.enqueue(*jobs, twice)

    worker = start_worker("--concurrency", "2", PAGEFACTS_PIPELINE=pipeline, **metrics)
    answered(ledger, 9)
    until(lambda: told_at(port)("jobs_answered_total", outcome="result") == 7)
    before = children(worker)
    for child in before:
        os.kill(child, signal.SIGKILL)
    until(lambda: len(children(worker) - before) == 2)
    more = good(8, first=6)
    ledger.enqueue(*more)
    answered(ledger, 17)

    until(lambda: told_at(port)("jobs_answered_total", outcome="result") == 15)
    until(lambda: told_at(port)("ledger_answers_total", outcome="result") == 15)  # it may be a second old
    told = told_at(port)
    assert told("jobs_accepted_total") == 16
    assert told("redeliveries_total") == 1
    assert told("jobs_answered_total", outcome="failure") == 2
    assert told("jobs_failed_total", code="invalid_job") == 1
    assert told("jobs_failed_total", code="no_article") == 1
    assert told("stage_seconds_count", stage="extract") == 16
    assert told("stage_seconds_count", stage="tag") == told("stage_seconds_count", stage="facts") == 15
    assert told("stage_seconds_sum", stage="facts") > 0
    read = [lost, *(job for job in [*jobs, *more] if job.endswith("}"))]
    assert told("page_bytes_count") == 16
    assert told("page_bytes_sum") == sum(len(job) for job in read)
    results = [event["data"] for event in events(ledger) if event["type"] == "pagefacts.result.v1"]
    for kind in ("casualties", "dates", "locations", "entities"):
        found = sum(len(result[kind]) for result in results)
        assert told("facts_found_total", kind=kind) == found > 0
    assert told("ledger_answers_total", outcome="result") == 15
    assert told("ledger_duplicates_total") == 1
    assert told("dead_letters") == 2
    assert told("jobs_in_flight") == told("stream_lag_jobs") == told("pending_jobs") == 0
    assert "sandbox: Landlock" in worker.log.read_text() or "sandbox: no" in worker.log.read_text()
    if PROMTOOL:
        promtool("check", "metrics", given=scrape(port))


@pytest.mark.parametrize("pool", [["--pool", "solo"], ["--pool", "threads", "--concurrency", "4"]])
def test_the_pools_without_children_are_counted_too(
    ledger: Ledger, start_worker: Start, port: int, metrics: dict[str, str], pool: list[str]
) -> None:
    start_worker(*pool, **metrics)
    ledger.enqueue(*good(12))
    answered(ledger, 12)
    until(lambda: told_at(port)("jobs_answered_total", outcome="result") == 12)
    assert told_at(port)("stage_seconds_count", stage="facts") == 12


@pytest.fixture
def own_environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return {**environment, "REDIS_URL": f"unix://{tmp_path}/server/s.sock"}


@pytest.fixture
def own_worker(own_environment: dict[str, str], tmp_path: Path, metrics: dict[str, str]) -> Iterator[Start]:
    started: list[Worker] = []

    def start() -> Worker:
        started.append(Worker({**own_environment, **metrics}, tmp_path / "log"))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()


def test_a_server_that_is_away_is_told_and_so_is_its_return(
    own_environment: dict[str, str], own_worker: Start, port: int, tmp_path: Path
) -> None:
    server = (server_binary(), tmp_path / "server", "--appendonly", "yes", "--save", "")
    ledger = open_ledger(Settings.from_env(own_environment))
    with running_server(*server):
        own_worker()
        ledger.open()
        ledger.enqueue(*good(2))
        answered(ledger, 2)
        until(lambda: told_at(port)("jobs_answered_total", outcome="result") == 2)
        assert told_at(port)("server_up") == 1
        process = ledger.client.info("server")["process_id"]
        os.kill(process, signal.SIGSTOP)  # it takes connections, and says nothing
        try:
            until(lambda: told_at(port)("server_up") == 0)
            told = told_at(port)
            assert (told("jobs_answered_total", outcome="result"), told("stream_lag_jobs")) == (2, None)
        finally:
            os.kill(process, signal.SIGCONT)
        until(lambda: told_at(port)("server_up") == 1)
    until(lambda: told_at(port)("server_up") == 0)
    assert told_at(port)("jobs_answered_total", outcome="result") == 2
    assert "the metrics are told without the state of the queue" in (tmp_path / "log").read_text()
    with running_server(*server):
        until(lambda: told_at(port)("server_up") == 1)
        ledger.enqueue(*good(1, first=2))
        answered(ledger, 3)
        until(lambda: told_at(port)("jobs_answered_total", outcome="result") == 3)
    ledger.client.close()


def test_jobs_in_flight_are_those_of_the_worker(
    ledger: Ledger, start_worker: Start, port: int, metrics: dict[str, str]
) -> None:
    worker = start_worker(**metrics)
    ledger.enqueue(*good(1))
    answered(ledger, 1)
    (child,) = children(worker)
    os.kill(child, signal.SIGSTOP)
    try:
        ledger.enqueue(*good(4, first=1))
        until(lambda: told_at(port)("stream_lag_jobs") == 2)  # two for each process are taken in
        told = told_at(port)
        assert told("jobs_in_flight") == told("pending_jobs") == 2
        assert told("oldest_waiting_age_seconds") > 0
        assert told("workers") == 1
    finally:
        os.kill(child, signal.SIGCONT)
    answered(ledger, 5)


def test_children_do_not_listen_at_the_port(
    ledger: Ledger, start_worker: Start, port: int, metrics: dict[str, str]
) -> None:
    worker = start_worker(**metrics)
    ledger.enqueue(*good(1))
    answered(ledger, 1)
    table = Path("/proc/net/tcp").read_text().splitlines()[1:]
    (socket,) = [row.split()[9] for row in table if row.split()[1] == f"0100007F:{port:04X}" and row.split()[3] == "0A"]
    assert f"socket:[{socket}]" in open_files(worker.process.pid)
    assert children(worker)
    assert not any(f"socket:[{socket}]" in open_files(child) for child in children(worker))


def open_files(process: int) -> set[str]:
    return {str(file.readlink()) for file in Path(f"/proc/{process}/fd").iterdir() if file.is_symlink()}


def test_a_port_that_is_taken_is_said(ledger: Ledger, start_worker: Start, port: int, metrics: dict[str, str]) -> None:
    start_worker(**metrics)
    until(lambda: answers(port))
    second = start_worker(**metrics)
    assert second.process.wait(timeout=60) == 1
    (line,) = [line for line in second.log.read_text().splitlines() if line.startswith("pagefacts:")]
    assert re.search(rf"127\.0\.0\.1, port {port}: Address already in use .*PAGEFACTS_METRICS_PORT", line)
    assert "Traceback" not in second.log.read_text()


def answers(port: int) -> bool:
    try:
        return bool(scrape(port))
    except OSError:
        return False


def test_a_worker_that_a_command_starts_for_itself_takes_no_port(
    ledger: Ledger, environment: dict[str, str], port: int, metrics: dict[str, str], tmp_path: Path
) -> None:
    with running_server(server_binary(), tmp_path / "taken", "--port", str(port)):
        own = {name: value for name, value in environment.items() if name != "REDIS_URL"}
        done = subprocess.run(
            [*COMMAND, "process", str(EXAMPLE)],
            env={**own, **metrics, "PAGEFACTS_DATA_DIR": str(tmp_path / "data")},
            capture_output=True,
            text=True,
            timeout=120,
        )
    event: dict[str, Any] = json.loads(done.stdout)
    assert (done.returncode, event["type"]) == (0, "pagefacts.result.v1")


@pytest.fixture
def prometheus(port: int, tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    """A Prometheus with the rules of the repository, asked by its API."""
    folder, own = tmp_path / "prometheus", free_port()
    shutil.copytree(MONITORING / "prometheus", folder)
    config = yaml.safe_load((folder / "prometheus.yml").read_text())
    (jobs,) = config["scrape_configs"]
    config["scrape_configs"] = [{"job_name": jobs["job_name"], "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    options = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={tmp_path}/tsdb"]
    address = f"127.0.0.1:{own}"
    with (tmp_path / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [str(PROMETHEUS), *options, f"--web.listen-address={address}"], stdout=log, stderr=log
        )

    def ask(path: str) -> Any:
        try:
            with urllib.request.urlopen(f"http://{address}/api/v1/{path}", timeout=30) as reply:
                return json.load(reply)["data"]
        except OSError:
            return None

    yield ask
    process.terminate()
    process.wait(timeout=60)


@pytest.mark.skipif(not PROMETHEUS, reason="no Prometheus here")
def test_prometheus_says_that_the_server_is_away_and_that_it_is_back(
    own_environment: dict[str, str], own_worker: Start, prometheus: Callable[[str], Any], tmp_path: Path
) -> None:
    def said() -> set[str] | None:
        found = prometheus("alerts")
        return found and {alert["annotations"]["summary"] for alert in found["alerts"] if alert["state"] == "firing"}

    with running_server(server_binary(), tmp_path / "server") as path:
        own_worker()
        ledger = open_ledger(Settings.from_env(own_environment))
        ledger.open()
        ledger.enqueue(*good(1))
        answered(ledger, 1)
        until(lambda: (prometheus("query?query=pagefacts_server_up") or {}).get("result"), what="a scrape")
        until(lambda: said() == set())
        process = ledger.client.info("server")["process_id"]
        os.kill(process, signal.SIGSTOP)
        try:
            until(lambda: said() == {"Redis does not answer any worker"}, what=f"the alert about {path}")
        finally:
            os.kill(process, signal.SIGCONT)
        until(lambda: said() == set())
        ledger.client.close()
    for panel in json.loads((MONITORING / "grafana/dashboards/pagefacts.json").read_text())["panels"]:
        for target in panel.get("targets", []):
            asked = target["expr"].replace("$__rate_interval", "1m").replace("$job", "pagefacts")
            assert prometheus(f"query?query={quote(asked)}") is not None, asked
