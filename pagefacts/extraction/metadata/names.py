"""Names of people in bylines."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import Final, NamedTuple

_LABEL = re.compile(
    r"^\W*(?:(?:authors?|words|text|writer|reporter|story|reporting)\s*:|from\b|by\b|(?:作者|[記记]者|撰文|文)\s*[:：])\s*",
    re.IGNORECASE,
)
# What stands before "by" says what was done, or in which series: "Analysis by", "Dec 23 Written by".
_BY = re.compile(r"^[^,;|]{0,40}?\bby\b[:\s]+(?=\S)", re.IGNORECASE)
# Who only helped.
_HELP = re.compile(
    r"(?:^|[\s,;|(]+)(?:"
    r"(?:edited|illustrat\w+|photograph\w*|filmed|reviewed|translat\w+|compiled|sponsored|powered|checked)\s+by\b"
    r"|(?:photo(?:graph)?s?|pictures?|video|images?|editing|fact[- ]check\w*|medically|additional\s+reporting)\b).*",
    re.IGNORECASE | re.DOTALL,
)
# What else stands behind the names.
_REST = re.compile(
    r"[\s,;|(]+(?:(?:last\s+)?(?:updated|published|posted|modified)\b|\d+\s?min(?:ute)?s?\b).*",
    re.IGNORECASE | re.DOTALL,
)
MONTH: Final = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_WHEN = re.compile(
    rf"[\s,|(]+(?:(?:on|at)\s+)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|{MONTH}[a-z]{{0,6}}\.?\s+\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH}|\d{{1,4}}[/.:-]\d).*",
    re.IGNORECASE | re.DOTALL,
)
_SEPARATOR = re.compile(
    r"(\s*[,;&\n]\s*(?:(?:and|&)\s)?\s*|\s*[|/•·]\s*|\s+[–—-]\s+|\.\s+(?=[A-Z][a-z]{2,})|\s+(?:and|with|by)\s+)",
    re.IGNORECASE,
)
# "And" in the languages of other pages; also a particle: "Ortega y Gasset" is one man.
_AND = re.compile(r"\s+(?:und|et|y|e|och|og|en|и|i|dan|ve)\s+", re.IGNORECASE)
_INITIAL = re.compile(r"(?:^|[\s.])[A-Z]$|\b(?:Dr|Prof|Mr|Mrs|Ms|St|Jr|Sr|Rev|Col|Gen|Lt|Capt|Sgt)$")
_TAIL = re.compile(r"\s+(?:in|at|for|from|of|on|reporting|is|was|has)\s.*", re.IGNORECASE | re.DOTALL)
_NOISE = re.compile(r"\S+@\S+|(?<!\w)@\w+|https?://\S+|\([^()]{0,80}\)")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]*)*")
_ADDRESS = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,6}", re.IGNORECASE)
# Names in scripts that part no words: Chinese and Japanese of two to six characters, Korean of two to four.
_UNPARTED = re.compile(r"[\u3005\u3040-\u30ff\u4e00-\u9fff]{2,6}|[\uac00-\ud7af]{2,4}")
_LONGEST_BYLINE: Final = 500
"""Characters that are read of a byline."""
# With these in front it is an outlet or a place.
_NO_FIRST: Final = frozenset({"the", "for", "in", "at", "from", "with", "to"})
_MOST_WORDS: Final = 6
_BEING: Final = ("is", "writes", "covers", "reports")
"""What stands behind an author's name where it is said who that is."""
_BESIDE: Final = frozenset("|/•·–—-")
"""What stands behind these beside a byline is more often a place, a date or an outlet than a name."""


class Byline(NamedTuple):
    """Whom a byline names."""

    people: tuple[str, ...] = ()
    """What has the form of a person's name."""
    others: tuple[str, ...] = ()
    """What may be a name: "Amanda", "jsmith", "Voice in the Hills"."""
    outlets: tuple[str, ...] = ()
    """Agencies, publications and groups."""

    @property
    def names(self) -> tuple[str, ...]:
        """The people; where there are none, the others, and then the outlets."""
        return self.people or self.others or self.outlets


def authors(byline: str) -> tuple[str, ...]:
    """Return the names in a byline such as "By Ann Lee and Omar Haddad in Beirut", without roles and places."""
    return read_byline(byline).names


def read_byline(byline: str) -> Byline:
    """Return whom a byline names; line breaks in it part names."""
    lines = " \n ".join(" ".join(line.split()) for line in byline[:_LONGEST_BYLINE].splitlines())
    people: list[str] = []
    others: list[str] = []
    outlets: list[str] = []
    closed = False
    for mark, part in _parts(_without_label(_NOISE.sub(" ", lines))):
        closed = closed and mark in {"", ","}  # what follows a role or an outlet behind a comma belongs to it
        name = _name(part, mark)
        if people and _all_in("suffixes", part):
            people[-1] = f"{people[-1]}, {part}"
        elif name and _is_role(name):
            closed = True
        elif closed or not _may_be_author(name):
            continue
        elif _names_outlet(name):
            closed = True
            outlets.append(_without_role(name))
        elif is_personal_name(name):
            people += _apart(name)
        elif mark not in _BESIDE:
            others.append(name)
    return Byline(unique(people), unique(others), unique(outlets))


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return ``names`` in order, each once, whatever its case."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return tuple(found.values())


