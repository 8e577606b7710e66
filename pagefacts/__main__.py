"""The ``pagefacts`` command: checks that the application beside this package is its own, then runs it.

``config``, ``tasks`` and ``worker`` are names that other projects use too. Where one of those stands first on the
path, its code would run in our place, with errors that nobody could read.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_APPLICATION: Final = ("config", "tasks", "worker")


def main() -> None:
    """Run the command."""
    home = Path(__file__).resolve().parent.parent
    for name in _APPLICATION:
        spec = find_spec(name)
        origin = spec.origin if spec else None
        if origin is None or Path(origin).resolve().parent.parent != home:
            sys.exit(
                f"pagefacts: the Python package {name!r} is not pagefacts' own but {origin or 'missing'}.\n"
                "pagefacts is an application and wants an environment of its own: install it with "
                "`uv tool install`, `pipx install` or in a fresh virtual environment, and unset PYTHONPATH."
            )
    import_module("worker.cli").main()


if __name__ == "__main__":
    main()
