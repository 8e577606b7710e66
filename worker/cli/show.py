"""``pagefacts show``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING

import click

from worker.cli.common import SOME_FAILED

if TYPE_CHECKING:
    from pagefacts.contracts import FailureEvent, ResultEvent


@click.command()
@click.argument("result", type=click.File(encoding="utf-8"), default="-")
@click.option(
    "--map",
    "map_file",
    type=click.File("w", encoding="utf-8", lazy=True),
    metavar="FILE.html",
    help="Write the figures there as a map, one page that needs no network.",
)
@click.option("--geojson", is_flag=True, help="Write the figures and places to stdout as GeoJSON, for QGIS.")
def show(result: IO[str], map_file: IO[str] | None, geojson: bool) -> None:
    """Show answers for people: headline, byline, and the facts with their words. RESULT is a file or - for stdin.

    With --map or --geojson, or both, all answers go into one map or one FeatureCollection instead. Exit status: 0, or
    3 when failures among the answers were left out of these, 2 for wrong usage, 1 when RESULT is no answer of
    pagefacts or FILE.html cannot be written.
    """
    events = _events(result)
    if map_file is None and not geojson:
        _show_on_terminal(events)
        return
    if geojson and map_file is not None and map_file.name == "-":
        raise click.UsageError("--geojson writes to stdout already: give --map a file")
    from pagefacts.contracts import ResultEvent
    from pagefacts.render.figures import page_of

    pages, failures = [], 0
    for event in events:
        if isinstance(event, ResultEvent):
            pages.append(page_of(event))
        else:
            failures += 1
    if map_file is not None:
        from pagefacts.render.map import map_page

        map_file.write(map_page(pages))
    if geojson:
        from pagefacts.render.geojson import feature_collection

        click.echo(feature_collection(pages))
    if failures:
        click.echo(f"pagefacts: {failures} of {failures + len(pages)} answers are failures and were left out", err=True)
        sys.exit(SOME_FAILED)


def _events(lines: Iterable[str]) -> Iterator[ResultEvent | FailureEvent]:
    from pydantic import TypeAdapter, ValidationError

    from pagefacts.contracts import Event

    adapter: TypeAdapter[ResultEvent | FailureEvent] = TypeAdapter(Event)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield adapter.validate_json(line)
        except ValidationError as error:
            raise click.ClickException(f"line {number} is no answer of pagefacts: {error.errors()[0]['msg']}") from None


def _show_on_terminal(events: Iterable[ResultEvent | FailureEvent]) -> None:
    from rich.console import Console

    from pagefacts.render.terminal import render

    console = Console()
    for event in events:
        console.print(render(event))
