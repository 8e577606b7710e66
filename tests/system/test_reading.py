"""The article page and the digest, as a person meets them in a real Chromium; and the commands that write them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from browsing import answers, barriers, opened, run
from playwright.sync_api import Browser, expect

BRIDGE = (
    "At least 35 people were killed in Homs on Monday when a bridge collapsed, police said. Rebels claimed that "
    "60 soldiers were killed in Homs on Monday. Another 120 people were injured, including 12 children."
)
LATER = "Exactly 28 people were killed in Homs on Monday, the government said."
HOSTILE = (
    "Two people died in Paris </script><img src=x onerror=alert(1)>, police said.\r\n\n"
    "\u202eThree people died in \u05d0\u05d1 &amp; \U0001f468\u200d\U0001f469 \U00020000 in Lyon.\u2028<!-- Four died."
)
JOBS = [
    {"id": "bridge", "body": BRIDGE, "published": "2024-03-12", "url": "https://example.org/bridge"},
    {"id": "later", "body": LATER, "published": "2024-03-12", "url": "https://example.com/later"},
    {"id": "hostile", "body": HOSTILE, "url": "https://example.net/"},
    {"id": "not fetched", "url": "https://example.org/"},
]


@pytest.fixture(scope="module")
def processed() -> str:
    return answers(*JOBS)


@pytest.fixture(scope="module")
def files(processed: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {"article": ("show", folder / "article.html"), "digest": ("digest", folder / "digest.html")}
    for command, path in made.values():
        assert run(command, "--html", str(path), "-", stdin=processed).returncode == 3  # one answer is a failure
    return {name: path for name, (_, path) in made.items()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["article", "digest"])
def test_it_is_accessible(name: str, scheme: str, browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files[name], color_scheme=scheme) as page:
        assert barriers(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_the_text_is_the_articles(script: bool, browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["article"], java_script_enabled=script) as page:
        assert page.locator("#a1- .text").text_content() == BRIDGE
        assert page.locator("#a3- .text").text_content() == HOSTILE
        expect(page.locator("img")).to_have_count(0)
        expect(page.locator("#a4-")).to_contain_text("fetch_not_enabled")
        assert page.locator("#a1- .text").get_attribute("lang") == "en"


def test_the_keyboard_reaches_a_figure_its_entry_and_its_words_again(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["article"]) as page:
        page.locator("#a1-c1-t a.fact").first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        tip = page.evaluate("getComputedStyle(document.activeElement, '::after').content")
        assert "lowest: 35, best: not stated, highest: open" in tip
        assert "status: reported" in tip
        expect(page.locator("#a1-c1")).to_have_class("killed current")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#a1-c1$"))
        page.locator("#a1-c1 .to-text a").first.press("Enter")
        expect(page).to_have_url(re.compile("#a1-c1-t$"))


@pytest.mark.parametrize("script", [True, False])
def test_an_effect_can_be_hidden(script: bool, browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["article"], java_script_enabled=script) as page:
        expect(page.locator("tr.injured").first).to_be_visible()
        page.get_by_role("checkbox", name="injured").uncheck()
        expect(page.locator("tr.injured").first).to_be_hidden()
        expect(page.locator("tr.killed").first).to_be_visible()


@pytest.mark.parametrize("name", ["article", "digest"])
def test_it_is_seen_and_printed(name: str, browser: Browser, files: dict[str, Path], tmp_path: Path) -> None:
    with opened(browser, files[name]) as page:
        picture = page.screenshot(path=tmp_path / "page.png")
        assert len(picture) > 20_000  # a blank page has some five thousand bytes
        page.emulate_media(media="print")
        expect(page.locator("#legend input").first).to_be_hidden()
        expect(page.locator("table").first).to_be_visible()
        assert page.pdf().startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["article", "digest"])
def test_a_narrow_screen_shows_it_whole(name: str, browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files[name], viewport={"width": 390, "height": 844}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert barriers(page) == []


def test_paper_is_white_whatever_the_screen_is(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["article"], color_scheme="dark") as page:
        paper = "getComputedStyle(document.body).backgroundColor"
        assert page.evaluate(paper) != "rgb(255, 255, 255)"
        page.emulate_media(media="print")
        assert page.evaluate(paper) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("script", [True, False])
def test_the_keyboard_folds_a_day(script: bool, browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["digest"], java_script_enabled=script) as page:
        table = page.locator("table.conflict")
        expect(table).to_be_visible()
        page.locator(".day:has(table.conflict) > summary").focus()
        page.keyboard.press("Enter")
        expect(table).to_be_hidden()


def test_conflicting_claims_stand_in_one_table(browser: Browser, files: dict[str, Path]) -> None:
    with opened(browser, files["digest"]) as page:
        conflict = page.locator("table.conflict")
        expect(conflict).to_have_count(1)
        expect(conflict.locator("tbody tr")).to_have_count(2)
        expect(conflict).to_contain_text("police")
        expect(conflict).to_contain_text("the government")
        expect(conflict).to_contain_text("conflict: 28 or more")
        expect(conflict.get_by_role("link")).to_have_text(["https://example.org/bridge", "https://example.com/later"])
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


def test_files_may_be_several_and_packed(processed: str, tmp_path: Path) -> None:
    first, *others = processed.splitlines(keepends=True)
    (tmp_path / "first.jsonl").write_text(first, encoding="utf-8")
    (tmp_path / "others.jsonl.gz").write_bytes(gzip.compress("".join(others).encode()))
    paths = [str(tmp_path / name) for name in ("first.jsonl", "others.jsonl.gz")]
    assert run("digest", *paths).stdout == run("digest", stdin=processed).stdout


def test_conflicts_alone(processed: str) -> None:
    shown = run("digest", "--conflicts", stdin=processed)
    assert "conflict: 28 or more" in shown.stdout
    assert "120" not in shown.stdout
