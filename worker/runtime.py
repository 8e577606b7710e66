"""What a process loads once."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Collection
from functools import cache
from typing import TYPE_CHECKING, Final

from config.celeryconfig import EXTRACT, FACTS, FETCH, TAG
from config.settings import Fetch, Pipeline, Settings
from pagefacts.client.keys import shard_of
from pagefacts.contracts import Article, Job, identify
from pagefacts.extraction import extract
from pagefacts.facts import find_facts
from pagefacts.facts.places.gazetteer import SqliteGazetteer
from pagefacts.language_model import begin_loading, language_model
from pagefacts.pipeline import Models
from pagefacts.tagging.base import Tagger
from worker.connection import open_ledger
from worker.engine import wanted_engine
from worker.fetching import OwnMemory, SharedMemory
from worker.fetching.jobs import put_into
from worker.fetching.limits import Limits
from worker.ledger import Ledger

if TYPE_CHECKING:
    from worker.fetching.fetcher import Fetcher

_RETRIES: Final = 40
"""Of a command while the server is away: they last some 75 seconds, longer than the soft time limit of a step."""
_TEXT: Final = """At least two people were killed and ten were injured on Monday when a market was hit in Aleppo, Syria.
The number may rise, the health ministry said in the evening: three people were still missing under the rubble of a
house beside it. Some 30 families had left the quarter in the past week, after the first attacks of the winter."""
"""An article without a date, so that all ways to find one are tried."""
_PAGE: Final = f"<html><body><h1>Market hit</h1><article><p>{_TEXT}</p></article></body></html>"
_RARE_PAGE: Final = "<html><body><p>Two people died.</p></body></html>"
"""From hardly any text trafilatura reads the stop words of a hundred languages: a quarter of a second, and 33 MiB."""


@cache
def settings() -> Settings:
    """Return the settings of this process. Raises `config.settings.SettingsError`."""
    return Settings.from_env(os.environ)


def ledger(shard: int | None = None) -> Ledger:
    """Return the ledger of a shard's jobs for the tasks in this process; None: of the home's.

    A step waits for a server that is away for as long as it may take, rather than be done again.
    """
    return _ledger(settings().home if shard is None else shard)


@cache
def _ledger(shard: int) -> Ledger:
    return open_ledger(settings(), retries=_RETRIES, shard=shard)


def ledger_of(raw: str) -> Ledger:
    """Return the ledger that the job ``raw``, JSON, belongs to."""
    return ledger(shard_of(identify(raw), settings().shards) if settings().shards > 1 else None)


@cache
def fetcher() -> Fetcher:
    """Return what fetches pages."""
    from worker.fetching.fetcher import Fetcher  # noqa: PLC0415 - most workers do not fetch

    return Fetcher(Limits.of(settings()))


@cache
def hosts() -> SharedMemory:
    """Return what all workers know of the hosts that they fetch from."""
    return SharedMemory(ledger(0), settings().fetch_keep_mb)


def fetch_here() -> Callable[[Job], Job] | None:
    """Return what puts the page into a job, without any server; None where pages are not fetched."""
    if settings().fetch is Fetch.OFF:
        return None
    memory = OwnMemory()
    return lambda job: put_into(job, fetcher().fetch_here(job, memory))


def wait(seconds: float) -> float:
    """Return how long a job may wait in the queue at once: it must show itself before it is taken for lost."""
    return min(seconds, settings().claim_after / 4)


@cache
def tagger() -> Tagger:
    """Return the entity tagger. Raises `config.settings.SettingsError` where the one wanted is not installed."""
    return wanted_engine(settings()).load()


@cache
def gazetteer() -> SqliteGazetteer:
    """Return the gazetteer."""
    return SqliteGazetteer.open()


def models() -> Models:
    """Return all that the steps need."""
    return Models(tagger(), gazetteer())


def preload(queues: Collection[str], *, briefly: bool = False) -> None:
    """Load what the steps on ``queues`` need, before the pool forks: the children then share its memory.

    Libraries load much when they are first used, so extraction and facts are used once, on a page of our own; that
    which few pages need is left out of a worker that is here ``briefly``.
    """
    fused = settings().pipeline is Pipeline.FUSED
    # Objects that are never collected are never written to by the collector: their pages stay shared. First the modules
    # and what they hold, so that it need not be looked through to find what is garbage of the rest.
    gc.freeze()
    if EXTRACT in queues:
        begin_loading()
    if FETCH in queues:
        fetcher()
    if TAG in queues or (fused and EXTRACT in queues):
        tagger()
    if FACTS in queues or (fused and EXTRACT in queues):
        find_facts(Article(text=_TEXT), (), gazetteer())
    if EXTRACT in queues:
        for page in (_PAGE,) if briefly else (_PAGE, _RARE_PAGE):
            extract(Job(html=page, language="en"))  # which need not be told then
        language_model()
    gc.collect()
    gc.freeze()
    gc.enable()
