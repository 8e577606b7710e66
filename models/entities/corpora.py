"""Annotated corpora as documents: lines of words, with the names that stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LABELS: Final = ("PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "WEAPON", "MISC")
"""What the model tells apart."""

_PLACES: Final = frozenset({"GPE", "LOC", "FAC"})

MEANING: Final[dict[str, frozenset[str]]] = {
    # CoNLL-2003's guideline: LOC has buildings and countries; MISC has nationalities, events, works, products.
    "PER": frozenset({"PERSON"}),
    "LOC": _PLACES,
    "ORG": frozenset({"ORG"}),
    "MISC": frozenset({"NORP", "EVENT", "WEAPON", "MISC"}),
    # re3d's scheme.
    "Person": frozenset({"PERSON"}),
    "Location": _PLACES,
    "Organisation": frozenset({"ORG"}),
    "Nationality": frozenset({"NORP"}),
    "Weapon": frozenset({"WEAPON"}),
    "MilitaryPlatform": frozenset({"WEAPON"}),
    # worldwide's scheme, on which nothing is trained.
    "Organization": frozenset({"ORG"}),
    "Facility": _PLACES,
    # Ours, of texts that a model tagged; LOC and MISC keep the wider meaning of above.
    **{label: frozenset({label}) for label in ("PERSON", "NORP", "GPE", "FAC", "EVENT", "WEAPON")},
}
"""What an annotated label may be in ours. Labels that are not here (dates, numbers, documents) are no names."""

_ARTICLES: Final = frozenset({"the", "a", "an"})
_PRONOUNS: Final = frozenset(
    # re3d annotates them as mentions; a pronoun is no name.
    "i me my mine myself we us our ours ourselves you your he him his himself she her herself it its itself they them"
    " their theirs themselves who whom those these this that here there".split()
)
_POSSESSIVES: Final = frozenset({"'s", "'", "’s", "’"})

_SENTENCES: Final = 25
"""Sentences of a document where the corpus does not say where one ends."""


@dataclass(frozen=True, slots=True)
class Name:
    """Words ``start`` to ``end`` of a sentence, exclusive, and the labels that they may have."""

    start: int
    end: int
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of a document."""

    words: tuple[str, ...]
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Sentences in order; ``corpus`` says where they are from."""

    corpus: str
    sentences: tuple[Sentence, ...]


def read(folder: Path, corpora: Iterable[str]) -> list[Document]:
    """Return the documents of ``corpora``, each a file or a folder below ``folder``. Raises FileNotFoundError."""
    return [document for name in corpora for path in _files(folder / name) for document in _documents(name, path)]


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = sorted(each for each in path.rglob("*") if each.suffix in {".txt", ".tsv", ".conll"})
    found = [each for each in found if not each.name.startswith(("LICENSE", "README"))]
    if not found:
        raise FileNotFoundError(path)
    return found


def _documents(corpus: str, path: Path) -> Iterator[Document]:
    sentences: list[Sentence] = []
    marked = "-DOCSTART-" in path.read_text(encoding="utf-8")
    for rows in _blocks(path):
        starts = rows[0][0] == "-DOCSTART-"
        if sentences and (starts or (not marked and len(sentences) >= _SENTENCES)):
            yield Document(corpus, tuple(sentences))
            sentences = []
        if not starts:
            sentences.append(_sentence(rows))
    if sentences:
        yield Document(corpus, tuple(sentences))


def _blocks(path: Path) -> Iterator[list[tuple[str, str]]]:
    """Yield the (word, tag) rows between blank lines."""
    block: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        columns = re.split(r"\t| ", line.strip())
        if len(columns) > 1:
            block.append((columns[0], columns[-1]))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _sentence(rows: list[tuple[str, str]]) -> Sentence:
    names: list[Name] = []
    start, label = None, ""
    for at, (_, tag) in enumerate([*rows, ("", "O")]):
        prefix, _, kind = tag.partition("-")
        if start is not None and (prefix in "OBS" or kind != label):
            if label in MEANING and (bounds := _bare([word.lower() for word, _ in rows], start, at)):
                names.append(Name(*bounds, MEANING[label]))
            start = None
        if prefix != "O" and start is None:
            start, label = at, kind
    return Sentence(tuple(word for word, _ in rows), tuple(names))


def _bare(words: list[str], start: int, end: int) -> tuple[int, int] | None:
    """Return the bounds of a name without its article and its possessive; None where nothing is left, or a pronoun."""
    while start < end and words[start] in _ARTICLES:
        start += 1
    while start < end and words[end - 1] in _POSSESSIVES:
        end -= 1
    return (start, end) if start < end and not _PRONOUNS.issuperset(words[start:end]) else None
