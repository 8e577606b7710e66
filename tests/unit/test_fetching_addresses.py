"""Which addresses may be connected to, and which URLs are taken at all."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from pagefacts.errors import FetchRefused
from worker.fetching.addresses import AddressPolicy, read_networks
from worker.fetching.urls import check_url, origin_of

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::808:808"]
REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.1.1 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
:: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::7f00:1 fc00::1 fd00:ec2::254 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1
64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1
2002:7f00:1:: 2002:808:808:: 3fff::1 100::1 4000::1
""".split()


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_connected_to(text: str) -> None:
    assert AddressPolicy().check("h", [ip_address(text)]) == (ip_address(text),)


@pytest.mark.parametrize("text", REFUSED)
def test_all_others_are_not(text: str) -> None:
    with pytest.raises(FetchRefused, match=r"host\.example has the address"):
        AddressPolicy().check("host.example", [ip_address(text)])


def test_one_bad_address_among_good_ones_refuses_the_host() -> None:
    with pytest.raises(FetchRefused, match=r"10\.0\.0\.1 \(private\)"):
        AddressPolicy().check("h", [ip_address("8.8.8.8"), ip_address("10.0.0.1")])


def test_a_listed_network_is_connected_to_and_no_other() -> None:
    policy = AddressPolicy(read_networks("10.0.0.0/8, fd12::/16"))
    for text in ("10.1.2.3", "fd12::5", "8.8.8.8", "64:ff9b::a01:203"):
        policy.check("h", [ip_address(text)])
    for text in ("192.168.0.1", "127.0.0.1", "fd13::5", "::ffff:10.1.2.3"):
        with pytest.raises(FetchRefused):
            policy.check("h", [ip_address(text)])


@pytest.mark.parametrize("text", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"])
def test_a_metadata_service_has_to_be_listed_by_itself(text: str) -> None:
    everything = AddressPolicy(read_networks("0.0.0.0/0,::/0"))
    with pytest.raises(FetchRefused, match="metadata"):
        everything.check("h", [ip_address(text)])
    AddressPolicy(read_networks(text)).check("h", [ip_address(text)])


def test_a_list_of_networks_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        read_networks("10.0.0.0/8,local")


PORTS = {80, 443}


@pytest.mark.parametrize(
    ("text", "url", "origin"),
    [
        ("http://example.org", "http://example.org", "http://example.org:80"),
        ("https://EXAMPLE.org:443/a?b=c#d", "https://example.org/a?b=c", "https://example.org:443"),
        ("http://example.org./", "http://example.org./", "http://example.org.:80"),
        ("http://8.8.8.8/", "http://8.8.8.8/", "http://8.8.8.8:80"),
        ("https://[2606:4700::1]/", "https://[2606:4700::1]/", "https://[2606:4700::1]:443"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", "https://xn--bcher-kva.example:443"),
        ("http://4chan.example/", "http://4chan.example/", "http://4chan.example:80"),
    ],
)
def test_urls_that_are_taken(text: str, url: str, origin: str) -> None:
    checked = check_url(text, PORTS)
    assert (str(checked).replace("bücher", "xn--bcher-kva"), origin_of(checked)) == (url, origin)


@pytest.mark.parametrize(
    "text",
    """
    ftp://example.org/ file:///etc/passwd gopher://example.org/ javascript:alert(1) //example.org/ example.org http:///x
    http://example.org:22/ https://example.org:8443/ http://example.org:0/ http://example.org:99999/
    http://user:secret@example.org/ http://secret@example.org/ http://@@example.org/
    http://2130706433/ http://0x7f000001/ http://0x7f.1/ http://127.1/ http://0177.0.0.1/ http://127.0.0.1./
    http://017700000001/ http://1.2.3.4.5/ http://１２７.０.０.１/ http://①②⑦.0.0.1/
    http://[fe80::1%25eth0]/ http://[::1/ http://example.org%00.evil.example/ http://%31%32%37.0.0.1/
    """.split(),
)
def test_urls_that_are_refused(text: str) -> None:
    with pytest.raises(FetchRefused) as raised:
        check_url(text, PORTS)
    assert "secret" not in str(raised.value)
    assert raised.value.field == "url"


@pytest.mark.parametrize("text", ["http://example.org/\r\nX: y", "http://exa mple.org/", "http://" + "a" * 5000])
def test_urls_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(FetchRefused):
        check_url(text, PORTS)


def test_what_stands_behind_a_backslash_is_not_the_host() -> None:
    """Browsers read the host before the backslash; wherever it is read, only its address counts in the end."""
    with pytest.raises(FetchRefused):
        check_url("http://example.org\\@10.0.0.1/", PORTS)
