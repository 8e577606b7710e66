"""The status of a figure: which words around its verb and its number decide it."""

from __future__ import annotations

from typing import Final

from pagefacts.contracts import Source, Status
from pagefacts.facts.casualties.clause import Clause
from pagefacts.facts.casualties.lexicon import Frame
from pagefacts.facts.casualties.linking import Link
from pagefacts.facts.casualties.words import BE, DETERMINERS, HAVE, PREPOSITIONS
from pagefacts.facts.context import Reading, attribution, bare_infinitive, modality, prospect

_BEFORE_VERB: Final = 5  # words of a verb group
_BEFORE_VICTIMS: Final = 4
_NO_VERB_GROUP: Final = (PREPOSITIONS | DETERMINERS) - {"of", "to", "about", "at"}


def read_standing(text: str, span: tuple[int, int], found: Link, clause: Clause, source: Source | None) -> Reading:
    """Return the status of a figure of the sentence ``text[slice(*span)]`` and the words that decide it."""
    figure = found.phrase.figure
    if figure.high == 0:
        return Reading(Status.NEGATED, text[figure.start : figure.end])
    reading = _modality(text, span[0], found, clause)
    if reading.status is not Status.REPORTED:
        return reading
    cue, last = clause.nodes[found.cue], clause.nodes[found.phrase.last - 1]
    start, end = min(cue.start, figure.start), max(cue.end, last.end)
    presupposed = found.rule.frame is Frame.OF
    return attribution(text[slice(*span)], (start - span[0], end - span[0]), source, presupposed=presupposed)


def _modality(text: str, start: int, found: Link, clause: Clause) -> Reading:
    before_verb = _before_verb(text, found, clause)
    before_in_clause = _before_in_clause(text, start, found, clause)
    reading = modality(before_verb, before_in_clause)
    if reading.status is Status.REPORTED and found.phrase.first < found.cue and not _has_auxiliary(found, clause):
        reading = modality(_before_victims(text, found, clause), "")
    if reading.status is Status.REPORTED and found.rule.frame is Frame.OF:
        return prospect(text[start : clause.nodes[found.cue].start])
    if reading.status is Status.REPORTED and found.rule.frame is Frame.ACTIVE:
        reading = bare_infinitive(before_verb, before_in_clause)
    return reading


def _before_verb(text: str, found: Link, clause: Clause) -> str:
    """Return the words of the verb group before the effect, not crossing a number, effect or sign."""
    first = found.cue
    while found.cue - first < _BEFORE_VERB and _in_verb_group(clause, first - 1):
        if found.phrase.first <= first - 1 < found.phrase.last:
            break
        first -= 1
    last = found.phrase.first if found.rule.frame is Frame.TOLL else found.cue  # "the toll could rise to 100"
    return text[clause.nodes[first].start : clause.nodes[last].start]


def _before_victims(text: str, found: Link, clause: Clause) -> str:
    """Return the words before the victims: "*could leave* 12 dead"."""
    first = found.phrase.first
    while found.phrase.first - first < _BEFORE_VICTIMS and _in_verb_group(clause, first - 1):
        if clause.lower(first - 1) == "that":
            break
        first -= 1
    return text[clause.nodes[first].start : clause.nodes[found.phrase.first].start]


def _in_verb_group(clause: Clause, position: int) -> bool:
    node = clause.node(position)
    return node is not None and node.kind == "word" and node.lower not in _NO_VERB_GROUP


def _before_in_clause(text: str, start: int, found: Link, clause: Clause) -> str:
    """Return what stands before a finite verb in its clause; nothing for nouns of action and "-ing" forms."""
    verb = clause.nodes[found.cue]
    if found.rule.frame is Frame.OF or verb.lower.endswith("ing"):
        return ""
    first = max(text.rfind(sign, start, verb.start) for sign in (",", ";", ":"))
    return text[max(first, start) : verb.start]


def _has_auxiliary(found: Link, clause: Clause) -> bool:
    """Whether the effect has a verb of its own after the victims: "12 people *were* killed"."""
    between = clause.words(found.phrase.last, found.cue)
    return found.rule.frame is Frame.SUBJECT or not between.isdisjoint(BE | HAVE)
