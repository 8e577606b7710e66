"""Answers as pages in a real Chromium. CHROMIUM names its executable; without it, one is looked for on PATH."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from support import COMMAND

_NAMES = "chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable".split()
_QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def run(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """The real command, to its end."""
    return subprocess.run([*COMMAND, *arguments], input=stdin, capture_output=True, text=True, timeout=180)


def answers(*jobs: dict[str, str]) -> str:
    """What the real command says of ``jobs``, an answer a line."""
    lines = "\n".join(json.dumps(job) for job in jobs)
    return run("process", "--in-process", "--jobs", "-", stdin=lines).stdout


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; the test is skipped where there is none."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium: install one (apt-get install chromium), or name its executable in CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=_QUIET)
        yield running
        running.close()


@contextmanager
def opened(browser: Browser, path: Path, **options: Any) -> Iterator[Page]:
    """The page in a file, which must not complain, and must ask for nothing but its file; options are the context's."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    page = context.new_page()
    heard: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: heard.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    assert heard == []
    assert {url.split("#")[0] for url in asked} == {path.as_uri()}
    context.close()


def barriers(page: Page) -> list[tuple[str, str]]:
    """What axe-core finds that keeps people out: each rule, and the first element that breaks it."""
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in Axe().run(page).response["violations"]]
