"""`pagefacts results`: options that do not go together are said before anything is read."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from worker.cli import cli
from worker.cli.results import _AT_THE_END, _FORMATS
from worker.formats import FORMATS, Lines


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("--out figures.xlsx", "--out figures.xlsx: the name says no format; give --format"),
        ("--out figures", "give --format"),
        ("--format xml", "Invalid value for '--format'"),
        ("--out .", "is a directory"),
        ("--follow --format parquet --group g", "a file of parquet is whole only at its end"),
        ("--follow --out map.geojson --group g", "a file of geojson is whole only at its end"),
        ("--follow --out figures.csv", "--follow with --out needs --group"),
        ("--group g -", "name no FILES with them"),
        ("--follow -", "name no FILES with them"),
        ("no-such-file.jsonl", "does not exist"),
    ],
)
def test_wrong_usage_ends_with_2(options: str, words: str) -> None:
    done = CliRunner().invoke(cli, ["results", *options.split()])
    assert done.exit_code == 2
    assert words in done.output


def test_the_command_knows_the_formats() -> None:
    assert tuple(FORMATS) == _FORMATS
    assert {name for name, form in FORMATS.items() if not issubclass(form, Lines)} == _AT_THE_END
