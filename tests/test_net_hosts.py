"""File hosts: entering never sleeps, two at once, spaced starts, ends; leases follow redirects and robots.txt."""

from __future__ import annotations

import contextlib
import gzip
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from requests.cookies import RequestsCookieJar

from dl_lit.config import Network as NetworkSettings
from dl_lit.errors import AddressRefused, FetchFailed, Stopping
from dl_lit.model import DownloadReason, Health
from dl_lit.net.guard import AddressGuard
from dl_lit.net.host import REST
from dl_lit.net.hosts import Ended, HostPools, Lease, Wait
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.limits import Patience
from dl_lit.net.transport import Transport
from httpserver import Answer, Arrival, LocalServer, Reply

SPACING = 0.05


class Hosts:
    """Host pools with short spacings, and their ledger and stop event."""

    def __init__(self, ledger: MemoryLedger | None = None, spacing: float = SPACING, **patience: float) -> None:
        # Built without validation: real spacings are never below a second.
        settings = NetworkSettings.model_construct(
            host_spacing=spacing, host_concurrency=2, host_failures=5, max_file_mb=1.0
        )
        self.ledger = ledger or MemoryLedger()
        self.stop = threading.Event()
        self.transport = Transport(AddressGuard(["127.0.0.0/8"]), "dl-lit/test", Patience(**patience))
        self.pools = HostPools(settings, self.transport, self.ledger, stop=self.stop)

    def enter(self, url: str) -> Lease:
        """A lease, after as many waits as it takes."""
        for _ in range(100):
            entered = self.pools.try_enter(url)
            if isinstance(entered, Lease):
                return entered
            assert isinstance(entered, Wait), entered
            time.sleep(entered.seconds)
        raise AssertionError("never let in")

    def get(self, url: str, **more: Any) -> tuple[int, bytes]:
        with self.enter(url) as lease, lease.open(url, **more) as response:
            return response.status, response.read()


@pytest.fixture
def hosts() -> Iterator[Callable[..., Hosts]]:
    made: list[Hosts] = []

    def make(*args: Any, **options: Any) -> Hosts:
        made.append(Hosts(*args, **options))
        return made[-1]

    yield make
    for one in made:
        one.transport.close()


def by_path(**answers: Reply) -> Answer:
    """Answers by the first part of the path; everything else is 404."""
    return lambda arrival: answers.get(arrival.path.strip("/").partition("?")[0].replace(".", "_"), Reply(404))


# ── entering ─────────────────────────────────────────────────────────────────────────────────────────────


def test_entering_never_sleeps_and_says_how_long_to_stay_away(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=2.0)
    begun = time.monotonic()
    first = here.pools.try_enter("http://a.example/1")
    second = here.pools.try_enter("https://A.example:8443/2")
    other = here.pools.try_enter("http://b.example/1")
    assert time.monotonic() - begun < 0.5
    assert isinstance(first, Lease)
    assert isinstance(other, Lease)
    assert isinstance(second, Wait), "a host is its name, whatever the scheme and port"
    assert 1.5 < second.seconds <= 2.3
    assert first.host == "a.example"


def test_starts_at_one_host_are_spaced_at_the_server(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=0.1)
    with LocalServer() as server:

        def work() -> None:
            for _ in range(2):
                here.get(server.url)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        times = sorted(server.times)
    assert len(times) == 8
    assert times[-1] - times[0] >= 7 * 0.1


def test_no_more_than_two_are_at_one_host_at_once(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=0.01)
    first, second = here.enter("http://a.example/"), here.enter("http://a.example/")
    time.sleep(0.05)
    assert isinstance(here.pools.try_enter("http://a.example/"), Wait)
    first.done(True)
    third = here.enter("http://a.example/")
    for lease in (second, third):
        lease.done(True)
    (health,) = here.pools.health()
    assert (health.in_flight, health.requests, health.errors, health.health) == (0, 3, 0, Health.OK)


def test_a_restarted_program_keeps_the_spacing_of_a_host(hosts: Callable[..., Hosts]) -> None:
    ledger = MemoryLedger()
    assert isinstance(hosts(ledger, spacing=5.0).pools.try_enter("http://a.example/"), Lease)
    again = hosts(ledger, spacing=5.0).pools.try_enter("http://a.example/")
    assert isinstance(again, Wait)
    assert again.seconds > 4.0


