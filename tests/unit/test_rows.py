"""Results as the rows of a table: what a column says, and that no code claims more than the page."""

from __future__ import annotations

import json
from datetime import UTC, date
from typing import Any

import pytest
from golden import NAMES, read
from hypothesis import given
from hypothesis import strategies as st
from made import five_killed

from pagefacts.contracts import (
    Article,
    CasualtyFact,
    DateFact,
    Effect,
    Evidence,
    Group,
    JobHead,
    LocationFact,
    Mention,
    Provenance,
    Published,
    Qualifier,
    Result,
    ResultEvent,
    Source,
    SourceKind,
    Time,
    Unit,
    Victims,
)
from pagefacts.render.figures import page_of
from pagefacts.render.geojson import feature_collection
from pagefacts.render.rows import COLUMNS, Row, rows_of
from worker.answers import result_event

TEXT = "Five civilians died near the town of Aleppo on Monday, the ministry said. Two of them were children."
AT = TEXT.index("Aleppo")


def fact(number: int = 1, quote: str = "Five civilians died", **more: Any) -> CasualtyFact:
    start = TEXT.index(quote)
    sentence = (0, TEXT.index(" Two")) if start < TEXT.index(" Two") else (TEXT.index("Two"), len(TEXT))
    return five_killed(number, TEXT, quote, sentence, **({"number_text": "Five"} | more))


def place(feature: str | None = "PPL", start: int = AT, text: str = TEXT, **more: Any) -> LocationFact:
    mention = Mention(text=text[start : start + 6], start=start, end=start + 6)
    known: dict[str, Any] = {"country": "SY", "latitude": 36.2, "longitude": 37.16, "confidence": 0.8}
    return LocationFact(id="l1", name="Aleppo", mentions=(mention,), feature=feature, **(known | more))


def days(first: str | None, last: str | None) -> DateFact:
    span = {"from": first, "to": last}
    return DateFact(id="d1", text="Monday", start=47, end=53, type="DATE", value="2024-03-11", rule="r", **span)


def event(*facts: CasualtyFact, text: str = TEXT, **more: Any) -> ResultEvent:
    known: dict[str, Any] = {"provenance": Provenance(pagefacts="0.1", models={"tagger": "t 1", "gazetteer": "g 2"})}
    article = Article(title="Title", text=text, **more.pop("article", {}))
    result = Result(article=article, casualties=facts, **(known | more))
    return result_event(JobHead(), "job", result)


def row(*facts: CasualtyFact, **more: Any) -> Row:
    return next(rows_of(event(*(facts or (fact(),)), **more)))


def test_a_row_says_all_of_a_figure() -> None:
    figure = fact(
        victims=Victims(text="civilians", groups=(Group.CIVILIAN,), nationality="SY"),
        time=Time(date="d1", text="on Monday"),
        place="l1",
        source=Source(text="the ministry", kind=SourceKind.GOVERNMENT),
    )
    published = Published(value="2024-03-12T09:00:00+01:00", precision="second", offset="+01:00")
    made = row(
        figure,
        dates=(days("2024-03-11", "2024-03-11"),),
        locations=(place(geonames_id=170063, admin1="09", subdivision="SY-HL"),),
        article={"published": published, "site": "The Post", "url": "https://example.org/", "language": "en"},
        attributes={"feed": "é"},
    )
    assert made.timestamp.tzinfo is UTC
    assert made.model_dump() == {
        **dict.fromkeys(COLUMNS),
        "timestamp": made.timestamp,
        "id": "job/c1",
        "effect": "killed",
        **dict.fromkeys(("best", "low", "high", "fatalities", "deaths_civilians"), 5),
        "qualifier": "exactly",
        "number_text": "Five",
        "unit": "persons",
        "status": "reported",
        "cumulative": False,
        "stated": 1,
        "victims": "civilians",
        "groups": ("civilian",),
        "nationality": "SY",
        **dict.fromkeys(("event_date", "date_start", "date_end"), date(2024, 3, 11)),
        "date_prec": 1,
        "year": 2024,
        "date_text": "on Monday",
        "location": "Aleppo",
        "country": "Syria",
        "country_code": "SY",
        "admin1_code": "09",
        "subdivision": "SY-HL",
        "latitude": 36.2,
        "longitude": 37.16,
        "where_prec": 2,
        "geonames_id": 170063,
        "feature_code": "PPL",
        "place_confidence": 0.8,
        "source_original": "the ministry",
        "source_kind": "government",
        "quote": "Five civilians died",
        "quote_start": 0,
        "quote_end": 19,
        "notes": "Five civilians died near the town of Aleppo on Monday, the ministry said.",
        "rule": "r",
        "confidence": 0.9,
        "source_headline": "Title",
        "source_office": "The Post",
        "source_date": date(2024, 3, 12),
        "published": "2024-03-12T09:00:00+01:00",
        "url": "https://example.org/",
        "language": "en",
        "job": "job",
        "attributes": '{"feed": "é"}',
        "pagefacts": "0.1",
        "models": ("gazetteer g 2", "tagger t 1"),
    }


def test_what_a_page_does_not_say_is_null() -> None:
    made = row()
    for column in ("event_date", "date_prec", "year", "location", "country", "latitude", "where_prec", "candidates"):
        assert getattr(made, column) is None, column
    for column in ("deaths_civilians", "source_original", "source_office", "source_date", "url", "part_of", "term"):
        assert getattr(made, column) is None, column


