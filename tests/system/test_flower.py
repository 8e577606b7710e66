"""Flower beside a real worker: its REST API, and its pages in a real Chromium.

CHROMIUM names the browser's executable; without it, one is looked for on PATH.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from servers import Flower, flower
from support import Worker, answered, until

from worker.flower import shown
from worker.ledger import Ledger

BROWSERS = "chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable".split()
PAGE_WORD = "SECRETWORD"
TASKS = {"pagefacts.extract", "pagefacts.tag", "pagefacts.facts"}


@pytest.fixture
def watched(environment: dict[str, str], tmp_path: Path, start_worker: Callable[..., Worker]) -> Iterator[Flower]:
    """A Flower that has seen its worker."""
    with flower(environment, tmp_path / "flower.log") as get:
        until(lambda: get("/healthcheck"), what="Flower")
        start_worker()
        until(lambda: "w0@" in get("/workers?json=1"), what="the worker in Flower")
        yield get


def enqueue(ledger: Ledger, *names: str) -> None:
    ledger.enqueue(*(json.dumps({"id": name, "body": f"{PAGE_WORD}: two people died in Paris."}) for name in names))


def tasks(get: Flower) -> list[dict[str, Any]]:
    return list(json.loads(get("/api/tasks") or "{}").values())


def test_the_api_tells_workers_tasks_and_queues_to_those_who_may_know(watched: Flower, ledger: Ledger) -> None:
    for path in ("/api/workers", "/api/tasks", "/api/queues/length", "/tasks", "/workers"):
        assert watched(path)
        assert watched(path, credentials="") == ""
        assert watched(path, credentials="desk:wrong") == ""
    enqueue(ledger, "one", "two")
    answered(ledger, 2)
    until(lambda: sum(task["state"] == "SUCCESS" for task in tasks(watched)) == 6, what="six tasks in Flower")
    assert {task["name"] for task in tasks(watched)} == TASKS
    assert {task["args"] for task in tasks(watched)} == {"('one', 1)", "('two', 1)"}
    (name,) = json.loads(watched("/api/workers?refresh=1"))
    assert name.startswith("w0@")
    queues = {queue["name"] for queue in json.loads(watched("/api/queues/length"))["active_queues"]}
    assert queues == TASKS
    for path in ("/api/workers", "/api/tasks", "/api/queues/length", "/tasks", "/workers"):
        assert PAGE_WORD not in watched(path)


@pytest.fixture
def browser() -> Iterator[Browser]:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium: install one (apt-get install chromium), or name its executable in CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


def test_the_page_of_tasks_says_where_to_look_for_a_job(watched: Flower, ledger: Ledger, browser: Browser) -> None:
    root = f"http://127.0.0.1:{watched.port}"
    page = browser.new_context(http_credentials={"username": "desk", "password": "secret"}).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))

    page.goto(f"{root}/workers")
    expect(page.locator("body")).to_contain_text("w0@", timeout=60_000)

    enqueue(ledger, *(f"job-{number}" for number in range(20)))  # and while they run:
    until(lambda: tasks(watched), what="a task in Flower")
    page.goto(f"{root}/tasks")
    rows = page.locator("#tasks-table tbody")
    expect(rows).to_contain_text("pagefacts status job-", timeout=60_000)
    expect(rows).to_contain_text("pagefacts.extract", timeout=60_000)

    answered(ledger, 20)
    task = until(lambda: next((task for task in tasks(watched) if task["name"] == "pagefacts.facts"), None))
    page.goto(f"{root}/task/{task['uuid']}")
    expect(page.locator("#task-page")).to_contain_text("pagefacts status job-", timeout=60_000)
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
        ("['a b', 1]", "pagefacts status 'a b'"),
        ("('$(rm x)', 1)", "pagefacts status '$(rm x)'"),
        ("(job,)", "(job,)"),
        ("('a', ...", "('a', ..."),
        ("()", "()"),
        (None, None),
    ],
)
def test_arguments_are_shown_as_the_command_that_finds_the_job(args: str | None, said: str | None) -> None:
    assert shown(SimpleNamespace(args=args)).args == said
