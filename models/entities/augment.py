"""Other names, other cases: annotated documents varied for training.

News corpora of the 1990s are about the West and are set in mixed case. Here each of their documents gets people, places
and organisations from everywhere, the same one for every mention, and sometimes the case of a headline.
"""

from __future__ import annotations

import random
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import as_file, files
from itertools import accumulate
from math import sqrt
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from corpora import Document, Name, Sentence

from pagefacts.facts.places.base import Place
from pagefacts.facts.places.gazetteer import SqliteGazetteer

Words: TypeAlias = tuple[str, ...]

_HERE: Final = Path(__file__).parent
_SMALLEST_TOWN: Final = 10_000
"""Inhabitants of the smallest town drawn, capitals aside."""
_WELL_KNOWN: Final = 100_000
"""Inhabitants from which an organisation's name is taken for a town's: a club is often called so."""

_PLACES: Final = frozenset({"GPE", "LOC", "FAC"})
_OTHER: Final = frozenset({"NORP", "EVENT", "WEAPON", "MISC"})

_TITLES: Final = frozenset(
    # Ranks and styles that some annotators count as a part of the name; they stay.
    "president king queen prince princess sheikh shaikh sheik imam ayatollah pope sir lord lady dame mr mr. mrs mrs. ms"
    " ms. dr dr. general gen. colonel col. captain capt. major maj. lieutenant lt. sergeant sgt. minister senator sen."
    " governor gov. judge professor prof. father sister saint st. mullah maulana emir sultan".split()
)
_PARTICLES: Final = frozenset(
    "al el bin ibn bint ben abu umm van von der den de del della di da dos das do du la le ter ten y e zu af".split()
)
_INITIALS = re.compile(r"[A-Z]\.?(?:-?[A-Z]\.?)?")
_SMALL: Final = frozenset(
    # Words that stay small in a headline.
    "a an and as at but by for from in into nor of on or over per so the to up via vs with yet".split()
)
_LETTERS = re.compile(r"[^\W\d_]+")
_SLOT = re.compile(r"\{(\w+)\}")
_ADJECTIVE: Final = ("an", "ish", "ese", "i", "ch", "ic")
"""Endings of a demonym that is an adjective and not only a noun: British, and not Briton."""
_NO_PLURAL: Final = ("ese", "ish", "ch", "s")
"""Endings of demonyms without a plural."""
_WITH_ARTICLE: Final = (
    *(
        "united ",
        "u.s.",
        "u.k.",
        "netherlands",
        "philippines",
        "bahamas",
        "gambia",
        "maldives",
        "comoros",
        "democratic ",
    ),
    *("republic ", "central african", "dominican republic", "czech republic", "solomon islands", "marshall islands"),
)
"""Beginnings of the countries that have an article within a sentence, in small letters."""
_ACRONYM = re.compile(r"[A-Z]{2,5}")
_SORTS: Final = ("official", "business", "team", "press", "learned", "movement", "civil")
"""Sorts of organisations."""


@dataclass(frozen=True, slots=True)
class Substitution:
    """Probabilities that one distinct name of a document is replaced, by its kind."""

    person: float = 0.9
    by_given: float = 0.3
    """A new person who is never named in full is called by the given name."""
    country: float = 0.6
    town: float = 0.75
    division: float = 0.6
    region: float = 0.3
    organisation: float = 0.5
    acronym: float = 0.4
    familiar: float = 0.7
    """A new person's culture or a new town's country is that which the document is about."""
    unaccented: float = 0.6
    """A document is written without accents."""
    abbreviated: float = 0.15
    """A new organisation's initials follow it in brackets where it first stands."""


@dataclass(frozen=True, slots=True)
class Recasing:
    """Probabilities of the cases of a document, then of each of its sentences."""

    document_in_capitals: float = 0.08
    capitals: float = 0.05
    headline: float = 0.05
    lower: float = 0.02
    only_first: float = 0.01
    """Lower case after the first letter."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Probabilities of other changes."""

    typographic: float = 0.3
    """A document has typographic quotes and apostrophes."""
    no_stop: float = 0.05
    """A sentence lacks its full stop."""


class Person(NamedTuple):
    """A new person: the full name, the part by which later mentions call them, and the given name."""

    full: Words
    short: Words
    given: Words


class Spot(NamedTuple):
    """A new place: its name and the ISO 3166-1 code of its country, empty where it is in none."""

    name: str
    country: str


