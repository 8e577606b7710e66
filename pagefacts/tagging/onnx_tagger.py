"""Names found by our own model: a small transformer encoder, run by ONNX Runtime. See ``models/entities/README.md``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from pagefacts.contracts import Entity, Label
from pagefacts.tagging import tags
from pagefacts.tagging.agreement import Mention, agreed
from pagefacts.tagging.stretches import stretches
from pagefacts.tagging.windows import Word, cut, encode, read
from pagefacts.tagging.wordpiece import Shape, Wordpiece

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_MODEL: Final = files("pagefacts") / "resources" / "en" / "entities" / "model.onnx"
_VOCABULARY: Final = files("pagefacts") / "resources" / "en" / "entities" / "vocabulary.txt"
_NO_NAME: Final = np.where(np.arange(len(tags.TAGS)) == 0, 0.0, -100.0)
"""Log probabilities of the tags of a word that is certainly no name."""
_CAPITALS: Final = frozenset({Shape.TITLE, Shape.INITIAL, Shape.CAPITALS, Shape.MIXED})


class OnnxTagger:
    """A `Tagger` on the model that this project trains."""

    def __init__(self, session: InferenceSession, vocabulary: Wordpiece) -> None:
        self._session = session
        self._vocabulary = vocabulary

    @classmethod
    def load(cls, model: Path | None = None) -> OnnxTagger:
        """Load the model, by default the packaged one, to run in one thread.

        A worker has a process for each core, and a fork keeps no threads.
        """
        from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - `pagefacts --help` shall not wait

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # what one long page took is given back
        with nullcontext(model) if model else as_file(_MODEL) as path:
            session = InferenceSession(path, options, providers=["CPUExecutionProvider"])
        return cls(session, Wordpiece(_VOCABULARY.read_text(encoding="utf-8").splitlines()))

    @property
    def version(self) -> str:
        """Name and version of the model: ``pagefacts-entities 1``."""
        meta = self._session.get_modelmeta()
        return f"{meta.graph_name} {meta.version}"

    def tag(self, text: str) -> tuple[Entity, ...]:
        """Return the names of ``text`` in its order, without overlaps; none goes on over a newline."""
        mentions = [mention for start, end in stretches(text) for mention in self._mentions(text, start, end)]
        return tuple(
            Entity(text=mention.text, start=mention.start, end=mention.end, label=Label(mention.label))
            for mention in agreed(mentions)
        )

    def _mentions(self, text: str, start: int, end: int) -> Iterator[Mention]:
        """Yield the names between ``start`` and ``end``, as the best valid row of tags of each line spells them.

        In a line with capitals a name has one. Groups without a name are known by a description in several words
        ("government forces"), which the corpora of reports annotate too.
        """
        words = read(text, self._vocabulary, start, end)
        scores = self._scores(words)
        lines = [at for at, word in enumerate(words) if word.opens_line]
        for first, last in pairwise([*lines, len(words)]):
            cased = any(word.shape in _CAPITALS for word in words[first:last])
            for begin, until, label in tags.names(tags.best(scores[first:last])):
                named = words[first + begin : first + until]
                name = text[named[0].start : named[-1].end]
                described = label == Label.ORG and " " in name
                if cased and not described and not _has_capital(named):
                    continue
                rows = scores[first + begin : first + until].copy()  # a view would keep the whole alive
                yield Mention(name, named[0].start, named[-1].end, label, rows)

    def _scores(self, words: Sequence[Word]) -> NDArray[np.float32]:
        """Return the log probabilities of the tags of ``words``, of shape (words, tags).

        Windows go one by one: a window's scores then do not depend on what else is in the page, nothing is padded, and
        one thread gains nothing from more at a time. One of marks alone has no names, and is not looked at.
        """
        scores = np.full((len(words), len(tags.TAGS)), _NO_NAME, np.float32)
        for window in cut(words):
            shown = words[window.first : window.last]
            if all(word.shape is Shape.MARK for word in shown):
                continue
            pieces, shapes, firsts = encode(shown, self._vocabulary)
            fed = {"pieces": np.array([pieces], np.int64), "shapes": np.array([shapes], np.int64)}
            (found,) = self._session.run(["scores"], fed)
            kept = firsts[window.keep - window.first : window.until - window.first]
            scores[window.keep : window.until] = tags.log_probabilities(found[0][kept])
        return scores


def _has_capital(words: Sequence[Word]) -> bool:
    """Whether a name's words have a capital, or letters without case."""
    return any(word.shape in _CAPITALS or word.shape in {Shape.CASELESS, Shape.UNKNOWN} for word in words)
