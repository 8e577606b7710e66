"""The documentation's site, built strictly and read from a disk."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from documents import ROOT
from playwright.sync_api import Browser, expect


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return folder


def test_no_page_asks_another_host(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > len(list(ROOT.glob("docs/*.md")))
    for page in pages:
        html = page.read_text(encoding="utf-8")
        assert not re.search(r"<(?:script|img|iframe)[^>]*\ssrc=\"?(?:https?:)?//", html), page
        assert not re.search(r"<link(?![^>]*rel=\"?canonical)[^>]*\shref=\"?(?:https?:)?//", html), page


def test_it_is_searched_without_a_network(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.get_by_role("textbox", name="Search").click()
    page.keyboard.type("PAGEFACTS_CLAIM_AFTER")
    expect(page.locator(".md-search-result__list a[href*='settings.html']").first).to_be_visible(timeout=60_000)
    assert {url.partition(":")[0] for url in asked} <= {"file", "data", "blob"}
    page.close()
