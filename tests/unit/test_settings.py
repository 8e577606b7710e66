"""Settings, from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest
import sentry_sdk
from hypothesis import given
from hypothesis import strategies as st

from config.celeryconfig import celery_config
from config.settings import Pipeline, Settings, SettingsError
from pagefacts.client.keys import shard_namespaces
from worker.cluster import slot_of
from worker.reports import init_sentry


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


def test_celery_is_told_what_the_ledger_needs() -> None:
    config = celery_config(Settings(redis_url="redis://localhost"))
    assert config["accept_content"] == ["json"]
    assert config["task_ignore_result"] is True
    assert config["task_acks_late"] is False
    assert config["worker_max_memory_per_child"] == 1024 * 1024
    assert config["task_time_limit"] > config["task_soft_time_limit"]
    with pytest.raises(SettingsError, match="REDIS_URL"):
        celery_config(Settings())


@pytest.mark.parametrize(
    ("url", "broker_url"),
    [
        ("unix:///run/r.sock", "redis+socket:///run/r.sock"),
        ("unix://u:p%40ss@/run/r.sock?db=3", "redis+socket://u:p%40ss@/run/r.sock?virtual_host=3"),
        ("redis://h", "redis://h/0"),
        ("redis://u:p%2Fss@h:1/2?protocol=2", "redis://u:p%2Fss@h:1/2"),
        ("redis://h?db=2", "redis://h/2"),
    ],
)
def test_celery_is_told_of_the_same_server(url: str, broker_url: str) -> None:
    assert celery_config(Settings(redis_url=url))["broker_url"] == broker_url


def test_celery_verifies_a_server_unless_it_is_told_not_to(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.touch()

    def told(query: str) -> object:
        config = celery_config(Settings(redis_url=f"rediss://u:p@h/1{query}"))
        assert config["broker_url"] == "rediss://u:p@h/1"
        return config["broker_use_ssl"]

    assert told("") == {"ssl_cert_reqs": "required", "ssl_check_hostname": True}
    assert told("?ssl_cert_reqs=CERT_REQUIRED&ssl_check_hostname=False") == {
        "ssl_cert_reqs": "required",
        "ssl_check_hostname": False,
    }
    assert told(f"?ssl_ca_certs={authority}&ssl_cert_reqs=none") == {
        "ssl_cert_reqs": "none",
        "ssl_check_hostname": True,
        "ssl_ca_certs": str(authority),
    }
    assert "broker_use_ssl" not in celery_config(Settings(redis_url="redis://h"))


@pytest.mark.parametrize(
    "url",
    [
        "rediss://u:s3cret@h/0?ssl_cert_reqs=maybe",
        "rediss://u:s3cret@h/0?ssl_ca_certs=/no/such/file",
        "rediss://u:s3cret@h/0?ssl_password=s3cret",
        "rediss://u:s3cret@h/0?password=s3cret",
        "rediss://u:s3cret@h/0?ssl_check_hostname=perhaps",
        "redis://u:s3cret@h/0?ssl_cert_reqs=none",
        "redis://u:s3cret/s3cret@h/0",
        "redis://u:s3cret#s3cret@h/0",
        "redis://u:[s3cret@h/0",
        "http://u:s3cret@h/0",
    ],
)
def test_a_server_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match="REDIS_URL") as refused:
        Settings.from_env({"REDIS_URL": url})
    assert "s3cret" not in str(refused.value)


def test_the_home_of_a_process_is_a_shard_as_clients_know_it() -> None:
    namespaces = [Settings(namespace="n", shards=3, shard=shard).home_namespace for shard in range(3)]
    assert namespaces == shard_namespaces("n", 3) == ["n.0", "n.1", "n.2"]
    assert Settings(shards=3).home_namespace == "pagefacts.0"
    assert [Settings(shard=0).home_namespace] == shard_namespaces("pagefacts", 1) == ["pagefacts"]


@given(namespace=st.from_regex(r"[A-Za-z0-9_.-]{1,62}", fullmatch=True), first=st.sampled_from([0, 4]))
def test_four_shards_lie_in_four_quarters_of_the_slots(namespace: str, first: int) -> None:
    four = shard_namespaces(namespace, 8)[first : first + 4]
    assert {slot_of(each) * 4 // 16384 for each in four} == {0, 1, 2, 3}
