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
    PRONOUNS,
    RELATIVES,
    REPORTING,
    SKIPPED,
    SUBORDINATORS,
    VERBS,
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
    position = _before_coordinates(clause, clause.verb_start(index))
    if clause.nodes[index].frame is Frame.ADJECTIVE and position == index - 1 and not _predicates(clause, position):
        return None
    if clause.lower(position) == ",":
        position = _before_remark(clause, position)
    while position >= max(0, index - _FARTHEST):
        phrase = clause.covering.get(position)
        if phrase is not None:
            if phrase.figure.high == 0:  # "no group claimed the attack that killed ..."
                return None
            if clause.may_suffer(phrase, index) and not clause.in_adjunct(phrase):
                return phrase if _governs(clause, phrase, index) else None
            position = phrase.first - 1
        elif clause.nodes[position].kind == "cue" or clause.lower(position) in _STOPS:
            return _conjoined(clause, position, index)
        else:
            position = _before_remark(clause, position) if clause.lower(position) == ")" else position - 1
    return None


def _before_coordinates(clause: Clause, position: int) -> int:
    """Return the node before the verbs that share a subject: "two men *were ambushed, robbed and* killed"."""
    start = position
    while clause.lower(start) in {",", "and"} and _is_participle(clause, start - 1):
        start = clause.verb_start(start - 1)
    return start if clause.words(start + 1, position) & (BE | HAVE) else position


def _is_participle(clause: Clause, position: int) -> bool:
    node = clause.node(position)
    return node is not None and (node.frame is Frame.VERB or (node.kind == "word" and node.lower.endswith("ed")))


def _predicates(clause: Clause, position: int) -> bool:
    """Whether an adjective without an auxiliary is still a predicate: "who *went* missing"; a remark may precede."""
    return clause.lower(position) in {"went", "go", "goes", "going", "gone", ",", ")"}


def _governs(clause: Clause, phrase: Phrase, index: int) -> bool:
    """Whether a distant subject is the verb's: not where "one of those killed was ..." or "Doe said he was hurt"."""
    between = clause.words(phrase.last, index)
    if phrase.named:
        return between.isdisjoint(PRONOUNS | REPORTING | VERBS)
    return not (phrase.definite and phrase.counted and _directly_before(clause, phrase.last, index))


def siblings(clause: Clause, phrase: Phrase) -> Iterator[Phrase]:
    """Yield the phrases that a list joins to ``phrase`` on its left: "*four soldiers*, and three civilians"."""
    while True:
        position = clause.outside(phrase)
        if clause.lower(position) not in _SEPARATORS:
            return
        right = position
        while clause.lower(position) in _SEPARATORS:
            position -= 1
        sibling = clause.ending.get(position + 1) or _remarked(clause, position)
        if sibling is None or clause.in_adjunct(sibling):
            return
        # "shelling of Doetown, one civilian killed": a name that is no person's
        if sibling.named and not phrase.named and clause.words(position + 1, right + 1) == {","}:
            return
        if not clause.renames(sibling):
            yield sibling
        phrase = sibling


def _meant(clause: Clause, phrase: Phrase, position: int, index: int) -> Phrase | None:
    """Return who is meant before an effect: in "two of the 12 people killed", those killed are the 12."""
    frame, between = clause.nodes[index].frame, clause.words(position, index)
    # "including nine wounded": a part with an effect of its own
    bare = phrase.words is None and position == index and frame in {Frame.VERB, Frame.ADJECTIVE}
    predicate = frame is Frame.SUBJECT or bool(between & (BE | HAVE))
    if predicate and not phrase.counted and not between & RELATIVES and clause.in_adjunct(phrase) and not phrase.part:
        return None  # not the mayor in "an aide of the mayor was killed"
    if not clause.may_suffer(phrase, index) or (phrase.part and not phrase.anaphoric and not bare):
        return None
    reduced = between & RELATIVES or (frame is Frame.VERB and not between & (BE | HAVE))
    if not (phrase.counted and phrase.definite and reduced):
        return phrase
    return None if phrase.whole is None else replace(phrase, figure=phrase.whole, whole=None, definite=False)


def _directly_before(clause: Clause, position: int, index: int) -> bool:
    """Whether a participle or relative clause modifies what ends at ``position``: "one of those [who were] killed"."""
    words = clause.words(position, index)
    return clause.nodes[index].frame is Frame.VERB and (not words or bool(words & RELATIVES)) and words <= SKIPPED


def _before_remark(clause: Clause, position: int) -> int:
    """Return the node before the remark that ends at ``position``: "Three others, *two of them boys,* were"."""
    opening = _OPENING[clause.lower(position)]
    for start in range(position - 1, max(-1, position - _LONGEST_REMARK), -1):
        if clause.lower(start) == opening:
            aged = (
                clause.lower(start - 1).isdigit() and clause.lower(start - 2) == ","
            )  # "Jane Roe, *45*, a lawyer, ..."
            return start - 3 if aged else start - 1
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
        if clause.lower(place) == "," and clause.lower(place + 1).isdigit():  # "John Doe, *45*, and Jane Roe"
            return clause.ending.get(place)
        if clause.nodes[place].kind != "word" or clause.lower(place) in BE | HAVE:
            return None
    return None
