"""``pagefacts status``."""

from __future__ import annotations

import json

import click

from worker.cli.common import opened


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
def status(as_json: bool) -> None:
    """Say how many jobs wait, are in flight, were answered, and lie in the dead-letter stream."""
    with opened() as ledger:
        counts = ledger.status()
    if as_json:
        click.echo(json.dumps(counts))
        return
    for name, count in counts.items():
        click.echo(f"{name.replace('_', ' '):<20}{count:>10}")
