"""What a service did instead of answering, in words that name the cure; the same for all that ask."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone

import pytest

from dl_lit import moments
from dl_lit.errors import CircuitOpen, RetryLater
from dl_lit.model import Health
from dl_lit.net.http import HttpRequest
from httpserver import Arrival, Reply
from net_world import World, Worlds, replies

ADVICE = "It allows more with a key (services.crossref.api_key)."
WAIT = "Wait some minutes, then run the same command again."


@pytest.fixture
def world() -> Iterator[Worlds]:
    with Worlds() as worlds:
        yield worlds


TROUBLES = {
    "a 429": (Reply(429), f"crossref asked us to slow down (429). {WAIT} {ADVICE}"),
    "a 503": (Reply(503), f"crossref was overloaded (503). {WAIT} {ADVICE}"),
    "a 500": (Reply(500), f"crossref answered with an error (500). {WAIT}"),
    "a body that breaks off": (Reply(raw=[b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"]), "crossref broke off ("),
}


@pytest.mark.parametrize("kind", TROUBLES)
def test_what_a_service_did_is_told_with_the_cure_and_in_the_same_words_once_it_is_left_alone(
    world: Worlds, kind: str
) -> None:
    reply, told = TROUBLES[kind]
    here = world(replies(reply))
    pool = here.pool(failures=3, advice=ADVICE)
    first = error_of(here, "/a", failures=3, advice=ADVICE)
    assert first.message.startswith(told)
    later = error_of(here, "/b", failures=3, advice=ADVICE)
    assert isinstance(later, CircuitOpen) and later.message == first.message
    health = pool.health()
    assert health.health is Health.OPEN and health.advice == ADVICE
    assert f"crossref {health.detail}. {health.cure}" == first.message.replace(". ", ", 3 times. ", 1)


def test_a_service_that_cannot_be_reached_is_told_with_what_to_look_at(world: Worlds) -> None:
    here = world()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        with pytest.raises(RetryLater) as caught:
            alone = World(here.server, allow_hosts=("127.0.0.1",))
            alone.pool().send(HttpRequest(url))
    alone.network.close()
    assert caught.value.message.startswith("crossref could not be reached (Connection refused). Check your connection")
    assert "services.crossref.base_url" in caught.value.message and url not in caught.value.message


def test_a_long_rest_that_a_service_asked_for_has_its_end_and_outlives_the_program(world: Worlds) -> None:
    here = world(replies(Reply(503, headers={"Retry-After": "1800"}), Reply()))
    first = error_of(here, "/a")
    until = moments.here(time.time() + 1800, now=time.time())
    assert first.message == f"crossref asks to be left alone until {until}."
    later = World(here.server, here.ledger)
    again = error_of(later, "/b")
    assert again.message == first.message and again.retry_after == pytest.approx(1800, abs=10)
    assert later.pool().health().until == pytest.approx(time.time() + 1800, abs=10)
    later.network.close()
    assert len(here.server.arrivals) == 1


def test_what_fails_in_a_bucket_apart_leaves_the_others_their_circuit_and_their_pace(world: Worlds) -> None:
    def answer(arrival: Arrival) -> Reply:
        return Reply(503) if arrival.path.startswith("/search") else Reply()

    here = world(answer)
    limits = {"rates": {"default": 1000.0, "search": 1000.0}, "apart": frozenset({"search"}), "failures": 3}
    pool = here.pool(**limits)
    for path in ("/search/a", "/search/b"):
        with pytest.raises(RetryLater):
            pool.send(here.request(path, bucket="search"))
    assert len(here.server.arrivals) == 3
    assert pool.send(here.request("/works")).status == 200
    assert pool.health().health is Health.SLOWED and pool.health().until is None
    here.server.answer = replies(Reply(503, headers={"Retry-After": "1800"}))
    with pytest.raises(RetryLater):
        pool.send(here.request("/works"))
    assert pool.health().until == pytest.approx(time.time() + 1800, abs=10)


def test_times_are_told_by_utc_and_by_the_wall_clock() -> None:
    berlin, eve = timezone(timedelta(hours=1)), 1_796_083_200.0 - 3 * 3600  # 2026-11-30 21:00 UTC
    assert moments.utc(eve + 3 * 3600, zone=berlin) == "2026-12-01 00:00 UTC (01:00 here)"
    assert moments.utc(eve + 3 * 3600, zone=timezone(timedelta(hours=-5))) == (
        "2026-12-01 00:00 UTC (2026-11-30 19:00 here)"
    )
    assert moments.utc(eve, zone=UTC) == "2026-11-30 21:00 UTC"
    assert moments.here(eve + 61, now=eve, zone=berlin) == "22:02"
    assert moments.here(eve + 4 * 3600, now=eve, zone=berlin) == "2026-12-01 02:00"


def error_of(here: World, path: str, **limits: object) -> RetryLater:
    with pytest.raises(RetryLater) as caught:
        here.pool(**limits).send(here.request(path))
    return caught.value