def test_asking_again_and_again_reserves_nothing(hosts: Callable[..., Hosts]) -> None:
    ledger = MemoryLedger()
    first, second = hosts(ledger, spacing=0.2), hosts(ledger, spacing=0.2)
    first.enter("http://a.example/")
    waits = [second.pools.try_enter("http://a.example/") for _ in range(20)]
    seconds = [wait.seconds for wait in waits if isinstance(wait, Wait)]
    assert len(seconds) == 20
    assert max(seconds) <= 0.2 / 0.9


@pytest.mark.parametrize("url", ["ftp://a.example/", "nonsense", "http://"])
def test_a_url_that_is_no_http_is_refused(hosts: Callable[..., Hosts], url: str) -> None:
    with pytest.raises(AddressRefused):
        hosts().pools.try_enter(url)


def test_nobody_enters_while_the_program_stops(hosts: Callable[..., Hosts]) -> None:
    here = hosts()
    here.stop.set()
    with pytest.raises(Stopping):
        here.pools.try_enter("http://a.example/")


# ── ends and rests ───────────────────────────────────────────────────────────────────────────────────────


def test_more_than_five_failures_in_a_row_end_a_host_for_the_run(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=0.001)
    for outcome in [False] * 5 + [True] + [False] * 5:
        here.enter("http://a.example/").done(outcome)
    assert not isinstance(here.pools.try_enter("http://a.example/"), Ended)
    time.sleep(0.01)
    here.enter("http://a.example/").done(False)
    ended = here.pools.try_enter("http://a.example/x")
    assert isinstance(ended, Ended)
    assert "6 times in a row" in ended.reason
    assert here.pools.health()[0].health == Health.OPEN
    assert isinstance(here.pools.try_enter("http://b.example/"), Lease)


