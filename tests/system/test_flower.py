"""Flower beside a real worker: its REST API, and its pages in a real Chromium.

CHROMIUM names the browser's executable; without it, one is looked for on PATH.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from celery.utils.saferepr import saferepr
from hypothesis import example, given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect
from servers import Flower, flower
from support import Worker, environment_of, until

from config.settings import Settings
from worker.connection import open_ledger
from worker.flower import shown
from worker.ledger import Ledger

PAGE_WORD = "SECRETWORD"
TASKS = {"pagefacts.extract", "pagefacts.tag", "pagefacts.facts"}


@pytest.fixture(scope="module")
def environment(server: str) -> dict[str, str]:
    return environment_of(server, "flower")


@pytest.fixture(scope="module")
def ledger(environment: dict[str, str]) -> Iterator[Ledger]:
    ledger = open_ledger(Settings.from_env(environment))
    yield ledger
    ledger.client.close()


@pytest.fixture(scope="module")
def watched(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flower]:
    """A Flower that has seen its worker."""
    folder = tmp_path_factory.mktemp("flower")
    with flower(environment, folder / "flower.log") as get:
        until(lambda: get("/healthcheck"), what="Flower")
        steps = {**environment, "PAGEFACTS_PIPELINE": "chain"}
        worker = Worker(steps, folder / "worker.log", "--hostname", "w0@%h")
        until(lambda: "w0@" in get("/workers?json=1"), what="the worker in Flower")
        # Flower asks for them; none are sent that nobody reads.
        until(lambda: "{task} enabled by remote" in worker.log.read_text(), what="events")
        yield get
        worker.kill()


def enqueue(ledger: Ledger, *names: str) -> None:
    ledger.enqueue(*(json.dumps({"id": name, "body": f"{PAGE_WORD}: two people died in Paris."}) for name in names))


def tasks(get: Flower) -> list[dict[str, Any]]:
    return list(json.loads(get("/api/tasks") or "{}").values())


def done(get: Flower, job: str) -> set[str]:
    return {task["name"] for task in tasks(get) if (task["args"], task["state"]) == (f"('{job}', 1)", "SUCCESS")}


def test_the_api_tells_workers_tasks_and_queues_to_those_who_may_know(watched: Flower, ledger: Ledger) -> None:
    for path in ("/api/workers", "/api/tasks", "/api/queues/length", "/tasks", "/workers"):
        assert watched(path)
        assert watched(path, credentials="") == ""
        assert watched(path, credentials="desk:wrong") == ""
    enqueue(ledger, "one", "two")
    for job in ("one", "two"):
        until(lambda job=job: done(watched, job) == TASKS, what=f"the tasks of {job} in Flower")
    (name,) = json.loads(watched("/api/workers?refresh=1"))
    assert name.startswith("w0@")
    queues = {queue["name"] for queue in json.loads(watched("/api/queues/length"))["active_queues"]}
    assert queues == TASKS
    for path in ("/api/workers", "/api/tasks", "/api/queues/length", "/tasks", "/workers"):
        assert PAGE_WORD not in watched(path)


def test_where_one_task_does_all_steps_its_result_has_the_time_of_each(
    watched: Flower, environment: dict[str, str], ledger: Ledger, tmp_path: Path
) -> None:
    worker = Worker(environment, tmp_path / "worker.log", "--hostname", "w1@%h")
    numbers = count()

    def results() -> list[str]:
        enqueue(ledger, f"page-{next(numbers)}")  # either worker may take it in
        pages = [task for task in tasks(watched) if (task["name"], task["state"]) == ("pagefacts.page", "SUCCESS")]
        return [task["result"] for task in pages]

    try:
        result = until(results, what="a page in one task")[0]
    finally:
        worker.kill()
    assert re.fullmatch(r"'extract \d+ ms, tag \d+ ms, facts \d+ ms'", result)


def test_the_page_of_tasks_says_where_to_look_for_a_job(watched: Flower, ledger: Ledger, browser: Browser) -> None:
    root = f"http://127.0.0.1:{watched.port}"
    page = browser.new_context(http_credentials={"username": "desk", "password": "secret"}).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))

    page.goto(f"{root}/workers")
    expect(page.locator("body")).to_contain_text("w0@", timeout=60_000)

    names = [*(f"job-{number}" for number in range(20)), "<img src=x onerror=alert(1)>"]
    enqueue(ledger, *names)  # and while they run:
    page.goto(f"{root}/tasks")
    rows = page.locator("#tasks-table tbody")
    expect(rows).to_contain_text("pagefacts status job-", timeout=60_000)
    expect(rows).to_contain_text("pagefacts.extract", timeout=60_000)

    until(lambda: any(names[-1] in (task["args"] or "") for task in tasks(watched)), what="the last job in Flower")
    page.reload()
    expect(rows).to_contain_text("pagefacts status '<img", timeout=60_000)
    task = next(task for task in tasks(watched) if task["name"] == "pagefacts.facts")
    page.goto(f"{root}/task/{task['uuid']}")
    expect(page.locator("#task-page")).to_contain_text("pagefacts status ", timeout=60_000)
    assert PAGE_WORD not in page.content()
    assert complaints == []

    stranger = browser.new_context(http_credentials={"username": "desk", "password": "wrong"}).new_page()
    reply = stranger.goto(f"{root}/tasks")
    assert reply is not None
    assert reply.status == 401


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ("('a', 1)", "pagefacts status a"),
        ("['a', 2]", "pagefacts status a"),
        ("(job,)", "(job,)"),
        ("('a', ...)", "('a', ...)"),
        ("()", "()"),
        (None, None),
    ],
)
def test_arguments_are_shown_as_the_command_that_finds_the_job(args: str | None, said: str | None) -> None:
    assert shown(SimpleNamespace(args=args)).args == said


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
@example("it's")
@example("-- -x")
@example("a', 1)\n$(rm x)\\'")
def test_the_shell_reads_the_id_out_of_the_command_whatever_it_holds(job: str) -> None:
    for arguments in ((job, 1), [job, 1]):
        _, _, *given_to_status = shlex.split(shown(SimpleNamespace(args=saferepr(arguments))).args)
        assert given_to_status == (["--", job] if job.startswith("-") else [job])
