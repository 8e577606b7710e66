"""What a child needs of its surroundings, from the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

import pagefacts
from config.settings import Settings, SettingsError
from worker.sandbox import Needs, seccomp

DSN = "https://key@sentry.example/1"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for scheme in ("http", "https", "all"):
        monkeypatch.delenv(f"{scheme}_proxy", raising=False)
        monkeypatch.delenv(f"{scheme}_proxy".upper(), raising=False)


def needs(redis_url: str, dsn: str | None = None, *, fetches: bool = False) -> Needs:
    return Needs.of(Settings(redis_url=redis_url, sentry_dsn=dsn), fetches)


def test_a_unix_socket_needs_no_port() -> None:
    found = needs("unix:///run/server.sock")
    assert (found.ports, found.unix, found.names, found.anywhere) == (frozenset(), True, False, False)


@pytest.mark.parametrize(
    ("url", "ports", "names"),
    [
        ("redis://127.0.0.1", {6379}, False),
        ("redis://[::1]:7000/3", {7000}, False),
        ("rediss://user:secret@localhost:6380/0", {6380}, False),
        ("redis://redis:6379/0", {6379}, True),
    ],
)
def test_a_name_must_be_looked_up_and_an_address_need_not(url: str, ports: set[int], names: bool) -> None:
    found = needs(url)
    assert (found.ports, found.unix, found.names) == (ports, False, names)


def test_sentry_is_reached_and_the_proxy_that_leads_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert needs("unix:///run/server.sock", DSN).ports == {443}
    monkeypatch.setenv("https_proxy", "http://10.0.0.1:3128")
    found = needs("redis://127.0.0.1", DSN)
    assert (found.ports, found.names) == ({6379, 443, 3128}, True)


def test_who_fetches_connects_anywhere() -> None:
    assert needs("redis://127.0.0.1", fetches=True).anywhere


def test_the_code_is_read_and_the_homes_of_users_are_not(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.touch()
    readable = needs(f"rediss://localhost?ssl_ca_certs={authority}").readable
    assert str(Path(pagefacts.__file__).parent) in readable
    assert str(authority) in readable
    assert not readable & {"/", "/etc", "/home", "/root", "/proc", "/tmp", str(Path.home()), str(tmp_path)}  # noqa: S108


def test_a_child_is_not_ended_by_a_page_before_it_would_be_replaced_after_it() -> None:
    with pytest.raises(SettingsError, match="PAGEFACTS_CHILD_MEMORY_MAX_MB must be 0, or not below"):
        Settings.from_env({"PAGEFACTS_CHILD_MEMORY_MB": "1024", "PAGEFACTS_CHILD_MEMORY_MAX_MB": "1023"})
    assert Settings.from_env({"PAGEFACTS_CHILD_MEMORY_MAX_MB": "0"}).child_memory_max_mb == 0


@pytest.mark.parametrize("machine", seccomp._MACHINES.values())  # noqa: SLF001
@pytest.mark.parametrize("udp", [False, True])
def test_every_jump_of_the_filter_leads_into_it_and_all_ways_end_in_a_verdict(machine: object, udp: bool) -> None:
    """The kernel refuses other programs, but only on the machine that runs them."""
    program = seccomp._program(machine, seccomp.Sockets(unix=True, tcp=True, udp=udp))  # noqa: SLF001
    for place, (code, where_true, where_false, _) in enumerate(program):
        assert place + max(where_true, where_false) + 1 < len(program) or code == 0x06
        assert max(where_true, where_false) < 256
    assert program[-1][0] == 0x06
