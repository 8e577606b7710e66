"""Where answers are written to: a file that is whole, or not there; a file that grows; or stdout."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from worker.errors import OperatorError

_NEW: Final = os.O_RDWR | os.O_CREAT


class CannotWrite(OperatorError):
    """What is to be written cannot be put there: the message names the file, and the reason."""


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that is put at ``path``, in place of what is there, when the block has ended without an error.

    A device or a pipe is written to as it is, and a link is followed. Raises `CannotWrite`.
    """
    with _named(str(path)):
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        beside = (target := path.resolve()).with_name(f".{path.name}.{os.getpid()}")
        try:
            with beside.open("wb") as file:
                yield file
                sync(file)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def grown_file(path: Path, head: bytes, begins_with: bytes, *, quoted: bool) -> Iterator[BinaryIO]:
    """Yield the file at ``path``, at its end, for this process alone; it is made, with ``head``, where it is not there.

    What an earlier process did not write to the end of its line is cut off. ``quoted``: lines go on within quotes, as
    in CSV. Raises `CannotWrite`, also where the file begins with something else than ``begins_with``.
    """
    with _named(str(path)), os.fdopen(os.open(path, _NEW, 0o666), "r+b") as file:
        _lock(file, path)
        if not begins_with.startswith(file.read(len(begins_with))):
            raise CannotWrite(f"{path}: it is there, and nothing that these answers can be appended to")
        file.seek(0)
        file.truncate(end := _end_of_lines(file, quoted))
        file.seek(end)
        if not end:
            file.write(head)
        yield file


def _lock(file: BinaryIO, path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotWrite(f"{path}: another process is writing to it") from None


def _end_of_lines(file: BinaryIO, quoted: bool) -> int:
    """Return where the last whole line ends."""
    end = place = quotes = 0
    for line in file:
        place += len(line)
        quotes += line.count(b'"') if quoted else 0
        if line.endswith(b"\n") and quotes % 2 == 0:
            end = place
    return end


def already_in(file: BinaryIO, lines: Sequence[bytes]) -> int:
    """Return how many of the first of ``lines`` the file ends with; the place in it is its end, and stays there."""
    end = file.tell()
    file.seek(max(0, end - sum(map(len, lines))))
    last = file.read()
    return next((n for n in range(len(lines), 0, -1) if _ends_with(last, lines[:n])), 0)


def _ends_with(content: bytes, lines: Sequence[bytes]) -> bool:
    return content.endswith(lines[-1]) and content.endswith(b"".join(lines))  # the first is quick, and mostly enough


@contextmanager
def stdout() -> Iterator[BinaryIO]:
    """Yield stdout, for bytes. Raises `CannotWrite`; that a reader has gone stays a BrokenPipeError."""
    with _named("stdout"), os.fdopen(os.dup(1), "wb") as file:
        yield file


def sync(file: BinaryIO) -> None:
    """Return when what was written is on disk, where it is a file; else when it has been passed on."""
    file.flush()
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        os.fsync(file.fileno())


@contextmanager
def _named(name: str) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotWrite(f"{name}: {error.strerror or error}") from error
