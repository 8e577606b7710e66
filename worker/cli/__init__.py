"""The ``pagefacts`` command line: a module for each command, which imports what it needs when it runs."""

from __future__ import annotations

import sys

import click

from pagefacts import __version__
from worker.cli import dead, digest, enqueue, health, process, results, schema, services, show, status
from worker.errors import OperatorError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pagefacts")
def cli() -> None:
    """Turn news pages into checked facts: casualty figures, dates and places, each with the words it stands on.

    REDIS_URL names the server. Without it, an embedded one is started on this machine.
    """


for _command in (
    process.process,
    enqueue.enqueue,
    results.results,
    services.worker,
    services.flower,
    status.status,
    health.health,
    dead.dead,
    schema.schema,
    show.show,
    digest.digest,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; what goes wrong outside it is said in one line."""
    try:
        cli()
    except OperatorError as error:
        sys.exit(f"pagefacts: {error}")
    except Exception as error:
        if _from_redis(error):
            sys.exit(f"pagefacts: the server: {error}")
        raise


def _from_redis(error: Exception) -> bool:
    redis = sys.modules.get("redis")  # only a command that has imported it can have met its errors
    return redis is not None and isinstance(error, redis.RedisError)