class Drawing:
    """Items to draw by weight."""

    def __init__(self, weighted: Iterable[tuple[Spot, float]]) -> None:
        pairs = list(weighted)
        self.items = [item for item, _ in pairs]
        self._sums = list(accumulate(weight for _, weight in pairs))

    def __len__(self) -> int:
        return len(self.items)

    def draw(self, rng: random.Random) -> Spot:
        """Return one item. Raises IndexError where there is none."""
        return rng.choices(self.items, cum_weights=self._sums)[0]


@dataclass(frozen=True, slots=True)
class Culture:
    """How the people of a culture are called."""

    men: Words
    women: Words
    families: Words
    patterns: Words
    """Parts parted by blanks: G given name, M a man's given name, F family name; ``*`` marks the short name."""
    countries: Words
    """ISO 3166-1 codes of where they live."""

    def person(self, rng: random.Random) -> Person:
        """Return somebody of this culture."""
        given = rng.choice(self.men if not self.women or rng.random() < 0.65 else self.women)
        full: list[str] = []
        short: list[str] = []
        for part in rng.choice(self.patterns).split():
            words = self._part(part.lstrip("*"), given, rng).split()
            full += words
            short += words if part.startswith("*") else []
        return Person(tuple(full), tuple(short), tuple(given.split()))

    def _part(self, part: str, given: str, rng: random.Random) -> str:
        match part:
            case "G":
                return given
            case "M":
                return rng.choice(self.men)
            case "F":
                return rng.choice(self.families)
            case literal:
                return literal


@dataclass(frozen=True, slots=True)
class World:
    """Names from everywhere. Places are the gazetteer's, the rest are tables beside this module."""

    cultures: tuple[Culture, ...]
    organisations: Mapping[str, Words]
    """Patterns of each sort and the words of their slots."""
    cues: Mapping[str, str]
    """The sort of organisation that a word of its name tells, the word in small letters."""
    adjectives: Mapping[str, str]
    """By the code of a country, "Ghanaian"."""
    places: Mapping[str, Drawing]
    """What is drawn for a kind of place, "town", and within a country, "town GH"."""
    peoples: frozenset[int]
    """GeoNames ids of the places whose people have a name."""
    candidates: Callable[[str], tuple[Place, ...]]
    """Places with a name, the likeliest first."""
    demonym: Callable[[str], Place | None]
    """The place whose people or adjective a word is."""

    @classmethod
    def load(cls) -> World:
        """Read the tables and the packaged gazetteer. Raises OSError, sqlite3.Error."""
        gazetteer = SqliteGazetteer.open()
        organisations = {kind: tuple(values.split(", ")) for kind, values in _rows(_HERE / "organisations.tsv")}
        with as_file(files("pagefacts") / "resources") as resources:
            places, peoples = _places(resources / "gazetteer.sqlite")
            countries = {spot.country: spot.name for spot in places["country"].items}
            adjectives = _adjectives(resources / "en" / "demonyms.tsv", countries)
        return cls(
            cultures=_cultures(_HERE / "names.tsv"),
            organisations=organisations,
            cues={word: sort for sort in _SORTS for word in organisations[f"cues {sort}"]},
            adjectives=adjectives,
            places=places,
            peoples=peoples,
            candidates=cache(gazetteer.candidates),
            demonym=cache(gazetteer.demonym),
        )

    def place(self, kind: str, rng: random.Random, country: str = "") -> Spot:
        """Return a country, town, division or region; one of or in ``country`` where it is given and has any."""
        drawing = self.places.get(f"{kind} {country}") or self.places[kind]
        return drawing.draw(rng)


def substitute(document: Document, world: World, rng: random.Random, chances: Substitution | None = None) -> Document:
    """Return ``document`` with other names in place of its own, the same for each mention of one thing."""
    cast = _Cast(document, world, rng, chances or Substitution())
    return replace(document, sentences=tuple(map(cast.recast, document.sentences)))


def recase(document: Document, rng: random.Random, chances: Recasing | None = None) -> Document:
    """Return ``document``, or sentences of it, in another case."""
    chances = chances or Recasing()
    if rng.random() < chances.document_in_capitals:
        return replace(document, sentences=tuple(_mapped(each, str.upper) for each in document.sentences))
    return replace(document, sentences=tuple(_recased(each, rng, chances) for each in document.sentences))


