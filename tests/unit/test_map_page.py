"""The parts of the map page: signs, markup, view. What a person sees of it, tests/system/test_map.py looks at."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from pagefacts.contracts import CasualtyFact, Effect, Evidence, Qualifier, Status
from pagefacts.render.glyphs import GLYPHS, certainty, glyph, short
from pagefacts.render.map import map_page
from pagefacts.render.markup import Markup, join, tag, web_address
from pagefacts.render.projection import HEIGHT, WIDTH, View


def fact(
    low: int | None, high: int | None, best: int | None, qualifier: Qualifier, effect: Effect = Effect.KILLED
) -> CasualtyFact:
    return CasualtyFact(
        id="c1",
        effect=effect,
        min=low,
        max=high,
        best=best,
        qualifier=qualifier,
        number_text="n",
        evidence=Evidence(quote="q", start=0, end=1, sentence_start=0, sentence_end=1),
        rule="r",
        confidence=0.9,
    )


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (fact(5, 5, 5, Qualifier.EXACTLY), "5"),
        (fact(0, 0, 0, Qualifier.EXACTLY), "0"),
        (fact(999, 999, 999, Qualifier.ABOUT), "~999"),
        (fact(1_250, 1_250, 1_250, Qualifier.EXACTLY), "1.2k"),
        (fact(12_000, 12_000, 12_000, Qualifier.EXACTLY), "12k"),
        (fact(250_000, None, None, Qualifier.MORE_THAN), ">250k"),
        (fact(2_000_000, None, None, Qualifier.AT_LEAST), "≥2M"),
        (fact(12, None, None, Qualifier.VAGUE), "≥12"),
        (fact(0, 30, None, Qualifier.AT_MOST), "≤30"),
        (fact(20, 30, None, Qualifier.BETWEEN), "20–30"),
        (fact(None, None, None, Qualifier.VAGUE), "?"),
    ],
)
def test_the_number_in_a_sign(figure: CasualtyFact, words: str) -> None:
    assert short(figure) == words


def test_a_larger_number_has_a_larger_sign() -> None:
    sizes = [glyph(fact(n, n, n, Qualifier.EXACTLY)).width for n in (1, 10, 100, 1_000, 1_000_000)]
    assert sizes == sorted(set(sizes))


def test_every_effect_has_a_shape_and_every_status_a_filling() -> None:
    paths = {shape.path(10) for shape in GLYPHS.values()}
    assert len(paths) == len(Effect)
    any_fact = fact(5, 5, 5, Qualifier.EXACTLY)
    fillings = {status: certainty(any_fact.model_copy(update={"status": status})) for status in Status}
    assert fillings[Status.REPORTED] == "firm"
    assert fillings[Status.CLAIMED] == "contested"
    assert fillings[Status.NEGATED] == "unreal"


def test_every_effect_has_a_colour_and_can_be_hidden() -> None:
    style = (files("pagefacts") / "resources" / "page" / "base.css").read_text("utf-8")
    for effect in Effect:
        assert f".{effect.value} {{ --colour: #" in style
        assert f"#show-{effect.value}:not(:checked)) :is(a, li, tr, table).{effect.value}" in style


def test_text_cannot_become_markup() -> None:
    element = tag("p", "</p>'&", Markup("<b>bold</b>"), None, title='"><script>', hidden=None)
    assert element == '<p title="&quot;&gt;&lt;script&gt;">&lt;/p&gt;&#x27;&amp;<b>bold</b></p>'
    assert join("<", None, ">") == "&lt;&gt;"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=1", True),
        ("HTTP://example.org/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org/", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, kept: bool) -> None:
    assert web_address(url) == (url if kept else None)


def test_the_page_allows_its_own_script_and_style_alone() -> None:
    page = "".join(map_page([]))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not re.search(r"\s(on\w+|style|src)=", page.split("<script>")[0].split("</style>")[1])
    assert "http" not in page.split("</style>")[1].split("<script>")[0]


@pytest.mark.parametrize(
    "places",
    [
        [(37.0, 36.0)],
        [(37.0, 36.0), (38.0, 36.0)],
        [(-170.0, -14.0), (178.0, -18.0), (175.0, -41.0)],
        [(-74.0, 40.7), (2.3, 48.9), (139.7, 35.7)],
        [(0.0, 89.0), (180.0, -89.0), (-180.0, 0.0)],
    ],
)
def test_the_view_shows_all_places(places: list[tuple[float, float]]) -> None:
    view = View.fit(places)
    for x, y in (view.place(*place) for place in places):
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT


def test_neighbours_over_the_antimeridian_stand_side_by_side() -> None:
    view = View.fit([(179.0, 0.0), (-179.0, 0.0)])
    (west, _), (east, _) = view.place(179.0, 0.0), view.place(-179.0, 0.0)
    assert 0 < east - west < WIDTH / 2


def test_the_middle_of_the_view_is_true_to_shape() -> None:
    view = View.fit([(30.0, 50.0)])
    (x, y), (east, _), (_, north) = view.place(30, 50), view.place(31, 50), view.place(30, 51)
    assert (east - x) / (y - north) == pytest.approx(0.643, abs=0.001)  # cos 50°


def test_the_outline_is_small_and_whole() -> None:
    raw = (files("pagefacts") / "resources" / "outline.json").read_bytes()
    outline = json.loads(raw)
    assert len(raw) <= 150_000
    names = {name for name, *_ in outline["countries"]}
    assert {"Syria", "Fiji", "Russia", "Malta", "Maldives"} <= names
    assert re.fullmatch(r"[MlZz0-9 -]+", outline["land"] + outline["borders"])
