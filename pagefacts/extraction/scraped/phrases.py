"""What pages in other languages than English write around articles (``resources/phrases.json``).

The phrases of all languages are looked for in every line, since pages mix them: a site in Portuguese has buttons in
English. A line is told by its words, lower-cased and joined by single blanks (its key).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

WORD: Final = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
UNSPACED: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""A letter of the scripts that part no words: Thai and Lao, kana, Chinese characters."""
_RUN_ON: Final = re.compile(rf"{UNSPACED.pattern}|[\uac00-\ud7af]")
"""The same, and hangul, whose words are often written as one."""
_TABLES: Final = ("closing", "comments", "reply", "pointer", "furniture", "sections", "notice", "caption")
_LABEL = re.compile(r"\W{0,3}([^:：=/|©]{1,30}+)(?:[:：=/|©]|$)")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of every table, of all languages, as keys."""

    tables: dict[str, frozenset[str]]
    telling: dict[str, tuple[str, ...]]
    """The notices by their longest words: those of a line need be looked for only where it has that word."""
    opening: dict[str, tuple[str, ...]]
    """The pointers by their first words, each with a blank behind it."""
    run_on: tuple[str, ...]
    """The notices that may stand within a word."""
    function: dict[str, frozenset[str]]
    """The commonest words of each language."""
    common: frozenset[str]
    """Those of all languages."""


def words_of(text: str) -> list[str]:
    """Return the words of a text, lower-cased, with straight apostrophes."""
    return [form.lower().replace("’", "'") for form in WORD.findall(text)]


@cache
def stored() -> Phrases:
    """Return the phrases of ``phrases.json``."""
    data = json.loads(files("pagefacts").joinpath("resources/phrases.json").read_text(encoding="utf-8"))
    languages = {tag: tables for tag, tables in data.items() if isinstance(tables, dict)}
    tables = {
        name: frozenset(" ".join(words_of(phrase)) for entry in languages.values() for phrase in entry.get(name, ()))
        for name in _TABLES
    }
    telling: dict[str, tuple[str, ...]] = {}
    for phrase in sorted(tables["notice"]):
        longest = max(phrase.split(), key=len)
        telling[longest] = (*telling.get(longest, ()), phrase)
    function = {tag: frozenset(entry["function"]) for tag, entry in languages.items() if "function" in entry}
    opening: dict[str, tuple[str, ...]] = {}
    for phrase in sorted(tables["pointer"]):
        first = phrase.split()[0]
        opening[first] = (*opening.get(first, ()), f"{phrase} ")
    run_on = tuple(phrase for phrase in sorted(tables["notice"]) if _RUN_ON.match(phrase))
    return Phrases(tables, telling, opening, run_on, function, frozenset().union(*function.values()))


def table(name: str) -> frozenset[str]:
    """Return the phrases of a table, of all languages."""
    return stored().tables[name]


def says(name: str, words: Sequence[str]) -> bool:
    """Return whether the words, numbers apart, are a phrase of a table."""
    return " ".join(word for word in words if not word.isdecimal()) in table(name)


def points(words: Sequence[str]) -> bool:
    """Return whether the words begin with a phrase that points to another page."""
    known = stored().opening.get(words[0]) if words else None
    return known is not None and f"{' '.join(words)} ".startswith(known)


def label_of(text: str) -> str | None:
    """Return the words of a label: of what stands before a colon or its like at the head of a text, or alone in it."""
    label = _LABEL.match(text)
    return " ".join(words_of(label[1])) if label else None


def has_notice(words: Sequence[str]) -> bool:
    """Return whether a legal or technical notice stands among the words."""
    known = stored()
    if not known.telling.keys().isdisjoint(words):
        key = " ".join(words)
        return any(phrase in key for word in words for phrase in known.telling.get(word, ()))
    if all(map(str.isascii, words)):
        return False
    return any(phrase in word for word in words if _RUN_ON.match(word) for phrase in known.run_on)


def runs(words: Sequence[str], share: float) -> bool:
    """Return whether a share of the words are common ones of one language."""
    known, least = stored(), share * len(words)
    likely = [word for word in words if word in known.common]
    if len(likely) < least:
        return False
    return any(sum(word in common for word in likely) >= least for common in known.function.values())


def common_words(words: Iterable[str], english: Set[str]) -> Set[str]:
    """Return the common words of the language that a page is likely to be in: of that of which it has the most."""
    counts = Counter(words)
    return max((english, *stored().function.values()), key=lambda common: sum(counts[word] for word in common))
