"""The tables of words and names under ``resources/en``: one row a line, cells parted by tabs, ``#`` before comments."""

from __future__ import annotations

from importlib.resources import files


def rows(name: str) -> list[list[str]]:
    """Return the rows of the packaged table ``name``, a heading among them where it has one."""
    text = files("pagefacts").joinpath("resources", "en", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
