"""One service, many threads: limits at the server's end, answers, retries, the circuit, redirects, stopping."""

from __future__ import annotations

import gzip
import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from dl_lit.config import Settings
from dl_lit.errors import (
    AccessRefused,
    AddressRefused,
    CircuitOpen,
    DlLitError,
    RateLimited,
    RetryLater,
    ServiceUnavailable,
    Stopping,
)
from dl_lit.model import Health
from dl_lit.net.http import HttpRequest, HttpResponse
from dl_lit.net.ledger import MemoryLedger, utc_day
from dl_lit.net.limits import Patience, PoolLimits
from dl_lit.net.network import Network
from httpserver import Arrival, LocalServer, Reply, busiest_window
from net_world import FAST, World, Worlds, replies, together


@pytest.fixture
def world() -> Iterator[Worlds]:
    with Worlds() as worlds:
        yield worlds


# ── limits, seen from the server ─────────────────────────────────────────────────────────────────────────


def test_no_second_at_the_server_has_more_requests_than_are_allowed(world: Worlds) -> None:
    here = world(replies(*[Reply()] * 4, Reply(503), Reply()))
    pool = here.pool(rates={"default": 20.0}, concurrency=16)
    together(lambda: [pool.send(here.request()) for _ in range(2)], 16)
    assert len(here.server.arrivals) == 33
    assert busiest_window(here.server.times, 1.0) <= 20


def test_buckets_have_rates_of_their_own(world: Worlds) -> None:
    here = world()
    pool = here.pool(rates={"single": 100.0, "list": 4.0}, concurrency=3)
    lists = [threading.Thread(target=pool.send, args=(here.request("/list", bucket="list"),)) for _ in range(4)]
    for thread in lists:
        thread.start()
    for _ in range(15):
        pool.send(here.request("/single", bucket="single"))
    singles = [arrival.time for arrival in here.server.arrivals if arrival.path == "/single"]
    assert singles[-1] - singles[0] < 0.45, "requests that wait for the slow bucket must not hold the places"
    for thread in lists:
        thread.join(10)


def test_the_service_never_sees_more_at_once_than_it_allows_over_all_buckets(world: Worlds) -> None:
    def slow(arrival: Arrival) -> Reply:
        time.sleep(0.02)
        return Reply()

    here = world(slow)
    pool = here.pool(rates={"a": 1000.0, "b": 1000.0}, concurrency=3)
    buckets = iter(["a", "b"] * 8)
    together(lambda: [pool.send(here.request(bucket=next(buckets))) for _ in range(1)], 16)
    assert here.server.most_in_flight == 3


def test_a_restarted_program_keeps_the_distance_to_the_last_request_of_the_one_before(
    world: Worlds,
) -> None:
    ledger = MemoryLedger()
    first = world(ledger=ledger)
    first.pool(rates={"default": 4.0}).send(first.request())
    second = World(first.server, ledger)
    second.pool(rates={"default": 4.0}).send(second.request())
    second.network.close()
    assert first.server.times[1] - first.server.times[0] >= 0.25


# ── answers that come back ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [200, 204, 400, 401, 403, 404, 406, 410, 422])
def test_an_answer_about_the_question_comes_back_at_once(world: Worlds, status: int) -> None:
    here = world(replies(Reply(status, b"" if status == 204 else b'{"x": 1}', {"X-A": "b"})))
    pool = here.pool()
    response = pool.send(here.request(params={"q": "x"}))
    assert (response.status, response.headers["x-a"]) == (status, "b")
    assert response.url == here.server.url + "/works?q=x"
    assert len(here.server.arrivals) == 1
    assert pool.health().errors == 0


def test_what_a_403_means_is_for_the_client_to_say(world: Worlds) -> None:
    here = world(replies(Reply(403), Reply(200)))
    pool = here.pool()
    assert pool.health().health == Health.IDLE
    pool.send(here.request())
    assert pool.health().health == Health.OK


