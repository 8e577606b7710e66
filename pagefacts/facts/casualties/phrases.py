"""Splits a sentence into numbers, effects, words and signs, and reads the noun phrases that are counted in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pagefacts.contracts import DateFact
from pagefacts.facts.casualties.clause import Clause, Node, Phrase
from pagefacts.facts.casualties.figures import Figure, figures, single
from pagefacts.facts.casualties.lexicon import Frame, Noun, NounClass, Rule, noun
from pagefacts.facts.casualties.words import (
    ARTICLES,
    DETERMINERS,
    ENDS_NOUN_PHRASE,
    PREPOSITIONS,
    SINGULAR_DETERMINERS,
    SKIPPED,
    TIME_WORDS,
    is_adverb,
)

Cue = tuple[int, int, Rule]
"""Where the words for an effect begin and end, and its rule."""
Span = tuple[int, int]
Demonym = Callable[[str], str | None]
"""Returns the ISO 3166-1 alpha-2 code of a demonym, or None."""

_TOKEN = re.compile(r"--+|(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’.-][^\W_]+)*|[^\w\s]|_")
_LONGEST_PHRASE: Final = 8  # words; a longer one is no noun phrase
_LONGEST_TITLE: Final = 7  # nodes
_BEFORE_TITLES: Final = frozenset(
    "former senior deputy vice chief retired acting prime late staff first top interim prominent lance army navy air "
    "force police press state us u.s british lead assistant head ex-president right-wing opposition".split()
)
_THEM: Final = frozenset({"them", "whom", "which", "us"})
_NO_SINGLE: Final = frozenset({"other", "local", "native", "national", "human", "individual", "one"})
_INCLUDING: Final = frozenset({"including", "includes", "included", "include"})


@dataclass(frozen=True, slots=True)
class Marks:
    """What is known of the words of a sentence before it is read; spans in code points of the text."""

    cues: Sequence[Cue]
    """Its effects."""
    names: Sequence[Span]
    """The people whom it names."""
    dates: Sequence[DateFact]
    """Its dates, whose numbers count nobody."""


def read_clause(text: str, span: Span, marks: Marks, demonym: Demonym) -> Clause:
    """Split the sentence ``text[slice(*span)]`` and find what is counted in it."""
    nodes = _nodes(text, span, marks)
    headline = text[span[1] - 1] not in ".!?\"”'’"
    return Clause(nodes, _Reader(text, nodes, demonym, headline=headline).phrases(), headline=headline)


def _nodes(text: str, span: Span, marks: Marks) -> list[Node]:
    marked = [Node(first, last, text[first:last].lower(), "cue", rule=rule) for first, last, rule in marks.cues]
    for figure in figures(text, span, marks.dates):
        words = text[figure.start : figure.end].lower()
        counted = figure if figure.counts else None
        marked.append(Node(figure.start, figure.end, words, "figure" if counted else "sign", figure=counted))
    # What has an effect or a number in it, or right before it, is no name: "25 Kurd rebels".
    taken = [(node.start, node.end + (node.figure is not None)) for node in marked]
    for first, last in marks.names:
        if last <= span[1] and all(last <= start or end < first for start, end in taken):
            marked.append(Node(first, last, text[first:last].lower(), "name"))
    # Of two that overlap an effect wins: "number of the dead", "taken to two hospitals".
    marked.sort(key=lambda node: (node.start, node.kind != "cue"))
    nodes: list[Node] = []
    position = span[0]
    for place, node in enumerate(marked):
        following = marked[place + 1] if place + 1 < len(marked) else None
        if node.start < position or (following and following.kind == "cue" != node.kind and following.start < node.end):
            continue
        nodes += _plain(text, position, node.start)
        nodes.append(node)
        position = node.end
    return nodes + _plain(text, position, span[1])


def _plain(text: str, start: int, end: int) -> list[Node]:
    return [
        Node(match.start(), match.end(), match[0].lower(), "word" if match[0][0].isalnum() else "sign")
        for match in _TOKEN.finditer(text, start, end)
    ]


class _Reader:
    """Reads the noun phrases of one sentence."""

    def __init__(self, text: str, nodes: list[Node], demonym: Demonym, *, headline: bool) -> None:
        self.text, self.nodes, self.demonym, self.headline = text, nodes, demonym, headline
        self._has_names = any(node.kind == "name" for node in nodes)

    def phrases(self) -> list[Phrase]:
        found: list[Phrase] = []
        index = 0
        while index < len(self.nodes):
            phrase = self._phrase(index)
            if phrase is not None:
                found.append(phrase)
            index = phrase.last if phrase is not None else index + 1
        return found

    def _phrase(self, index: int) -> Phrase | None:
        node = self.nodes[index]
        if node.figure is not None:
            return self._counted(index, node.figure)
        if node.kind in {"sign", "cue"}:
            return None
        if node.lower in SINGULAR_DETERMINERS or node.lower.endswith(("'s", "’s")):
            return self._single(index)
        if self._has_names and (named := self._named(index)) is not None:
            return named
        if node.kind == "name":
            return None
        return self._bare(index) if self.headline else None

    def _counted(self, index: int, figure: Figure) -> Phrase:
        phrase = Phrase(index, index + 1, figure)
        after = index + 1
        phrase.part = self._is_part(index)
        if self._lower(after) == "of":
            self._partitive(phrase, after + 1)
            return phrase
        if self._lower(after) in {")", "]"}:
            after += 1
        self._noun_phrase(phrase, after)
        return phrase

    def _partitive(self, phrase: Phrase, index: int) -> None:
        """Read what follows "of" in "dozens of people", "two of the 189 passengers", "five of them"."""
        word = self._lower(index)
        if word in _THEM:
            phrase.last, phrase.part, phrase.anaphoric = index + 1, True, True
            return
        if word in DETERMINERS:
            phrase.definite = True
            index += 1
        if index < len(self.nodes) and self.nodes[index].figure is not None:
            phrase.whole, phrase.definite = self.nodes[index].figure, True
            index += 1
        self._noun_phrase(phrase, index)

    def _is_part(self, index: int) -> bool:
        before = index - 1
        if self._lower(before) == "them" and self._lower(before - 1) == "among":
            return True
        return self._lower(before) in _INCLUDING

    def _noun_phrase(self, phrase: Phrase, first: int) -> None:
        """Take the words of the noun phrase from node ``first`` on into ``phrase``."""
        index = first
        while index < len(self.nodes) and index - first < _LONGEST_PHRASE and self._belongs(phrase, index):
            self._take(phrase, index)
            index += 1
        while index > first and self._joined_noun(phrase, index):
            self._take(phrase, index + 1)
            index += 2
        if index > first:
            phrase.last = index
            phrase.words = (self.nodes[first].start, self.nodes[index - 1].end)

    def _joined_noun(self, phrase: Phrase, index: int) -> bool:
        """Whether a second noun shares the number: "200 soldiers *and guerrillas*"."""
        if phrase.kind is not NounClass.PERSON or not phrase.counted or self._lower(index) not in {"and", "or"}:
            return False
        known = noun(self._lower(index + 1))
        return (
            known is not None
            and known.kind is NounClass.PERSON
            and known.plural
            and self.nodes[index + 1].kind != "cue"
        )

    def _belongs(self, phrase: Phrase, index: int) -> bool:
        node = self.nodes[index]
        if node.kind != "word":
            return self._joins(phrase, index)
        if node.lower in ENDS_NOUN_PHRASE and not self._names_country(index):
            return False
        if is_adverb(node.lower):  # "12 seriously wounded men"
            return (
                index + 1 < len(self.nodes)
                and self.nodes[index + 1].kind == "cue"
                and self._attribute(phrase, index + 1)
            )
        previous = self._lower(index - 1)
        if self._ends_with_people(previous) and noun(node.lower) is None:  # "two protesters *sparks* riots"
            return False
        if node.lower.endswith(("ed", "ing")) and noun(node.lower) is None:
            return phrase.kind is None and not previous.endswith("s") and self._noun_follows(index)
        return not (node.lower in SKIPPED and node.lower not in {"others", "people", "persons", "other", "more"})

    def _joins(self, phrase: Phrase, index: int) -> bool:
        """Whether an effect or a name is a word of the phrase."""
        if self.nodes[index].kind == "cue":
            return self._attribute(phrase, index)
        # "740,000 minority Rohingya", where the tagger errs
        return self._is_name(index) and phrase.counted and not self._ends_with_people(self._lower(index - 1))

    def _names_country(self, index: int) -> bool:
        """Whether a word that is no noun elsewhere stands for the United States."""
        node = self.nodes[index]
        if node.lower == "us":
            return self.text[node.start : node.end] == "US" and self._noun_follows(index)
        return node.lower == "states" and self._lower(index - 1) == "united"

    def _attribute(self, phrase: Phrase, index: int) -> bool:
        """Whether an effect stands as an adjective: "12 wounded soldiers", not "12 gunmen wounded soldiers"."""
        rule = self.nodes[index].rule
        if rule is None or rule.frame not in {Frame.VERB, Frame.ADJECTIVE} or phrase.kind is NounClass.PERSON:
            return False
        if rule.frame is Frame.VERB and phrase.kind is NounClass.THING:  # "the bomb *killed* ambassador Jane Roe"
            return False
        following = self._lower(index + 1)
        known = noun(following)
        if known is not None:
            # "12 missing aircraft": the number counts the things
            return known.kind is NounClass.PERSON or (known.kind is NounClass.THING and rule.frame is Frame.ADJECTIVE)
        return following.isalpha() and following.endswith("s") and following not in ENDS_NOUN_PHRASE | TIME_WORDS

    def _ends_with_people(self, word: str) -> bool:
        known = noun(word)
        return known is not None and known.kind is NounClass.PERSON and known.plural

    def _noun_follows(self, index: int) -> bool:
        following = index + 1
        if self._lower(index) == "united" and self._lower(following) == "states":
            return True
        return (
            following < len(self.nodes)
            and self.nodes[following].kind == "word"
            and self.nodes[following].lower not in ENDS_NOUN_PHRASE
            and not is_adverb(self.nodes[following].lower)
        )

    def _take(self, phrase: Phrase, index: int) -> None:
        node = self.nodes[index]
        if node.kind == "cue":
            phrase.attributes.append(index)
            return
        known = noun(f"{self._lower(index - 1)}-{node.lower}") or noun(node.lower)
        if known is None:
            if phrase.kind is not NounClass.PERSON and self.demonym(self.text[node.start : node.end]):
                phrase.kind = NounClass.PERSON
            elif phrase.kind in {NounClass.THING, NounClass.MEASURE} and node.lower.endswith("s"):
                phrase.kind = None
            return
        phrase.kind = known.kind
        if known.group is not None and known.group not in phrase.groups:
            phrase.groups = (*phrase.groups, known.group)

    def _single(self, index: int) -> Phrase | None:
        """Read one victim: "a man", "the mayor", "his wife"."""
        article = self.nodes[index]
        figure = single(article.start, article.end)
        if article.lower not in ARTICLES:
            figure = single(article.start, article.start)
        phrase = Phrase(index, index + 1, figure, counted=False)
        self._noun_phrase(phrase, index + 1)
        return self._one_person(phrase)

    def _compatriot(self, phrase: Phrase) -> Noun | None:
        """Read the demonym in "a Turk" as a noun; "the Chinese" are many."""
        head = self.nodes[phrase.last - 1]
        if self._lower(phrase.first) in ARTICLES and self.demonym(self.text[head.start : head.end]):
            return Noun(NounClass.PERSON, None, plural=False)
        return None

    def _named(self, index: int) -> Phrase | None:
        """Read one victim by name: "Jane Roe", "Ambassador Jane Roe", "Lt. Col. John Doe"."""
        name = self._after_titles(index)
        if name is None or not self._stands_alone(index, name):
            return None
        start = self.nodes[index].start
        phrase = Phrase(
            index, name + 1, single(start, start), NounClass.PERSON, counted=False, definite=True, named=True
        )
        for title in range(index, name):
            self._take(phrase, title)
        phrase.kind, phrase.words = NounClass.PERSON, (start, self.nodes[name].end)
        phrase.part = self._is_part(index)
        return phrase

    def _after_titles(self, index: int) -> int | None:
        """Return the name that only titles part from ``index``."""
        for position in range(index, min(len(self.nodes), index + _LONGEST_TITLE)):
            if self._is_name(position):
                return position
            word = self._lower(position)
            known = noun(word)
            title = known is not None and known.kind is NounClass.PERSON and not known.plural
            if not (title or word in _BEFORE_TITLES or (word == "." and position > index)):
                return None
        return None

    def _is_name(self, index: int) -> bool:
        return (
            index < len(self.nodes)
            and self.nodes[index].kind == "name"
            and not self._lower(index).endswith(("'s", "’s"))
        )

    def _stands_alone(self, first: int, name: int) -> bool:
        """Whether a name is a noun phrase by itself; not "the Doe family", "Doe supporters"."""
        if self._lower(first - 1) in SINGULAR_DETERMINERS or self._lower(first - 1) in {"'", "’", "-"}:
            return False
        after = self.nodes[name + 1] if name + 1 < len(self.nodes) else None
        if after is None or after.kind != "word":
            return after is None or after.lower not in {"-", "'", "’"}
        return noun(after.lower) is None or after.lower in ENDS_NOUN_PHRASE

    def _bare(self, index: int) -> Phrase | None:
        """Read one victim of a headline, which leaves out the article: "Gunmen kill policeman"."""
        start = self.nodes[index].start
        previous = self.nodes[index - 1] if index else None
        if previous is not None and previous.kind == "word" and previous.lower not in PREPOSITIONS:
            return None
        phrase = Phrase(index, index, single(start, start), counted=False)
        self._noun_phrase(phrase, index)
        return self._one_person(phrase)

    def _one_person(self, phrase: Phrase) -> Phrase | None:
        if phrase.words is None:
            return None
        head = self.nodes[phrase.last - 1].lower
        known = noun(head) or self._compatriot(phrase)
        if known is None or known.kind is not NounClass.PERSON or known.plural:
            return None
        if head in _NO_SINGLE:
            return None
        if self._lower(phrase.first) not in ARTICLES:
            phrase.definite = True  # "the dead man" was told of before
        if self._is_name(phrase.last):  # "the driver *John Doe*"
            phrase.words, phrase.named = (phrase.words[0], self.nodes[phrase.last].end), True
            phrase.last += 1
        phrase.part = self._is_part(phrase.first)
        return phrase

    def _lower(self, index: int) -> str:
        return self.nodes[index].lower if 0 <= index < len(self.nodes) else ""
