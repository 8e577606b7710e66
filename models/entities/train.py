"""Train the entity tagger and write it as ONNX: ``python models/entities/train.py --gold FOLDER --out model.onnx``.

FOLDER holds the annotated corpora as ``conllpp/``, ``wikigold/`` and ``re3d/``; see the model card beside this file for
what they are, and for what comes out. The same seed, data and versions give the same model on the same processor.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from augment import World, varied
from corpora import Document, Sentence, read
from export import export
from network import LAYERS, Network, pretrained
from refine import refined
from silver import silver
from torch import Tensor, nn

from examples import Example, batches, tensors, windows
from pagefacts.facts.places.gazetteer import SqliteGazetteer
from pagefacts.tagging.tags import TAGS
from pagefacts.tagging.wordpiece import Wordpiece

CONLLPP: Final = ("conllpp/conllpp_train.txt",)
WIKIGOLD: Final = ("wikigold/wikigold.conll.txt",)
_WIKIGOLD_DOCUMENTS: Final = 116
"""Documents of wikigold that are trained on: the other 29, the last fifth, are the test in ``benchmarks/data``."""
RE3D: Final = (
    # BBC Online is left out: its licence is for non-commercial use.
    "re3d/Australian_Department_of_Foreign_Affairs",
    "re3d/Delegation_of_the_European_Union_to_Syria",
    "re3d/UK_Government",
    "re3d/US_State_Department",
)
_RE3D_COPIES: Final = 4
"""Times that re3d is read in one epoch: it is a thirtieth of the other corpora, and a register of its own."""

_RATE: Final = 3e-4
_HEAD_RATE: Final = 1e-3
_DECAY: Final = 0.9
"""Factor on the learning rate from each layer to the one below it (Howard and Ruder, ACL 2018, section 3.2)."""
_WARM_UP: Final = 0.06
_BATCH: Final = 2048
"""Pieces a step."""


def main() -> None:
    """Train by the command line's arguments."""
    asked = _arguments()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(asked.seed)
    rng = random.Random(asked.seed)  # noqa: S311 - the same numbers again are what is wanted
    weights, pieces = pretrained()
    vocabulary = Wordpiece(pieces)
    network = Network(len(TAGS), layers=asked.layers, shapes=not asked.no_shapes)
    if not asked.no_pretraining:
        network.start_from(weights)
    documents = corpora_of(asked.gold, asked.without, asked.held_out)
    documents += [document for path in asked.silver for document in read(path.parent, [path.name])]
    world = None if asked.no_variation else World.load()

    def vary(document: Document) -> Sequence[Sentence]:
        return varied(document, rng, world, asked.substituted) if world else document.sentences

    def epoch() -> list[list[Example]]:
        examples = (example for each in documents for example in windows(vary(each), vocabulary, rng))
        return batches(examples, _BATCH, rng)

    train(network, epoch, asked.epochs)
    export(network, asked.out)
    asked.out.with_name("vocabulary.txt").write_text("".join(f"{piece}\n" for piece in pieces), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gold", type=Path, required=True, help="folder of the annotated corpora")
    parser.add_argument("--out", type=Path, required=True, help="the model's file")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--without", nargs="*", default=[], metavar="CORPUS", help="conllpp, wikigold or re3d")
    parser.add_argument("--held-out", nargs="*", default=[], metavar="PATH", help="files or folders not to train on")
    parser.add_argument("--silver", nargs="*", type=Path, default=[], help="files that selftrain.py wrote")
    parser.add_argument("--layers", type=int, default=LAYERS, help="of the encoder's six")
    parser.add_argument("--substituted", type=float, default=0.15, help="how often a document is given other names")
    parser.add_argument("--no-variation", action="store_true", help="ablation: names and case as the corpora have them")
    parser.add_argument("--no-shapes", action="store_true", help="ablation: the casing of words is not shown")
    parser.add_argument("--no-pretraining", action="store_true", help="ablation: all weights at random")
    return parser.parse_args()


def corpora_of(folder: Path, without: Sequence[str] = (), held_out: Sequence[str] = ()) -> list[Document]:
    """Return the documents to train on, their labels refined, those of re3d several times."""
    news, articles, reports = (
        read(folder, [path for path in group if path.split("/")[0] not in without and path not in held_out])
        for group in (CONLLPP, WIKIGOLD, RE3D)
    )
    once = news + articles[:_WIKIGOLD_DOCUMENTS]
    documents = refined(once + reports, SqliteGazetteer.open(), silver)
    return documents[: len(once)] + documents[len(once) :] * _RE3D_COPIES


def train(network: Network, epoch_of: Callable[[], list[list[Example]]], epochs: int) -> None:
    """Train ``network`` for ``epochs``; ``epoch_of`` makes the batches of one."""
    optimizer = torch.optim.AdamW(_groups(network), fused=True)
    started = time.monotonic()
    network.train()
    for epoch in range(epochs):
        examples = epoch_of()
        total = 0.0
        for at, group in enumerate(examples):
            _set_rates(optimizer, (epoch + at / len(examples)) / epochs)
            loss = _loss(network, group)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            total += loss.item()
        seconds = time.monotonic() - started
        print(f"epoch {epoch + 1} of {epochs}: loss {total / len(examples):.4f}, {seconds:.0f} s", flush=True)


def _loss(network: Network, group: Sequence[Example]) -> Tensor:
    """Return the mean of -log of the probability that a word's tag is one of those that it may have."""
    batch = tensors(group)
    with torch.autocast("cpu", torch.bfloat16):
        scores = network(batch.pieces, batch.shapes)
    scores = scores.float().flatten(0, 1)[batch.where]
    right = scores.masked_fill(~batch.allowed, float("-inf")).logsumexp(-1)
    loss: Tensor = (scores.logsumexp(-1) - right).mean()
    return loss


def _groups(network: Network) -> list[dict[str, Any]]:
    """Return the parameters with their rates: the nearer a layer is to the words, the slower it learns."""
    depth = len(network.layers)
    groups = []
    for name, parameter in network.named_parameters():
        if name.startswith(("head", "shapes")):
            rate = _HEAD_RATE
        else:
            below = depth - 1 - int(name.split(".")[1]) if name.startswith("layers.") else depth
            rate = _RATE * _DECAY**below
        groups.append({"params": [parameter], "top": rate, "weight_decay": 0.01 if parameter.dim() > 1 else 0.0})
    return groups


def _set_rates(optimizer: torch.optim.Optimizer, progress: float) -> None:
    """Let the rates rise for the first part of training, and fall to nothing in the rest."""
    factor = min(1.0, progress / _WARM_UP + 0.01) * (1 - progress)
    for group in optimizer.param_groups:
        group["lr"] = group["top"] * factor


if __name__ == "__main__":
    main()
