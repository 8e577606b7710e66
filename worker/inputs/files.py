"""Each kind of file as jobs."""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from worker.inputs.report import InputError
from worker.inputs.sources import Kind, Source, sources_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Name = Callable[[str], str | None]
"""Gives the id of a page's job from its path; None leaves the id to its content."""
_WARC_BEGINS: Final = (b"WARC/", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
"""Of a WARC, and of what gzip and zstd make."""


def read_jobs(paths: Iterable[str], job_files: Iterable[str], name: Name, stdin: Kind | None = None) -> Iterator[bytes]:
    """Yield the jobs, each JSON, of all that `sources_of` finds."""
    for source in sources_of(paths, job_files, stdin):
        yield from read_source(source, name)


def read_source(source: Source, name: Name, opened: Callable[[BinaryIO], None] = lambda _: None) -> Iterator[bytes]:
    """Yield the jobs, each JSON, of one file; ``opened`` is shown the file.

    Raises `InputError` where it ends early, after the jobs before its end.
    """
    with reading(source) as file:
        opened(file)
        yield from _read(file, source, name)


@contextmanager
def reading(source: Source) -> Iterator[BinaryIO]:
    """Open a file, packed or not; what goes wrong with it until the block ends is raised as `InputError`."""
    try:
        with own_stdin() if source.is_stdin else Path(source.path).open("rb") as file:
            yield file
    except (OSError, EOFError, zlib.error, zstd.ZstdError) as error:
        raise InputError(f"{source.path}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _read(file: BinaryIO, source: Source, name: Name) -> Iterator[bytes]:
    kind = source.kind
    if kind is None:
        yield from _told_by_its_beginning(file, name)
    elif kind is Kind.WARC:
        with _on_disk(file) if source.is_once else nullcontext(file) as archive:
            yield from _warc(archive, source.path, name)
    else:
        with unpacked(file, source.path) as stream:
            yield from _stream(stream, kind, source.path, name)


def _stream(stream: BinaryIO, kind: Kind, path: str, name: Name) -> Iterator[bytes]:
    if kind is Kind.JOBS:
        yield from _lines(stream)
    elif kind in {Kind.CSV, Kind.TSV}:
        from worker.inputs.table import read_table  # noqa: PLC0415 - what knows the jobs' fields takes time to load

        yield from read_table(stream, path, "\t" if kind is Kind.TSV else None)
    else:
        yield _page(stream.read(), path, kind is Kind.HTML, name)


def _warc(archive: BinaryIO, path: str, name: Name) -> Iterator[bytes]:
    from worker.inputs.warc import read_warc  # noqa: PLC0415 - its libraries are loaded where there is one

    yield from read_warc(archive, path, name)


def unpacked(file: BinaryIO, path: str) -> AbstractContextManager[BinaryIO]:
    """Return what is in ``file``, packed as the name ``path`` says or not at all."""
    match Path(path).suffix.lower():
        case ".gz":
            return cast("AbstractContextManager[BinaryIO]", gzip.open(file))
        case ".zst":
            return cast("AbstractContextManager[BinaryIO]", zstd.open(file))
        case _:
            return nullcontext(file)


def _told_by_its_beginning(stream: BinaryIO, name: Name) -> Iterator[bytes]:
    first = stream.readline()
    while first and not first.strip():
        first = stream.readline()
    if first.startswith(_WARC_BEGINS):
        with _on_disk(stream, first) as archive:
            yield from _warc(archive, "-", name)
    elif first.lstrip().startswith(b"{"):
        yield first.strip()
        yield from _lines(stream)
    else:
        yield _page(first + stream.read(), "-", first.lstrip().startswith(b"<"), name)


@contextmanager
def _on_disk(stream: BinaryIO, first: bytes = b"") -> Iterator[BinaryIO]:
    """Copy ``first`` and the rest of a stream to disk: the reader of WARCs goes back and forth in it."""
    with tempfile.TemporaryFile() as copy:
        copy.write(first)
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield cast("BinaryIO", copy)


def own_stdin() -> BinaryIO:
    """Return a reader of stdin of our own: at exit, Python would wait for a thread that still reads its own one."""
    return os.fdopen(os.dup(0), "rb")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    return (line.strip() for line in stream if line.strip())


def _page(content: bytes, path: str, is_html: bool, name: Name) -> bytes:
    job: dict[str, Any] = {"attributes": {"path": path}}
    if (job_id := name(path)) is not None:
        job["id"] = job_id
    if is_html:
        job["html_base64"] = base64.b64encode(content).decode()
    else:
        job["text"] = content.decode("utf-8", "replace")
    return json.dumps(job).encode()


def readable(path: str) -> str:
    """Return the last part of ``path`` as the beginning of a job's id."""
    return re.sub(r"[^\w.-]+", "_", Path(path).name)[-100:].strip("_") or "page"
