"""Write a corpus of what a model says of unlabelled text: ``python models/entities/selftrain.py --out FILE TEXT...``.

Each TEXT is a plain text file, one document; FILE is what ``train.py --silver`` reads. The names are those that the
tagger gives, with the vote of a page's mentions, so that the corpus teaches what the single window does not know.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from pagefacts.tagging.onnx_tagger import OnnxTagger
from pagefacts.tagging.wordpiece import words


def main() -> None:
    """Tag by the command line's arguments."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("texts", nargs="+", type=Path)
    parser.add_argument("--model", type=Path, help="default: the packaged one")
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    tagger = OnnxTagger.load(asked.model)
    with asked.out.open("w", encoding="utf-8") as out:
        for path in asked.texts:
            out.writelines(f"{line}\n" for line in ["-DOCSTART- O", "", *tagged(path.read_text("utf-8"), tagger)])


def tagged(text: str, tagger: OnnxTagger) -> Iterator[str]:
    """Yield the words of ``text`` a line each with its tag (IOB2), and an empty line where one of its lines ends."""
    names = tagger.tag(text)
    starts = {name.start: name.label for name in names}
    inside = {at: name.label for name in names for at in range(name.start + 1, name.end)}
    offset = 0
    for line in text.splitlines(keepends=True):
        for start, end in words(line):
            at = offset + start
            prefix, label = ("B", starts[at]) if at in starts else ("I", inside.get(at))
            yield f"{line[start:end]} {prefix}-{label.value}" if label else f"{line[start:end]} O"
        yield ""
        offset += len(line)


if __name__ == "__main__":
    main()
