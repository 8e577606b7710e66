"""The words that casualty reports are made of: effects and counted nouns, read from ``resources/en``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Final

from pagefacts.contracts import Effect, Group, Term
from pagefacts.tables import rows

# A rule that needs combatants takes victims of these groups.
COMBATANTS: Final = frozenset({Group.MILITARY, Group.POLICE, Group.REBEL})


class Frame(StrEnum):
    """Where the victims stand beside the words for the effect; see the head of ``casualties_effects.tsv``."""

    VERB = "verb"
    ACTIVE = "active"
    SUBJECT = "subject"
    ADJECTIVE = "adjective"
    COUNTED = "counted"
    OF = "of"
    TOLL = "toll"
    AMONG = "among"


class NounClass(StrEnum):
    """What a noun counts."""

    PERSON = "person"
    HOUSEHOLD = "household"
    DWELLING = "dwelling"
    THING = "thing"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of ``casualties_effects.tsv``."""

    id: str
    frame: Frame
    effect: Effect
    term: Term | None
    needs: str | None
    requires: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Noun:
    """What the lexicon knows of a noun."""

    kind: NounClass
    group: Group | None
    plural: bool


@cache
def _effects() -> tuple[re.Pattern[str], dict[str, Rule]]:
    rules, patterns = {}, []
    for number, (name, frame, effect, term, needs, requires, pattern) in enumerate(rows("casualties_effects.tsv")):
        rules[f"r{number}"] = Rule(
            id=name,
            frame=Frame(frame),
            effect=Effect(effect),
            term=None if term == "-" else Term(term),
            needs=None if needs == "-" else needs,
            requires=None if requires == "-" else re.compile(requires, re.IGNORECASE),
        )
        patterns.append(f"(?P<r{number}>{pattern})")
    return re.compile(rf"(?<!\w)(?<!\w-)(?=\w)(?:{'|'.join(patterns)})(?!\w|-\w)", re.IGNORECASE), rules


def effects(text: str) -> list[tuple[int, int, Rule]]:
    """Return ``(start, end, rule)`` of every wording of an effect in ``text``, in order and without overlaps."""
    pattern, rules = _effects()
    return [(match.start(), match.end(), rules[match.lastgroup or ""]) for match in pattern.finditer(text)]


@cache
def _nouns() -> dict[str, tuple[NounClass, Group | None]]:
    known: dict[str, tuple[NounClass, Group | None]] = {}
    for kind, group, words in rows("casualties_nouns.tsv"):
        for word in words.split():
            known.setdefault(word, (NounClass(kind), None if group == "-" else Group(group)))
    return known


# Endings of nouns for people by what they do or where they are from; a plural may follow.
_PERSON_ENDINGS: Final = ("man", "woman", "men", "women", "people", "ist", "ian", "worker")
_IRREGULAR: Final = {
    "people": "person",
    "children": "child",
    "wives": "wife",
    "policemen": "policeman",
    "lives": "life",
    "thieves": "thief",
}


def _singulars(word: str) -> tuple[str, ...]:
    if word in _IRREGULAR:
        return (_IRREGULAR[word],)
    if word.endswith("men"):
        return (word[:-2] + "an",)
    if word.endswith("children"):
        return (word[:-3],)
    return tuple(
        word.removesuffix(ending) + single
        for ending, single in (("ies", "y"), ("ves", "fe"), ("es", ""), ("s", ""))
        if word.endswith(ending) and not word.endswith("ss")
    )


@lru_cache(maxsize=8192)
def noun(word: str) -> Noun | None:
    """Return what the lexicon knows of ``word`` (in lower case, singular or plural); None where it knows nothing."""
    known = _nouns()
    word = word.removesuffix("'s").removesuffix("’s")
    if word in known:
        return Noun(*known[word], plural=word in _COLLECTIVES)
    for single in _singulars(word):
        if single in known:
            return Noun(*known[single], plural=True)
    last = word.rpartition("-")[2]
    if last != word:
        return noun(last)
    if word.removesuffix("s").endswith(_PERSON_ENDINGS) and len(word) > 4:
        return Noun(NounClass.PERSON, None, plural=word.endswith(("s", "men", "people")))
    return None


# Singular in form, plural in number: no single victim.
_COLLECTIVES: Final = frozenset(
    {"police", "people", "staff", "militia", "elderly", "townspeople", "couple", "servicemen"}
)
