"""The tagger that the settings want."""

from __future__ import annotations

from config.settings import Settings, SettingsError, variable
from pagefacts.tagging.engines import ENGINES, Engine, EngineMissing


def wanted_engine(settings: Settings) -> Engine:
    """Return the engine, not loaded. Raises `SettingsError` where its packages are not installed."""
    engine = ENGINES[settings.tagger]
    try:
        engine.require()
    except EngineMissing as error:
        raise SettingsError(f"{variable('tagger')}: {error}") from None
    return engine
