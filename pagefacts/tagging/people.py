"""Which mentions name the same person.

News gives a person's full name first and the surname later (AP Stylebook, "names"; most British papers put "Mr" or
"Mrs" before it); Chinese and Korean surnames stand first. One form means one person throughout a page, after Gale,
Church and Yarowsky, "One Sense per Discourse" (1992).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from pagefacts.tables import rows
from pagefacts.tagging.spelling import bare, plain

_MALE: Final = frozenset(
    "mr mister sir lord king prince emperor sultan emir pope father brother son husband uncle grandfather nephew"
    " widower boy senor monsieur herr actor spokesman chairman congressman councilman policeman businessman".split()
)
_FEMALE: Final = frozenset(
    "mrs ms miss madam madame lady dame queen princess empress mother sister daughter wife aunt grandmother niece widow"
    " girl senora mademoiselle frau actress spokeswoman chairwoman congresswoman councilwoman policewoman"
    " businesswoman".split()
)
_BEFORE_SURNAMES: Final = frozenset({"mr", "mister", "mrs", "ms", "miss"})
_WITH_GIVEN_NAMES: Final = frozenset("king prince emperor sultan emir pope queen princess empress saint st".split())
"""Titles that belong to a given name: "Pope Francis" is no Francis Smith."""
_TITLES: Final = (
    frozenset(
        "mr mister sir lord mrs ms miss madam madame lady dame senor senora monsieur mademoiselle"
        " herr frau president vice prime minister premier chancellor secretary general senator sen representative rep"
        " congressman congresswoman governor gov mayor dr doctor prof professor gen lt lieutenant col colonel maj major"
        " capt captain sgt sergeant cpl corporal pvt private adm admiral cmdr commander brig brigadier field marshal"
        " judge justice ambassador rev reverend bishop archbishop cardinal ayatollah sheikh shaikh imam mullah rabbi"
        " chief officer detective inspector deputy foreign defence defense former ex hon mp mep msp mla td father"
        " brother sister pastor councillor cllr nurse".split()
    )
    | _WITH_GIVEN_NAMES
)
"""Words before a name that are no part of it; full stops are dropped. After English usage, British and American."""
_HONOURS: Final = _WITH_GIVEN_NAMES | frozenset("sir lord lady dame sheikh shaikh imam mullah ayatollah".split())
"""Titles under which somebody is known: kept where the name is shown."""
_SUFFIXES: Final = {
    "jr": "jr",
    "junior": "jr",
    "sr": "sr",
    "senior": "sr",
    **{word: word for word in ("ii", "iii", "iv")},
}
_GENERATIONS: Final = frozenset({"jr", "sr"})
"""Suffixes that are there to tell somebody from a namesake: who was named in full without one is another."""

_MOST_WORDS: Final = 6
"""Words that are read of a name."""
_MOST_NAMESAKES: Final = 8
"""People remembered for one form of a name; bounds the work on a page that lists ten thousand Smiths."""

_WORD_BEFORE = re.compile(r"(?<![\w-])([^\W\d_]{2,16})\.?\s{1,2}$")
_NICKNAME = re.compile(r"[\"“(][^\"”()]{0,40}[\"”)]")
# The Arabic article, which English copy writes in many ways or leaves out: al-Assad, Al-Assad, Assad.
_ARABIC_ARTICLE = re.compile(r"(?<!\w)(?:al|el|ad|ar|as|ash|at|an|ez|es|ul)-(?=\w)")
_ARABIC_ARTICLE_APART = re.compile(r"(?<=\w )(?:al|el) (?=\w)")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as one mention gives it."""

    words: tuple[str, ...]
    """In plain letters, without titles, suffixes and nicknames."""
    gender: str | None = None
    """``m`` or ``f``, where a title or the given name tells."""
    suffix: str | None = None
    """``jr``, ``sr``, ``ii``, …"""
    is_surname: bool = False
    """It stands behind "Mr" or "Mrs", which no given name does alone."""


def read_name(text: str, before: str = "") -> Name:
    """Return the name ``text``; ``before`` are the characters before it, which may end in a title."""
    words = _words(text)
    titles = [match[1].lower()] if (match := _WORD_BEFORE.search(before)) else []
    while len(words) > 1 and words[0] in _TITLES:
        titles.append(words.pop(0))
    suffix = _SUFFIXES.get(words[-1]) if len(words) > 1 else None
    words = words[:-1] if suffix else words
    if len(words) == 1 and titles and titles[-1] in _WITH_GIVEN_NAMES:
        words.insert(0, titles[-1])
    words = words[:_MOST_WORDS]
    return Name(
        tuple(words), _gender(titles, words), suffix, len(words) == 1 and not _BEFORE_SURNAMES.isdisjoint(titles)
    )


def without_titles(text: str) -> str:
    """Return ``text`` from its first word that is no title, or an honour; the whole where it has titles alone."""
    whole = bare(text)
    for match in _WORD.finditer(whole):
        word = plain(match[0])
        if word not in _TITLES or word in _HONOURS:
            return whole[match.start() :]
    return whole


def _words(text: str) -> list[str]:
    spelt = plain(_NICKNAME.sub(" ", bare(text)) if '"' in text or "“" in text or "(" in text else bare(text))
    return _WORD.findall(_ARABIC_ARTICLE_APART.sub("", _ARABIC_ARTICLE.sub("", spelt))) or [spelt]