def test_a_refusal_that_may_mean_one_request_switches_nothing_off_unless_others_follow(world: Worlds) -> None:
    here = world(replies(Reply(200), *[Reply(403)] * 2, Reply(200), *[Reply(403)] * 3))
    pool = here.pool()

    def ask() -> RetryLater | None:
        response = pool.send(here.request())
        return None if response.status == 200 else pool.refuse("refused, with the cure", surely=False)

    kinds = [type(ask()) for _ in range(7)]
    ill, off = ServiceUnavailable, AccessRefused
    assert kinds == [type(None), ill, ill, type(None), ill, ill, off]
    with pytest.raises(AccessRefused, match="with the cure"):
        pool.send(here.request())


@pytest.mark.parametrize("surely", [True, False])
def test_a_refusal_before_any_answer_switches_the_service_off(world: Worlds, surely: bool) -> None:
    here = world(replies(Reply(403)))
    pool = here.pool()
    pool.send(here.request())
    assert isinstance(pool.refuse("no", surely=surely), AccessRefused)
    with pytest.raises(AccessRefused):
        pool.send(here.request())


def test_requests_carry_who_we_are(world: Worlds) -> None:
    here = world()
    here.pool().send(here.request(method="POST", json={"ids": ["a"]}, headers={"x-api-key": "K"}))
    arrival = here.server.arrivals[0]
    assert arrival.headers["user-agent"].startswith("dl-lit/")
    assert (arrival.headers["x-api-key"], arrival.body) == ("K", b'{"ids": ["a"]}')


# ── retries ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(world: Worlds, status: int) -> None:
    here = world(replies(Reply(status), Reply(status), Reply(body=b"at last")))
    pool = here.pool()
    assert pool.send(here.request()).body == b"at last"
    health = pool.health()
    assert (health.requests, health.errors) == (3, 2)


@pytest.mark.parametrize(("status", "kind"), [(429, RateLimited), (500, ServiceUnavailable)])
def test_a_lasting_failure_is_given_up_after_three_tries(world: Worlds, status: int, kind: type[DlLitError]) -> None:
    here = world(replies(Reply(status)))
    with pytest.raises(kind) as caught:
        here.pool().send(here.request())
    assert len(here.server.arrivals) == 3
    assert caught.value.context["status"] == status


def test_a_connection_that_breaks_is_tried_again(world: Worlds) -> None:
    here = world(replies(Reply(raw=[]), Reply(headers={"Content-Length": "9"}, body=[b"abc"]), Reply(body=b"whole")))
    assert here.pool().send(here.request()).body == b"whole"


def test_a_service_that_is_not_there_is_unavailable(world: Worlds) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    here = world()
    settings = Settings.model_validate({"services": {"openalex": {"base_url": f"http://127.0.0.1:{port}"}}})
    network = Network(settings, MemoryLedger(), stop=here.stop)
    pool = network.service("openalex", PoolLimits(FAST, backoff_seconds=0.001, daily=10.0))
    with pytest.raises(ServiceUnavailable, match="refused"):
        pool.send(HttpRequest(f"http://127.0.0.1:{port}/works", params={"api_key": "S3CRET"}, cost=1.0))
    assert pool.health().remaining == 10.0, "what never left costs nothing"
    network.close()


def test_all_tries_together_keep_to_the_total_time_limit(world: Worlds) -> None:
    def drip() -> Iterator[bytes]:
        for _ in range(200):
            yield b"x"
            time.sleep(0.02)

    here = world(lambda arrival: Reply(body=drip()), total_timeout=0.4)
    pool = here.pool()
    begun = time.monotonic()
    with pytest.raises(ServiceUnavailable, match="did not answer in time"):
        pool.send(here.request())
    assert time.monotonic() - begun < 1.5
    assert pool.health().health == Health.SLOWED


def test_an_answer_that_is_too_large_is_not_asked_for_again(world: Worlds) -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    here = world(replies(Reply(body=bomb, headers={"Content-Encoding": "gzip"})))
    with pytest.raises(ServiceUnavailable, match="100,000 bytes"):
        here.pool(max_bytes=100_000).send(here.request())
    assert len(here.server.arrivals) == 1


