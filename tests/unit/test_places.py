"""Places of invented texts, with the packaged gazetteer."""

from __future__ import annotations

import pytest

from pagefacts.contracts import Entity, Label, LocationFact
from pagefacts.facts.places import find_places
from pagefacts.facts.places.gazetteer import SqliteGazetteer

LABELS = {label.value: label for label in Label}


@pytest.fixture(scope="module")
def gazetteer() -> SqliteGazetteer:
    return SqliteGazetteer.open()


def read(marked: str) -> tuple[str, list[Entity]]:
    """Return text and entities of ``marked``: "in [Paris|GPE]"."""
    text, entities = "", []
    for piece in marked.split("["):
        name, closing, rest = piece.partition("]")
        if closing:
            words, _, label = name.partition("|")
            entities.append(Entity(text=words, start=len(text), end=len(text) + len(words), label=LABELS[label]))
            text += words + rest
        else:
            text += piece
    return text, entities


def places(marked: str, gazetteer: SqliteGazetteer) -> tuple[LocationFact, ...]:
    text, entities = read(marked)
    found = find_places(text, entities, gazetteer)
    for place in found:
        assert all(text[mention.start : mention.end] == mention.text for mention in place.mentions)
    return found


def where(marked: str, gazetteer: SqliteGazetteer) -> dict[str, str]:
    """Return for each mention the country and division, or the name, of its place."""
    return {
        mention.text: f"{place.country or place.name} {place.admin1 or ''}".strip()
        for place in places(marked, gazetteer)
        for mention in place.mentions
    }


def test_one_fact_a_place_with_all_its_mentions(gazetteer: SqliteGazetteer) -> None:
    syria, us = places(
        "In [Syria|GPE], [Syrian|NORP] troops met the [US|GPE]; [Syrians|NORP] fled [Syria|GPE].", gazetteer
    )
    assert (syria.id, syria.name, syria.country, syria.geonames_id) == ("l1", "Syria", "SY", 163843)
    assert [(mention.text, mention.kind) for mention in syria.mentions] == [
        ("Syria", "name"),
        ("Syrian", "demonym"),
        ("Syrians", "demonym"),
        ("Syria", "name"),
    ]
    assert (us.id, us.geonames_id, us.feature) == ("l2", 6252001, "PCLI")


def test_a_bare_direction_has_no_coordinates(gazetteer: SqliteGazetteer) -> None:
    (west,) = places("He castigated the [West|LOC].", gazetteer)
    assert (west.name, west.latitude, west.longitude, west.country, west.geonames_id) == (
        "West",
        None,
        None,
        None,
        None,
    )
    assert west.confidence < 0.2


def test_a_name_that_nobody_knows_keeps_its_words(gazetteer: SqliteGazetteer) -> None:
    (place,) = places("It happened in [Qzzwvyx|GPE].", gazetteer)
    assert (place.name, place.latitude) == ("Qzzwvyx", None)


def test_a_sea_has_coordinates_and_no_geonames_id(gazetteer: SqliteGazetteer) -> None:
    (sea,) = places("They drowned in the [Mediterranean|LOC].", gazetteer)
    assert sea.latitude is not None
    assert (sea.geonames_id, sea.country, sea.feature) == (None, None, "SEA")


def test_without_context_the_most_prominent(gazetteer: SqliteGazetteer) -> None:
    assert where("A bomb exploded in [Paris|GPE].", gazetteer) == {"Paris": "FR 11"}


@pytest.mark.parametrize(
    ("marked", "mention", "expected"),
    [
        ("A bomb exploded in [Paris|GPE], [Texas|GPE].", "Paris", "US TX"),
        ("A fire in [Alexandria|GPE], [La.|GPE], killed two.", "Alexandria", "US LA"),
        ("A fire in [Alexandria|GPE], [Egypt|GPE], killed two.", "Alexandria", "EG 06"),
        ("Police in [London|GPE], [Ont.|GPE], said so.", "London", "CA 08"),
        ("A crash in [Athens, Georgia|GPE].", "Athens", "US GA"),
        ("A crash in [Athens, Georgia|GPE].", "Georgia", "US GA"),
    ],
)
def test_the_division_behind_a_comma_decides(
    gazetteer: SqliteGazetteer, marked: str, mention: str, expected: str
) -> None:
    assert where(marked, gazetteer)[mention] == expected


def test_one_sense_a_page(gazetteer: SqliteGazetteer) -> None:
    (paris, texas) = places(
        "[Paris|GPE] mourns. The fire in [Paris|GPE], [Texas|GPE], is out. [Paris|GPE] is safe.", gazetteer
    )
    assert (paris.admin1, len(paris.mentions)) == ("TX", 3)
    assert texas.feature == "ADM1"


