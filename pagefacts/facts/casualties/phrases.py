"""Splits a sentence into numbers, effects, words and signs, and reads the noun phrases that are counted in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from pagefacts.contracts import DateFact
from pagefacts.facts.casualties.clause import Clause, Node, Phrase
from pagefacts.facts.casualties.figures import Figure, figures, single
from pagefacts.facts.casualties.lexicon import Frame, NounClass, Rule, noun
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
Demonym = Callable[[str], str | None]
"""Returns the ISO 3166-1 alpha-2 code of a demonym, or None."""

_TOKEN = re.compile(r"--+|[^\W_]+(?:['’.-][^\W_]+)*|[^\w\s]|_")
_LONGEST_PHRASE: Final = 8  # words; a longer one is no noun phrase
_THEM: Final = frozenset({"them", "whom", "which", "us"})
_NO_SINGLE: Final = frozenset({"other", "local", "native", "national", "human", "individual", "one"})
_INCLUDING: Final = frozenset({"including", "includes", "included", "include"})


def read_clause(
    text: str, span: tuple[int, int], cues: Sequence[Cue], dates: Sequence[DateFact], demonym: Demonym
) -> Clause:
    """Split the sentence ``text[slice(*span)]`` and find what is counted in it. ``cues`` are its effects."""
    nodes = _nodes(text, span, cues, dates)
    headline = text[span[1] - 1] not in ".!?\"”'’"
    return Clause(nodes, _Reader(text, nodes, demonym, headline=headline).phrases(), headline=headline)


def _nodes(text: str, span: tuple[int, int], cues: Sequence[Cue], dates: Sequence[DateFact]) -> list[Node]:
    marked = [Node(first, last, text[first:last].lower(), "cue", rule=rule) for first, last, rule in cues]
    for figure in figures(text, span, dates):
        words = text[figure.start : figure.end].lower()
        counted = figure if figure.counts else None
        marked.append(Node(figure.start, figure.end, words, "figure" if counted else "sign", figure=counted))
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
        if node.kind != "word":
            return None
        if node.lower in SINGULAR_DETERMINERS or node.lower.endswith(("'s", "’s")):
            return self._single(index)
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
        if node.kind == "cue":
            return self._attribute(phrase, index)
        if node.kind != "word" or node.lower in ENDS_NOUN_PHRASE:
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

    def _attribute(self, phrase: Phrase, index: int) -> bool:
        """Whether an effect stands as an adjective: "12 wounded soldiers", not "12 gunmen wounded soldiers"."""
        rule = self.nodes[index].rule
        if rule is None or rule.frame not in {Frame.VERB, Frame.ADJECTIVE} or phrase.kind is NounClass.PERSON:
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
        known = noun(head)
        if known is None or known.kind is not NounClass.PERSON or known.plural:
            return None
        if head in _NO_SINGLE:
            return None
        if self._lower(phrase.first) not in ARTICLES:
            phrase.definite = True  # "the dead man" was told of before
        phrase.part = self._is_part(phrase.first)
        return phrase

    def _lower(self, index: int) -> str:
        return self.nodes[index].lower if 0 <= index < len(self.nodes) else ""
