"""One exchange: deadlines that hold against drips, pinned addresses, cookies, proxies, connections kept and closed."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from requests.cookies import RequestsCookieJar

from dl_lit.errors import AddressRefused, FetchFailed, Stopping
from dl_lit.model import DownloadReason
from dl_lit.net.guard import AddressGuard, Origin
from dl_lit.net.limits import Patience
from dl_lit.net.reception import Reception
from dl_lit.net.transport import Call, Transport
from dl_lit.net.watchdog import Watchdog
from httpserver import Arrival, LocalServer, Reply

AGENT = "dl-lit/test"


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
def transport() -> Iterator[Transport]:
    made = Transport(AddressGuard(["127.0.0.0/8"]), AGENT, Patience(connect=2, read=2, total=5))
    yield made
    made.close()


def _call(url: str, seconds: float = 5.0, **more: Any) -> Call:
    return Call(url=url, deadline=time.monotonic() + seconds, **more)


def _get(transport: Transport, url: str, seconds: float = 5.0, max_bytes: int = 10**6, **more: Any) -> bytes:
    with contextlib.closing(transport.open(_call(url, seconds, **more))) as reception:
        return b"".join(reception.chunks(max_bytes))


def _drip(piece: bytes = b"x") -> Iterator[bytes]:
    for _ in range(200):
        yield piece
        time.sleep(0.02)


def _failing(transport: Transport, url: str, seconds: float = 5.0, **more: Any) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        _get(transport, url, seconds, **more)
    return caught.value


# ── time limits ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "answer",
    [
        lambda arrival: Reply(body=_drip()),
        lambda arrival: Reply(headers={"Content-Length": "100000"}, body=_drip()),
        lambda arrival: Reply(raw=itertools.chain([b"HTTP/1.1 200 OK\r\nX-Slow: "], _drip())),
        lambda arrival: Reply(raw=_drip(b"\0")),
        lambda arrival: Reply(
            raw=itertools.chain([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"], _drip(b"1\r\nx\r\n"))
        ),
    ],
    ids=["body", "body with length", "header", "garbage", "chunked"],
)
def test_a_slow_drip_is_cut_off_at_the_deadline(transport: Transport, answer: Callable[[Arrival], Reply]) -> None:
    with LocalServer(answer) as server:
        begun = time.monotonic()
        error = _failing(transport, server.url, 0.3)
        assert 0.25 < time.monotonic() - begun < 1.5
    assert error.reason == DownloadReason.TIMEOUT


def test_a_handshake_that_drips_is_cut_off_at_the_deadline(transport: Transport) -> None:
    with LocalServer(lambda arrival: Reply(raw=_drip())) as server, socket.socket() as plain:
        plain.bind(("127.0.0.1", 0))
        plain.listen()

        def drip() -> None:
            peer, _ = plain.accept()
            with peer, contextlib.suppress(OSError):
                peer.sendall(b"\x16\x03\x03\x40\x00")  # a TLS record of 16 kB follows, a byte at a time
                for piece in _drip(b"\x02"):
                    peer.sendall(piece)
                    if server.closing.is_set():
                        return

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        begun = time.monotonic()
        error = _failing(transport, f"https://127.0.0.1:{plain.getsockname()[1]}/", 0.3)
        assert time.monotonic() - begun < 1.5
    assert error.reason == DownloadReason.TIMEOUT
    dripping.join(5)


def test_a_server_that_says_nothing_is_a_timeout() -> None:
    hold = threading.Event()
    transport = Transport(AddressGuard(["127.0.0.0/8"]), AGENT, Patience(connect=2, read=0.1, total=5))

    def silent(arrival: Arrival) -> Reply:
        hold.wait(5)
        return Reply()

    with LocalServer(silent) as server:
        error = _failing(transport, server.url)
        hold.set()
    transport.close()
    assert error.reason == DownloadReason.TIMEOUT
    assert "in time" in str(error)


def test_a_deadline_that_is_over_sends_nothing_that_lasts(transport: Transport) -> None:
    with LocalServer() as server:
        assert _failing(transport, server.url, -1.0).reason == DownloadReason.TIMEOUT


# ── what breaks ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_closed_port_is_a_connection_failure_without_the_query_in_its_words(transport: Transport) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    error = _failing(transport, f"http://127.0.0.1:{port}/?api_key=S3CRET")
    assert error.reason == DownloadReason.CONNECTION
    assert "refused" in str(error)
    assert "S3CRET" not in str(error) + str(error.context)
    assert error.__suppress_context__


def test_a_name_that_does_not_exist_is_a_connection_failure(transport: Transport) -> None:
    assert _failing(transport, "http://nowhere.invalid/").reason == DownloadReason.CONNECTION


@pytest.mark.parametrize("url", ["http://[::1/", "http://exa mple.org/", "http:///x", "http://127.0.0.1:port/"])
def test_a_url_that_is_none_is_a_failure_and_no_crash(transport: Transport, url: str) -> None:
    assert _failing(transport, url).reason == DownloadReason.CONNECTION


def test_an_answer_that_is_no_http_is_a_connection_failure(transport: Transport) -> None:
    with LocalServer(lambda arrival: Reply(raw=[b"220 mail ready\r\n\r\n"])) as server:
        assert _failing(transport, server.url).reason == DownloadReason.CONNECTION


INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </s.css>; rel=preload\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"


def test_interim_answers_are_passed_over(transport: Transport) -> None:
    final = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    with LocalServer(lambda arrival: Reply(raw=[INTERIM, final])) as server:
        assert _get(transport, server.url + "/x") == b"hello"


@pytest.mark.parametrize("begun", [INTERIM, INTERIM * 60], ids=["then nothing", "and no end"])
def test_interim_answers_alone_are_none(transport: Transport, begun: bytes) -> None:
    with (
        LocalServer(lambda arrival: Reply(raw=[begun])) as server,
        pytest.raises(FetchFailed) as caught,
        contextlib.closing(transport.open(_call(server.url + "/x"))),
    ):
        pass
    assert caught.value.reason == DownloadReason.CONNECTION


def test_a_body_shorter_than_its_length_is_truncated(transport: Transport) -> None:
    short = [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"]
    with LocalServer(lambda arrival: Reply(raw=short)) as server:
        assert _failing(transport, server.url).reason == DownloadReason.TRUNCATED


def test_a_chunked_body_without_its_end_is_truncated(transport: Transport) -> None:
    short = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"]
    with LocalServer(lambda arrival: Reply(raw=short)) as server:
        assert _failing(transport, server.url).reason == DownloadReason.TRUNCATED


def test_a_length_over_the_cap_is_refused_before_the_body_comes(transport: Transport) -> None:
    with LocalServer(lambda arrival: Reply(headers={"Content-Length": "1000001"}, body=_drip())) as server:
        begun = time.monotonic()
        assert _failing(transport, server.url).reason == DownloadReason.TOO_LARGE
        assert time.monotonic() - begun < 1.0


def test_compression_is_undone_and_bytes_on_the_wire_are_counted(transport: Transport) -> None:
    packed = gzip.compress(b"a" * 100_000)
    with LocalServer(lambda arrival: Reply(body=packed, headers={"Content-Encoding": "gzip"})) as server:
        with contextlib.closing(transport.open(_call(server.url))) as reception:
            assert b"".join(reception.chunks(10**6)) == b"a" * 100_000
            assert reception.received == len(packed)
        assert _failing(transport, server.url, max_bytes=99_999).reason == DownloadReason.TOO_LARGE
        assert server.arrivals[0].headers["accept-encoding"] == "gzip, deflate"


# ── who is asked, and as whom ────────────────────────────────────────────────────────────────────────────


def test_the_connection_goes_to_the_checked_address_under_the_urls_own_name(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *args: object, **kwargs: object) -> object:
        """The first answer is harmless; a second look-up would lead elsewhere."""
        if host == "papers.example":
            asked.append(host)
            return real("127.0.0.1" if len(asked) == 1 else "127.0.0.9", *args, **kwargs)  # type: ignore[arg-type]
        return real(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with LocalServer() as server:
        _get(transport, f"http://papers.example:{server.port}/x")
        assert asked == ["papers.example"]
        assert server.arrivals[0].headers["host"] == f"papers.example:{server.port}"
        assert server.arrivals[0].headers["user-agent"] == AGENT


def test_the_second_address_of_a_name_is_tried_when_the_first_is_dead(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalServer() as server:
        entry = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        both = [(*entry, ("127.0.0.99", server.port)), (*entry, ("127.0.0.1", server.port))]
        real = socket.getaddrinfo

        def two(host: str, *args: object, **kwargs: object) -> object:
            return both if host == "papers.example" else real(host, *args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(socket, "getaddrinfo", two)
        assert _get(transport, f"http://papers.example:{server.port}/x") == b""


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{}/", "http://2130706433:{}/", "http://0x7f.1:{}/", "http://localhost:{}/"]
)
def test_an_address_in_the_own_network_is_never_dialled(url: str) -> None:
    transport = Transport(AddressGuard(), AGENT, Patience())
    with LocalServer() as server:
        with pytest.raises(AddressRefused):
            transport.open(_call(url.format(server.port)))
        assert server.arrivals == []
    transport.close()


def test_a_kept_connection_to_a_services_own_address_serves_nobody_else() -> None:
    transport = Transport(AddressGuard(), AGENT, Patience())
    with LocalServer() as server:
        _get(transport, server.url, own=Origin("127.0.0.1", server.port))
        with pytest.raises(AddressRefused):
            transport.open(_call(server.url + "/other"))
        assert server.paths == ["/"]
    transport.close()


def test_one_connection_serves_a_thread_and_each_thread_has_its_own(transport: Transport) -> None:
    with LocalServer(lambda arrival: Reply(body=b"hello")) as server:
        for _ in range(3):
            _get(transport, server.url)
        other = threading.Thread(target=_get, args=(transport, server.url))
        other.start()
        other.join(5)
        assert len({arrival.client for arrival in server.arrivals}) == 2


def test_connections_of_threads_that_have_ended_are_closed(transport: Transport) -> None:
    with LocalServer() as server:
        for _ in range(20):
            one = threading.Thread(target=_get, args=(transport, server.url))
            one.start()
            one.join(10)
        _get(transport, server.url)
        connections = psutil.Process().net_connections("tcp")
        asking = [
            one for one in connections if one.raddr and one.raddr.port == server.port and one.status == "ESTABLISHED"
        ]
        assert len(asking) == 1


def test_cookies_live_in_the_jar_of_the_job_and_nowhere_else(transport: Transport) -> None:
    def answer(arrival: Arrival) -> Reply:
        return Reply(headers={"Set-Cookie": "session=1; Path=/"})

    with LocalServer(answer) as server:
        jar = RequestsCookieJar()
        for _ in range(2):
            _get(transport, server.url, cookies=jar)
        _get(transport, server.url)
        _get(transport, server.url, cookies=RequestsCookieJar())
        assert [arrival.headers.get("cookie") for arrival in server.arrivals] == [None, "session=1", None, None]


def test_a_password_file_or_a_password_in_the_url_is_never_sent(
    transport: Transport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login me password S3CRET\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with LocalServer() as server:
        _get(transport, server.url)
        _get(transport, server.url.replace("//", "//me:S3CRET@"))
        assert all("authorization" not in arrival.headers for arrival in server.arrivals)


def test_a_request_may_carry_json_headers_and_parameters(transport: Transport) -> None:
    with LocalServer() as server:
        _get(
            transport,
            server.url + "/x",
            method="POST",
            json={"ids": ["a"]},
            headers={"X-A": "1"},
            params=[("q", "a b"), ("q", "ü")],
        )
        arrival = server.arrivals[0]
        assert (arrival.method, arrival.body, arrival.headers["x-a"]) == ("POST", b'{"ids": ["a"]}', "1")
        assert arrival.path == "/x?q=a+b&q=%C3%BC"


def test_the_gate_holds_the_write_and_not_the_connection(transport: Transport) -> None:
    order: list[str] = []

    def gate(write: Callable[[], None]) -> None:
        order.append("connected")
        write()
        order.append("written")

    with LocalServer(lambda arrival: order.append("arrived") or Reply()) as server:  # type: ignore[func-returns-value]
        _get(transport, server.url, gate=gate)
    assert order[0] == "connected"
    assert set(order[1:]) == {"arrived", "written"}


@pytest.mark.parametrize(
    ("status", "sent", "location"),
    [
        (302, "/pdf/1", "{}/pdf/1"),
        (301, "https://other.example/a b.pdf", "https://other.example/a%20b.pdf"),
        (303, "//other.example/x", "http://other.example/x"),
        (307, "/caf\u00c3\u00a9", "{}/caf%C3%A9"),  # UTF-8 bytes, as http.client hands them out
        (302, "", None),
        (300, "/x", "{}/x"),
        (200, "/x", None),
    ],
)
def test_a_redirect_tells_where_it_leads_as_an_absolute_url(
    transport: Transport, status: int, sent: str, location: str | None
) -> None:
    with (
        LocalServer(lambda arrival: Reply(status=status, headers={"Location": sent})) as server,
        contextlib.closing(transport.open(_call(server.url + "/a/b"))) as reception,
    ):
        assert isinstance(reception, Reception)
        assert reception.location == (location.format(server.url) if location else None)


# ── behind a proxy ───────────────────────────────────────────────────────────────────────────────────────


def test_behind_a_proxy_the_target_is_still_checked_and_the_gate_still_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    transport = Transport(AddressGuard(), AGENT, Patience(total=5))
    passed: list[str] = []

    def gate(write: Callable[[], None]) -> None:
        passed.append("gate")
        write()

    with LocalServer(lambda arrival: Reply(body=b"proxied")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        with pytest.raises(AddressRefused):
            transport.open(_call("http://169.254.169.254/latest/", gate=gate))
        assert proxy.arrivals == []
        assert _get(transport, "http://93.184.215.14/x", gate=gate) == b"proxied"
        assert proxy.paths == ["http://93.184.215.14/x"]
    assert passed == ["gate"]
    transport.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_never_asked_through_a_proxy(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = Transport(AddressGuard(["127.0.0.1", "localhost"]), AGENT, Patience(total=5))
    with LocalServer() as proxy, LocalServer(lambda arrival: Reply(body=b"direct")) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert _get(transport, f"http://{host}:{server.port}/") == b"direct"
        assert proxy.arrivals == []
    transport.close()


@pytest.mark.parametrize("host", ["intranet", "printer.local", "wiki.corp", "vault.internal", "nas.home.arpa"])
def test_a_proxy_is_not_asked_for_names_of_private_networks(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolves_nothing_but(socket.getaddrinfo, "127.0.0.1"))
    transport = Transport(AddressGuard(["allowed-" + host]), AGENT, Patience(total=5))
    with LocalServer(lambda arrival: Reply(body=b"proxied")) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        with pytest.raises(AddressRefused, match="through a proxy"):
            transport.open(_call(f"http://{host}/"))
        assert proxy.arrivals == []
        assert _get(transport, f"http://allowed-{host}/") == b"proxied"
        assert _get(transport, f"http://{host}/", own=Origin(host, 80)) == b"proxied"
        assert _get(transport, "http://repository.example/") == b"proxied", "only the proxy resolves outer names"
    transport.close()


def _resolves_nothing_but(real: Callable[..., Any], known: str) -> Callable[..., Any]:
    def getaddrinfo(host: str, *args: Any, **kwargs: Any) -> Any:
        if host != known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *args, **kwargs)

    return getaddrinfo


def test_behind_a_proxy_a_dripping_body_is_cut_off_too(monkeypatch: pytest.MonkeyPatch) -> None:
    transport = Transport(AddressGuard(), AGENT, Patience(total=5))
    with LocalServer(lambda arrival: Reply(body=_drip())) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        begun = time.monotonic()
        assert _failing(transport, "http://93.184.215.14/x", 0.3).reason == DownloadReason.TIMEOUT
        assert time.monotonic() - begun < 1.5
    transport.close()


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_closed_transport_sends_nothing_more() -> None:
    transport = Transport(AddressGuard(["127.0.0.0/8"]), AGENT, Patience())
    with LocalServer() as server:
        _get(transport, server.url)
        transport.close()
        with pytest.raises(Stopping):
            transport.open(_call(server.url))
        assert len(server.arrivals) == 1


def test_a_session_that_is_made_while_all_are_closed_is_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    transport = Transport(AddressGuard(), AGENT, Patience())
    closed: list[requests.Session] = []

    class Late(requests.Session):
        def __init__(self) -> None:
            super().__init__()
            transport.close()  # as another thread would at the worst moment

        def close(self) -> None:
            closed.append(self)
            super().close()

    monkeypatch.setattr(requests, "Session", Late)
    with pytest.raises(Stopping):
        transport.open(_call("http://127.0.0.1:1/"))
    assert len(closed) == 1


def test_the_watchdog_keeps_to_the_order_of_deadlines_and_forgets_what_is_over() -> None:
    dog = Watchdog()
    now = time.monotonic()
    late, soon, over = dog.watch(now + 60), dog.watch(now + 0.05), dog.watch(now + 0.02)
    over.cancel()
    left, right = socket.socketpair()
    with left, right:
        soon.attach(left)
        right.settimeout(5)
        assert right.recv(1) == b""
    assert (soon.expired, over.expired, late.expired) == (True, False, False)
    over.expire()
    assert not over.expired
    dog.close()
    assert late.abandoned
    assert dog.watch(now + 60).abandoned, "after the end nothing begins"


def test_a_socket_that_comes_after_the_deadline_is_shut_at_once() -> None:
    dog = Watchdog()
    watch = dog.watch(time.monotonic() + 60)
    watch.expire()
    left, right = socket.socketpair()
    with left, right:
        watch.attach(left.dup(), owned=True)
        right.settimeout(5)
        assert right.recv(1) == b""
        watch.cancel()
    dog.close()
