"""``pagefacts show``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, TYPE_CHECKING

import click

from worker.cli.common import answers_argument, end_with_failures, page_file, read_events

if TYPE_CHECKING:
    from pagefacts.contracts import FailureEvent, ResultEvent


@click.command()
@answers_argument
@click.option(
    "--html",
    "html_file",
    type=page_file,
    metavar="FILE.html",
    help="Write the articles there, their facts highlighted and in tables, one page that needs no network.",
)
@click.option(
    "--map",
    "map_file",
    type=page_file,
    metavar="FILE.html",
    help="Write the figures there as a map, one page that needs no network.",
)
@click.option("--geojson", is_flag=True, help="Write the figures and places to stdout as GeoJSON, for QGIS.")
def show(files: tuple[str, ...], html_file: IO[str] | None, map_file: IO[str] | None, geojson: bool) -> None:
    """Show answers for people: headline, byline, and the facts with their words.

    FILES are answers, one a line (also .gz, .zst; - is stdin, which is read where none is named). With
    --html, --map or --geojson, or several of them, all answers go into one page, one map or one FeatureCollection.
    Exit status: 0, or 3 when there are failures among these answers (--html shows them, the others leave them out), 2
    for wrong usage, 1 when FILES hold what is no answer of pagefacts or FILE.html cannot be written.
    """
    events = read_events(files)
    if html_file is None and map_file is None and not geojson:
        _show_on_terminal(events)
        return
    _require_one_on_stdout(html_file, map_file, geojson)
    from pagefacts.contracts import FailureEvent
    from pagefacts.render.article import article_page
    from pagefacts.render.figures import page_of
    from pagefacts.render.geojson import feature_collection
    from pagefacts.render.map import map_page

    articles, pages, total, failures = [], [], 0, 0
    for event in events:
        total += 1
        failures += isinstance(event, FailureEvent)
        if html_file is not None:
            articles.append(event)
        if (map_file is not None or geojson) and not isinstance(event, FailureEvent):
            pages.append(page_of(event))
    if html_file is not None:
        html_file.writelines(article_page(articles))
    if map_file is not None:
        map_file.writelines(map_page(pages))
    if geojson:
        click.echo(feature_collection(pages))
    end_with_failures(failures, total, shown=html_file is not None)


def _require_one_on_stdout(html_file: IO[str] | None, map_file: IO[str] | None, geojson: bool) -> None:
    pages = {"--html": html_file, "--map": map_file}
    named = [option for option, file in pages.items() if file is not None and file.name == "-"]
    if geojson and named:
        raise click.UsageError(f"--geojson writes to stdout already: give {named[0]} a file")
    if len(named) > 1:
        raise click.UsageError(f"{' and '.join(named)} cannot both write to stdout: give one of them a file")


def _show_on_terminal(events: Iterable[ResultEvent | FailureEvent]) -> None:
    from rich.console import Console

    from pagefacts.render.terminal import render

    console = Console()
    for event in events:
        console.print(render(event))
