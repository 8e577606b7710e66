"""The other design: a spaCy tok2vec of hashed embeddings and convolutions, trained on the same corpora.

``python models/entities/hashembed.py --gold FOLDER --test SET...`` trains it and scores it as ``evaluate.py`` does. It
is not shipped: the model card has its figures beside the encoder's.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import spacy
from corpora import Document, Sentence
from evaluate import report
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import minibatch
from train import corpora_of

_CONFIG = {
    "model": {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
        "nO": None,
        # The sizes of spaCy's small English model.
        "tok2vec": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": None,
            "width": 96,
            "depth": 4,
            "embed_size": 2000,
            "window_size": 1,
            "maxout_pieces": 3,
            "subword_features": True,
        },
    }
}


def main() -> None:
    """Train and score by the command line's arguments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--test", type=Path, nargs="+", required=True)
    parser.add_argument("--held-out", nargs="*", default=[])
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    model = trained(corpora_of(arguments.gold, (), arguments.held_out), arguments.epochs, arguments.seed)
    for upper in (False, True):
        report(
            lambda text: [(e.start_char, e.end_char, e.label_) for e in model(text).ents], arguments.test, upper=upper
        )


def trained(documents: list[Document], epochs: int, seed: int) -> Language:
    """Return a pipeline that has learnt the names of ``documents``."""
    spacy.util.fix_random_seed(seed)  # type: ignore[attr-defined]
    model = spacy.blank("en")
    model.add_pipe("ner", config=_CONFIG)
    examples = [_example(model, sentence) for document in documents for sentence in document.sentences]
    optimizer = model.initialize(lambda: islice(examples, 2000))
    for epoch in range(epochs):
        random.shuffle(examples)
        losses: dict[str, float] = {}
        for group in minibatch(examples, size=32):  # type: ignore[no-untyped-call]
            model.update(group, drop=0.2, sgd=optimizer, losses=losses)
        print(f"epoch {epoch + 1} of {epochs}: loss {losses['ner']:.0f}", flush=True)
    return model


def _example(model: Language, sentence: Sentence) -> Example:
    words = list(sentence.words)
    annotated = Doc(model.vocab, words=words)
    annotated.ents = tuple(_spans(annotated, sentence))
    return Example(Doc(model.vocab, words=words), annotated)


def _spans(doc: Doc, sentence: Sentence) -> Iterator[Span]:
    for name in sentence.names:
        yield Span(doc, name.start, name.end, label=min(name.labels))


if __name__ == "__main__":
    main()
