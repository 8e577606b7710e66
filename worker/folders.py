"""Where a process keeps what only this machine and this user need."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from worker.errors import OperatorError


def private_folder() -> Path:
    """Return a folder among the temporary ones that nobody else can write to, made where it is not there.

    Raises `OperatorError` where somebody else has made it, and OSError.
    """
    folder = Path(tempfile.gettempdir()) / f"pagefacts-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise OperatorError(f"{folder} belongs to somebody else")
    return folder