def varied(document: Document, rng: random.Random, world: World, substituted: float = 0.15) -> tuple[Sentence, ...]:
    """Return the sentences of ``document`` as training sees them this time.

    It is given other names with the probability ``substituted``.
    """
    chances = Noise()
    if rng.random() < substituted:
        document = substitute(document, world, rng)
    document = recase(document, rng)
    typographic = rng.random() < chances.typographic
    sentences = map(_typographic, document.sentences) if typographic else document.sentences
    return tuple(_without_stop(each) if rng.random() < chances.no_stop else each for each in sentences)


class _Cast:
    """Gives the names of one document their new ones and remembers them."""

    def __init__(self, document: Document, world: World, rng: random.Random, chances: Substitution) -> None:
        self._world, self._rng, self._chances = world, rng, chances
        self._cultures = rng.sample(world.cultures, k=min(2, len(world.cultures)))
        self._plain = rng.random() < chances.unaccented
        self._people: dict[Words, Person | None] = {}
        self._spots: dict[tuple[str, int], Spot | None] = {}
        self._organisations: dict[Words, Words | None] = {}
        self._introduced: set[Words] = set()
        self._by_first, self._by_last, self._alone = _full_names(document)
        self._acronyms = _acronyms(document)

    def recast(self, sentence: Sentence) -> Sentence:
        """Return ``sentence`` with the new names."""
        capitals = _in_capitals(sentence.words)
        words: list[str] = []
        names: list[Name] = []
        at = 0
        for name in sentence.names:
            words += sentence.words[at : name.start]
            at = name.end
            old = sentence.words[name.start : name.end]
            new = self._renamed(old, name.labels, capitals=capitals)
            if new != old:
                _agree(words, old, new)
            names.append(Name(len(words), len(words) + len(new), name.labels))
            words += new
            for initials in self._initials(new, sentence.words[at : at + 1]):
                names.append(Name(len(words) + 1, len(words) + 2, name.labels))
                words += ["(", initials, ")"]
        return Sentence((*words, *sentence.words[at:]), tuple(names))

    def _renamed(self, old: Words, labels: frozenset[str], *, capitals: bool) -> Words:
        new = self._new(old, labels - {"O"})
        if not new:
            return old
        if self._plain:
            new = tuple(map(_plain, new))
        shouted = capitals or ("ORG" not in labels and _shouted(old))
        return tuple(word.upper() for word in new) if shouted else new

    def _new(self, old: Words, labels: frozenset[str]) -> Words | None:
        if labels == {"PERSON"}:
            return self._person(old)
        if labels == {"ORG"}:
            return self._organisation(old)
        if labels and labels <= _PLACES:
            spot = self._place(" ".join(old))
            return tuple(spot.name.split()) if spot else None
        return self._peoples(old) if labels and labels <= _OTHER else None

    def _happens(self, probability: float) -> bool:
        return self._rng.random() < probability

    # People

    def _person(self, old: Words) -> Words | None:
        titles, words = _untitled(old)
        if not words or not all(map(_is_name, words)):
            return None
        new = self._in_full(words) if len(words) > 1 else self._in_short(words[0].casefold())
        return titles + new if new else None

    def _in_full(self, words: Words) -> Words | None:
        key = _key(words)
        initial = _INITIALS.fullmatch(words[0]) is not None
        known = self._by_last.get(key[1], key)
        person = self._known(known if initial and known[0][0] == key[0][0] else key)
        if person is None or not initial or person.short == person.given:
            return person.full if person else None
        return (person.given[0][0] + "." * words[0].endswith("."), *person.short)

    def _in_short(self, word: str) -> Words | None:
        if key := self._by_last.get(word):
            person = self._known(key)
            return person.short if person else None
        if key := self._by_first.get(word):
            person = self._known(key)
            # Where the family name stands first, the last word is never alone.
            return (person.given if key[1] in self._alone else person.short) if person else None
        person = self._known((word,))
        return person.short if person else None

    def _known(self, key: Words) -> Person | None:
        if key not in self._people:
            person = self._culture().person(self._rng) if self._happens(self._chances.person) else None
            if person and len(key) == 1 and self._happens(self._chances.by_given):
                person = person._replace(short=person.given)
            self._people[key] = person
        return self._people[key]

    def _culture(self) -> Culture:
        if not self._happens(self._chances.familiar):
            return self._rng.choice(self._world.cultures)
        return self._cultures[0] if self._happens(self._chances.familiar) else self._cultures[-1]

    # Places

    def _place(self, old: str, smallest: int = 0) -> Spot | None:
        candidates = self._world.candidates(old)
        if not candidates or candidates[0].population < smallest:
            return None
        return self._spot(candidates[0])

    def _spot(self, place: Place) -> Spot | None:
        kind = self._kind(place)
        if kind is None:
            return None
        key = (kind, place.geonames_id)
        if key not in self._spots:
            self._spots[key] = self._drawn(kind) if self._happens(getattr(self._chances, kind)) else None
        return self._spots[key]

    def _drawn(self, kind: str) -> Spot:
        familiar = self._happens(self._chances.familiar)
        country = self._rng.choice(self._cultures[0].countries) if familiar else ""
        spot = self._world.place(kind, self._rng, country)
        taken = {each.name for each in self._spots.values() if each}
        return spot if spot.name not in taken else self._world.place(kind, self._rng)

    def _kind(self, place: Place) -> str | None:
        """Return what is drawn for a place: a country also for England or Texas, so that "Texan" can become "Ghanaian".

        None: continents and unions stay.
        """
        if place.feature == "PCLI" or (place.feature == "ADM1" and place.geonames_id in self._world.peoples):
            return "country"
        if place.feature.startswith("PPL"):
            return "town"
        if place.feature.startswith("ADM"):
            return "division"
        return None if place.feature in {"CONT", "ZN"} else "region"

    # Peoples

    def _peoples(self, old: Words) -> Words | None:
        """Put other peoples and countries into a name: "German Open"."""
        if whole := self._people_or_country(" ".join(old)):
            return tuple(whole.split())
        return tuple(part for word in old for part in self._within(word).split())

    def _within(self, word: str) -> str:
        """Put another people into a word: "Serb-led"."""
        head, hyphen, tail = word.partition("-")
        return f"{self._people_or_country(head) or head}{hyphen}{tail}"

    def _people_or_country(self, word: str) -> str | None:
        if len(word) < 4 or not word[0].isupper():  # "IN" in capitals is no country
            return None
        if demonym := self._world.demonym(word):
            return self._nationality(demonym, word)
        candidates = self._world.candidates(word)
        if not candidates or candidates[0].feature != "PCLI":
            return None
        spot = self._spot(candidates[0])
        return spot.name if spot else None

    def _nationality(self, place: Place, word: str) -> str | None:
        spot = self._spot(place) if self._kind(place) == "country" else None
        adjective = self._world.adjectives.get(spot.country) if spot else None
        if adjective is None:
            return None
        plural = word.casefold().endswith("s") and not word.casefold().endswith("ss")
        return adjective + "s" if plural and not adjective.endswith(_NO_PLURAL) else adjective

    # Organisations

    def _organisation(self, old: Words) -> Words | None:
        key = tuple(word.casefold() for word in old)
        if key not in self._organisations:
            self._organisations[key] = self._new_organisation(old)
        return self._organisations[key]

    def _new_organisation(self, old: Words) -> Words | None:
        if spot := self._place(" ".join(old), _WELL_KNOWN):
            return tuple(spot.name.split())
        if len(old) > 1:
            composed = all(map(_is_titled, old)) and self._happens(self._chances.organisation)
            return self._composed(self._sort(old)) if composed else self._peoples(old)
        return (self._acronym(),) if old[0] in self._acronyms and self._happens(self._chances.acronym) else None

    def _sort(self, old: Words) -> str:
        """Return the sort of organisation: by a word of its name, a team where it starts with a town, or any."""
        sorts = (self._world.cues.get(word.casefold()) for word in reversed(old))
        if sort := next(filter(None, sorts), None):
            return sort
        candidates = self._world.candidates(old[0])
        return "team" if candidates and candidates[0].population >= _WELL_KNOWN else self._rng.choice(_SORTS)

    def _composed(self, sort: str) -> Words:
        pattern = self._rng.choice(self._world.organisations[f"patterns {sort}"])
        return tuple(_SLOT.sub(lambda slot: self._slot(slot[1]), pattern).split())

    def _slot(self, slot: str) -> str:
        match slot:
            case "country" | "town" | "division":
                return self._drawn(slot).name
            case "demonym":
                return self._world.adjectives.get(self._drawn("country").country, "National")
            case "family":
                return " ".join(self._culture().person(self._rng).short)
            case _:
                return self._rng.choice(self._world.organisations[slot])

    def _acronym(self) -> str:
        if self._happens(0.5):
            return self._rng.choice(self._world.organisations["acronym"])
        return "".join(self._rng.choices("ABCDEFGHIJKLMNOPRSTUVW", k=self._rng.choice((2, 3, 3, 3, 4, 4, 5))))

    def _initials(self, new: Words, following: Words) -> Words:
        """Return the initials to put behind an organisation that is new here, none or one."""
        if len(new) < 3 or new in self._introduced or new not in self._organisations.values() or following == ("(",):
            return ()
        self._introduced.add(new)
        initials = "".join(word[0] for word in new if word[0].isupper())
        return (initials,) if len(initials) > 2 and self._happens(self._chances.abbreviated) else ()


