"""``pagefacts schema``."""

from __future__ import annotations

import click


@click.command()
@click.argument("message", type=click.Choice(["job", "event"]), default="job")
def schema(message: str) -> None:
    """Write the JSON Schema of a message: the job that a producer writes, or the event that a consumer reads."""
    from pagefacts.contracts.schema import schema as json_schema

    click.echo(json_schema(message), nl=False)
