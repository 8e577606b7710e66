"""Places of invented texts, with the packaged gazetteer."""

from __future__ import annotations

import pytest

from pagefacts.contracts import Entity, Label, LocationFact
from pagefacts.facts.places import find_places
from pagefacts.facts.places.gazetteer import SqliteGazetteer
from pagefacts.facts.places.home import home_names

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


def where(marked: str, gazetteer: SqliteGazetteer, url: str | None = None, site: str | None = None) -> dict[str, str]:
    """Return for each mention the country and division, or the name, of its place."""
    text, entities = read(marked)
    return {
        mention.text: f"{place.country or place.name} {place.admin1 or ''}".strip()
        for place in find_places(text, entities, gazetteer, home_names(url, site, gazetteer))
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
    found = where("The [Edmonton Police Service|ORG] in [Alberta|GPE] said so.", gazetteer)
    assert found == {"Edmonton": "CA 01", "Alberta": "CA 01"}
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
    assert where("Score: [MIAMI|GPE] 3, Boston 2.", gazetteer) == {"MIAMI": "US FL", "Boston": "US MA"}
    assert where("[PARIS|GPE] (AP) - The minister of the [UAE|GPE] resigned.", gazetteer) == {
        "PARIS": "FR 11",
        "UAE": "AE",
    }


def test_the_us_is_not_us(gazetteer: SqliteGazetteer) -> None:
    assert where("A senior US official said it is for us to decide.", gazetteer) == {"US": "US"}


def test_of_a_demonym_and_a_common_noun_the_demonym_is_the_place(gazetteer: SqliteGazetteer) -> None:
    (syria,) = places("They fought on [Syrian soil|GPE].", gazetteer)
    assert [(mention.text, mention.kind) for mention in syria.mentions] == [("Syrian", "demonym")]


@pytest.mark.parametrize(
    ("marked", "mention", "expected"),
    [
        ("[Clarke|GPE] and [Oconee|GPE] counties lie in [Georgia|GPE].", "Clarke", "US GA"),
        ("Rep. [John Smith|PERSON], [D-Marshall|PERSON], of [Minnesota|GPE].", "Marshall", "US MN"),
        ("[EU-Israel|MISC] talks failed.", "Israel", "IL"),
        ("The [Washington-based|MISC] group of [U.S.|GPE] lawyers.", "Washington", "US DC"),
        ("Two [Torrington|ORG] police officers died in [Connecticut|GPE].", "Torrington", "US CT"),
        ("Ann Smith, 30, of Torrington, died in [Connecticut|GPE].", "Torrington", "US CT"),
        ("[TORRINGTON - City|ORG] officials met [Hartford|GPE], [Connecticut|GPE].", "TORRINGTON", "US CT"),
    ],
)
def test_words_around_a_name_tell_that_it_is_a_place(
    gazetteer: SqliteGazetteer, marked: str, mention: str, expected: str
) -> None:
    assert where(marked, gazetteer)[mention] == expected


@pytest.mark.parametrize("words", ["In March, in May and in June.", "They met in March near Boston."])
def test_months_are_no_towns(gazetteer: SqliteGazetteer, words: str) -> None:
    assert not {"March", "May", "June"} & where(words, gazetteer).keys()


def test_a_street_is_not_the_place_that_it_is_named_after(gazetteer: SqliteGazetteer) -> None:
    (road,) = places("A crash on [Paris Road|FAC].", gazetteer)
    assert (road.name, road.country, road.latitude, road.candidates) == ("Paris Road", None, None, ())


def test_a_name_that_cannot_be_decided_comes_with_its_candidates(gazetteer: SqliteGazetteer) -> None:
    marked = "[Santa Rosa|GPE] burnt, and [Toronto|GPE], [Ottawa|GPE] and [Montreal|GPE], [Canada|GPE], sent help."
    rosa = places(marked, gazetteer)[0]
    assert (rosa.name, rosa.latitude, rosa.longitude, rosa.geonames_id) == ("Santa Rosa", None, None, None)
    assert rosa.confidence < 0.2
    shares = [candidate.share for candidate in rosa.candidates]
    assert len(shares) == 5
    assert shares == sorted(shares, reverse=True)


def test_a_lone_candidate_far_from_all_else_is_doubted(gazetteer: SqliteGazetteer) -> None:
    marked = "A fire in [Sarkh|GPE]: police in [Kabul|GPE], [Herat|GPE] and [Logar|GPE] province, [Afghanistan|GPE]."
    sarkh = places(marked, gazetteer)[0]
    assert sarkh.confidence < 0.6
    assert all(place.confidence > 0.8 for place in places(marked, gazetteer) if place.name in {"Kabul", "Afghanistan"})


def test_the_site_is_at_home_somewhere(gazetteer: SqliteGazetteer) -> None:
    marked = "[Cambridge|GPE] police said so."
    assert where(marked, gazetteer, "https://www.paper.co.uk/a")["Cambridge"] == "GB ENG"
    assert where(marked, gazetteer, "https://paper.ca/a")["Cambridge"] == "CA 08"
    assert where(marked, gazetteer, "https://paper.com/a", "The Boston Paper")["Cambridge"] == "US MA"
    named = "[Cambridge|GPE], [Massachusetts|GPE], police said so."
    assert where(named, gazetteer, "https://www.paper.co.uk/a")["Cambridge"] == "US MA"


def test_the_name_of_the_site_is_no_mention(gazetteer: SqliteGazetteer) -> None:
    assert where("Nothing happened.", gazetteer, "https://paper.ca/a", "The Boston Paper") == {}


def test_divisions_have_their_iso_code(gazetteer: SqliteGazetteer) -> None:
    marked = "A fire in [Alexandria|GPE], [Louisiana|GPE], and one in [France|GPE]."
    codes = [(place.admin1, place.subdivision) for place in places(marked, gazetteer)]
    assert codes == [("LA", "US-LA"), ("LA", "US-LA"), (None, None)]


def test_rivers_have_river_on_either_side(gazetteer: SqliteGazetteer) -> None:
    features = {
        place.name: place.feature
        for place in places("The [Zambezi River|LOC] and the [River Euphrates|LOC].", gazetteer)
    }
    assert features == {"Zambezi": "STM", "Euphrates": "STM"}
