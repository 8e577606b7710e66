"""The examples, run as their users would, by the programs that they are for, against a real server and worker."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from documents import ROOT
from servers import free_port, running_server
from support import EXAMPLE, Worker, until

from pagefacts.client import Client, ResultEvent
from worker.embedded import server_binary

EXAMPLES = ROOT / "examples"
RESULTS = "{pagefacts}:results"
FLOODS = 100


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What a user's shell has, with a server and a worker running."""
    folder, port = tmp_path_factory.mktemp("system"), free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PAGEFACTS_", "FLOWER_"))}
    environment = {**kept, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    with running_server(server_binary(), folder, "--port", str(port)):
        worker = Worker(environment, folder / "log", "--hostname", "examples@%h")
        yield environment
        worker.stop()


@pytest.fixture(scope="module")
def client(environment: dict[str, str]) -> Iterator[Client]:
    with Client(environment["REDIS_URL"]) as client:
        yield client


@pytest.fixture
def raw(environment: dict[str, str]) -> Iterator[Any]:
    """A connection of the test's own."""
    with redis.Redis.from_url(environment["REDIS_URL"]) as raw:
        yield raw


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """The folder of the examples in Node, with what they depend on."""
    _require("node", "npm")
    folder = tmp_path_factory.mktemp("node") / "node"
    shutil.copytree(EXAMPLES / "node", folder, ignore=shutil.ignore_patterns("node_modules"))
    _run(environment, "npm", "ci", "--prefix", str(folder), "--no-audit", "--no-fund")
    return folder


def _require(*programs: str) -> None:
    missing = [program for program in programs if shutil.which(program) is None]
    if missing and not os.environ.get("DOCS_PROGRAMS"):
        pytest.skip(f"not installed: {', '.join(missing)}")


def _run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _python(environment: dict[str, str], name: str, *arguments: str) -> str:
    return _run(environment, sys.executable, str(EXAMPLES / name), *arguments)


def _quotes(client: Client, job_id: str) -> list[str]:
    event = client.wait(job_id, timeout=120).event
    assert isinstance(event, ResultEvent)
    return [fact.evidence.quote for fact in event.data.casualties]


# --- producers ------------------------------------------------------------------------------------------------------


def test_redis_cli(environment: dict[str, str], client: Client, tmp_path: Path) -> None:
    _require("redis-cli", "jq")
    (page := tmp_path / "page.html").write_text(
        "<article><p>Nine people were killed in “Herat” on Friday.</p></article>"
    )
    producer = str(EXAMPLES / "producers" / "redis-cli.sh")
    assert "-" in _run(environment, producer, str(page), "https://news.example/cli")
    answers = client.results(follow=True)
    (event,) = {answer.event.subject: answer.event for answer in _until(answers, "https://news.example/cli")}.values()
    assert isinstance(event, ResultEvent)
    assert event.data.article.text == "Nine people were killed in “Herat” on Friday."

    there = subprocess.run([producer, "nowhere", "x"], env=environment, capture_output=True, text=True, timeout=60)
    assert there.returncode != 0
    assert there.stdout == ""


def _until(answers: Any, subject: str) -> Iterator[Any]:
    """Yield the answer about ``subject``, when it is there."""
    yield next(answer for answer in answers if answer.event.subject == subject)


def test_python(environment: dict[str, str], client: Client, tmp_path: Path) -> None:
    (page := tmp_path / "page.html").write_text("<article><p>Nine people were killed in Herat on Friday.</p></article>")
    text, html = _python(environment, "producers/enqueue.py", str(EXAMPLE), str(page)).splitlines()
    assert "More than 250,000 Syrians" in _quotes(client, text)[0]
    assert _quotes(client, html) == ["Nine people were killed"]


def test_python_says_what_is_wrong_with_a_job(environment: dict[str, str], client: Client, tmp_path: Path) -> None:
    (fine := tmp_path / "fine.txt").write_text("Three people died in Kabul.")
    (large := tmp_path / "large.html").write_text("x" * (65 << 20))
    command = [sys.executable, str(EXAMPLES / "producers" / "enqueue.py"), str(fine), str(large)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "It is number 2 of the jobs given." in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert _quotes(client, client.enqueue({"text": "Three people died in Kabul."}))


def test_asyncio(environment: dict[str, str]) -> None:
    lines = _python(environment, "producers/enqueue_async.py").splitlines()
    assert sorted(lines) == [
        "https://news.example/ferry missing 31 '31 people were missing'",
        "https://news.example/quake killed 12 'At least 12 people were killed'",
    ]


def test_celery(environment: dict[str, str], client: Client) -> None:
    _python(environment, "producers/celery_submit.py")
    assert _quotes(client, "46") == ["Five people were killed"]


# --- consumers ------------------------------------------------------------------------------------------------------


def test_each_answer_is_written_once(environment: dict[str, str], client: Client, raw: Any, tmp_path: Path) -> None:
    jobs = [{"id": f"table-{n}", "body": f"{n} people were killed in Kabul on Friday."} for n in range(2, 6)]
    for job_id in client.enqueue_many([*jobs, {"id": "table-bad", "html": ""}]):
        client.wait(job_id, timeout=120)
    table = sqlite3.connect(tmp_path / "figures.db")

    def figures() -> list[tuple[str, int]]:
        return table.execute("SELECT job, min FROM figures WHERE job LIKE 'table-%' ORDER BY min").fetchall()

    next(client.results("figures", auto_ack=False).batches())  # as one that was killed before it had written anything
    expected = [(f"table-{n}", n) for n in range(2, 6)]
    for arguments in ([], [], ["--replay"]):
        _python(environment, "consumers/consume.py", str(tmp_path / "figures.db"), *arguments)
        assert figures() == expected
        assert raw.xpending(RESULTS, "figures")["pending"] == 0


def test_a_consumer_that_follows_writes_what_comes(environment: dict[str, str], client: Client, tmp_path: Path) -> None:
    path = tmp_path / "figures.db"
    command = [sys.executable, str(EXAMPLES / "consumers" / "consume.py"), str(path), "--follow"]
    consumer = subprocess.Popen(command, env=environment)
    try:
        client.enqueue({"id": "followed", "body": "Seven people were killed in Kabul on Friday."})

        def written() -> list[tuple[int]]:
            try:
                return sqlite3.connect(path).execute("SELECT min FROM figures WHERE job = 'followed'").fetchall()
            except sqlite3.OperationalError:  # there is no table yet
                return []

        assert until(written) == [(7,)]
    finally:
        consumer.kill()
        consumer.wait()


# --- Node -----------------------------------------------------------------------------------------------------------


def test_node(node: Path, environment: dict[str, str], client: Client, raw: Any) -> None:
    for name in ("lost", "kept"):  # a consumer was given both and died; one was trimmed since
        client.wait(client.enqueue({"id": name, "body": "Two people were killed in Kabul on Friday."}), timeout=120)
    raw.xgroup_create(RESULTS, "figures-node", id=_entry_before(raw, client.wait("lost").entry))
    raw.xreadgroup("figures-node", "1", {RESULTS: ">"}, count=2)
    raw.xdel(RESULTS, client.wait("lost").entry)

    _run(environment, "node", str(node / "produce.mjs"))
    for n in range(1, FLOODS + 1):
        client.wait(f"flood-{n}", timeout=240)
    rows = [line.split("\t") for line in _run(environment, "node", str(node / "consume.mjs")).splitlines()]
    killed = {job: int(least) for job, _, effect, least, *_ in rows if effect == "killed"}
    assert killed == {"kept": 2, **{f"flood-{n}": n for n in range(1, FLOODS + 1)}}
    assert len({tuple(row) for row in rows}) == len(rows)
    assert raw.xpending(RESULTS, "figures-node")["pending"] == 0
    assert _run(environment, "node", str(node / "consume.mjs")) == ""


def _entry_before(raw: Any, entry: str) -> str:
    before = raw.xrevrange(RESULTS, f"({entry}", "-", count=1)
    return before[0][0].decode() if before else "0"


def test_packages_of_node_come_from_its_registry() -> None:
    lock = json.loads((EXAMPLES / "node" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    for package in packages.values():
        assert package["integrity"].startswith("sha512-")
        assert package.get("resolved", "https://registry.npmjs.org/").startswith("https://registry.npmjs.org/")
