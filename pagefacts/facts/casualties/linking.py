"""Which number goes with which effect, inside one sentence: by voice, order, coordination and ellipsis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pagefacts.contracts import Qualifier
from pagefacts.facts.casualties.clause import Clause, Phrase
from pagefacts.facts.casualties.lexicon import Frame, NounClass, Rule
from pagefacts.facts.casualties.objects import is_active, victims_after
from pagefacts.facts.casualties.subjects import adjacent_subject, distant_subject, siblings
from pagefacts.facts.casualties.words import BE, DASHES, ENDS_NOUN_PHRASE, RELATIVES, word_set

_FARTHEST: Final = 25  # nodes between "toll" and its number, or a verb and "along with two others"
_SEPARATORS: Final = frozenset({",", "and", "or", "&", "plus"})
_BEFORE_TOTAL: Final = word_set("to at of reached reaches hit hits is was stands stood now currently : as past tops")
_TOLL_VERBS: Final = word_set("rose rises rising risen reached climbed climbs jumped stood stands increased grew")
_AFTER_GAP: Final = word_set("in at near on by from outside during across around")
_NO_GAP: Final = frozenset({"need", "total", "all", "addition"})
_INTRODUCES: Final = frozenset({":", "--", "—", "–"})
_BREAKS: Final = _INTRODUCES | DASHES | {",", ";"}
_THINGS: Final = frozenset({NounClass.THING, NounClass.MEASURE})


@dataclass(slots=True)
class Link:
    """A counted phrase and what happened to its people."""

    phrase: Phrase
    cue: int
    rule: Rule
    how: str
    """The step that made it: adjacent, subject, object, list, toll, gapped, part."""
    previous: int | None = None
    """The total that a rising toll rose from."""
    whole: Phrase | None = None
    """The phrase that includes it."""


def link(clause: Clause) -> list[Link]:
    """Return what happened to whom in one sentence, in the order of the text."""
    linker = _Linker(clause)
    linker.effects()
    linker.gapped()
    linker.parts()
    return sorted(linker.links, key=lambda found: (found.phrase.first, found.cue))


class _Linker:
    """Collects the links of one sentence."""

    def __init__(self, clause: Clause) -> None:
        self.clause = clause
        self.links: list[Link] = []
        self._active: set[int] = set()

    # ---- one effect after the other ----------------------------------------------------------------------------------

    def effects(self) -> None:
        """Link every effect of the sentence with its victims."""
        attributes = {cue for phrase in self.clause.phrases for cue in phrase.attributes}
        for phrase in self.clause.phrases:
            for cue in phrase.attributes if not phrase.definite else ():
                self._add(phrase, cue, "adjacent")
        for index, node in enumerate(self.clause.nodes):
            if node.frame is not None and index not in attributes:
                self._effect(index, node.frame)

    def _effect(self, index: int, frame: Frame) -> None:
        match frame:
            case Frame.VERB if is_active(self.clause, index):
                self._object(index)
            case Frame.ACTIVE | Frame.OF:
                self._object(index)
            case Frame.TOLL:
                self._toll(index)
            case Frame.AMONG:
                self._among(index)
            case Frame.COUNTED:
                self._count(index)
            case _:
                self._subject(index)

    def _object(self, index: int) -> None:
        self._active.add(index)
        if self._counted_action(index):
            return
        found = list(victims_after(self.clause, index))
        for place, phrase in enumerate(found):
            self._add(phrase, index, "list" if place else "object")
        if not found and self.clause.lower(index).startswith("evacuat"):  # "households were told to evacuate"
            self._subject(index)

    def _counted_action(self, index: int) -> bool:
        """Link "*28* bodies of peasants", "*nine* killings": the noun of action is itself counted."""
        phrase, node = self.clause.ending.get(index), self.clause.nodes[index]
        if phrase is None or not phrase.counted or phrase.kind is NounClass.PERSON:
            return False
        if node.lower in {"loss of", "wounds"} or (node.frame is not Frame.OF and not node.lower.endswith("s")):
            return False
        self._add(phrase, index, "adjacent")
        return True

    def _subject(self, index: int) -> None:
        if self._has_done(index):
            return
        phrase, how = adjacent_subject(self.clause, index), "adjacent"
        if phrase is None:
            phrase, how = distant_subject(self.clause, index), "subject"
        if phrase is None:
            self._shared(index)
            return
        self._add(phrase, index, how)
        for sibling in siblings(self.clause, phrase):
            self._add(sibling, index, "list")

    def _has_done(self, index: int) -> bool:
        """Whether a verb tells what its subject did: "the officer *who shot* and wounded him"."""
        before = self.clause.skip_adverbs(index - 1, -1)
        return self.clause.nodes[index].frame is Frame.VERB and self.clause.lower(before) in RELATIVES

    def _shared(self, index: int) -> None:
        """Link the victims of a verb joined by "and": "12 people were kidnapped *and killed*"."""
        joint = self.clause.verb_start(index)
        partner = joint - 1
        if self.clause.lower(joint) not in {"and", "or"} or partner in self._active:
            return
        for partners in [found for found in self.links if found.cue == partner]:
            self._add(partners.phrase, index, "list")

    def _count(self, index: int) -> None:
        """Link the number before a counted noun ("12 deaths") or after it where it rises ("deaths rose to 12")."""
        for position in range(index - 1, max(-1, index - 5), -1):
            phrase = self.clause.covering.get(position)
            if phrase is not None:
                if phrase.counted:
                    self._add(phrase, index, "adjacent")
                return
            node = self.clause.nodes[position]
            if node.kind != "word" or node.lower in ENDS_NOUN_PHRASE:
                break
        if self.clause.lower(index + 1) in _TOLL_VERBS:
            self._toll(index)

    def _among(self, index: int) -> None:
        """Link "two officers are *among the dead*" or "*among the dead* are two officers"."""
        following = index + 2 if self.clause.lower(index + 1) in BE else index + 1
        phrase = self.clause.starting(following)
        if phrase is None:
            self._subject(index)
            return
        self._add(phrase, index, "object")
        for sibling in victims_after(self.clause, following - 1):
            self._add(sibling, index, "list")

    def _toll(self, index: int) -> None:
        """Link "the death toll rose *to 41* from 35"."""
        total: Phrase | None = None
        previous: int | None = None
        for position in range(index + 1, min(len(self.clause.nodes), index + _FARTHEST)):
            node = self.clause.nodes[position]
            if node.kind == "cue" or node.lower in {";", "when", "after", "while"}:
                break
            phrase = self.clause.starting(position)
            if phrase is None or not phrase.counted:
                continue
            before = self.clause.lower(position - 1)
            if before == "from":
                previous = phrase.figure.best
            elif total is None and (before in _BEFORE_TOTAL or phrase.figure.qualifier is Qualifier.MORE_THAN):
                total = phrase
        if total is not None:
            self._add(total, index, "toll", previous)

    # ---- numbers without an effect of their own ----------------------------------------------------------------------

    def gapped(self) -> None:
        """Link "and three in Cali" to the verb before it, and "along with two guards": both leave the verb out."""
        for phrase in self.clause.phrases:
            if self._linked(phrase) or phrase.part or not phrase.counted or phrase.kind in _THINGS:
                continue
            before, after = self.clause.lower(phrase.first - 1), self.clause.lower(phrase.last)
            if before == "with" and self.clause.lower(phrase.first - 2) in {"along", "together"}:
                self._accompanied(phrase)
            elif before in _SEPARATORS and after in _AFTER_GAP and self.clause.lower(phrase.last + 1) not in _NO_GAP:
                self._gap(phrase)

    def _gap(self, phrase: Phrase) -> None:
        earlier = [found for found in self.links if found.phrase.last <= phrase.first and found.cue < phrase.first]
        if not earlier:
            return
        cue = earlier[-1].cue
        if not any(node.rule for node in self.clause.nodes[cue + 1 : phrase.first]):
            self._add(phrase, cue, "gapped")

    def _accompanied(self, phrase: Phrase) -> None:
        for position in range(phrase.first - 1, max(-1, phrase.first - _FARTHEST), -1):
            frame = self.clause.nodes[position].frame
            if frame is not None:
                if frame in {Frame.VERB, Frame.SUBJECT}:
                    self._add(phrase, position, "gapped")
                return

    def parts(self) -> None:
        """Give parts ("including 12 children") their whole, and its effect where they have none of their own."""
        self._before_their_whole()
        self._breakdowns()
        before: Phrase | None = None
        for phrase in self.clause.phrases:
            listed = before is not None and self._joined(before, phrase) and not self._linked(phrase)
            before = phrase if phrase.part or listed else None
            whole = self._whole(phrase) if before is not None else None
            if whole is None:
                continue
            if not self._linked(phrase):
                self._add(phrase, whole.cue, "part")
            self._include(phrase, whole.phrase)

    def _before_their_whole(self) -> None:
        """Link "*three children* among seven killed": a part before its whole."""
        for found in list(self.links):
            joint = found.phrase.first - 1
            end = joint - 1 if self.clause.lower(joint - 1) in BE else joint
            part = self.clause.ending.get(end)
            if part is not None and self.clause.lower(joint) == "among" and _includes(found, part):
                self._add(part, found.cue, "part")
                self._include(part, found.phrase)

    def _breakdowns(self) -> None:
        """Link "13 bodies were found; *eight rebels, four soldiers and a civilian*": parts that add up to a whole."""
        for whole in list(self.links):
            items, sign = self._listed_after(whole)
            total, stated = sum(item.figure.best or 0 for item in items), whole.phrase.figure.best or 0
            if len(items) > 1 and (total == stated or (sign in _INTRODUCES and total < stated)):
                for item in items:
                    self._add(item, whole.cue, "part")
                    self._include(item, whole.phrase)

    def _listed_after(self, whole: Link) -> tuple[list[Phrase], str]:
        """Return the list without an effect of its own that follows a figure, and the sign that introduces it."""
        first = max(whole.phrase.last, whole.cue + 1)
        for position in range(first, min(len(self.clause.nodes), first + _FARTHEST)):
            sign = self.clause.lower(position)
            if self.clause.nodes[position].kind == "cue":
                break
            if sign in _BREAKS and self.clause.starting(position + 1) is not None:
                return self._list_from(position + 1, whole), sign
        return [], ""

    def _list_from(self, position: int, whole: Link) -> list[Phrase]:
        items: list[Phrase] = []
        while (phrase := self.clause.starting(position)) is not None:
            if phrase.named or any(found.phrase is phrase and found.cue != whole.cue for found in self.links):
                return []
            items.append(phrase)
            position = phrase.last
            while self.clause.lower(position) in _SEPARATORS:
                position += 1
        return items

    def _include(self, part: Phrase, whole: Phrase) -> None:
        for found in self.links:
            if found.phrase is part:
                found.whole = whole

    def _whole(self, part: Phrase) -> Link | None:
        earlier = [
            found
            for found in self.links
            if found.phrase.last <= part.first
            and found.whole is None
            and not found.phrase.part
            and _includes(found, part)
        ]
        return max(earlier, key=lambda found: found.phrase.first, default=None)

    def _joined(self, left: Phrase, right: Phrase) -> bool:
        between = self.clause.words(left.last, right.first)
        return bool(between) and between <= _SEPARATORS

    # ---- the links themselves ----------------------------------------------------------------------------------------

    def _add(self, phrase: Phrase, index: int, how: str, previous: int | None = None) -> None:
        rule = self.clause.nodes[index].rule
        if rule is None or not phrase.counts_victims(rule):
            return
        if any(found.rule.effect is rule.effect and self._same(found.phrase, phrase) for found in self.links):
            return
        self.links.append(Link(phrase, index, rule, how, previous))

    def _same(self, left: Phrase, right: Phrase) -> bool:
        if left.named and right.named:  # one person, by the last name
            return self._surname(left) == self._surname(right)
        return left.first == right.first

    def _surname(self, phrase: Phrase) -> str:
        return self.clause.lower(phrase.last - 1).rpartition(" ")[2]

    def _linked(self, phrase: Phrase) -> bool:
        return any(found.phrase.first == phrase.first for found in self.links)


def _includes(whole: Link, part: Phrase) -> bool:
    most = whole.phrase.figure.high
    return most is None or part.figure.low <= most
