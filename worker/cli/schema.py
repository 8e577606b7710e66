"""``pagefacts schema``."""

from __future__ import annotations

import click


@click.command()
@click.argument("message", type=click.Choice(["job", "event", "dead", "asyncapi"]), default="job")
def schema(message: str) -> None:
    """Write the JSON Schema of a message, or the AsyncAPI document of all.

    A producer writes a job, a consumer reads an event; a dead letter is kept of a job that failed.
    """
    from pagefacts.contracts.documents import document

    click.echo(document(message), nl=False)