def _gender(titles: Sequence[str], words: Sequence[str]) -> str | None:
    if not _MALE.isdisjoint(titles):
        return "m"
    if not _FEMALE.isdisjoint(titles):
        return "f"
    return _given_names().get(words[0]) if len(words) > 1 else None


@cache
def _given_names() -> dict[str, str]:
    return {plain(name): gender for gender, names in rows("given_names.tsv") for name in names.split()}


@dataclass(slots=True)
class _Person:
    words: tuple[str, ...]
    """The fullest form so far."""
    gender: str | None = None
    suffix: str | None = None
    mentions: int = 0
    last: int = 0
    """When mentioned last, in mentions of anybody."""


@dataclass(slots=True)
class People:
    """The people that a page has named so far, each by a number."""

    _people: dict[int, _Person] = field(default_factory=dict)
    _meanings: dict[Name, int] = field(default_factory=dict)
    _index: dict[Hashable, list[int]] = field(default_factory=dict)
    _mentions: int = 0

    def find(self, name: Name) -> int | None:
        """Return who ``name`` is; None where it is nobody named before, or cannot be told between two."""
        if (number := self._meanings.get(name)) is not None:
            return number
        searches = (self._same_form, self._surname, self._same_given_name, self._given_name, self._fuller)
        return next((number for search in searches if (number := search(name)) is not None), None)

    def add(self, name: Name, number: int) -> None:
        """Remember that ``name`` was said of person ``number``."""
        self._mentions += 1
        person = self._people.setdefault(number, _Person(name.words))
        person.mentions += 1
        person.last = self._mentions
        person.gender = person.gender or name.gender
        person.suffix = person.suffix or name.suffix
        if self._meanings.setdefault(name, number) == number:
            self._file(name.words, number)
            if len(" ".join(name.words)) > len(" ".join(person.words)):
                person.words = name.words

    def _file(self, words: tuple[str, ...], number: int) -> None:
        keys: list[Hashable] = [("form", words)]
        if len(words) > 1:
            keys.append(("initial", words[-1], words[0][0]))
            keys.extend(("tail", words[at:]) for at in range(1, len(words)))
            keys.extend(("head", words[:at]) for at in range(1, len(words)))
            keys.extend(("head", (word,)) for word in words[1:-1])
        for key in keys:
            known = self._index.setdefault(key, [])
            if number not in known:
                known.append(number)
                del known[:-_MOST_NAMESAKES]

    def _same_form(self, name: Name) -> int | None:
        return self._likeliest(self._known(name, ("form", name.words)))

    def _surname(self, name: Name) -> int | None:
        """Find who was named in full before: "Putin", "bin Laden", "Peña Nieto".

        Of two with this surname who may be meant it is the one mentioned oftener so far, then the nearer one.
        """
        return self._likeliest(self._known(name, ("tail", name.words)))

    def _same_given_name(self, name: Name) -> int | None:
        """Find "John Smith" as "J. Smith" and "John F. Smith", but not as "Jane Smith"."""
        if len(name.words) < 2:
            return None
        known = self._known(name, ("initial", name.words[-1], name.words[0][0]))
        return _only([number for number in known if _given_names_agree(name.words, self._people[number].words)])

    def _given_name(self, name: Name) -> int | None:
        """Find the one who was named in full before by the first words, or one within: "Kim", "Hillary", "Lula"."""
        if name.is_surname and name.words[0] in _given_names():
            return None
        return _only(self._known(name, ("head", name.words)))

    def _fuller(self, name: Name) -> int | None:
        """Find who was so far known by a part of ``name`` alone, as in a headline or where a page begins "Kim said"."""
        parts = [name.words[at:] for at in range(1, len(name.words))]
        parts += [name.words[:at] for at in range(len(name.words) - 1, 0, -1)]
        for part in parts:
            known = [number for number in self._known(name, ("form", part)) if self._people[number].words == part]
            if known and not (part == name.words[:1] and self._was_surname(part)):
                return self._likeliest(known)
        return None

    def _was_surname(self, words: tuple[str, ...]) -> bool:
        """Whether ``words`` is a given name that stood behind "Mr" or "Mrs": a "Mr Martin" is no Martin Smith."""
        return words[0] in _given_names() and any(
            Name(words, sex, None, is_surname=True) in self._meanings for sex in "mf"
        )

    def _known(self, name: Name, key: Hashable) -> list[int]:
        """Return the people filed under ``key`` that gender and suffix allow to be ``name``."""
        known = self._index.get(key)
        return [number for number in known if _agrees(name, self._people[number])] if known else []

    def _likeliest(self, numbers: Sequence[int]) -> int | None:
        return max(numbers, key=lambda number: (self._people[number].mentions, self._people[number].last), default=None)


def _agrees(name: Name, person: _Person) -> bool:
    is_son = name.suffix in _GENERATIONS and person.suffix is None and len(person.words) > 1
    return not is_son and _may_be(name.gender, person.gender) and _may_be(name.suffix, person.suffix)


def _may_be(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _only(numbers: Sequence[int]) -> int | None:
    return numbers[0] if len(numbers) == 1 else None


def _given_names_agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether first and middle names are the same as far as both are there, or one is the other's initial."""
    middle = zip(one[1:-1], other[1:-1], strict=False)
    return all(map(_same_or_initial, *zip((one[0], other[0]), *middle, strict=True)))


def _same_or_initial(one: str, other: str) -> bool:
    return one == other or (1 in {len(one), len(other)} and one[0] == other[0])
