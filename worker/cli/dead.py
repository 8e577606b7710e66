"""``pagefacts dead``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import click

from worker.cli.common import opened

if TYPE_CHECKING:
    from pagefacts.contracts import DeadLetter
    from worker.dead import DeadLetters
    from worker.ledger import Ledger


@click.group()
def dead() -> None:
    """Look at dead letters: jobs answered with a failure, kept as they were sent."""


@dead.command("list")
def dead_list() -> None:
    """List the dead letters: entry (with several shards SHARD/ENTRY), job id, time, code and message."""
    with opened() as ledgers:
        for entry, letter in chain.from_iterable(_of_shards(ledgers)):
            failure = letter.failure
            click.echo("\t".join((entry, letter.id, letter.time.isoformat(), failure.code, failure.message)))


_names = click.argument("names", nargs=-1, required=True, metavar="ID…")


@dead.command("show")
@_names
def dead_show(names: tuple[str, ...]) -> None:
    """Write the dead letters of a job's id or an entry, as JSON."""
    for _, _, letter in _dead_letters(names):
        click.echo(letter.to_json())


@dead.command("retry")
@_names
def dead_retry(names: tuple[str, ...]) -> None:
    """Enqueue the jobs again, as they were sent."""
    for letters, entry, letter in _dead_letters(names):
        if letters.retry(entry, letter):
            click.echo(letter.id)


@dead.command("drop")
@_names
def dead_drop(names: tuple[str, ...]) -> None:
    """Delete the dead letters."""
    for letters, entry, letter in _dead_letters(names):
        if letters.drop(entry):
            click.echo(letter.id)


def _of_shards(ledgers: Sequence[Ledger]) -> list[DeadLetters]:
    from worker.dead import DeadLetters

    several = len(ledgers) > 1
    return [DeadLetters(ledger, shard if several else None) for shard, ledger in enumerate(ledgers)]


def _dead_letters(names: tuple[str, ...]) -> Iterator[tuple[DeadLetters, str, DeadLetter]]:
    with opened() as ledgers:
        of_shards = _of_shards(ledgers)
        for name in names:
            found = [
                (letters, entry, letter)
                for letters in of_shards
                for entry, letter in (letters if name == "all" else letters.find(name))
            ]
            if not found:
                raise click.ClickException(f"no dead letter {name}")
            yield from found
