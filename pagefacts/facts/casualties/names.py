"""Which names of an article are those of people who may be victims, and when a name's death is news of violence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pagefacts.contracts import Entity, Label

_LONGEST: Final = 60  # code points; a longer name is none
_NAME = re.compile(r"[^\W\d_a-z][^\d\n,;:()\[\]]*")
_POSSESSIVE: Final = ("'s", "’s")

# Effects that old age and illness have as well as violence. Many people are hit at once by disasters alone, but one
# person's death is a casualty only where a violent or accidental cause stands beside it.
_NATURAL: Final = frozenset({"killed-subject", "killed-adjective", "killed-lost-lives", "killed-deaths"})
_IN_HOSPITAL: Final = frozenset({"injured-hospital", "injured-condition"})
_CAUSE = re.compile(
    r"""\b(?:attack\w*|ambush\w*|shoot\w*|shots?|gun\w*|bullet\w*|bomb\w*|blast\w*|explo\w+|detonat\w+|grenade\w*
      |mine|missile\w*|rocket\w*|shell\w*|mortar\w*|(?:air)?strikes?|air\ raids?|raid\w*|battle\w*|clash\w*
      |fighting|combat|war|violence|unrest|riot\w*|protest\w*|crackdown|kill\w*|murder\w*|assassin\w*|execut\w+|behead\w*|massacre\w*|slain
      |tortur\w+|stab\w*|knif\w+|beat\w*|strangl\w+|poison\w*|crash\w*|collision|collid\w+|accident\w*|derail\w*
      |collaps\w+|capsiz\w+|sank|drown\w*|fire|blaze|burn\w*|smoke|flood\w*|quake|earthquake|tsunami|storm|hurricane
      |cyclone|typhoon|tornado|avalanche|landslide\w*|mudslide\w*|wound\w*|injur\w+|hit|struck|trapped|crush\w*
      |tramp\w+|stampede|electrocut\w+|fell|fall|hostage\w*|kidnap\w*|captiv\w+|custody)\b""",
    re.IGNORECASE | re.VERBOSE,
)


_ILLNESS = re.compile(
    r"\b(?:cancer|heart (?:attack|failure|disease|condition)|stroke|natural causes|illness|pneumonia|fever|influenza"
    r"|covid\S*|leuka?emia|tumou?r|diabetes|alzheimer\w*|old age|in (?:his|her) sleep)\b",
    re.IGNORECASE,
)
_AT_AGE = re.compile(r"\bat (?:the )?age(?: of)? \w|\baged \d", re.IGNORECASE)


def person_names(text: str, entities: Sequence[Entity]) -> list[tuple[int, int]]:
    """Return where ``text`` names people, in order: those names that are oftener tagged PERSON in it than otherwise.

    The possessive "'s" belongs to the name.
    """
    labels = Counter((entity.text, entity.label is Label.PERSON) for entity in entities)
    spans = [
        (entity.start, _end(text, entity.end))
        for entity in entities
        if entity.label is Label.PERSON
        and labels[entity.text, True] > labels[entity.text, False]
        and len(entity.text) <= _LONGEST
        and _NAME.fullmatch(entity.text)
        and not entity.text.isupper()  # an acronym
    ]
    return sorted(spans)


def by_violence(rule: str, cue: str, sentence: str, *, named: bool) -> bool:
    """Whether one person's death is a casualty.

    "Died" and "the death of" are none of illness; of somebody named or of a stated age they need a cause beside them.
    """
    if rule in _IN_HOSPITAL or cue.startswith("hospital"):
        return not _ILLNESS.search(sentence)
    if rule not in _NATURAL and not cue.startswith("death"):
        return True
    if _ILLNESS.search(sentence):
        return False
    return _CAUSE.search(sentence) is not None or not (named or _AT_AGE.search(sentence))


def _end(text: str, end: int) -> int:
    return end + 2 if text[end : end + 2] in _POSSESSIVE else end
