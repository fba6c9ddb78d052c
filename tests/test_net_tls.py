"""HTTPS: the name of the URL is what the certificate must be for, and only the checked address is dialled."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.errors import FetchFailed
from dl_lit.model import DownloadReason
from dl_lit.net.guard import AddressGuard, Origin
from dl_lit.net.limits import Patience
from dl_lit.net.transport import Call, Transport
from httpserver import LocalServer, Reply

# Made for this test, for papers.example, until 2126: openssl req -x509 -newkey ec -nodes -addext subjectAltName=...
CERTIFICATE = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKpI9sSu44AABmvg1
EDpmX2Y6f/AVthVxt5trV4XWH0GhRANCAAQvYqId7yEw6XseSmOU1lcF031+R2aG
0U1WN8Ug9cuf10H3bYZSgXjBiIfJ+Zzb31R6fnlcSUJBLweD/mfJ3lUL
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBozCCAUmgAwIBAgITEPSwGC2YzqqlZqYGCB7DECXcjDAKBggqhkjOPQQDAjAZ
MRcwFQYDVQQDDA5wYXBlcnMuZXhhbXBsZTAgFw0yNjExMjIxNjMzNTNaGA8yMTI2
MTAyOTE2MzM1M1owGTEXMBUGA1UEAwwOcGFwZXJzLmV4YW1wbGUwWTATBgcqhkjO
PQIBBggqhkjOPQMBBwNCAAQvYqId7yEw6XseSmOU1lcF031+R2aG0U1WN8Ug9cuf
10H3bYZSgXjBiIfJ+Zzb31R6fnlcSUJBLweD/mfJ3lULo24wbDAdBgNVHQ4EFgQU
MctlKZfnNavSN/7ApWds6cu/hWMwHwYDVR0jBBgwFoAUMctlKZfnNavSN/7ApWds
6cu/hWMwGQYDVR0RBBIwEIIOcGFwZXJzLmV4YW1wbGUwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiAkmka8aR8xZ9CTWEr2fidPxJ4ckrZYEIFxcFuY
cA1UJwIhAOfxnt3m3N3Ja4dBH5a5mo+4ulTZDERbWZdfyUy3FZEr
-----END CERTIFICATE-----
"""

# The same for January 2020.
EXPIRED = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgHdq6unm/Qlmlupob
Mgr/IEIkZuotLZH9sX15qVxCw++hRANCAAR8ShOspBm6OrDZOSBE4hSbBgR5AzsR
EkVrChvURku7VuYHsLvPanp3juXiOg7WGAvvaf+e8YorFLlLGeDAs+6w
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBazCCARGgAwIBAgIBATAKBggqhkjOPQQDAjAZMRcwFQYDVQQDDA5wYXBlcnMu
ZXhhbXBsZTAeFw0yMDAxMDEwMDAwMDBaFw0yMDAyMDEwMDAwMDBaMBkxFzAVBgNV
BAMMDnBhcGVycy5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfEoT
rKQZujqw2TkgROIUmwYEeQM7ERJFawob1EZLu1bmB7C7z2p6d47l4joO1hgL72n/
nvGKKxS5SxngwLPusKNKMEgwGQYDVR0RBBIwEIIOcGFwZXJzLmV4YW1wbGUwDAYD
VR0TBAUwAwEB/zAdBgNVHQ4EFgQUNLXHaul4tNSpDpbA6+L39suQl7kwCgYIKoZI
zj0EAwIDSAAwRQIgE0UFjpCZgQ+nJFegiYYLCGSwNRJdG1SCMz8NcVVfJ/ACIQC2
f0QVfuIN5Jx3JlQewd86yXIh+F1i9JeWzgJd8W3uaQ==
-----END CERTIFICATE-----
"""


@pytest.fixture(autouse=True)
def no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "no_proxy",
        "NO_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    path = tmp_path / "papers.pem"
    path.write_text(CERTIFICATE)
    return path


@pytest.fixture
def names() -> list[str]:
    """The names that clients asked for in their handshakes (SNI)."""
    return []


@pytest.fixture
def server(pem: Path, names: list[str]) -> Iterator[LocalServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    context.sni_callback = lambda sock, name, context: names.append(name)
    with LocalServer(lambda arrival: Reply(body=b"secure"), tls=context) as running:
        yield running


@pytest.fixture
def transport(pem: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Transport]:
    """Trusts the certificate, as a user with an authority of his own would, and finds both names at 127.0.0.1."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(pem))
    real = socket.getaddrinfo

    def resolve(host: str, *args: object, **kwargs: object) -> object:
        return real("127.0.0.1" if host.endswith(".example") else host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    made = Transport(AddressGuard(["127.0.0.1"]), "dl-lit/test", Patience(connect=5, read=5, total=10))
    yield made
    made.close()


def _get(transport: Transport, url: str, own: Origin | None = None) -> bytes:
    with contextlib.closing(transport.open(Call(url, time.monotonic() + 10, own=own))) as reception:
        return b"".join(reception.chunks(1000))


def test_name_and_host_are_those_of_the_url_on_a_connection_to_the_checked_address(
    transport: Transport, server: LocalServer, names: list[str]
) -> None:
    url = f"https://papers.example:{server.port}/x"
    assert _get(transport, url) == b"secure"
    assert _get(transport, url) == b"secure"
    assert names == ["papers.example"], "one handshake for both"
    assert server.arrivals[0].headers["host"] == f"papers.example:{server.port}"


def test_a_certificate_for_another_name_is_not_taken(transport: Transport, server: LocalServer) -> None:
    with pytest.raises(FetchFailed) as caught:
        _get(transport, f"https://other.example:{server.port}/x")
    assert caught.value.reason == DownloadReason.CONNECTION
    assert server.arrivals == []


def test_a_kept_connection_is_dialled_anew_for_somebody_else(
    transport: Transport, server: LocalServer, names: list[str]
) -> None:
    url = f"https://papers.example:{server.port}/x"
    _get(transport, url, own=Origin("papers.example", server.port))
    _get(transport, url)
    assert len(names) == 2


def test_a_host_whose_certificate_has_expired_is_looked_after_by_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transport: Transport
) -> None:
    path = tmp_path / "expired.pem"
    path.write_text(EXPIRED)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with LocalServer(lambda arrival: Reply(body=b"old"), tls=context) as server:
        with pytest.raises(FetchFailed, match="its certificate has expired") as caught:
            _get(transport, f"https://papers.example:{server.port}/x")
        assert caught.value.context["dead"] is True
        assert server.arrivals == []
