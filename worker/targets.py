"""The file that an export goes to: whole, or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from worker.errors import OperatorError

_NEW: Final = os.O_RDWR | os.O_CREAT


class NotOurs(OperatorError):
    """There is a file already, and these answers cannot be appended to it."""


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that is put at ``path``, in place of what is there, when the block has ended without an error."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            yield file
            sync(file)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def grown_file(path: Path, begins_with: bytes, *, quoted: bool) -> Iterator[BinaryIO]:
    """Yield the file at ``path``, at its end; it is made where it is not there.

    What an earlier process did not write to the end of its line is cut off. ``quoted``: lines go on within quotes, as
    in CSV. Raises `NotOurs` where the file begins with something else than ``begins_with``.
    """
    with os.fdopen(os.open(path, _NEW, 0o666), "r+b") as file:
        if not begins_with.startswith(file.read(len(begins_with))):
            raise NotOurs(f"{path} is there, and is no file that these answers can be appended to: name another one")
        file.seek(0)
        file.truncate(_end_of_lines(file, quoted))
        file.seek(0, os.SEEK_END)
        yield file


def _end_of_lines(file: BinaryIO, quoted: bool) -> int:
    """Return where the last whole line ends."""
    end = place = quotes = 0
    for line in file:
        place += len(line)
        quotes += line.count(b'"') if quoted else 0
        if line.endswith(b"\n") and quotes % 2 == 0:
            end = place
    return end


def sync(file: BinaryIO) -> None:
    """Return when the file is on disk as it is; a pipe or a terminal has none."""
    file.flush()
    if file.seekable():
        os.fsync(file.fileno())