# ── the circuit ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_circuit_opens_and_lets_one_probe_through(world: Worlds) -> None:
    hold = threading.Event()
    here = world(replies(Reply(500)))
    pool = here.pool(failures=2, rest_seconds=0.3)
    with pytest.raises(CircuitOpen):
        pool.send(here.request())
    assert len(here.server.arrivals) == 2
    health = pool.health()
    assert health.health == Health.OPEN
    assert health.until is not None
    with pytest.raises(CircuitOpen) as caught:
        pool.send(here.request())
    assert caught.value.retry_after is not None
    assert 0 < caught.value.retry_after <= 0.3
    assert len(here.server.arrivals) == 2

    def held(arrival: Arrival) -> Reply:
        hold.wait(5)
        return Reply(body=b"back")

    here.server.answer = held
    time.sleep(0.31)
    release = threading.Timer(0.2, hold.set)
    release.start()
    results = together(lambda: pool.send(here.request()), 6)
    assert len(here.server.arrivals) == 3, "one probe and no more"
    assert sum(isinstance(result, CircuitOpen) for result in results) == 5
    assert pool.send(here.request()).body == b"back"
    release.join()


RUBBISH = {
    "a web page instead of data": Reply(body=b"<!doctype html><title>We are improving</title>"),
    "an empty body instead of JSON": Reply(),
    "something else instead of JSON": Reply(body=b"It works!"),
}


@pytest.mark.parametrize("kind", RUBBISH)
def test_what_cannot_be_read_opens_the_circuit_though_it_came_under_200(world: Worlds, kind: str) -> None:
    here = world(replies(RUBBISH[kind]))
    pool = here.pool(failures=5)
    with pytest.raises(ServiceUnavailable, match=f"^crossref answered with {kind}") as caught:
        pool.send(here.request("/a", reads=HttpResponse.json))
    assert "services.crossref.base_url" in caught.value.message and here.server.url not in caught.value.message
    for _ in range(4):
        with pytest.raises(CircuitOpen) as later:
            pool.send(here.request("/b", reads=HttpResponse.json))
        assert later.value.message == caught.value.message, "one outage, one text"
    assert len(here.server.arrivals) == 5
    health = pool.health()
    assert (health.health, health.requests, health.errors) == (Health.OPEN, 5, 5)
    assert health.detail == f"answered with {kind}, 5 times" and "services.crossref.base_url" in health.cure
    assert health.rate < FAST["default"]


def test_a_probe_that_cannot_be_read_doubles_the_rest_and_one_that_can_closes_the_circuit(world: Worlds) -> None:
    page = RUBBISH["a web page instead of data"]
    here = world(replies(page, page, page, Reply(body=b"{}")))
    pool = here.pool(failures=2, rest_seconds=0.2, tries=1)
    for _ in range(2):
        with pytest.raises(ServiceUnavailable):
            pool.send(here.request(reads=HttpResponse.json))
    time.sleep(0.21)
    with pytest.raises(ServiceUnavailable):
        pool.send(here.request(reads=HttpResponse.json))
    with pytest.raises(CircuitOpen) as caught:
        pool.send(here.request(reads=HttpResponse.json))
    assert caught.value.retry_after is not None and 0.2 < caught.value.retry_after <= 0.4
    time.sleep(0.41)
    assert pool.send(here.request(reads=HttpResponse.json)).json() == {}
    assert pool.health().health in (Health.OK, Health.SLOWED)


def test_answers_about_the_question_never_open_the_circuit(world: Worlds) -> None:
    here = world(replies(Reply(404)))
    pool = here.pool(failures=2)
    for _ in range(6):
        pool.send(here.request())
    assert pool.health().health == Health.OK


# ── redirects ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_redirect_is_an_answer_to_who_does_not_want_to_follow(world: Worlds) -> None:
    here = world(replies(Reply(302, b"", {"Location": "/elsewhere"}), Reply(200)))
    response = here.pool().send(here.request(follow=False))
    assert (response.status, response.headers["Location"]) == (302, "/elsewhere")
    assert len(here.server.arrivals) == 1


