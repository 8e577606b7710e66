"""Results as GeoJSON: what a map program finds in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from made import five_killed

from pagefacts.contracts import (
    Article,
    Candidate,
    CasualtyFact,
    DateFact,
    Group,
    JobHead,
    LocationFact,
    Mention,
    Provenance,
    Result,
    Source,
    SourceKind,
    Time,
    Victims,
)
from pagefacts.render.figures import Page, page_of
from pagefacts.render.geojson import feature_collection
from worker.answers import result_event

TEXT = "Five people died in Aleppo on Monday. In Tripoli, in the West, five were dead. Two of them were children."


def fact(number: int, quote: str, **more: Any) -> CasualtyFact:
    return five_killed(number, TEXT, quote, **more)


def place(number: int, name: str, **more: Any) -> LocationFact:
    mention = Mention(text=name, start=TEXT.index(name), end=TEXT.index(name) + len(name))
    return LocationFact(id=f"l{number}", name=name, mentions=(mention,), **({"confidence": 0.8} | more))


ALEPPO = place(
    1, "Aleppo", country="SY", admin1="09", latitude=36.2, longitude=37.16, geonames_id=170063, feature="PPLA"
)
TRIPOLI = place(
    2,
    "Tripoli",
    candidates=(
        Candidate(
            name="Tripoli", country="LY", latitude=32.9, longitude=13.2, geonames_id=2210247, feature="PPLC", share=0.6
        ),
        Candidate(
            name="Tripoli", country="LB", latitude=34.4, longitude=35.8, geonames_id=266826, feature="PPLA", share=0.4
        ),
    ),
)
WEST = place(3, "West")
MONDAY = DateFact(
    id="d1",
    text="Monday",
    start=30,
    end=36,
    type="DATE",
    value="2024-03-11",
    rule="r",
    **{"from": "2024-03-11", "to": "2024-03-11"},
)


def page(*facts: CasualtyFact, places: tuple[LocationFact, ...] = (ALEPPO, TRIPOLI, WEST), job: str = "j") -> Page:
    result = Result(
        article=Article(title="Title", url="https://example.org/", text=TEXT),
        casualties=facts,
        dates=(MONDAY,),
        locations=places,
        provenance=Provenance(pagefacts="0"),
    )
    return page_of(result_event(JobHead(), job, result))


def features(*pages: Page) -> list[dict[str, Any]]:
    collection = json.loads(feature_collection(pages))
    assert collection["type"] == "FeatureCollection"
    assert collection.keys() == {"type", "features"}  # no "crs": RFC 7946 is WGS 84
    found: list[dict[str, Any]] = collection["features"]
    return found


def test_a_figure_stands_at_its_place_with_all_that_is_known_of_it() -> None:
    figure = fact(
        1,
        "Five people died",
        place="l1",
        victims=Victims(text="people", groups=(Group.CIVILIAN, Group.CHILD), nationality="SY"),
        source=Source(text="the ministry", kind=SourceKind.GOVERNMENT),
        time=Time(date="d1", text="on Monday"),
    )
    feature, *_ = features(page(figure))
    assert feature["type"] == "Feature"
    assert feature["id"] == "j/c1"
    assert feature["geometry"] == {"type": "Point", "coordinates": [37.16, 36.2]}  # longitude first
    about = feature["properties"]
    assert (about["kind"], about["job"], about["title"], about["url"]) == (
        "figure",
        "j",
        "Title",
        "https://example.org/",
    )
    assert (about["effect"], about["min"], about["max"], about["best"], about["qualifier"]) == (
        "killed",
        5,
        5,
        5,
        "exactly",
    )
    assert (about["victims"], about["groups"], about["nationality"]) == ("people", "civilian, child", "SY")
    assert (about["time"], about["day_from"], about["day_to"]) == ("on Monday", "2024-03-11", "2024-03-11")
    assert (about["source"], about["source_kind"], about["quote"]) == ("the ministry", "government", "Five people died")
    assert (about["name"], about["country"], about["admin1"]) == ("Aleppo", "SY", "09")
    assert (about["geonames_id"], about["feature"], about["mentions"]) == (170063, "PPLA", 1)
    assert (about["confidence"], about["place_confidence"]) == (0.9, 0.8)


def test_all_features_have_the_same_plain_columns() -> None:
    found = features(page(fact(1, "Five people died", place="l1")), page(job="k"))
    columns = [list(feature["properties"]) for feature in found]
    assert all(names == columns[0] for names in columns)
    values = [value for feature in found for value in feature["properties"].values()]
    assert not any(isinstance(value, list | dict) for value in values)


def test_what_cannot_be_drawn_has_no_geometry() -> None:
    found = {f["id"]: f for f in features(page(fact(1, "Five people died"), fact(2, "five were dead", place="l2")))}
    for name in ("j/c1", "j/c2", "j/l3"):
        assert found[name]["geometry"] is None
    assert found["j/c2"]["properties"]["candidates"] == "Tripoli LY 2210247 0.60; Tripoli LB 266826 0.40"
    assert found["j/c1"]["properties"]["name"] is None


def test_a_place_has_a_feature_of_its_own_only_where_no_figure_stands() -> None:
    found = features(page(fact(1, "Five people died", place="l1")))
    assert [(f["id"], f["properties"]["kind"]) for f in found] == [
        ("j/c1", "figure"),
        ("j/l2", "place"),
        ("j/l3", "place"),
    ]


def test_a_figure_stated_again_is_one_feature_at_the_place_that_any_statement_names() -> None:
    first, again = fact(1, "Five people died"), fact(2, "five were dead", place="l1", same_as="c1")
    (figure, *_) = found = features(page(first, again))
    assert [f["properties"]["kind"] for f in found].count("figure") == 1
    assert figure["properties"]["stated"] == 2
    assert figure["geometry"]["coordinates"] == [37.16, 36.2]


@pytest.mark.parametrize("whole", ["c1", "c2"])
def test_a_part_names_the_feature_that_includes_it(whole: str) -> None:
    first, again = fact(1, "Five people died"), fact(2, "five were dead", same_as="c1")
    part = fact(3, "Two of them", min=2, max=2, best=2, part_of=whole)
    parts = {f["id"]: f["properties"]["part_of"] for f in features(page(first, again, part))}
    assert (parts["j/c3"], parts["j/c1"]) == ("j/c1", None)


def test_answers_of_many_pages_are_one_collection() -> None:
    figure = fact(1, "Five people died", place="l1")
    ids = [f["id"] for f in features(page(figure, job="a"), page(figure, job="b"))]
    assert len(set(ids)) == len(ids) == 6
    assert features() == []
