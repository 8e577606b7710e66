"""The map page, as a person sees it in a real Chromium; and the command that writes it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest
from browsing import answers, barriers, opened, run
from playwright.sync_api import Browser, Page, expect
from support import EXAMPLE

STORM = """Storm and shelling leave hundreds dead

12 March 2024

At least 41 people were killed and 120 were injured in Aleppo on Monday when a market was hit, health officials said. \
Seven more people were killed in Damascus, a monitoring group said. About 30 people were missing in Homs after a \
building collapsed, and more than 2,500 people were displaced from Idlib.

In Turkey, officials said 12 people died in Gaziantep. Another 200 people were injured in Adana. Police in Ankara \
detained 15 people.

In Lebanon, three civilians were killed in Beirut. Rebels claimed that 60 soldiers were killed in Mosul.
"""
OCEAN = "Ten people were killed in Suva, Fiji. Five people died in Apia, Samoa. Three died in Wellington, New Zealand."
JOBS = [
    {"id": "storm", "text": STORM, "url": "https://example.org/storm"},
    {"id": "ocean", "body": OCEAN},
    {"id": "example", "text": EXAMPLE.read_text(encoding="utf-8")},
    {"id": "not fetched", "url": "https://example.org/"},
]

HOSTILE = "</script></style><img src=x onerror=alert(1)><script>alert(2)</script>\u2028 & “quotes” \"'"


@pytest.fixture(scope="module")
def processed() -> str:
    return answers(*JOBS)


@pytest.fixture(scope="module")
def geojson(processed: str) -> list[dict[str, Any]]:
    shown = run("show", "--geojson", "-", stdin=processed)
    features: list[dict[str, Any]] = json.loads(shown.stdout)["features"]
    return features


@pytest.fixture(scope="module")
def map_file(processed: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of the storm alone."""
    (storm,) = (line for line in processed.splitlines() if '"id":"storm"' in line)
    return written(storm, tmp_path_factory.mktemp("map") / "map.html")


def written(processed: str, path: Path) -> Path:
    shown = run("show", "--map", str(path), "-", stdin=processed)
    assert shown.stdout == ""
    return path


@pytest.fixture
def page(browser: Browser, map_file: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The map page from its file; a test may give options of the browser's context."""
    with opened(browser, map_file, **getattr(request, "param", {})) as page:
        yield page


def markers(page: Page) -> list[dict[str, Any]]:
    """Each figure on the map: whether it is inside the map, and whether what is seen at its middle is itself."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => [...document.querySelectorAll("#figures > a")].map((marker) => {
            const box = marker.querySelector("path").getBoundingClientRect();
            const frame = document.getElementById("frame").getBoundingClientRect();
            const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
            return {
                id: marker.id, x, y, label: marker.getAttribute("aria-label"),
                inside: box.left >= frame.left && box.top >= frame.top && box.right <= frame.right
                    && box.bottom <= frame.bottom && box.bottom <= innerHeight && box.width > 4,
                seen: document.elementFromPoint(x, y)?.closest("a")?.id,
            };
        })"""
    )
    return found


def located(features: list[dict[str, Any]]) -> int:
    return sum(f["properties"]["kind"] == "figure" and f["geometry"] is not None for f in features)


def colours(png: bytes) -> int:
    """How many different bytes the picture is made of; a picture of one colour has few."""
    data, at = b"", 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    return len(set(zlib.decompress(data)))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"color_scheme": "dark"},
        {"java_script_enabled": False},
        {"viewport": {"width": 1024, "height": 600}},
        {"viewport": {"width": 1920, "height": 1080}},
        {"viewport": {"width": 390, "height": 844}},
    ],
    ids=str,
)
def test_every_located_figure_is_visible(
    options: dict[str, Any], browser: Browser, processed: str, geojson: list[dict[str, Any]], tmp_path: Path
) -> None:
    path, picture = written(processed, tmp_path / "map.html"), tmp_path / "map.png"
    with opened(browser, path, **options) as page:
        found = markers(page)
        assert len(found) == located(geojson) >= 10
        for marker in found:
            assert marker["inside"], marker
            assert marker["seen"] == marker["id"], marker  # nothing lies over it
        page.screenshot(path=picture)
        assert colours(picture.read_bytes()) > 50


@pytest.mark.parametrize("page", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True, ids=str)
def test_it_is_accessible(page: Page) -> None:
    assert barriers(page) == []
    page.get_by_role("link", name="killed 7 people, Damascus").click()
    expect(page.locator("#popup")).to_be_visible()
    assert barriers(page) == []


