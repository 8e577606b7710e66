"""Real pages give what they gave; the first page gives what a reader of it expects."""

from __future__ import annotations

from typing import Any

import golden
import pytest

from pagefacts.pipeline import Models
from worker import runtime


@pytest.fixture(scope="module")
def models() -> Models:
    return runtime.models()


@pytest.mark.parametrize("name", golden.NAMES)
def test_a_page_gives_what_it_gave(name: str, models: Models) -> None:
    assert golden.result(name, models) == golden.read(name)["result"], "run `make golden`, and read the diff"


def test_the_examples_of_the_wire_contract_are_answers_to_its_jobs(models: Models) -> None:
    for name, message in golden.contract_answers(models).items():
        assert message == golden.contract_example(name), "run `make golden`, and read the diff"


@pytest.fixture(scope="module")
def example(models: Models) -> dict[str, Any]:
    return golden.result(golden.EXAMPLE.stem, models)


def test_the_header_of_a_scraped_page(example: dict[str, Any]) -> None:
    article = example["article"]
    assert article["title"] == "Russia considers air strikes against Isis in Syria"
    assert article["lead"].startswith("Russia and the US agreed to open lines of communication")
    assert article["authors"] == ["Samuel Osborne"]
    assert article["published"] == {"value": "2015-09-29T09:41:00+01:00", "precision": "minute", "offset": "+01:00"}
    assert (article["site"], article["language"]) == ("The Independent", "en")


def test_the_body_without_its_boilerplate(example: dict[str, Any]) -> None:
    text = example["article"]["text"]
    assert text.startswith("Russia is considering conducting air strikes against Isis in Syria")
    assert text.endswith("created the environment for the current strife.”")
    boilerplate = (
        "notifications",
        "Your support",
        "Musk",
        "Trump",
        "EPA",
        "Getty",
        "toast after",
        "forum",
        "registering",
    )
    for words in boilerplate:
        assert words not in text


def test_one_figure_with_all_that_is_said_of_it(example: dict[str, Any]) -> None:
    (figure,) = example["casualties"]
    assert (figure["effect"], figure["qualifier"], figure["number_text"]) == ("killed", "more_than", "250,000")
    assert (figure["min"], figure["max"], figure["best"], figure["unit"]) == (250_000, None, None, "persons")
    assert (figure["victims"]["text"], figure["victims"]["nationality"]) == ("Syrians", "SY")
    assert figure["status"] == "reported"
    assert figure["time"]["text"] == "over four years of armed conflict"
    assert "More than 250,000 Syrians have been killed" in figure["evidence"]["quote"]
    dates = {date["id"]: (date["text"], date["type"], date["value"]) for date in example["dates"]}
    assert dates[figure["time"]["date"]] == ("four years", "DURATION", "P4Y")
    assert ("Monday", "DATE", "2015-09-28") in dates.values()
    assert {place["id"]: place["name"] for place in example["locations"]}[figure["place"]] == "Syria"


def test_the_names_in_it(example: dict[str, Any]) -> None:
    names = {(entity["text"], entity["label"]) for entity in example["entities"]}
    people = {text for text, label in names if label == "PERSON"}
    assert {"Vladimir Putin", "Barack Obama", "Francois Hollande", "Bashar al-Assad", "Hitler"} <= people
    organisations = {text for text, label in names if label == "ORG"}
    assert {"Isis", "UN General Assembly", "United Nations", "Security Council", "BBC"} <= organisations


def test_the_places_in_it(example: dict[str, Any]) -> None:
    found = {place["name"]: (place["country"], place["geonames_id"]) for place in example["locations"]}
    expected = {
        "Syria": ("SY", 163843),
        "Russia": ("RU", 2017370),
        "United States": ("US", 6252001),
        "Europe": (None, 6255148),
    }
    assert found.items() >= expected.items()
    (west,) = [place for place in example["locations"] if "West" in place["name"]]
    assert west["latitude"] is west["geonames_id"] is None