def is_personal_name(text: str) -> bool:
    """Return whether ``text`` has the form of a person's name: two to five words, capitalised but for particles."""
    text = text.partition(",")[0]  # what follows are suffixes
    if _UNPARTED.fullmatch(text):
        return True
    words = text.replace("-", " ").split()
    if min(len(text.split()), len(words)) < 2 or len(words) > _MOST_WORDS:
        return False
    if words[0].lower() in _NO_FIRST or (words[0].isupper() and words[0].lower() in _tables()["desks"]):
        return False
    if text.casefold() in _tables()["places"] or _any_in("furniture", text):
        return False
    main = [word for word in words if not _any_in("particles", word)]
    return len(main) >= 2 and all(_NAME_WORD.fullmatch(word) and not word[0].islower() for word in main)


def is_writer(text: str) -> bool:
    """Return whether ``text`` says that someone writes: "Middle East correspondent"."""
    return len(text.split()) <= 2 * _MOST_WORDS and _any_in("writers", text)


def biographies(texts: Sequence[str], authors: Collection[str]) -> int:
    """Return how many of the last texts say who an author is: "Ann Lee is a reporter at The Echo"."""
    return sum(1 for _ in takewhile(lambda text: _is_about(text, authors), reversed(texts)))


def _is_about(text: str, authors: Collection[str]) -> bool:
    return any(text.startswith(f"{name} {verb} ") for name in authors for verb in _BEING) and _any_in("writers", text)


def people_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the names of authors that are people's, and not an agency's."""
    return tuple(name for name in names if read_byline(name).people)


def _without_label(line: str) -> str:
    """Return what names the authors in ``line``, between "By" or the like and what else stands behind."""
    line = _REST.sub("", _HELP.sub("", line))
    for label in (_BY, _LABEL):
        line = label.sub("", line, count=1)
    first, _, rest = line.strip().partition(" ")
    if first.lower().rstrip(":") in _tables()["labels"] and is_personal_name(_SEPARATOR.split(rest)[0].strip()):
        line = rest
    return _WHEN.sub("", line)


def _parts(line: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a byline, each with the mark that stands before it."""
    first, *others = _SEPARATOR.split(line)
    part, mark = first, ""
    for gap, following in zip(others[::2], others[1::2], strict=True):
        if gap.startswith(".") and _INITIAL.search(part):
            part += gap + following
            continue
        yield mark, part.strip()
        mark, part = gap.strip(" ") or gap, following
    yield mark, part.strip()


def _name(part: str, mark: str) -> str:
    """Return a part of a byline without what says where its author is and, beside a name, what he or she is."""
    plain = part.strip(" \t\n,:;–—*'\"“”‘’")
    if not _INITIAL.search(plain.rstrip(".")):
        plain = plain.rstrip(".")
    head = _TAIL.sub("", plain)
    if is_personal_name(head):
        plain = head
    for agency in _tables()["agencies"]:
        if plain.casefold().endswith(f" {agency}") and is_personal_name(plain[: -len(agency) - 1]):
            plain = plain[: -len(agency) - 1]
    return plain if mark == "," else _beside_role(plain)


def _beside_role(name: str) -> str:
    """Return the name in "Ann Lee Staff Writer" or "Political Editor Ann Lee", else what was given."""
    words = name.split()
    roles = [n for n, word in enumerate(words) if _any_in("roles", word)]
    before, behind = (words[: roles[0]], words[roles[-1] + 1 :]) if roles else ([], [])
    found = next((" ".join(some) for some in (behind, before) if is_personal_name(" ".join(some))), None)
    return found or name


def _apart(name: str) -> list[str]:
    """Return the two names in "Ana Ruiz y Juan Paz", else the one."""
    names = _AND.split(name)
    return names if all(map(is_personal_name, names)) else [name]


def _without_role(name: str) -> str:
    words = name.split()
    while len(words) > 1 and _any_in("roles", words[-1]):
        words.pop()
    return " ".join(words)


def _is_role(name: str) -> bool:
    """Return whether ``name`` says what someone is, and nobody's name."""
    others = [
        word for word in name.split() if not any(_any_in(table, word) for table in ("roles", "crowds", "generic"))
    ]
    return not others or (_any_in("roles", name) and _without_role(name) != " ".join(others))


def _names_outlet(name: str) -> bool:
    """Return whether ``name`` is that of an agency, a publication or a group, with or without "Staff" behind it."""
    if name.casefold() in _tables()["agencies"] or _ADDRESS.fullmatch(name) or _without_role(name) != name:
        return True
    initials = name.isupper() and " " not in name and name.isascii()
    return initials or _any_in("crowds", name) or _any_in("outlets", name)


def _may_be_author(name: str) -> bool:
    words = name.split()
    if not 0 < len(words) <= _MOST_WORDS or len(name) < 3:
        return False
    if _any_in("furniture", name) or _all_in("labels", name):
        return False
    return any(map(str.isalpha, name)) and (len(words) == 1 or not any(map(str.isdigit, name)))


def _any_in(table: str, text: str) -> bool:
    """Return whether a word of ``text`` stands in a table of ``bylines.json``."""
    return any(_key(word) in _tables()[table] for word in text.split())


def _all_in(table: str, text: str) -> bool:
    return bool(text.strip()) and all(_key(word) in _tables()[table] for word in text.split())


def _key(word: str) -> str:
    return word.lower().replace(".", "").strip("'’,:")


@cache
def _tables() -> dict[str, frozenset[str]]:
    data = json.loads(files("pagefacts").joinpath("resources/en/bylines.json").read_text(encoding="utf-8"))
    return {name: frozenset(word.lower() for word in words) for name, words in data.items() if not name.startswith("_")}
