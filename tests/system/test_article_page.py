"""The article page and the digest, as a person meets them in a real Chromium; and the commands that write them.

CHROMIUM names the browser's executable; without it, one is looked for on PATH.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from support import COMMAND

BROWSERS = "chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable".split()
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split()
BRIDGE = (
    "At least 35 people were killed in Homs on Monday when a bridge collapsed, police said. Rebels claimed that "
    "60 soldiers were killed in Homs on Monday. Another 120 people were injured, including 12 children."
)
LATER = "Exactly 28 people were killed in Homs on Monday, the government said."
HOSTILE = "Two people died in Paris </script><img src=x onerror=alert(1)>, police said."
JOBS = [
    {"id": "bridge", "body": BRIDGE, "published": "2024-03-12", "url": "https://example.org/bridge"},
    {"id": "later", "body": LATER, "published": "2024-03-12", "url": "https://example.com/later"},
    {"id": "hostile", "body": HOSTILE, "url": "https://example.net/"},
    {"id": "not fetched", "url": "https://example.org/"},
]


def run(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], input=stdin, capture_output=True, text=True, timeout=180)


@pytest.fixture(scope="module")
def processed() -> str:
    return run("process", "--in-process", "--jobs", "-", stdin="\n".join(map(json.dumps, JOBS))).stdout


@pytest.fixture(scope="module")
def files(processed: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {"article": ("show", folder / "article.html"), "digest": ("digest", folder / "digest.html")}
    for command, path in made.values():
        assert run(command, "--html", str(path), "-", stdin=processed).returncode == 3  # one answer is a failure
    return {name: path for name, (_, path) in made.items()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium: install one (apt-get install chromium), or name its executable in CHROMIUM")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield running
        running.close()


def opened(browser: Browser, path: Path, **options: Any) -> Iterator[Page]:
    """The page, which must not complain, and must ask for nothing but its file."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    page = context.new_page()
    heard: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    assert heard == []
    assert {url.split("#")[0] for url in asked} == {path.as_uri()}
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["article", "digest"])
def test_it_is_accessible(name: str, scheme: str, browser: Browser, files: dict[str, Path]) -> None:
    for page in opened(browser, files[name], color_scheme=scheme):
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


@pytest.mark.parametrize("script", [True, False])
def test_the_text_is_the_articles(script: bool, browser: Browser, files: dict[str, Path]) -> None:
    for page in opened(browser, files["article"], java_script_enabled=script):
        assert page.locator("#a1- .text").text_content() == BRIDGE
        assert page.locator("#a3- .text").text_content() == HOSTILE
        expect(page.locator("img")).to_have_count(0)
        expect(page.locator("#a4-")).to_contain_text("fetch_not_enabled")


def test_the_keyboard_reaches_a_figure_its_entry_and_its_words_again(browser: Browser, files: dict[str, Path]) -> None:
    for page in opened(browser, files["article"]):
        page.locator("#a1-c1-t a.fact").first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        tip = page.evaluate("getComputedStyle(document.activeElement, '::after').content")
        assert "lowest: 35, best: not stated, highest: open" in tip
        assert "status: reported" in tip
        expect(page.locator("#a1-c1")).to_have_class("killed current")
        page.keyboard.press("Enter")
        assert page.url.endswith("#a1-c1")
        page.locator("#a1-c1 .to-text a").first.focus()
        page.keyboard.press("Enter")
        assert page.url.endswith("#a1-c1-t")


@pytest.mark.parametrize("script", [True, False])
def test_an_effect_can_be_hidden(script: bool, browser: Browser, files: dict[str, Path]) -> None:
    for page in opened(browser, files["article"], java_script_enabled=script):
        expect(page.locator("tr.injured").first).to_be_visible()
        page.get_by_role("checkbox", name="injured").uncheck()
        expect(page.locator("tr.injured").first).to_be_hidden()
        expect(page.locator("tr.killed").first).to_be_visible()


@pytest.mark.parametrize("name", ["article", "digest"])
def test_it_is_seen_and_printed(name: str, browser: Browser, files: dict[str, Path], tmp_path: Path) -> None:
    for page in opened(browser, files[name]):
        picture = page.screenshot(path=tmp_path / "page.png")
        assert len(picture) > 20_000  # a blank page has some five thousand bytes
        page.emulate_media(media="print")
        expect(page.locator("#legend input").first).to_be_hidden()
        expect(page.locator("table").first).to_be_visible()
        assert page.pdf().startswith(b"%PDF-")


def test_conflicting_claims_stand_in_one_table(browser: Browser, files: dict[str, Path]) -> None:
    for page in opened(browser, files["digest"]):
        conflict = page.locator("table.conflict")
        expect(conflict).to_have_count(1)
        expect(conflict.locator("tbody tr")).to_have_count(2)
        expect(conflict).to_contain_text("police")
        expect(conflict).to_contain_text("the government")
        page.get_by_role("checkbox", name="not in conflict").uncheck()
        expect(page.locator("table:visible")).to_have_count(1)


def test_the_terminal_says_the_same(processed: str) -> None:
    shown = run("digest", "-", stdin=processed)
    assert shown.returncode == 3
    assert "conflict: 28 or more" in shown.stdout
    assert shown.stderr == "pagefacts: 1 of 4 answers are failures and were left out\n"


def test_two_pages_on_stdout_are_wrong_usage(processed: str) -> None:
    shown = run("show", "--html", "-", "--map", "-", "-", stdin=processed)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "--html and --map" in shown.stderr
