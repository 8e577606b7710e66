"""A sentence as a row of numbers, effects, words and signs, with its counted phrases, and ways to walk along it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from pagefacts.contracts import Effect, Group, Unit
from pagefacts.facts.casualties.figures import Figure
from pagefacts.facts.casualties.lexicon import COMBATANTS, Frame, NounClass, Rule
from pagefacts.facts.casualties.words import (
    ARTICLES,
    BE,
    DETERMINERS,
    HAVE,
    MODALS,
    PREPOSITIONS,
    SKIPPED,
    SUBORDINATORS,
    is_adverb,
    word_set,
)

_THINGS: Final = frozenset({NounClass.THING, NounClass.MEASURE})
_UNITS: Final = {NounClass.HOUSEHOLD: Unit.HOUSEHOLDS, NounClass.DWELLING: Unit.DWELLINGS}
_CASE_MARKERS: Final = PREPOSITIONS - SUBORDINATORS  # "after a man was killed" opens a clause
_SHARES: Final = word_set("first second third last rest half most majority some part none")


@dataclass(slots=True)
class Node:
    """One number, wording of an effect, person's name, word or sign of a sentence."""

    start: int
    end: int
    lower: str
    kind: Literal["figure", "cue", "name", "word", "sign"]
    figure: Figure | None = None
    rule: Rule | None = None

    @property
    def frame(self) -> Frame | None:
        """The frame of the effect that it words, if it does."""
        return self.rule.frame if self.rule else None


@dataclass(slots=True)
class Phrase:
    """A number with what it counts: nodes ``first`` to ``last`` (exclusive)."""

    first: int
    last: int
    figure: Figure
    kind: NounClass | None = None
    """None where there is no noun or an unknown one."""
    groups: tuple[Group, ...] = ()
    words: tuple[int, int] | None = None
    """Code points of the noun phrase without its number; None where there is no noun."""
    attributes: list[int] = field(default_factory=list)
    """Nodes of effects that stand as adjectives in it: "six *murdered* priests"."""
    counted: bool = True
    """False for a single victim named without a number."""
    named: bool = False
    """Whether it is a person's name, with or without a title."""
    part: bool = False
    """Whether it is a part of a figure named before: "including 12 children", "five of them"."""
    anaphoric: bool = False
    """Whether it points back: "five *of them*"."""
    definite: bool = False
    """Whether it is a part of a known set ("two *of the* passengers"), or a known person ("*the* driver")."""
    whole: Figure | None = None
    """The number of the known set: 189 in "two of the 189 passengers"."""

    @property
    def unit(self) -> Unit:
        """What it counts."""
        return _UNITS.get(self.kind, Unit.PERSONS) if self.kind else Unit.PERSONS

    def counts_victims(self, rule: Rule) -> bool:
        """Whether what it counts can suffer the effect of ``rule``."""
        if self.kind in _THINGS or (self.figure.high == 0 and not self._nobody(rule)):
            return False
        if rule.effect is Effect.DISPLACED:
            if not self.counted:  # one person on the move is no displacement
                return False
        elif self.kind is NounClass.DWELLING:
            return False
        if rule.needs == "combatant":
            return bool(COMBATANTS.intersection(self.groups))
        return rule.needs != "person" or self.kind in {NounClass.PERSON, NounClass.HOUSEHOLD}

    def _nobody(self, rule: Rule) -> bool:
        """Whether a zero says that nobody suffered: "no one", "no civilians", "no deaths"; not "no help"."""
        if self.figure.without or rule.frame is Frame.COUNTED:
            return rule.frame is Frame.COUNTED
        return self.words is None or self.kind in {NounClass.PERSON, NounClass.HOUSEHOLD, NounClass.DWELLING}