def _full_names(document: Document) -> tuple[dict[str, Words], dict[str, Words], frozenset[str]]:
    """Return the keys of people named in full by their first and by their last word, and the words that stand alone."""
    by_first: dict[str, Words] = {}
    by_last: dict[str, Words] = {}
    alone: set[str] = set()
    for words in (_untitled(each)[1] for each in _named(document, "PERSON")):
        if len(words) == 1:
            alone.add(words[0].casefold())
        elif words:
            key = _key(words)
            by_first.setdefault(key[0], key)
            if len(by_last.setdefault(key[1], key)[0].rstrip(".")) == 1:
                by_last[key[1]] = key  # "G. Bush" is George Bush when both stand there
    return by_first, by_last, frozenset(alone)


def _acronyms(document: Document) -> frozenset[str]:
    """Return the one-word organisations of a document that are in capitals where the sentence is not."""
    mixed = replace(document, sentences=tuple(each for each in document.sentences if not _in_capitals(each.words)))
    return frozenset(words[0] for words in _named(mixed, "ORG") if len(words) == 1 and _ACRONYM.fullmatch(words[0]))


def _named(document: Document, label: str) -> Iterator[Words]:
    for sentence in document.sentences:
        for name in sentence.names:
            if label in name.labels:
                yield sentence.words[name.start : name.end]