def test_a_redirect_of_the_service_is_followed_with_its_key(world: Worlds) -> None:
    here = world(replies(Reply(301, headers={"Location": "/W2"}), Reply(body=b"merged")))
    response = here.pool().send(here.request("/W1", headers={"x-api-key": "K"}, params={"a": "b"}))
    assert (response.body, response.url) == (b"merged", here.server.url + "/W2")
    assert [arrival.path for arrival in here.server.arrivals] == ["/W1?a=b", "/W2"]
    assert here.server.arrivals[1].headers["x-api-key"] == "K"


def test_another_host_gets_no_key_and_a_posted_question_stays_home(world: Worlds) -> None:
    here = world(allow_hosts=("127.0.0.9",))
    with LocalServer(address="127.0.0.9") as other:
        here.server.answer = replies(Reply(307, headers={"Location": other.url + "/x"}))
        here.pool().send(
            here.request(method="POST", json=["q"], headers={"x-api-key": "K", "Accept": "application/json"})
        )
        arrival = other.arrivals[0]
        assert "x-api-key" not in arrival.headers
        assert arrival.headers["accept"] == "application/json"
        assert (arrival.method, arrival.body) == ("POST", b"")


@pytest.mark.parametrize(
    "target", ["http://127.0.0.9:1/", "http://169.254.169.254/latest", "http://[::1]/", "file:///x"]
)
def test_a_redirect_into_the_own_network_is_refused(world: Worlds, target: str) -> None:
    here = world(replies(Reply(302, headers={"Location": target})))
    with pytest.raises(AddressRefused):
        here.pool(daily=5.0).send(here.request(cost=1.0))
    assert here.ledger.spend(here.network.account("crossref"), utc_day(), 0.0) == 1.0, (
        "the first hop was sent, and is paid"
    )


def test_a_service_that_redirects_in_circles_is_unavailable(world: Worlds) -> None:
    here = world(replies(Reply(302, headers={"Location": "/again"})))
    with pytest.raises(ServiceUnavailable, match="circles"):
        here.pool().send(here.request())
    assert len(here.server.arrivals) == 6


def test_a_redirect_to_nowhere_is_no_answer(world: Worlds) -> None:
    here = world(replies(Reply(302)))
    with pytest.raises(ServiceUnavailable, match="nowhere"):
        here.pool().send(here.request())


@pytest.mark.parametrize("target", ["http://[x", "http://a]b/", "/" + "x" * 9000])
def test_a_redirect_to_what_is_no_url_is_no_answer(world: Worlds, target: str) -> None:
    here = world(replies(Reply(302, headers={"Location": target})))
    with pytest.raises(ServiceUnavailable, match="no URL"):
        here.pool().send(here.request())


# ── stopping, and secrets ────────────────────────────────────────────────────────────────────────────────


def test_stopping_wakes_all_who_wait_and_sends_nothing_more(world: Worlds) -> None:
    here = world()
    pool = here.pool(rates={"default": 0.5}, daily=100.0)
    pool.send(here.request(cost=1.0))
    stopper = threading.Timer(0.1, here.stop.set)
    stopper.start()
    begun = time.monotonic()
    results = together(lambda: pool.send(here.request(cost=1.0)), 8)
    assert time.monotonic() - begun < 1.5
    assert all(isinstance(result, Stopping) for result in results)
    assert len(here.server.arrivals) == 1
    assert pool.health().remaining == 99.0
    with pytest.raises(Stopping):
        pool.send(here.request())
    stopper.join()


def test_stopping_ends_the_wait_between_two_tries_without_another_try(world: Worlds) -> None:
    here = world(replies(Reply(429, headers={"Retry-After": "30"})))
    stopper = threading.Timer(0.1, here.stop.set)
    stopper.start()
    begun = time.monotonic()
    with pytest.raises(Stopping):
        here.pool().send(here.request())
    assert time.monotonic() - begun < 1.5
    assert len(here.server.arrivals) == 1
    stopper.join()


