"""Settings, from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
import sentry_sdk

from config.celeryconfig import broker_url, celery_config
from config.settings import Pipeline, Settings, SettingsError, variable
from worker.signals import init_sentry

README = Path(__file__).parents[2] / "README.md"


def test_nothing_set_is_the_default() -> None:
    assert Settings.from_env({"REDIS_URL": " ", "PATH": "/bin"}) == Settings()


def test_what_is_set_is_read() -> None:
    settings = Settings.from_env({"REDIS_URL": "redis://h", "PAGEFACTS_PIPELINE": "fused", "PAGEFACTS_IN_FLIGHT": "1"})
    assert (settings.redis_url, settings.pipeline, settings.in_flight) == ("redis://h", Pipeline.FUSED, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAGEFACTS_PIPELINE", "both"),
        ("PAGEFACTS_TAGGER", "nltk"),
        ("PAGEFACTS_IN_FLIGHT", "0"),
        ("PAGEFACTS_MAX_DELIVERIES", "x"),
        ("PAGEFACTS_NAMESPACE", "a{b}"),
        ("PAGEFACTS_CLAIM_AFTER", "10"),
        ("PAGEFACTS_IN_FLIGHT", "3"),
        ("REDIS_URL", "localhost:6379"),
        ("PAGEFACTS_SOFT_TIME_LIMIT", "100"),
        ("PAGEFACTS_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})


def test_nothing_is_reported_where_no_sentry_is_named() -> None:
    init_sentry(Settings())
    assert not sentry_sdk.is_initialized()


def test_the_readme_lists_every_setting_with_its_default() -> None:
    text = README.read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`{variable(name)}`" in text, variable(name)
        if field.default is not None:
            assert f"`{field.default}`" in text, (name, field.default)


def test_celery_is_told_what_the_ledger_needs() -> None:
    config = celery_config(Settings(redis_url="redis://localhost"))
    assert config["accept_content"] == ["json"]
    assert config["task_ignore_result"] is True
    assert config["task_acks_late"] is False
    assert config["worker_max_memory_per_child"] == 1024 * 1024
    assert config["task_time_limit"] > config["task_soft_time_limit"]
    with pytest.raises(SettingsError, match="REDIS_URL"):
        celery_config(Settings())


def test_a_unix_socket_has_another_name_at_celery() -> None:
    assert broker_url("unix:///run/r.sock") == "redis+socket:///run/r.sock"
    assert broker_url("rediss://h/1") == "rediss://h/1"
