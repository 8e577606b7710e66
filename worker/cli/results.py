"""``pagefacts results``."""

from __future__ import annotations

import sys

import click

from worker.cli.common import opened


@click.command()
@click.option("--group", help="Read as this consumer group: what it has read and acknowledged is not read again.")
@click.option("--follow", is_flag=True, help="Wait for more.")
def results(group: str | None, follow: bool) -> None:
    """Write the answers on the results stream, one a line."""
    from worker.results import follow_group, follow_stream

    with opened() as ledger:
        events = follow_group(ledger, group, follow) if group else follow_stream(ledger, follow)
        for event in events:
            click.echo(event)
            sys.stdout.flush()