def test_an_ended_host_is_tried_once_after_a_rest_and_ended_again_by_one_failure(
    hosts: Callable[..., Hosts], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = hosts(spacing=0.001)
    for _ in range(6):
        here.enter("http://a.example/").done(False)
    monkeypatch.setattr("dl_lit.net.host.now", lambda: time.monotonic() + REST - 60)
    assert isinstance(here.pools.try_enter("http://a.example/"), Ended)
    monkeypatch.setattr("dl_lit.net.host.now", lambda: time.monotonic() + REST + 60)
    here.enter("http://a.example/").done(False)
    assert isinstance(here.pools.try_enter("http://a.example/"), Ended)
    monkeypatch.setattr("dl_lit.net.host.now", lambda: time.monotonic() + 2 * REST + 120)
    here.enter("http://a.example/").done(True)
    assert here.pools.health()[0].health == Health.OK


def test_retry_after_is_waited_for_outside(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=0.001)
    here.enter("http://a.example/").done(False, retry_after=1800.0)
    wait = here.pools.try_enter("http://a.example/")
    assert isinstance(wait, Wait)
    assert 1790 < wait.seconds <= 1800
    assert here.pools.health()[0].until == pytest.approx(time.time() + 1800, abs=5)


@pytest.mark.parametrize(("asked", "waited"), [(900.0, 900.0), (7200.0, 3600.0)])
def test_a_pause_holds_for_other_processes_and_after_a_kill_up_to_an_hour(
    hosts: Callable[..., Hosts], asked: float, waited: float
) -> None:
    ledger = MemoryLedger()
    one, other = hosts(ledger, spacing=0.001), hosts(ledger, spacing=0.001)
    other.enter("http://b.example/").done(True)
    one.enter("http://a.example/").done(True, retry_after=asked)
    wait = other.pools.try_enter("http://a.example/")
    assert isinstance(wait, Wait)
    assert wait.seconds == pytest.approx(waited, abs=10)
    assert isinstance(other.pools.try_enter("http://c.example/"), Lease)


def test_a_host_that_only_asks_for_pauses_is_ended_too(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=0.001)
    for _ in range(11):
        here.enter("http://a.example/").done(True, retry_after=0.0)
    ended = here.pools.try_enter("http://a.example/")
    assert isinstance(ended, Ended)
    assert "only asked for a pause, 11 times in a row" in ended.reason
    assert ended.retry_after is None


def test_a_good_answer_between_pauses_keeps_a_host(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=0.001)
    for turn in range(25):
        here.enter("http://a.example/").done(True, retry_after=None if turn % 10 == 9 else 0.0)
    assert here.pools.health()[0].health == Health.OK


def test_a_host_that_asks_for_more_than_an_hour_is_left_alone_for_the_run(hosts: Callable[..., Hosts]) -> None:
    here = hosts()
    here.enter("http://a.example/").done(False, retry_after=7200.0)
    ended = here.pools.try_enter("http://a.example/")
    assert isinstance(ended, Ended)
    assert ended.retry_after == 7200.0
    assert re.search(r"asked to be left alone until (?:\d{4}-\d\d-\d\d )?\d\d:\d\d$", ended.reason)


def test_a_place_is_given_back_once_and_by_itself_at_the_end_of_a_block(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=0.001)
    with here.enter("http://a.example/") as lease:
        lease.done(False)
        lease.done(True)
    with contextlib.suppress(KeyError), here.enter("http://a.example/"):
        raise KeyError
    with here.enter("http://a.example/"):
        pass
    (health,) = here.pools.health()
    assert (health.in_flight, health.requests, health.errors) == (0, 3, 2)


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_body_is_streamed_with_its_counts(hosts: Callable[..., Hosts]) -> None:
    here = hosts()
    packed = gzip.compress(b"%PDF-" + b"x" * 300_000)
    with LocalServer(lambda a: Reply(body=packed, headers={"Content-Encoding": "gzip", "Retry-After": "3"})) as server:
        url = server.url + "/a.pdf"
        with here.enter(url) as lease, lease.open(url, headers={"Accept": "application/pdf"}) as response:
            assert (response.status, response.url, response.location) == (200, url, None)
            assert response.retry_after == 3.0
            assert sum(len(piece) for piece in response.iter_bytes()) == 300_005
            assert response.received == len(packed)
        assert server.arrivals[0].headers["accept"] == "application/pdf"
        assert here.pools.health()[0].errors == 0


def test_a_file_over_the_cap_and_a_bomb_are_cut_off(hosts: Callable[..., Hosts]) -> None:
    here = hosts()
    bomb = Reply(body=gzip.compress(b"\0" * 20_000_000), headers={"Content-Encoding": "gzip"})
    with LocalServer(by_path(large=Reply(body=b"x" * 1_100_000), bomb=bomb, small=Reply(body=b"abc"))) as server:
        for path in ("/large", "/bomb"):
            with pytest.raises(FetchFailed) as caught:
                here.get(server.url + path)
            assert caught.value.reason == DownloadReason.TOO_LARGE
        with pytest.raises(FetchFailed):
            here.get(server.url + "/small", max_bytes=2)
        assert here.get(server.url + "/small") == (200, b"abc")


def test_a_slow_drip_ends_at_the_deadline_and_slows_the_host_down(hosts: Callable[..., Hosts]) -> None:
    here = hosts()

    def drip(arrival: Arrival) -> Reply:
        def pieces() -> Iterator[bytes]:
            for _ in range(100):
                yield b"x"
                time.sleep(0.02)

        return Reply(raw=pieces())

    with LocalServer(drip) as server:
        begun = time.monotonic()
        with pytest.raises(FetchFailed) as caught:
            here.get(server.url, deadline=time.monotonic() + 0.2)
        assert time.monotonic() - begun < 1.5
    assert caught.value.reason == DownloadReason.TIMEOUT
    health = here.pools.health()[0]
    assert (health.health, health.errors) == (Health.SLOWED, 1)


def test_a_host_that_is_overloaded_is_asked_more_slowly(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=0.01)
    with LocalServer(lambda arrival: Reply(503)) as server:
        full = 0.9 / 0.01
        assert here.get(server.url)[0] == 503
        assert here.pools.health()[0].rate == pytest.approx(full / 2)
        for _ in range(4):
            here.get(server.url)
        assert here.pools.health()[0].rate == pytest.approx(full / 4), "never below a quarter"


def test_a_lease_is_for_its_own_host(hosts: Callable[..., Hosts]) -> None:
    lease = hosts().enter("http://127.0.0.1/")
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"), lease.open("http://127.0.0.2/"):
        pass


def test_redirects_within_the_host_are_followed_with_cookies_and_spacing(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=0.1)

    def answer(arrival: Arrival) -> Reply:
        if "cookie" not in arrival.headers:
            return Reply(302, headers={"Set-Cookie": "seen=1; Path=/", "Location": "/paper?cookieSet=1"})
        return Reply(body=b"the paper")

    jar = RequestsCookieJar()
    with LocalServer(answer) as server:
        assert here.get(server.url + "/paper", cookies=jar) == (200, b"the paper")
        assert server.paths == ["/paper", "/paper?cookieSet=1"]
        assert server.times[1] - server.times[0] >= 0.1
    assert jar.get("seen") == "1"


def test_a_redirect_to_another_host_comes_back_and_is_not_followed(hosts: Callable[..., Hosts]) -> None:
    here = hosts()
    with LocalServer(address="127.0.0.5") as other:
        target = other.url + "/x.pdf"
        with LocalServer(lambda arrival: Reply(302, headers={"Location": target})) as server:
            with here.enter(server.url) as lease, lease.open(server.url) as response:
                assert (response.status, response.location) == (302, target)
            assert other.arrivals == []


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/", "http://[::1]/", "http://10.0.0.1/x.pdf", "http://167772161/", "file:///x"],
)
def test_a_redirect_into_a_private_network_is_refused(hosts: Callable[..., Hosts], target: str) -> None:
    here = hosts()
    with LocalServer(lambda arrival: Reply(302, headers={"Location": target})) as server:
        with pytest.raises(AddressRefused):
            here.get(server.url)
        assert len(server.arrivals) == 1


