"""``pagefacts status``."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from worker.cli.common import server, warn

if TYPE_CHECKING:
    from config.settings import Settings
    from worker.diagnosis import Seen
    from worker.ledger import Ledger

_PATIENCE: Final = 3.0
"""Seconds that the server may keep silent: a person waits."""
_REFRESH: Final = 2.0
_HOUR: Final = 3_600.0


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID…]")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object; with IDs one a line.")
@click.option("--watch", is_flag=True, help="Again every two seconds, until Ctrl-C.")
@click.option("--check", is_flag=True, help="Exit with 1 where something is wrong.")
def status(ids: tuple[str, ...], as_json: bool, watch: bool, check: bool) -> None:
    """Say how the queue is and what is wrong with it, or where the jobs ID are.

    Exit status: 0, or 1 when the server does not answer, when an ID is not known, or with --check when something is
    wrong.
    """
    if ids and (watch or check):
        raise click.UsageError("--watch and --check are about the whole queue, not about IDs")
    with server() as (settings, _):
        if ids:
            sys.exit(_tell_jobs(settings, ids, as_json))
        while True:
            wrong = _tell(settings, as_json, watch)
            if not watch:
                sys.exit(check and wrong)
            time.sleep(_REFRESH)


def _tell(settings: Settings, as_json: bool, watch: bool) -> bool:
    """Write the report; return whether something is wrong now.

    A server that is away ends the command, unless it watches.
    """
    from redis import AuthenticationError, ConnectionError, TimeoutError  # noqa: A004 - redis-py names them so

    from worker.diagnosis import findings
    from worker.status import as_json_object, report

    try:
        seen = _look(settings)
    except AuthenticationError:  # one of the connection errors: the server does answer
        raise
    except (ConnectionError, TimeoutError) as error:
        _say_away(str(error))
        if not watch:
            sys.exit(1)
        return True
    found = findings(seen)
    text = json.dumps(as_json_object(seen, found)) if as_json else "\n".join(report(seen, found))
    if watch and not as_json:
        click.clear()
    click.echo(text)
    return any(finding.urgent for finding in found)


def _look(settings: Settings) -> Seen:
    from worker.diagnosis import Seen
    from worker.flow import Flow, read_flow, recent_failures
    from worker.queue_state import read_state, total
    from worker.whereabouts import oldest_in_work

    shards = [(ledger, read_state(ledger)) for ledger in _ledgers(settings)]
    states = [state for _, state in shards]
    failures = sum((Counter(recent_failures(ledger, state.at, _HOUR)) for ledger, state in shards), Counter[str]())
    flow = sum((read_flow(ledger, state) for ledger, state in shards), Flow())
    oldest = oldest_in_work(*max(shards, key=lambda shard: shard[1].oldest_in_flight or 0))
    several = states if len(states) > 1 else ()
    return Seen(total(states), settings, flow, dict(failures.most_common()), oldest, several)


def _ledgers(settings: Settings) -> list[Ledger]:
    """Return the ledger of each shard; raise where a server does not answer, or is too old."""
    from worker.connection import check_server, open_ledgers

    ledgers = open_ledgers(settings, retries=0, timeout=_PATIENCE)
    for ledger in ledgers:
        check_server(ledger.client)
    return ledgers


def _say_away(reason: str) -> None:
    """Say that the server does not answer, and what the workers of this machine know of it."""
    from worker.health import Probe, reports

    warn(f"the server does not answer: {reason}")
    cut_off = [f"{one.name}: {why}" for one in reports() if (why := one.wrong(Probe.READY))]
    for line in cut_off:
        warn(line)
    if cut_off:
        warn("what it has accepted it keeps, and workers go on by themselves when it is back")


def _tell_jobs(settings: Settings, ids: Sequence[str], as_json: bool) -> bool:
    """Write where each job is; return whether one is not known."""
    from worker.queue_state import read_state
    from worker.status import words_of
    from worker.whereabouts import Place, find_on_shards

    shards = [(ledger, read_state(ledger)) for ledger in _ledgers(settings)]
    found = [find_on_shards(shards, job_id) for job_id in ids]
    for job in found:
        click.echo(json.dumps(asdict(job)) if as_json else words_of(job, settings))
    return any(job.place is Place.UNKNOWN for job in found)
