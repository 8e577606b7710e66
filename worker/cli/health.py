"""``pagefacts health``."""

from __future__ import annotations

import sys

import click


@click.command()
@click.option("--live", "probe", flag_value="LIVE", help="Does it work at all? If not, it should be started again.")
@click.option("--ready", "probe", flag_value="READY", default=True, help="Can it take jobs in? The default.")
@click.option("-n", "--name", help="Of this worker alone, such as pagefacts1 or pagefacts1@host.")
def health(probe: str, name: str | None) -> None:
    """Say whether the workers on this machine are well, for the probes of Docker and Kubernetes.

    Exit status: 0 when all are, 1 when one is not, or none runs. Each worker writes down once a second how it is; this
    reads it and asks no server. While the server is away, workers are live and not ready. One that takes no jobs in
    because a limit of the operator's is reached is ready: it does what it should.
    """
    from worker.health import Probe, reports

    asked = Probe[probe]
    found = [report for report in reports() if name in {None, report.name, report.name.partition("@")[0]}]
    if not found:
        raise click.ClickException(f"no worker {name or ''} runs here".replace("  ", " "))
    wrong = [report.wrong(asked) for report in found]
    for report, words in zip(found, wrong, strict=True):
        click.echo(f"{report.name}: " + (f"not {probe.lower()}: {words}" if words else probe.lower()))
    sys.exit(any(wrong))
