"""Score a model: ``python models/entities/evaluate.py [--model FILE] SET...``, each a folder of annotated files.

Prints a line a set: exact spans over PER, LOC (with GPE and FAC) and ORG; with ``--upper`` the text is put in capitals
first, as old wire copy is. The readers and the scorer are those of ``benchmarks/``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from gold import read_entities
from predictions import ENTITY_LABELS
from scores import Name, NamesWanted, score_entities

from pagefacts.tagging.onnx_tagger import OnnxTagger

Find = Callable[[str], Iterable[tuple[int, int, str]]]
"""A text to the names in it: start, end, and label."""


def main() -> None:
    """Score by the command line's arguments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, help="default: the packaged one")
    parser.add_argument("--upper", action="store_true", help="put the text in capitals")
    arguments = parser.parse_args()
    tagger = OnnxTagger.load(arguments.model)
    print(tagger.version)
    report(
        lambda text: ((each.start, each.end, each.label.value) for each in tagger.tag(text)),
        arguments.sets,
        upper=arguments.upper,
    )


def report(find: Find, sets: Iterable[Path], *, upper: bool) -> None:
    """Print how well ``find`` does on each of ``sets``."""
    print(f"{'set, in capitals' if upper else 'set':30} {'texts':>5} {'P':>6} {'R':>6} {'F1':>6}  F1 by label")
    for path in sets:
        pairs = list(_found(find, path, upper=upper))
        score = score_entities(pairs)
        details = "  ".join(f"{label} {value:.3f}" for label, value in score.details.items())
        print(f"{path.name:30} {len(pairs):5} {score.precision:6.3f} {score.recall:6.3f} {score.value:6.4f}  {details}")


def _found(find: Find, path: Path, *, upper: bool) -> Iterator[tuple[NamesWanted, list[Name]]]:
    for document in read_entities(path):
        text = _in_capitals(document.gold.text) if upper else document.gold.text
        names = [Name(start, end, ENTITY_LABELS[label]) for start, end, label in find(text) if label in ENTITY_LABELS]
        yield document.gold, names


def _in_capitals(text: str) -> str:
    """Return ``text`` in capitals, but for letters whose capital is two: offsets stay."""
    return "".join(capital if len(capital := letter.upper()) == 1 else letter for letter in text)


if __name__ == "__main__":
    main()