class Clause:
    """One sentence, ready for linking."""

    def __init__(self, nodes: list[Node], phrases: list[Phrase], *, headline: bool) -> None:
        """Keep the nodes and phrases of a sentence; ``headline`` says that it has no full stop."""
        self.nodes, self.phrases, self.headline = nodes, phrases, headline
        self.covering = {index: phrase for phrase in phrases for index in range(phrase.first, phrase.last)}
        """The phrase that each node belongs to."""
        self.ending = {phrase.last: phrase for phrase in phrases}
        """The phrase that ends right before a node."""

    def node(self, position: int) -> Node | None:
        """Return a node, or None outside of the sentence."""
        return self.nodes[position] if 0 <= position < len(self.nodes) else None

    def lower(self, position: int) -> str:
        """Return a node's words in lower case, or "" outside of the sentence."""
        return self.nodes[position].lower if 0 <= position < len(self.nodes) else ""

    def words(self, first: int, last: int) -> set[str]:
        """Return the words of nodes ``first`` to ``last`` (exclusive) in lower case."""
        return {node.lower for node in self.nodes[max(first, 0) : max(last, 0)]}

    def starting(self, position: int) -> Phrase | None:
        """Return the phrase whose first node this is."""
        phrase = self.covering.get(position)
        return phrase if phrase is not None and phrase.first == position else None

    def skip_adverbs(self, position: int, step: int) -> int:
        """Return the first position from ``position`` on, forwards or backwards, that is no adverb."""
        while (node := self.node(position)) is not None and node.kind == "word" and is_adverb(node.lower):
            position += step
        return position

    def verb_start(self, index: int) -> int:
        """Return the node before the auxiliaries and adverbs of the verb at ``index``."""
        position = index - 1
        while (node := self.node(position)) is not None and node.kind == "word":
            if not (node.lower in BE | HAVE | MODALS or node.lower in SKIPPED or is_adverb(node.lower)):
                break
            position -= 1
        return position

    def outside(self, phrase: Phrase) -> int:
        """Return the node before a phrase and its determiner: "a woman *and* her two children"."""
        position = phrase.first - 1
        while self.lower(position) in DETERMINERS or self.lower(position) == "other":
            position -= 1
        return position

    def renames(self, phrase: Phrase) -> bool:
        """Whether a phrase says anew who was told of before it: "the mayor, *Jane Roe*", "Jane Roe, 45, *a lawyer*"."""
        joint = phrase.first - 1
        before = self.ending.get(joint) or self._aged(joint)
        if before is None or before.named == phrase.named:
            # "two guards, John Doe and *Jim Roe*"
            listed = before is not None and phrase.named and before.first > 1 and self.lower(joint) in {",", "and"}
            return listed and before is not None and before.named and self.renames(before)
        if self.lower(joint) != "," or not (phrase.named or self.lower(phrase.first) in ARTICLES | {"the"}):
            return False
        return phrase.named or not phrase.counted

    def _aged(self, joint: int) -> Phrase | None:
        """Return the person whose age stands before ``joint``: "Jane Roe, *45*, a lawyer"."""
        age = self.lower(joint - 1).isdigit() and self.lower(joint - 2) == ","
        return self.ending.get(joint - 2) if age else None

    def in_adjunct(self, phrase: Phrase) -> bool:
        """Whether a phrase depends on a preposition and so is no subject: "*in* three attacks", "*by* 12 gunmen"."""
        outside = self.outside(phrase)
        if self.lower(outside) == "of":
            return not phrase.counted or self.covering.get(outside - 1) is not None
        return self.lower(outside) in _CASE_MARKERS or phrase.part

    def may_suffer(self, phrase: Phrase, index: int) -> bool:
        """Whether a phrase can be the subject of the effect at ``index``."""
        rule = self.nodes[index].rule
        if rule is None:
            return False
        outside = self.outside(phrase)
        if self.lower(outside) == "of" and self.lower(outside - 1) in _SHARES:  # "the first of three victims died"
            return False
        return phrase.counts_victims(rule)
