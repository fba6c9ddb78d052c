"""Which addresses may be dialled: only those of the open internet, unless the user allows more."""

from __future__ import annotations

import ipaddress
import pickle

import pytest

from dl_lit.errors import AddressRefused, UsageError
from dl_lit.net.guard import AddressGuard, Origin, host_key, host_of, is_public, origin_of


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "168.63.129.16",
        "192.88.99.1",
        "3fff::1",
        "::ffff:168.63.129.16",
    ],
)
def test_an_address_outside_the_open_internet_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:220:1::1", "64:ff9b::5db8:d70e", "::ffff:93.184.215.14"]
)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/x.pdf",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://0/",
        "https://user:secret@10.0.0.1/",
        "ftp://example.org/x.pdf",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//example.org/x",
        "http://",
        "http://host:99999/",
        "",
    ],
)
def test_a_url_into_the_own_network_or_of_another_scheme_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        AddressGuard().check(url)
    assert caught.value.reason == "address_refused"
    assert "secret" not in str(caught.value)


def test_a_literal_public_address_passes_and_is_the_one_to_dial() -> None:
    guard = AddressGuard()
    assert guard.check("https://93.184.215.14/x") == Origin("93.184.215.14", 443)
    assert guard.addresses("93.184.215.14", 443) == ["93.184.215.14"]


def test_a_name_that_does_not_resolve_is_no_refusal_but_cannot_be_dialled() -> None:
    guard = AddressGuard()
    assert guard.check("http://nowhere.invalid/") == Origin("nowhere.invalid", 80)
    with pytest.raises(OSError, match=r".+"):
        guard.addresses("nowhere.invalid", 80)
    with pytest.raises(OSError, match="not a valid host name"):
        guard.addresses("a" * 70 + ".org", 80)


@pytest.mark.parametrize(
    ("entry", "url", "allowed"),
    [
        ("127.0.0.1", "http://127.0.0.1:1/", True),
        ("127.0.0.1:81", "http://127.0.0.1:81/", True),
        ("127.0.0.1:81", "http://127.0.0.1:82/", False),
        ("127.0.0.0/8:8000", "http://127.0.0.7:8000/", True),
        ("127.0.0.0/8:8000", "http://127.0.0.7:8001/", False),
        ("127.0.0.0/8:8000", "http://10.0.0.7:8000/", False),
        ("127.0.0.0/8:8000", "http://2130706433:8000/", True),
        ("localhost", "http://localhost:5/", True),
        ("LocalHost:5", "http://localhost:5/", True),
        ("localhost:5", "http://localhost:6/", False),
        ("localhost", "http://127.0.0.1/", False),
        ("::1", "http://[::1]:9/", True),
        ("[::1]:9", "http://[::1]:9/", True),
        ("[::1]:9", "http://[::1]:8/", False),
        ("fc00::/7", "http://[fd12::1]/", True),
        ("[fc00::/7]:80", "http://[fd12::1]/", True),
        (" 10.0.0.0/8 ", "http://10.9.9.9/", True),
    ],
)
def test_allowed_hosts_addresses_and_ranges_count_with_or_without_a_port(entry: str, url: str, allowed: bool) -> None:
    guard = AddressGuard([entry])
    if allowed:
        assert guard.check(url)
    else:
        with pytest.raises(AddressRefused):
            guard.check(url)


@pytest.mark.parametrize("entry", ["", "  ", "10.0.0.0/99", "[::1", "host:port", ":80"])
def test_an_entry_that_allows_nothing_is_a_usage_error(entry: str) -> None:
    with pytest.raises(UsageError, match="allow_hosts"):
        AddressGuard([entry])


def test_a_services_own_address_is_allowed_and_no_other_port_of_it() -> None:
    guard = AddressGuard()
    own = Origin("127.0.0.1", 8070)
    assert guard.addresses("127.0.0.1", 8070, own=own) == ["127.0.0.1"]
    with pytest.raises(AddressRefused):
        guard.addresses("127.0.0.1", 8071, own=own)


def test_hosts_are_named_in_lower_case_ascii_without_port() -> None:
    assert host_key("HTTP://Example.ORG.:8080/a") == "example.org"
    assert host_key("https://bücher.example/") == "xn--bcher-kva.example"
    assert host_key("http://127.0.0.3:1/") == "127.0.0.3"
    assert origin_of("https://[2606:2800::1]/") == Origin("2606:2800::1", 443)
    assert host_key("http://" + "ü" * 80 + "/") == "ü" * 80


def test_a_refusal_survives_the_way_back_from_a_child_process() -> None:
    with pytest.raises(AddressRefused) as caught:
        AddressGuard().check("http://127.0.0.1/")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.reason) == (str(caught.value), caught.value.reason)


def test_a_host_for_the_record_is_empty_where_there_is_none() -> None:
    assert host_of("http://Example.ORG.:8080/a") == "example.org"
    assert host_of("http://[x") == host_of("ftp://example.org/") == ""
