"""``pagefacts digest``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from typing import IO, TYPE_CHECKING

import click

from worker.cli.common import SOME_FAILED, read_events, warn

if TYPE_CHECKING:
    from pagefacts.contracts import FailureEvent, ResultEvent


@click.command()
@click.argument("results", nargs=-1, type=click.File(encoding="utf-8"), default=("-",))
@click.option(
    "--html",
    "html_file",
    type=click.File("w", encoding="utf-8", lazy=True),
    metavar="FILE.html",
    help="Write it there as one page that needs no network, instead of to the terminal.",
)
def digest(results: tuple[IO[str], ...], html_file: IO[str] | None) -> None:
    """Show what many answers claim: figures by day and place, those about the same thing side by side.

    RESULTS are files of answers, one a line, or - for stdin, which is read where none is named. A text on several pages
    counts once. Claims agree, are in conflict, or are outdated by later ones; they are never added up. Exit status: 0,
    or 3 when failures among the answers were left out, 2 for wrong usage, 1 when RESULTS hold what is no answer of
    pagefacts or FILE.html cannot be written.
    """
    from pagefacts.render.digest import digest as digest_of

    made = digest_of(chain.from_iterable(_answers(file) for file in results))
    if html_file is not None:
        from pagefacts.render.digest.page import digest_page

        html_file.write(digest_page(made))
    else:
        from rich.console import Console

        from pagefacts.render.digest.terminal import render_digest

        console = Console()
        for part in render_digest(made):
            console.print(part)
    if made.failures:
        warn(f"{made.failures} of {made.failures + made.results} answers are failures and were left out")
        sys.exit(SOME_FAILED)


def _answers(file: IO[str]) -> Iterator[ResultEvent | FailureEvent]:
    try:
        yield from read_events(file)
    except click.ClickException as error:
        raise click.ClickException(f"{file.name}: {error.message}") from None