@pytest.mark.parametrize(
    ("given", "deaths"),
    [
        ({}, 5),
        ({"min": 20, "max": None, "best": None, "qualifier": Qualifier.MORE_THAN}, 20),
        ({"min": 0, "max": 20, "best": None, "qualifier": Qualifier.AT_MOST}, None),
        ({"min": 0, "max": 0, "best": 0, "status": "negated"}, 0),
        ({"effect": Effect.INJURED}, None),
        ({"effect": Effect.CASUALTIES}, None),
        ({"unit": Unit.HOUSEHOLDS}, None),
        ({"min": 10**19, "max": None, "best": None, "qualifier": Qualifier.MORE_THAN}, None),
    ],
)
def test_fatalities_are_people_killed_and_not_what_they_are_at_most(given: dict[str, Any], deaths: int | None) -> None:
    assert row(fact(**given)).fatalities == deaths


@pytest.mark.parametrize(
    ("groups", "deaths"),
    [
        ((Group.CIVILIAN,), 5),
        ((Group.CIVILIAN, Group.CHILD), 5),
        ((Group.CIVILIAN, Group.POLICE), None),
        ((Group.CHILD,), None),
    ],
)
def test_civilian_deaths_are_those_that_the_words_call_so(groups: tuple[Group, ...], deaths: int | None) -> None:
    assert row(fact(victims=Victims(text="x", groups=groups))).deaths_civilians == deaths


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2024-03-11", "2024-03-11", 1),
        ("2024-03-11", "2024-03-12", 2),
        ("2024-03-11", "2024-03-16", 2),
        ("2024-03-11", "2024-03-17", 3),
        ("2024-03-11", "2024-03-18", 4),
        ("2024-03-01", "2024-03-31", 4),
        ("2024-03-01", "2024-04-01", 5),
        ("2024-01-01", "2024-12-31", 5),
        ("2024-01-01", "2025-01-01", None),
        ("2024-01-01", None, None),
        (None, "2024-01-01", None),
    ],
)
def test_the_code_of_the_date_is_that_of_its_stretch(first: str | None, last: str | None, code: int | None) -> None:
    made = row(fact(time=Time(date="d1", text="then")), dates=(days(first, last),))
    assert made.date_prec == code
    assert (made.event_date is not None) is (code == 1)
    assert (made.date_start, made.date_end) == tuple(day and date.fromisoformat(day) for day in (first, last))


def test_days_that_no_calendar_has_are_left_out() -> None:
    made = row(fact(time=Time(date="d1", text="then")), dates=(days("2023-02-29", "2023-02-29"),))
    assert (made.event_date, made.date_start, made.date_prec, made.date_text) == (None, None, None, "then")


@pytest.mark.parametrize(
    ("feature", "country", "code"),
    [
        ("PPLC", "SY", 1),
        ("PPLX", "SY", 1),
        ("AIRP", "SY", 1),
        ("ADM2", "SY", 3),
        ("ADM3", "SY", 3),
        ("ADM2H", "SY", 3),
        ("ADM1", "SY", 4),
        ("STM", "SY", 5),
        ("ISL", "SY", 5),
        ("RGN", "SY", 5),
        ("RGN", None, None),
        ("PCLI", "SY", 6),
        ("SEA", None, 7),
        ("GULF", None, 7),
        ("CONT", None, None),
        (None, None, None),
    ],
)
def test_the_code_of_the_place_is_that_of_its_kind(feature: str | None, country: str | None, code: int | None) -> None:
    text = TEXT.replace("near the town of", "in")
    spot = place(feature, text.index("Aleppo"), text, country=country)
    made = row(fact(place="l1", evidence=_evidence(text)), text=text, locations=(spot,))
    assert made.where_prec == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("in", 1),
        ("at", 1),
        ("in and around the city and in", 1),
        ("near", 2),
        ("outside the city of", 2),
        ("south of", 2),
        ("northeast of", 2),
        ("some 30 km from", 2),
        ("five miles south of", 2),
        ("close to the village", 2),
    ],
)
def test_beside_a_town_is_not_in_it(words: str, code: int) -> None:
    text = TEXT.replace("near the town of", words)
    made = row(
        fact(place="l1", evidence=_evidence(text)), text=text, locations=(place("PPL", text.index("Aleppo"), text),)
    )
    assert made.where_prec == code


def _evidence(text: str) -> Evidence:
    quote = "Five civilians died"
    return Evidence(quote=quote, start=0, end=len(quote), sentence_start=0, sentence_end=text.index(" Two"))


def test_a_figure_that_another_includes_names_its_row() -> None:
    part = fact(2, "Two of them were children", min=2, max=2, best=2, part_of="c1")
    assert [made.part_of for made in rows_of(event(fact(), part))] == [None, "job/c1"]


@pytest.mark.parametrize("name", NAMES)
def test_real_pages_have_a_row_for_each_figure_of_their_map(name: str) -> None:
    found = ResultEvent.model_validate(
        {
            "id": name,
            "type": "pagefacts.result.v1",
            "time": "2024-01-01T00:00:00Z",
            "data": {**read(name)["result"], "provenance": {"pagefacts": "0"}},
        }
    )
    rows = list(rows_of(found))
    features = json.loads(feature_collection([page_of(found)]))["features"]
    assert [made.id for made in rows] == [f["id"] for f in features if f["properties"]["kind"] == "figure"]
    assert all(made.quote in made.notes for made in rows)


@given(st.one_of(st.none(), st.integers(0, 10**21)), st.one_of(st.none(), st.integers(0, 10**21)))
def test_numbers_fit_their_columns_and_keep_their_order(low: int | None, high: int | None) -> None:
    low, high = sorted((low, high)) if low is not None and high is not None else (low, high)
    made = row(fact(min=low, max=high, best=None, qualifier=Qualifier.VAGUE))
    assert made.low is None or made.low == low < 2**63
    assert made.high is None or made.high == high < 2**63


def test_each_column_is_described() -> None:
    for name, field in Row.model_fields.items():
        assert field.description, name
