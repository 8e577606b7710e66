"""What there is to be read: the files of a command line, and those in its folders."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, NoReturn

from worker.inputs.report import InputError, say_left_out

STDIN: Final = "-"


class Kind(StrEnum):
    """What a file holds."""

    HTML = "html"
    """A page."""
    TEXT = "text"
    """A page as scraped text."""
    JOBS = "jobs"
    """JSON Lines of jobs."""
    CSV = "csv"
    """A table of URLs; its cells are parted by commas, semicolons or tabs, as its first line tells."""
    TSV = "tsv"
    """The same, parted by tabs."""
    WARC = "warc"
    """A crawler's archive of pages."""


_KINDS: Final = {
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".txt": Kind.TEXT,
    ".jsonl": Kind.JOBS,
    ".ndjson": Kind.JOBS,
    ".json": Kind.JOBS,
    ".csv": Kind.CSV,
    ".tsv": Kind.TSV,
    ".warc": Kind.WARC,
}
PACKED: Final = frozenset({".gz", ".zst"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or stdin."""

    path: str
    """As given; ``-`` is stdin."""
    kind: Kind | None
    """None: told by its beginning."""

    @property
    def is_stdin(self) -> bool:
        """Whether it is stdin."""
        return self.path == STDIN

    @property
    def is_once(self) -> bool:
        """Whether it can be read only once, from its beginning to its end: stdin, a pipe."""
        return self.is_stdin or not Path(self.path).is_file()


def sources_of(paths: Iterable[str], job_files: Iterable[str], stdin: Kind | None = None) -> list[Source]:
    """Return what is to be read of ``paths`` and then ``job_files`` (JSON Lines), in this order; ``-`` is stdin.

    A file is what its name says, and a page of text where that says nothing. A folder stands for the files below it
    whose names say what they are, sorted; what else is there is counted on stderr. Links in it are not followed.
    ``stdin``: what stdin holds as a path; None: told by its beginning. Raises `InputError`.
    """
    found = [source for path in paths for source in _sources(path, stdin)]
    return found + [Source(path, Kind.JOBS) for path in job_files]


def _sources(path: str, stdin: Kind | None) -> Iterator[Source]:
    if path == STDIN:
        yield Source(path, stdin)
    elif Path(path).is_dir():
        yield from _in_folder(path)
    else:
        yield Source(path, kind_of(path) or Kind.TEXT)


def kind_of(path: str) -> Kind | None:
    """Return what a file holds, as its name says; a suffix ``.gz`` or ``.zst`` behind that makes no difference."""
    name = Path(path.lower())
    return _KINDS.get(Path(name.stem).suffix if name.suffix in PACKED else name.suffix)


def _in_folder(folder: str) -> Iterator[Source]:
    left_out: Counter[str] = Counter()
    for root, folders, names in os.walk(folder, onerror=_unreadable):  # it goes into no folder by a link
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            kind = kind_of(name)
            if name.startswith("."):
                left_out["hidden files"] += 1
            elif path.is_symlink():
                left_out["links"] += 1
            elif kind is None or not path.is_file():
                left_out["files of other kinds"] += 1
            else:
                yield Source(str(path), kind)
    say_left_out(folder, left_out)


def _unreadable(error: OSError) -> NoReturn:
    raise InputError(f"{error.filename}: {error.strerror}") from error
