"""Files and streams of a command line, as jobs."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

_JOBS: Final = frozenset({".jsonl", ".ndjson", ".json"})
_WARC: Final = (".warc", ".warc.gz", ".warc.zst")
_HTML: Final = frozenset({".html", ".htm", ".xhtml"})


def read_jobs(paths: Iterable[str], job_files: Iterable[str], name: Callable[[str], str | None]) -> Iterator[bytes]:
    """Yield the jobs, each JSON, of files (``paths``) and of JSON Lines files (``job_files``); ``-`` is stdin.

    A file is a page, a WARC of many, or JSON Lines of jobs, as its name says.

    ``name`` gives the id of a page's job from its path; None leaves the id to its content.
    """
    for path in paths:
        yield from _stdin(name) if path == "-" else _file(Path(path), name)
    for path in job_files:
        if path == "-":
            yield from _lines(_own_stdin())
        else:
            with Path(path).open("rb") as lines:
                yield from _lines(lines)


def _file(path: Path, name: Callable[[str], str | None]) -> Iterator[bytes]:
    if path.name.lower().endswith(_WARC):
        from worker.warc import read_warc  # noqa: PLC0415 - its libraries are loaded where there is one

        yield from read_warc(path, name)
    elif path.suffix.lower() in _JOBS:
        with path.open("rb") as lines:
            yield from _lines(lines)
    else:
        yield _page(path.read_bytes(), str(path), path.suffix.lower() in _HTML, name)


def _stdin(name: Callable[[str], str | None]) -> Iterator[bytes]:
    """Tell by its first character what stands on stdin: jobs, HTML or text."""
    stream = _own_stdin()
    first = stream.readline()
    while first and not first.strip():
        first = stream.readline()
    if first.lstrip().startswith(b"{"):
        yield first.strip()
        yield from _lines(stream)
    else:
        yield _page(first + stream.read(), "-", first.lstrip().startswith(b"<"), name)


def _own_stdin() -> BinaryIO:
    """Return a reader of stdin of our own: at exit, Python would wait for a thread that still reads its own one."""
    return os.fdopen(os.dup(0), "rb")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    return (line.strip() for line in stream if line.strip())


def _page(content: bytes, path: str, is_html: bool, name: Callable[[str], str | None]) -> bytes:
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
