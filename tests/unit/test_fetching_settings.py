"""What an operator can set of fetching."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from config.celeryconfig import celery_config
from config.settings import Fetch, Settings, SettingsError
from pagefacts.errors import FetchRefused
from worker.fetching.limits import Limits, Turn


def queues(settings: Settings) -> list[str]:
    return [queue.name for queue in celery_config(settings)["task_queues"]]


def test_nothing_is_fetched_unless_it_is_asked_for() -> None:
    assert Settings().fetch is Fetch.OFF
    assert "pagefacts.fetch" not in queues(Settings(redis_url="redis://h"))
    assert "pagefacts.fetch" in queues(Settings(redis_url="redis://h", fetch=Fetch.ON))


def test_what_is_set_is_what_holds() -> None:
    environment = {
        "PAGEFACTS_FETCH": "on",
        "PAGEFACTS_FETCH_PORTS": "80, 8080",
        "PAGEFACTS_FETCH_ALLOW_NETWORKS": "10.1.0.0/16, fd00::/8",
        "PAGEFACTS_FETCH_TIMEOUT": "20",
        "PAGEFACTS_FETCH_MAX_MB": "2",
        "PAGEFACTS_FETCH_TRIES": "5",
        "PAGEFACTS_FETCH_RATE": "0.5",
        "PAGEFACTS_FETCH_BURST": "4",
        "PAGEFACTS_FETCH_USER_AGENT": "desk/1 (+https://desk.example/bot)",
        "PAGEFACTS_SOFT_TIME_LIMIT": "22",
    }
    limits = Limits.of(Settings.from_env(environment))
    assert (limits.ports, limits.seconds, limits.size, limits.tries) == ({80, 8080}, 20, 2 * 1024 * 1024, 5)
    assert (limits.turn, limits.user_agent) == (Turn(2, 4), "desk/1 (+https://desk.example/bot)")
    assert limits.seconds + limits.naps < 22
    limits.policy.check("h", [ip_address("10.1.2.3"), ip_address("fd00::1")])
    with pytest.raises(FetchRefused):
        limits.policy.check("h", [ip_address("10.2.0.1")])


def test_the_defaults_allow_only_what_is_public() -> None:
    limits = Limits.of(Settings())
    assert limits.ports == {80, 443}
    with pytest.raises(FetchRefused):
        limits.policy.check("h", [ip_address("127.0.0.1")])
    assert limits.user_agent.startswith("pagefacts/")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAGEFACTS_FETCH", "maybe"),
        ("PAGEFACTS_FETCH_PORTS", "80,http"),
        ("PAGEFACTS_FETCH_PORTS", "0"),
        ("PAGEFACTS_FETCH_PORTS", "65536"),
        ("PAGEFACTS_FETCH_PORTS", "80,,443"),
        ("PAGEFACTS_FETCH_ALLOW_NETWORKS", "10.0.0.1/8"),
        ("PAGEFACTS_FETCH_ALLOW_NETWORKS", "intranet"),
        ("PAGEFACTS_FETCH_USER_AGENT", "bot\r\nX: y"),
        ("PAGEFACTS_FETCH_RATE", "0"),
        ("PAGEFACTS_FETCH_TIMEOUT", "60"),
        ("PAGEFACTS_FETCH_MAX_MB", "1000"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({"PAGEFACTS_FETCH": "on", name: value})