def test_the_other_places_of_a_page_decide(gazetteer: SqliteGazetteer) -> None:
    caucasus = "[Georgia|GPE] said [Russia|GPE] shelled [Gori|GPE] and [Tbilisi|GPE]."
    south = "[Georgia|GPE] police searched [Atlanta|GPE], [Macon|GPE] and [Savannah|GPE] near [Alabama|GPE]."
    assert where(caucasus, gazetteer)["Georgia"] == "GE"
    assert where(south, gazetteer)["Georgia"] == "US GA"
    ohio = "[Springfield|GPE] is near [Dayton|GPE] and [Columbus|GPE], [Ohio|GPE] officials said."
    assert where(ohio, gazetteer)["Springfield"] == "US OH"


def test_a_part_of_a_place_is_the_place(gazetteer: SqliteGazetteer) -> None:
    assert where("Fighting in [northern Syria|LOC].", gazetteer) == {"northern Syria": "SY"}
    assert where("Fighting in [Aleppo province|LOC].", gazetteer)["Aleppo province"].startswith("SY")


def test_demonyms_need_no_tag(gazetteer: SqliteGazetteer) -> None:
    assert where("Two Turkish-Iraqi patrols met South African police.", gazetteer) == {
        "Turkish": "TR",
        "Iraqi": "IQ",
        "South African": "ZA",
    }


def test_groups_and_languages_are_no_places(gazetteer: SqliteGazetteer) -> None:
    assert places("[Muslim|NORP] voters and [Democrats|NORP] spoke [French|LANGUAGE].", gazetteer) == ()


def test_people_are_no_places(gazetteer: SqliteGazetteer) -> None:
    assert places("[Paris Hilton|PERSON] and [Jack London|PERSON] met [Georgia Brown|PERSON].", gazetteer) == ()
    assert places("[Anna Farrin|PERSON] left. [Farrin|GPE] said so.", gazetteer) == ()


def test_places_inside_the_names_of_organisations(gazetteer: SqliteGazetteer) -> None:
    assert where("The [Edmonton Police Service|ORG] said so.", gazetteer) == {"Edmonton": "CA 01"}
    assert where("The [Rapides Parish Sheriff's Office|ORG] said so.", gazetteer) == {"Rapides Parish": "US LA"}
    assert places("The [United Nations|ORG] and the [BBC|ORG] said so.", gazetteer) == ()


def test_a_tag_missed_is_made_up_for(gazetteer: SqliteGazetteer) -> None:
    found = where(
        "BEIRUT (AP) - Smoke rose over [Tyre|GPE]. In Tyre and in [Sidon|PERSON], shops closed in Lebanon.", gazetteer
    )
    assert found == {"BEIRUT": "LB 04", "Tyre": "LB 06", "Sidon": "LB 06", "Lebanon": "LB"}


def test_common_words_are_no_places(gazetteer: SqliteGazetteer) -> None:
    assert places("Man bites dog. OK, said the man. Nice people are nice. IN OR OUT?", gazetteer) == ()
    assert places("It happened in [March|DATE].", gazetteer) == ()


def test_in_capitals_only_stops_tell_initials_from_words(gazetteer: SqliteGazetteer) -> None:
    found = where("[BOGOTA|GPE], 27 MAR 89. THE U.S. TOLD US IN [COLOMBIA|GPE] TO ACT ON THE [MEETING|GPE].", gazetteer)
    assert found == {"BOGOTA": "CO 34", "U.S.": "US", "COLOMBIA": "CO"}


def test_a_stop_belongs_to_abbreviations_only(gazetteer: SqliteGazetteer) -> None:
    found = where("They went to Syria. A lawyer from [Louisville|GPE], [Ky|GPE]., spoke of the U.S.", gazetteer)
    assert found == {"Syria": "SY", "Louisville": "US KY", "Ky.": "US KY", "U.S.": "US"}


def test_possessives(gazetteer: SqliteGazetteer) -> None:
    assert where("Germany's and France’s ministers", gazetteer) == {"Germany": "DE", "France": "FR"}


def test_no_text_no_places(gazetteer: SqliteGazetteer) -> None:
    assert places("", gazetteer) == ()


def test_an_acronym_is_no_town_of_that_name(gazetteer: SqliteGazetteer) -> None:
    (bart,) = places("The shooting was on a [BART|GPE] train, police said.", gazetteer)
    assert (bart.name, bart.country, bart.latitude) == ("BART", None, None)
    assert where("[PARIS|GPE] (AP) - The minister of the [UAE|GPE] resigned.", gazetteer) == {
        "PARIS": "FR 11",
        "UAE": "AE",
    }


def test_the_us_is_not_us(gazetteer: SqliteGazetteer) -> None:
    assert where("A senior US official said it is for us to decide.", gazetteer) == {"US": "US"}


def test_of_a_demonym_and_a_common_noun_the_demonym_is_the_place(gazetteer: SqliteGazetteer) -> None:
    (syria,) = places("They fought on [Syrian soil|GPE].", gazetteer)
    assert [(mention.text, mention.kind) for mention in syria.mentions] == [("Syrian", "demonym")]