def test_a_circle_is_noticed_when_it_closes(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=0.001)
    with LocalServer(lambda arrival: Reply(302, headers={"Location": "/again"})) as server:
        with pytest.raises(FetchFailed, match="circles") as caught:
            here.get(server.url)
        assert len(server.arrivals) == 2
    assert caught.value.reason == DownloadReason.REDIRECT_LOOP


def test_an_endless_walk_ends_after_ten_hops(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=0.001)
    with LocalServer(lambda a: Reply(302, headers={"Location": f"/{len(a.path)}{a.path}"})) as server:
        with pytest.raises(FetchFailed) as caught:
            here.get(server.url)
        assert len(server.arrivals) == 11
    assert caught.value.reason == DownloadReason.REDIRECT_LOOP


def test_a_wait_for_the_next_hop_ends_when_the_program_stops(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=30.0)
    with LocalServer(lambda arrival: Reply(302, headers={"Location": "/next"})) as server:
        stopper = threading.Timer(0.1, here.stop.set)
        stopper.start()
        begun = time.monotonic()
        with pytest.raises(Stopping):
            here.get(server.url)
        assert time.monotonic() - begun < 1.5
        stopper.join()


# ── robots.txt ───────────────────────────────────────────────────────────────────────────────────────────

ROBOTS = b"""
User-agent: *
Disallow: /private

User-agent: dl-lit
Disallow: /not-for-us
Crawl-delay: 0.2
"""


def test_robots_rules_for_us_are_kept_and_asked_for_once(hosts: Callable[..., Hosts]) -> None:
    here = hosts()
    with LocalServer(by_path(robots_txt=Reply(body=ROBOTS))) as server:
        for _ in range(2):
            with here.enter(server.url) as lease:
                assert lease.allows(server.url + "/private/page")
                assert not lease.allows(server.url + "/not-for-us/page")
        assert server.paths == ["/robots.txt"]


def test_a_crawl_delay_spaces_all_later_requests(hosts: Callable[..., Hosts]) -> None:
    here = hosts()
    with LocalServer(by_path(robots_txt=Reply(body=ROBOTS), page=Reply(body=b"page"))) as server:
        with here.enter(server.url) as lease:
            lease.allows(server.url + "/page")
        for _ in range(2):
            assert here.get(server.url + "/page") == (200, b"page")
        times = server.times
        assert times[2] - times[1] >= 0.2


