"""What a process loads once."""

from __future__ import annotations

import gc
import os
from collections.abc import Collection
from functools import cache

from config.celeryconfig import EXTRACT, FACTS, TAG
from config.settings import Pipeline, Settings
from pagefacts.extraction.language import language_of
from pagefacts.facts.places.gazetteer import SqliteGazetteer
from pagefacts.pipeline import Models
from pagefacts.tagging.base import Tagger
from worker.connection import open_ledger
from worker.engine import wanted_engine
from worker.ledger import Ledger


@cache
def settings() -> Settings:
    """Return the settings of this process. Raises `config.settings.SettingsError`."""
    return Settings.from_env(os.environ)


@cache
def ledger() -> Ledger:
    """Return the ledger of the tasks in this process."""
    return open_ledger(settings())


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


def preload(queues: Collection[str]) -> None:
    """Load what the steps on ``queues`` need, before the pool forks: the children then share its memory."""
    fused = settings().pipeline is Pipeline.FUSED
    if EXTRACT in queues:
        language_of("The first call loads the model.")
    if TAG in queues or (fused and EXTRACT in queues):
        tagger()
    if FACTS in queues or (fused and EXTRACT in queues):
        gazetteer()
    # Objects that are never collected are never written to by the collector: their pages stay shared.
    gc.collect()
    gc.freeze()