def test_it_is_printed_with_its_list(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator("#zoom")).to_be_hidden()
    expect(page.locator(".card").last).to_be_visible()
    assert page.pdf().startswith(b"%PDF-")


def test_no_figure_hides_another_at_any_zoom(page: Page) -> None:
    page.locator("#frame > svg").focus()
    for key in ("-", "-", "0", "+", "+", "+"):
        page.keyboard.press(key)
        settle(page)
        for marker in markers(page):
            assert marker["seen"] == marker["id"] or not marker["inside"], (key, marker)


def settle(page: Page) -> None:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_the_keyboard_zooms_and_pans(page: Page) -> None:
    at_first = positions(page)
    page.locator("#frame > svg").focus()
    page.keyboard.press("+")
    settle(page)
    assert apart(positions(page)) == pytest.approx(2 * apart(at_first), rel=0.2)
    page.keyboard.press("0")
    settle(page)
    assert positions(page) == at_first
    page.keyboard.press("ArrowRight")
    settle(page)
    (x, y), (before_x, before_y) = positions(page)["Mosul"], at_first["Mosul"]
    assert (x, y) == (pytest.approx(before_x - 80), pytest.approx(before_y))


def positions(page: Page) -> dict[str, tuple[float, float]]:
    """Where the figures are whose place has no other: they stand at the place itself."""
    names = ("Ankara", "Mosul")
    return {name: (m["x"], m["y"]) for name in names for m in markers(page) if name in m["label"]}


def apart(where: dict[str, tuple[float, float]]) -> float:
    return abs(where["Ankara"][0] - where["Mosul"][0])


def test_wheel_and_buttons_zoom_and_dragging_pans(page: Page) -> None:
    at_first = positions(page)
    page.get_by_role("button", name="Zoom in").click()
    settle(page)
    assert apart(positions(page)) > 1.5 * apart(at_first)
    page.get_by_role("button", name="Show all figures").click()
    page.mouse.move(*at_first["Mosul"])
    page.mouse.wheel(0, -200)
    settle(page)
    assert apart(positions(page)) > 1.3 * apart(at_first)
    assert positions(page)["Mosul"] == pytest.approx(at_first["Mosul"], abs=1)  # what is pointed at stays
    page.mouse.down()
    page.mouse.move(at_first["Mosul"][0] - 50, at_first["Mosul"][1] + 30, steps=3)
    page.mouse.up()
    settle(page)
    assert positions(page)["Mosul"] == pytest.approx((at_first["Mosul"][0] - 50, at_first["Mosul"][1] + 30), abs=1)
    page.mouse.move(5, 5)
    expect(page.locator("#popup")).to_be_hidden()  # it was no click, which would keep the window open


def test_a_click_shows_the_figure_with_its_words(page: Page) -> None:
    popup = page.locator("#popup")
    expect(popup).to_be_hidden()
    page.get_by_role("link", name="killed 7 people, Damascus").click()
    expect(popup).to_be_visible()
    expect(popup.locator("mark")).to_have_text("Seven more people were killed")
    expect(popup).to_contain_text("a monitoring group")
    expect(popup.get_by_role("link", name="Storm and shelling")).to_have_attribute("href", "https://example.org/storm")
    page.keyboard.press("Escape")
    expect(popup).to_be_hidden()


def test_a_figure_is_reached_by_the_keyboard_alone(page: Page) -> None:
    page.locator("#frame > svg").focus()
    page.keyboard.press("Tab")
    number = (page.locator("a.figure:focus").get_attribute("id") or "").removeprefix("m")
    expect(page.locator("#popup")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".card:focus")).to_have_id(f"f{number}")


def test_the_list_leads_to_the_map(page: Page) -> None:
    page.locator(".card", has_text="Mosul").get_by_role("link", name="Mosul").click()
    settle(page)
    frame = page.locator("#frame").bounding_box()
    assert frame is not None
    middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    assert positions(page)["Mosul"] == pytest.approx(middle, abs=1)


@pytest.mark.parametrize("page", [{}, {"java_script_enabled": False}], indirect=True)
def test_an_effect_can_be_hidden(page: Page) -> None:
    detained = page.locator("#figures > a.detained")
    expect(detained).to_have_count(1)
    page.get_by_role("checkbox", name="detained").uncheck()
    expect(detained).to_be_hidden()
    expect(page.locator(".card.detained")).to_be_hidden()
    expect(page.locator(".card.killed").first).to_be_visible()


