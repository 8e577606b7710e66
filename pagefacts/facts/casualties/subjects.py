"""The victims that stand before what happened to them: "*12 people*, including a child, *were* reported *killed*"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pagefacts.facts.casualties.clause import Clause, Phrase
from pagefacts.facts.casualties.lexicon import Frame
from pagefacts.facts.casualties.words import (
    BE,
    ENDS_NOUN_PHRASE,
    HAVE,
    RELATIVES,
    SKIPPED,
    SUBORDINATORS,
    is_adverb,
)

_FARTHEST: Final = 30  # nodes between a verb and its subject
_LONGEST_REMARK: Final = 20  # nodes between two commas
_OPENING: Final = {",": ",", ")": "("}
_SEPARATORS: Final = frozenset({",", "and", "or", "&", "plus"})
_STOPS: Final = frozenset({*SUBORDINATORS, "and", "or", "but", ",", ";", ":", "--", "—", "–", "."})


def adjacent_subject(clause: Clause, index: int) -> Phrase | None:
    """Return the phrase right before an effect, with nothing but auxiliaries and adverbs between."""
    position = index
    while True:
        phrase = clause.ending.get(position)
        if phrase is not None:
            return _meant(clause, phrase, position, index)
        node = clause.node(position - 1)
        if node is None or node.kind != "word" or not (node.lower in SKIPPED or is_adverb(node.lower)):
            return None
        position -= 1


def distant_subject(clause: Clause, index: int) -> Phrase | None:
    """Return the subject of a verb that further words part from it."""
    position = clause.verb_start(index)
    if clause.lower(position) == ",":
        position = _before_remark(clause, position)
    while position >= max(0, index - _FARTHEST):
        phrase = clause.covering.get(position)
        if phrase is not None:
            if phrase.figure.high == 0:  # "no group claimed the attack that killed ..."
                return None
            if clause.may_suffer(phrase, index) and not clause.in_adjunct(phrase):
                return phrase
            position = phrase.first - 1
        elif clause.nodes[position].kind == "cue" or clause.lower(position) in _STOPS:
            return _conjoined(clause, position, index)
        else:
            position = _before_remark(clause, position) if clause.lower(position) == ")" else position - 1
    return None


def siblings(clause: Clause, phrase: Phrase) -> Iterator[Phrase]:
    """Yield the phrases that a list joins to ``phrase`` on its left: "*four soldiers*, and three civilians"."""
    while True:
        position = clause.outside(phrase)
        if clause.lower(position) not in _SEPARATORS:
            return
        while clause.lower(position) in _SEPARATORS:
            position -= 1
        sibling = clause.ending.get(position + 1) or _remarked(clause, position)
        if sibling is None or clause.in_adjunct(sibling):
            return
        yield sibling
        phrase = sibling


def _meant(clause: Clause, phrase: Phrase, position: int, index: int) -> Phrase | None:
    """Return who is meant before an effect: in "two of the 12 people killed", those killed are the 12."""
    frame, between = clause.nodes[index].frame, clause.words(position, index)
    # "including nine wounded": a part with an effect of its own
    bare = phrase.words is None and position == index and frame in {Frame.VERB, Frame.ADJECTIVE}
    if not clause.may_suffer(phrase, index) or (phrase.part and not phrase.anaphoric and not bare):
        return None
    reduced = between & RELATIVES or (frame is Frame.VERB and not between & (BE | HAVE))
    if not (phrase.counted and phrase.definite and reduced):
        return phrase
    return None if phrase.whole is None else replace(phrase, figure=phrase.whole, whole=None, definite=False)


def _before_remark(clause: Clause, position: int) -> int:
    """Return the node before the remark that ends at ``position``: "Three others, *two of them boys,* were"."""
    opening = _OPENING[clause.lower(position)]
    for start in range(position - 1, max(-1, position - _LONGEST_REMARK), -1):
        if clause.lower(start) == opening:
            return start - 1
    return position - 1


def _conjoined(clause: Clause, position: int, index: int) -> Phrase | None:
    """Return the counted half of "*80,000 Tutsis* and moderate Hutus were killed"."""
    phrase, verb = clause.ending.get(position), clause.verb_start(index)
    if phrase is None or clause.lower(position) != "and" or not 0 < verb - position <= 3:
        return None
    words = clause.words(position + 1, verb + 1)
    plain = words.isdisjoint(ENDS_NOUN_PHRASE) and not any(word.endswith("ed") for word in words)
    return phrase if plain and clause.may_suffer(phrase, index) and not clause.in_adjunct(phrase) else None


def _remarked(clause: Clause, position: int) -> Phrase | None:
    """Return the phrase before a remark on it: "*six nurses*, three of them foreigners, and two drivers"."""
    for place in range(position, max(0, position - 10), -1):
        phrase = clause.covering.get(place)
        if phrase is not None:
            return clause.ending.get(phrase.first - 1) if phrase.part else None
        if clause.nodes[place].kind != "word" or clause.lower(place) in BE | HAVE:
            return None
    return None