def _key(words: Words) -> Words:
    """Return what tells a person from others: first and last word of the full name."""
    return words[0].casefold(), words[-1].casefold()


def _untitled(words: Words) -> tuple[Words, Words]:
    """Part the titles at the head of a name from it."""
    count = 0
    while count < len(words) and words[count].casefold() in _TITLES:
        count += 1
    return words[:count], words[count:]


def _is_name(word: str) -> bool:
    return word[:1].isupper() or word.casefold() in _PARTICLES or word.startswith(("al-", "el-", "d'", '"', "'"))


def _is_titled(word: str) -> bool:
    """Tell a word of a proper name from that of a description, which some annotators mark too: "global coalition"."""
    return not word.islower() or word in _SMALL


def _in_capitals(words: Words) -> bool:
    """Tell whether a sentence is in capitals: most of its words of four letters are, and there are some."""
    long = [word for word in words if len(word) > 3 and word.isalpha()]
    return sum(map(str.isupper, long)) * 2 > len(long)


def _shouted(words: Words) -> bool:
    """Tell whether a name is in capitals for itself, as a dateline's, and no abbreviation."""
    return all(word.upper() == word for word in words) and max(map(len, words)) > 3


def _agree(words: list[str], old: Words, new: Words) -> None:
    """Make the article before ``new`` agree with it."""
    before = words[-1].casefold() if words else ""
    if before in {"a", "an"}:
        words[-1] = "an" if new[0][0] in "AEIOaeio" else "a"
    elif before == "the" and _takes_article(old) and not _takes_article(new):
        words.pop()
    elif before.isalpha() and before != "the" and _takes_article(new):
        words.append("THE" if new[0].isupper() else "the")


def _takes_article(words: Words) -> bool:
    """Tell whether a country's name has an article within a sentence: "the Gambia"."""
    return " ".join(words).casefold().startswith(_WITH_ARTICLE)


def _plain(word: str) -> str:
    """Return ``word`` without accents."""
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word.translate(_UNDECOMPOSED))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_UNDECOMPOSED: Final = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ı": "i", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "Ae", "ə": "a",
     "Ə": "A", "ʼ": "'", "’": "'", "‘": "'"}
)  # fmt: skip


def _mapped(sentence: Sentence, change: Callable[[str], str]) -> Sentence:
    return replace(sentence, words=tuple(map(change, sentence.words)))


def _recased(sentence: Sentence, rng: random.Random, chances: Recasing) -> Sentence:
    drawn = rng.random()
    changes: tuple[tuple[float, Callable[[Sentence], Sentence]], ...] = (
        (chances.capitals, lambda each: _mapped(each, str.upper)),
        (chances.headline, _headline),
        (chances.lower, lambda each: _mapped(each, str.lower)),
        (chances.only_first, lambda each: _first_capital(_mapped(each, str.lower))),
    )
    for probability, change in changes:
        if drawn < probability:
            return change(sentence)
        drawn -= probability
    return sentence