def test_the_list_has_every_figure(page: Page, geojson: list[dict[str, Any]]) -> None:
    properties = [feature["properties"] for feature in geojson]
    quotes = [about["quote"] for about in properties if about["kind"] == "figure" and about["job"] == "storm"]
    assert page.locator(".card mark").all_text_contents() == quotes


CITIES = [("Kabul", 69.2, 34.5), ("Bogotá", -74.1, 4.6), ("Alice Springs", 133.9, -23.7), ("Chukotka", 170, 66)]
SEAS = [("Atlantic", -30, 0), ("Mediterranean", 18, 35), ("Arabian Sea", 63, 15)]


@pytest.mark.parametrize(
    ("longitude", "latitude", "land"), [(*c[1:], True) for c in CITIES] + [(*s[1:], False) for s in SEAS]
)
def test_land_is_where_it_is(page: Page, longitude: float, latitude: float, land: bool) -> None:
    unit = 0.01
    found = page.evaluate(
        "([x, y]) => document.querySelector('path.land').isPointInFill(new DOMPoint(x, y))",
        [longitude / unit, -latitude / unit],
    )
    assert found is land


def test_places_stand_on_the_outline_where_they_are(page: Page) -> None:
    """Mosul's sign lies at its coordinates as the outline itself is drawn, by the browser's own reckoning."""
    x, y = page.evaluate(
        """([longitude, latitude]) => {
            const land = document.querySelector("path.land");
            const point = new DOMPoint(longitude / 0.01, -latitude / 0.01).matrixTransform(land.getScreenCTM());
            return [point.x, point.y];
        }""",
        [43.1189, 36.335],
    )
    assert positions(page)["Mosul"] == pytest.approx((x, y), abs=1)


def test_a_hostile_page_is_only_text(browser: Browser, tmp_path: Path) -> None:
    body = f"Two people died in Paris {HOSTILE}, police said."
    html = f"<title>{escape(HOSTILE)}</title><article><h1>{escape(HOSTILE)}</h1><p>{escape(body)}</p></article>"
    processed = answers(
        {"id": "a", "body": body, "url": "javascript:alert(3)"},
        {"id": "b", "html": html, "url": "https://example.org/"},
    )
    assert "onerror" in processed
    with opened(browser, written(processed, tmp_path / "map.html")) as page:
        content = page.locator("body")
        expect(content).to_contain_text("<img src=x onerror=alert(1)>")
        expect(page.locator("img, body > script ~ *, [onerror], a[href^='javascript:']")).to_have_count(0)
        for marker in page.locator("#figures > a").all():
            marker.click()
            page.keyboard.press("Escape")


def test_failures_are_left_out_and_counted(processed: str, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    shown = run("show", "--geojson", "--map", str(path), "-", stdin=processed)
    assert shown.returncode == 3
    assert shown.stderr == "pagefacts: 1 of 4 answers are failures and were left out\n"
    assert {f["properties"]["job"] for f in json.loads(shown.stdout)["features"]} == {"storm", "ocean", "example"}
    assert "Storm and shelling" in path.read_text(encoding="utf-8")


def test_no_answers_give_an_empty_map(tmp_path: Path) -> None:
    shown = run("show", "--geojson", "--map", str(tmp_path / "map.html"), "-", stdin="\n")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert json.loads(shown.stdout) == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize("option", ["--geojson", "--map"])
def test_what_is_no_answer_is_named_and_nothing_is_written(option: str, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    arguments = (option, str(path)) if option == "--map" else (option,)
    shown = run("show", *arguments, "-", stdin='{"id": 1}\n')
    assert shown.returncode == 1
    assert "line 1 is no answer of pagefacts" in shown.stderr
    assert shown.stdout == ""
    assert not path.exists()


def test_a_map_that_cannot_be_written_is_named(processed: str, tmp_path: Path) -> None:
    shown = run("show", "--map", str(tmp_path / "no" / "map.html"), "-", stdin=processed)
    assert shown.returncode == 1
    assert "map.html" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_both_on_stdout_is_wrong_usage(processed: str) -> None:
    shown = run("show", "--geojson", "--map", "-", "-", stdin=processed)
    assert shown.returncode == 2
    assert shown.stdout == ""
    assert "--map" in shown.stderr