@pytest.mark.parametrize(
    "answer",
    [
        Reply(500),
        Reply(429),
        Reply(429, headers={"Retry-After": "9999"}),
        Reply(raw=[]),
        Reply(302, headers={"Location": "ftp://x?token=S3CRET"}),
    ],
    ids=["500", "429", "budget", "broken", "redirect"],
)
def test_secrets_are_in_no_error_and_no_log(world: Worlds, answer: Reply, caplog: pytest.LogCaptureFixture) -> None:
    here = world(replies(answer))
    with caplog.at_level(logging.DEBUG), pytest.raises(DlLitError) as caught:
        here.pool().send(
            here.request("/works?api_key=S3CRET", params={"mailto": "S3CRET@uni.edu"}, headers={"x-api-key": "S3CRET"})
        )
    shown = logging.Formatter().formatException((type(caught.value), caught.value, caught.value.__traceback__))
    assert "S3CRET" not in shown + str(caught.value.context) + caplog.text
    assert caplog.text, "urllib3's own lines were there to be cleaned"


def test_limits_that_allow_nothing_are_a_mistake() -> None:
    kinds: list[dict[str, Any]] = [
        {"rates": {}},
        {"rates": {"a": 0.0}},
        {"rates": FAST, "concurrency": 0},
        {"rates": FAST, "tries": 0},
    ]
    for wrong in kinds:
        with pytest.raises(ValueError, match="positive rate"):
            PoolLimits(**wrong)


# ── services with ways of their own ──────────────────────────────────────────────────────────────────────


def test_statuses_that_are_a_services_answers_come_back_at_once_and_count_as_no_failure(world: Worlds) -> None:
    here = world(lambda arrival: Reply(503))
    pool = here.pool(answers=frozenset({503}), failures=4)
    assert [pool.send(here.request()).status for _ in range(6)] == [503] * 6
    assert (pool.health().errors, pool.health().health) == (0, Health.OK)
    here.server.answer = lambda arrival: Reply(502)
    with pytest.raises(ServiceUnavailable):
        pool.send(here.request())


def test_a_pools_own_patience_takes_the_place_of_the_networks(world: Worlds) -> None:
    here = world(read_timeout=0.2, total_timeout=0.3)
    here.server.answer = lambda arrival: (here.server.closing.wait(0.6), Reply())[1]
    assert here.pool(patience=Patience(read=10, total=10)).send(here.request()).status == 200


def test_a_body_is_sent_as_it_is_and_not_to_another_host(world: Worlds) -> None:
    here = world(allow_hosts=["127.0.0.0/8"])
    with LocalServer(address="127.0.0.2") as other:
        here.server.answer = replies(
            Reply(307, b"", {"Location": "/again"}), Reply(), Reply(307, b"", {"Location": other.url})
        )
        request = here.request(method="POST", body=b"\x00bytes", headers={"Content-Type": "application/x-bytes"})
        here.pool().send(request)
        here.pool().send(request)
        assert [arrival.body for arrival in here.server.arrivals] == [b"\x00bytes"] * 3
        assert here.server.arrivals[1].headers["content-type"] == "application/x-bytes"
        assert [arrival.body for arrival in other.arrivals] == [b""]


def test_a_wait_holds_no_place_and_ends_with_the_program(world: Worlds) -> None:
    here = world()
    pool = here.pool(concurrency=1)
    waiting = threading.Thread(target=lambda: together(lambda: pool.wait(30), 1))
    waiting.start()
    assert pool.send(here.request()).status == 200
    here.stop.set()
    waiting.join(10)
    assert not waiting.is_alive()
    with pytest.raises(Stopping):
        pool.wait(1)


def test_charges_are_booked_in_the_ledger(world: Worlds) -> None:
    here = world()
    here.pool(daily=100.0).charge(30.0)
    account = here.ledger.budget(here.network.account("crossref"), utc_day())
    assert account is not None and account.spent == 30.0