def _headline(sentence: Sentence) -> Sentence:
    """Capitalise each word but the small ones."""
    shouted = _in_capitals(sentence.words)
    words = [word.lower() if shouted and "." not in word else word for word in sentence.words]
    return replace(sentence, words=tuple(_capitalised(at, word) for at, word in enumerate(words)))


def _capitalised(at: int, word: str) -> str:
    if (at and word in _SMALL) or word.startswith(("'", "’")):
        return word
    return _LETTERS.sub(lambda part: part[0][0].upper() + part[0][1:], word, count=0 if "-" in word else 1)


def _first_capital(sentence: Sentence) -> Sentence:
    first, *rest = sentence.words or ("",)
    return replace(sentence, words=(first[:1].upper() + first[1:], *rest)) if sentence.words else sentence


def _typographic(sentence: Sentence) -> Sentence:
    """Put typographic quotes and apostrophes for those of a typewriter."""
    words: list[str] = []
    opened = False
    for word in sentence.words:
        if word in {'"', "``", "''"}:
            opened = word == "``" or (word == '"' and not opened)
            words.append("“" if opened else "”")
        else:
            words.append(word.replace("'", "’"))
    return replace(sentence, words=tuple(words))


def _without_stop(sentence: Sentence) -> Sentence:
    last = len(sentence.words) - 1
    if last < 1 or sentence.words[last] != "." or any(name.end > last for name in sentence.names):
        return sentence
    return replace(sentence, words=sentence.words[:last])


def _rows(path: Path) -> list[tuple[str, str]]:
    """Return the lines of a table, parted at the last tab; comments start with ``#``."""
    lines = path.read_text(encoding="utf-8").splitlines()
    parted = (line.rpartition("\t") for line in lines if line and not line.startswith("#"))
    return [(head, last) for head, _, last in parted]


def _cultures(path: Path) -> tuple[Culture, ...]:
    tables: dict[str, dict[str, Words]] = defaultdict(dict)
    for head, values in _rows(path):
        culture, kind = head.split("\t")
        tables[culture][kind] = tuple(values.split(", "))
    kinds = ("given_m", "given_f", "family", "pattern", "countries")
    return tuple(Culture(*(table.get(kind, ()) for kind in kinds)) for table in tables.values())


def _adjectives(path: Path, countries: Mapping[str, str]) -> dict[str, str]:
    """Return the adjective of each country: German and not East German, British and not Briton."""
    demonyms: dict[str, list[str]] = defaultdict(list)
    for word, code in _rows(path)[1:]:
        demonyms[code].append(word)
    return {
        code: max(demonyms[code], key=partial(_likeness, name)) for code, name in countries.items() if code in demonyms
    }


def _likeness(country: str, demonym: str) -> tuple[bool, bool]:
    return demonym[:3] == country[:3], demonym.endswith(_ADJECTIVE)


def _places(path: Path) -> tuple[dict[str, Drawing], frozenset[int]]:
    """Return what is drawn for each kind, and for each kind and country, and the ids of the places with a demonym.

    The square root of the population keeps medium towns in sight.
    """
    weighted: dict[str, list[tuple[Spot, float]]] = defaultdict(list)
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        peoples = frozenset(number for (number,) in connection.execute("SELECT place FROM demonym"))
        rows = connection.execute("SELECT name, country, feature, population FROM place ORDER BY id").fetchall()
    for name, country, feature, population in rows:
        kind = _drawn_as(name, feature, population)
        if kind is not None:
            item = (Spot(name, country or ""), sqrt(population + 1))
            weighted[kind].append(item)
            weighted[f"{kind} {country}"].append(item)
    return {kind: Drawing(items) for kind, items in weighted.items()}, peoples


def _drawn_as(name: str, feature: str, population: int) -> str | None:
    """Return the kind under which a place is drawn; names that news would not print are left out."""
    if "," in name or "(" in name or len(name.split()) > 4:
        return None
    if feature == "PCLI":
        return "country"
    if feature == "PPLC" or (feature == "PPL" and population >= _SMALLEST_TOWN):
        return "town"
    if feature == "ADM1" or (feature == "ADM2" and name.endswith((" County", " District"))):
        return "division"
    return None if feature.startswith(("PPL", "ADM")) or feature in {"CONT", "ZN"} else "region"
