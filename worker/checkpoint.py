"""How far an input has been enqueued, on disk, so that the same command goes on from there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from platformdirs import user_state_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from config.settings import Settings
from worker.inputs import Source

Place = tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]]
"""Of a job: the number of its file among the sources, and its own in that file, both from 0."""
_FORGOTTEN: Final = 30 * 86_400
"""Seconds after which nobody will go on with an input."""


class Progress(BaseModel):
    """How far an input has been enqueued."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enqueued: int = 0
    """How many of its jobs."""
    next: Place = (0, 0)
    """Where the first job is that was not tried."""
    refused: tuple[Place, ...] = ()
    """Those before it for which there was no room."""


class Checkpoint:
    """The progress of one input, in a file; it is never in the way: where it cannot be kept, it is not."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Progress:
        """Return what is there, or the beginning."""
        try:
            return Progress.model_validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return Progress()

    def write(self, progress: Progress) -> bool:
        """Replace what is there, in one piece; return False where that cannot be."""
        beside = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_text(progress.model_dump_json(), encoding="utf-8")
            beside.replace(self._path)
        except OSError:
            return False
        return True

    def remove(self) -> None:
        """Begin anew the next time."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)


def checkpoint_of(settings: Settings, sources: Sequence[Source]) -> Checkpoint | None:
    """Return the checkpoint of enqueuing ``sources``, the files as they are now, on the server of ``settings``.

    None where one of them cannot be read again.
    """
    if any(source.is_once for source in sources):
        return None
    folder = Path(settings.data_dir) if settings.data_dir else user_state_path("pagefacts", appauthor=False)
    folder = folder.expanduser() / "enqueue"
    _forget_old(folder)
    seen = json.dumps([_server(settings), settings.namespace, *map(_seen, sources)])
    return Checkpoint(folder / f"{hashlib.sha256(seen.encode()).hexdigest()[:32]}.json")


def _server(settings: Settings) -> str:
    """Return the server without the user and password, which change while it stays the same."""
    parts = urlsplit(settings.redis_url or "")
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _seen(source: Source) -> Iterable[Any]:
    path = Path(source.path)
    state = path.stat()
    return [str(path.absolute()), source.kind, state.st_size, state.st_mtime_ns]


def _forget_old(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.stat().st_mtime < time.time() - _FORGOTTEN:
                path.unlink()