@pytest.mark.parametrize(
    ("reply", "allowed"),
    [
        (Reply(404), True),
        (Reply(403), True),
        (Reply(302, headers={"Location": "http://127.0.0.77/robots.txt"}), True),
        (Reply(200, b"\xff\xfe nonsense <html>"), True),
        (Reply(200, b"User-agent: *\nDisallow: /"), False),
        (Reply(302, headers={"Location": "/robots.txt"}), True),
        (Reply(200, b"\xef\xbb\xbfUser-Agent: DL-Lit\r\nDisallow: /p\r\n\r\nUser-agent: *\r\nAllow: /\r\n"), False),
        (Reply(429), False),
        (Reply(503), False),
        (Reply(raw=[]), False),
        (Reply(200, b"User-agent: *\nDisallow: /\n" + b"#" * 600_000), False),
        (Reply(200, b"#" * 600_000 + b"\nUser-agent: *\nDisallow: /\n"), True),
    ],
    ids=[
        "404",
        "403",
        "moved",
        "nonsense",
        "disallow all",
        "in circles",
        "byte order mark",
        "429",
        "503",
        "no answer",
        "long",
        "too long",
    ],
)
def test_robots_that_are_absent_allow_and_robots_that_fail_do_not(
    hosts: Callable[..., Hosts], reply: Reply, allowed: bool
) -> None:
    here = hosts()
    with LocalServer(by_path(robots_txt=reply)) as server, here.enter(server.url) as lease:
        assert lease.allows(server.url + "/page") is allowed


def test_robots_are_asked_for_again_when_they_have_grown_old(
    hosts: Callable[..., Hosts], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dl_lit.net.robots._DAY", 0.0)
    here = hosts()
    with LocalServer() as server, here.enter(server.url) as lease:
        lease.allows(server.url + "/a")
        lease.allows(server.url + "/b")
        assert server.paths == ["/robots.txt", "/robots.txt"]


# ── booked slots ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_booked_slot_is_used_at_its_time_and_others_come_after_it(hosts: Callable[..., Hosts]) -> None:
    here = hosts(spacing=20.0)
    with LocalServer(by_path(a=Reply(302, headers={"Location": "/b"}))) as server:
        with here.enter(server.url) as lease:
            with lease.open(f"{server.url}/a", follow=False) as response:
                assert response.location == f"{server.url}/b"
            slot = lease.book()
        booked, another = here.pools.try_enter(server.url, slot), here.pools.try_enter(server.url)
        assert isinstance(booked, Wait)
        assert isinstance(another, Wait)
        assert 10 < booked.seconds < another.seconds - 15
        assert isinstance(here.pools.try_enter(server.url, time.monotonic()), Lease), "its time has come"
        assert server.paths == ["/a"]


def test_a_clock_that_is_set_back_makes_nobody_wait_for_it(
    hosts: Callable[..., Hosts], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = hosts(spacing=5.0)
    with here.enter("http://a.example/") as lease:
        slot = lease.book()
    assert isinstance(here.pools.try_enter("http://a.example/"), Wait)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - 3600)
    for waits in (here.pools.try_enter("http://a.example/", slot), here.pools.try_enter("http://a.example/")):
        assert isinstance(waits, Wait)
        assert waits.seconds < 20


def test_a_host_that_asks_for_a_pause_is_given_it_by_those_with_a_slot_too(hosts: Callable[..., Hosts]) -> None:
    here = hosts()
    with here.enter("http://127.0.0.1/") as lease:
        slot = lease.book()
        lease.done(ok=True, retry_after=30.0)
    entered = here.pools.try_enter("http://127.0.0.1/", slot)
    assert isinstance(entered, Wait)
    assert entered.seconds > 20


def test_a_redirect_that_is_not_followed_is_checked_all_the_same(hosts: Callable[..., Hosts]) -> None:
    inward = by_path(a=Reply(302, headers={"Location": "http://169.254.169.254/x"}))
    with LocalServer(inward) as server, pytest.raises(AddressRefused), hosts().enter(server.url) as lease:
        lease.open(f"{server.url}/a", follow=False).__enter__()
