"""What is installed is what stands here."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pagefacts import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_is_listed() -> None:
    """They are listed one by one: one that is forgotten works here, and is missing where it is installed."""
    top = ("config", "pagefacts", "tasks", "worker")
    found = {
        str(path.parent.relative_to(ROOT)).replace("/", ".")
        for name in top
        for path in (ROOT / name).rglob("__init__.py")
    }
    assert found == set(PROJECT["tool"]["setuptools"]["packages"])


def test_every_data_file_is_in_the_package_data() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]
    for package in ("pagefacts", "worker"):
        covered = {path for pattern in patterns[package] for path in (ROOT / package).glob(pattern)}
        data = {path for path in (ROOT / package).rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"}}
        assert data <= covered, data - covered


def test_the_version_is_stated_once_more_in_the_package() -> None:
    assert PROJECT["project"]["version"] == __version__
