"""``pagefacts digest``."""

from __future__ import annotations

from typing import IO

import click

from worker.cli.common import answers_argument, end_with_failures, page_file, read_events


@click.command()
@answers_argument
@click.option(
    "--html",
    "html_file",
    type=page_file,
    metavar="FILE.html",
    help="Write it there as one page that needs no network, instead of to the terminal.",
)
@click.option("--conflicts", is_flag=True, help="Show only what is in conflict.")
def digest(files: tuple[str, ...], html_file: IO[str] | None, conflicts: bool) -> None:
    """Show what many answers claim: figures by day and place, those about the same thing side by side.

    FILES are answers, one a line (also .gz, .zst; - is stdin, which is read where none is named). A text
    on several pages counts once. Claims agree, are in conflict, or are outdated by later ones; they are never added up.
    Exit status: 0, or 3 when failures among the answers were left out, 2 for wrong usage, 1 when FILES hold what is
    no answer of pagefacts or FILE.html cannot be written.
    """
    from pagefacts.render.digest import digest as digest_of

    made = digest_of(read_events(files))
    shown = made.conflicts() if conflicts else made
    if html_file is not None:
        from pagefacts.render.digest.page import digest_page

        html_file.writelines(digest_page(shown))
    else:
        from rich.console import Console

        from pagefacts.render.digest.terminal import render_digest

        console = Console()
        for part in render_digest(shown):
            console.print(part)
    end_with_failures(made.failures, made.failures + made.results)
