"""The victims that stand after an active verb or a noun of action: "killed *two officers, a nurse and 12 others*"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pagefacts.facts.casualties.clause import Clause, Node, Phrase
from pagefacts.facts.casualties.lexicon import Frame, noun
from pagefacts.facts.casualties.words import (
    BE,
    CONJUNCTIONS,
    DASHES,
    DETERMINERS,
    ENDS_NOUN_PHRASE,
    HAVE,
    MODALS,
    RELATIVES,
    REPORTING,
    SKIPPED,
    TIME_WORDS,
    VERBS,
    is_adverb,
)

_LONGEST_LIST: Final = 45  # nodes
_BEFORE: Final = frozenset({Frame.VERB, Frame.SUBJECT, Frame.ADJECTIVE, Frame.COUNTED})
_ALONG_WITH: Final = frozenset({"as", "well", "along", "together", "with"})


def is_active(clause: Clause, index: int) -> bool:
    """Return whether the "-ed" form at ``index`` is a past tense with an object, not a passive participle."""
    if clause.lower(clause.skip_adverbs(index - 1, -1)) in BE:
        return False
    after = clause.skip_adverbs(index + 1, 1)
    while clause.lower(after) in DETERMINERS and clause.starting(after) is None:
        after += 1
    phrase = clause.starting(after)
    if phrase is not None:
        return not _has_own_effect(clause, phrase)
    node = clause.node(after)
    if node is None or node.kind not in {"word", "name"}:
        return False
    return node.kind == "name" or (node.lower not in ENDS_NOUN_PHRASE | TIME_WORDS and not node.lower.endswith("ing"))


def victims_after(clause: Clause, index: int) -> Iterator[Phrase]:
    """Yield the counted phrases of the list that the effect at ``index`` governs."""
    position, found = index + 1, False
    is_noun = clause.nodes[index].frame is Frame.OF  # "the murder of *Jane Roe* shocked ..."
    while position < min(len(clause.nodes), index + _LONGEST_LIST):
        phrase = clause.covering.get(position)
        if phrase is None:
            if not _continues(clause, position, clause.nodes[position], found=found):
                return
            position += 1
            continue
        if phrase.first != position or (_has_own_effect(clause, phrase) and (found or not is_noun)):
            return
        if phrase.part:
            position = _after_remark(clause, phrase)
            continue
        if found and _is_aside(clause, phrase):
            return
        dashed = not found and clause.lower(phrase.first - 1) in DASHES
        if _is_agent(clause, phrase) or (dashed and not phrase.counted):
            return
        if phrase.named and not is_noun and _acts(clause, phrase.last):
            return
        if not clause.renames(phrase):
            yield phrase
        position, found = phrase.last, True


def _continues(clause: Clause, position: int, node: Node, *, found: bool) -> bool:
    """Whether a list of victims goes on over a node that counts nobody."""
    if node.kind == "cue":  # "killing or wounding 12", "murdered and dismembered six"
        return not found and clause.lower(position - 1) in {"and", "or"} and clause.lower(position + 1) != ","
    if node.kind == "sign":
        return _crosses(clause, position, found=found)
    if node.lower in CONJUNCTIONS:
        return node.lower != "but" and not _verb_follows(clause, position)
    if node.lower in {"of", "including", "among", "them"}:
        return True
    if node.lower in _ALONG_WITH:  # "as well as", "along with"
        return not {clause.lower(position - 1), clause.lower(position + 1)}.isdisjoint({"well", "along", "together"})
    return node.lower in DETERMINERS or is_adverb(node.lower) or node.lower not in ENDS_NOUN_PHRASE


def _crosses(clause: Clause, position: int, *, found: bool) -> bool:
    """Whether a list goes on over a sign: "the priests -- *five Turks*"; not "the murder, *the official* said"."""
    sign = clause.lower(position)
    if sign == "," and clause.nodes[position - 1].kind == "cue":
        return False
    return sign in {",", "[", "(", "&", "'", "’"} or (not found and sign in DASHES)


def _verb_follows(clause: Clause, position: int) -> bool:
    """Whether a verb follows a conjunction: "killed three people *and stole* 20 cars"."""
    place = clause.skip_adverbs(position + 1, 1)
    word = clause.lower(place)
    if clause.covering.get(place) is not None:
        return False
    return word.endswith(("ed", "ing")) and noun(word) is None


def _is_agent(clause: Clause, phrase: Phrase) -> bool:
    """Whether a bare number did it: "one group killed the priests and *another that killed* two maids"."""
    if phrase.words is not None or clause.lower(phrase.last) not in RELATIVES | {"that"}:
        return False
    verb = clause.node(phrase.last + 1)
    if verb is None:
        return False
    if verb.frame is None:
        return clause.lower(phrase.last) == "that" and (verb.lower in VERBS or verb.lower.endswith("ed"))
    return is_active(clause, phrase.last + 1)


def _acts(clause: Clause, position: int) -> bool:
    """Whether a verb follows a name, which then is the subject of a new clause: "and *Doe fled*"."""
    node = clause.node(clause.skip_adverbs(position, 1))
    if node is None or node.kind != "word":
        return False
    return node.lower in VERBS | REPORTING | BE | HAVE | MODALS or node.lower.endswith("ed")


def _is_aside(clause: Clause, phrase: Phrase) -> bool:
    """Whether a phrase after a comma is an apposition or a new subject: "arrested two men, *an official* said"."""
    if clause.lower(clause.outside(phrase)) != ",":
        return False
    if clause.lower(phrase.last) in REPORTING | BE | HAVE:
        return True
    if clause.headline:  # a comma stands for "and"
        return False
    return clause.words(phrase.last, phrase.last + 12).isdisjoint({"and", "or", "&"})


def _after_remark(clause: Clause, phrase: Phrase) -> int:
    """Return where a list goes on after a remark: "six priests, *five of whom were foreigners,* and two women"."""
    for position in range(phrase.last, min(len(clause.nodes), phrase.last + 10)):
        if clause.lower(position) == "," and clause.lower(position + 1) in {"and", "or"}:
            return position
    return phrase.last


def _has_own_effect(clause: Clause, phrase: Phrase) -> bool:
    """Whether an effect right behind a phrase claims it: "killed 12 and *30 were wounded*"."""
    position = phrase.last
    while (node := clause.node(position)) is not None:
        if node.frame is not None:
            if node.frame not in _BEFORE or (node.frame is Frame.COUNTED and position > phrase.last):
                return False
            governs = clause.covering.get(clause.skip_adverbs(position + 1, 1)) is not None
            return node.frame is not Frame.VERB or not governs
        if node.kind != "word" or node.lower in RELATIVES or not (node.lower in SKIPPED or is_adverb(node.lower)):
            return False
        position += 1
    return False
