"""``pagefacts results``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from worker.cli.common import end_with_failures, opened, stoppable

if TYPE_CHECKING:
    from worker.export import Answers

_FORMATS: Final = ("jsonl", "csv", "parquet", "geojson")
_SUFFIXES: Final = {f".{name}": name for name in _FORMATS} | {".ndjson": "jsonl", ".json": "jsonl"}
_AT_THE_END: Final = frozenset({"parquet", "geojson"})
"""Formats whose files are whole only once their end is written."""


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--group", help="Read as this consumer group: what it has read and acknowledged is not read again.")
@click.option("--follow", is_flag=True, help="Wait for more.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="What to write; else what the name after --out says, or jsonl.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write there instead of to stdout. With --group, .jsonl and .csv are appended to.",
)
def results(files: tuple[str, ...], group: str | None, follow: bool, form: str | None, out: Path | None) -> None:
    """Write answers: those on the results stream, or those in FILES.

    FILES are JSON Lines of answers, as this command and process write them (also .gz, .zst; - is stdin); they are
    read without a server. jsonl is one answer a line; csv and parquet have a row for each casualty figure, geojson a
    feature for each figure and place.

    An answer is acknowledged for its group once it is on disk, or passed on by stdout; for parquet and geojson that is
    at the end. Exit status: 0, or 3 when failures were left out, which have no row, 2 for wrong usage, 130 after
    Ctrl-C, 143 after SIGTERM, 1 when not all could be read or written.
    """
    form = form or _format_of(out)
    _require_sense(files, group, follow, form, out)
    from worker.export import export
    from worker.formats import FORMATS

    with stoppable() as stop, _answers(files, group, follow) as answers:
        writer = export(answers, FORMATS[form], out, stop)
    end_with_failures(writer.failures, writer.answers)


def _format_of(out: Path | None) -> str:
    if out is None:
        return "jsonl"
    if (suffix := out.suffix.lower()) not in _SUFFIXES:
        raise click.UsageError(f"--out {out}: the name says no format; give --format")
    return _SUFFIXES[suffix]


def _require_sense(files: tuple[str, ...], group: str | None, follow: bool, form: str, out: Path | None) -> None:
    """Raise wrong usage where options do not go together."""
    if files and (group or follow):
        raise click.UsageError("--group and --follow belong to the results stream: name no FILES with them")
    if follow and form in _AT_THE_END:
        raise click.UsageError(f"--follow: a file of {form} is whole only at its end; follow with jsonl or csv")
    if follow and out and not group:
        raise click.UsageError("--follow with --out needs --group, so that the same command goes on where it stopped")
    if form == "parquet" and out is None and sys.stdout.isatty():
        raise click.UsageError("parquet is not for a terminal: give --out FILE")


@contextmanager
def _answers(files: tuple[str, ...], group: str | None, follow: bool) -> Iterator[Answers]:
    from worker.export import Answers

    if files:
        from worker.inputs.answers import answer_batches

        yield Answers(answer_batches(files))
        return
    from worker.results import open_results

    with opened() as ledgers:
        found = open_results(ledgers, group, follow)
        yield Answers(found.batches(), found.ack if group else None)
