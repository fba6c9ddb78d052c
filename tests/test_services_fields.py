"""The walker through JSON that may lack anything, and what the base class does for its callers."""

from __future__ import annotations

import math
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from dl_lit.errors import Stopping
from dl_lit.model import Found, NoAnswer, Nothing
from dl_lit.services import base
from dl_lit.services.crossref import Crossref
from dl_lit.services.fields import Node, page_range
from httpserver import Arrival, Reply
from outside import outside


def test_missing_places_are_empty_and_lead_on_to_empty_places() -> None:
    node = Node({"a": [{"b": 1}]})
    assert node["a"][0]["b"].whole() == 1
    assert node["a"][5]["b"]["c"][0].text() is None
    assert node["a"]["b"].value is None
    assert list(node["x"]) == []


def test_strings_are_read_whatever_they_hold() -> None:
    assert Node("  a\n b\u00a0c ").text() == "a b c"
    assert Node("a\x00b\ud800").text() == "a b"
    empty: list[Any] = ["  ", None, True, [], {}]
    assert [Node(value).text() for value in empty] == [None] * 5
    assert [Node(3).text(), Node(["", None, "x"]).first(), Node("y").first()] == ["3", "x", "y"]
    assert Node(["a", 1, None]).texts() == ("a", "1")


def test_numbers_are_read_only_where_there_are_some() -> None:
    assert [Node(value).whole() for value in (5, "7", 2.0, " 8 ")] == [5, 7, 2, 8]
    assert [Node(value).whole() for value in (True, "x", "٣", None, math.nan, math.inf, "-1")] == [None] * 7
    assert [Node(value).year() for value in (1999, "2001", 0, 99999, None)] == [1999, 2001, None, None, None]


def test_only_web_addresses_are_addresses() -> None:
    assert Node("HTTPS://x.test/a").url() == "HTTPS://x.test/a"
    assert [Node(value).url() for value in ("ftp://x", "javascript:x", "", None)] == [None] * 4


def test_page_ranges_need_two_pages() -> None:
    assert [page_range("1", "9"), page_range("e1", "e1"), page_range(None, "9"), page_range(None, None)] == [
        "1-9",
        "e1",
        "9",
        None,
    ]


def test_a_question_that_its_asker_gave_up_is_no_answer_to_those_who_waited() -> None:
    flights = base.Flights()
    mine, _ = flights.board(["a"])
    _, others = flights.board(["a"])
    with flights.landing(mine):
        pass
    assert isinstance(others["a"].result(0), NoAnswer)
    assert flights.board(["a"])[0]


def test_waiting_for_another_thread_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "WAIT_FOR_OTHERS_SECONDS", 0.01)
    with outside(tmp_path, "crossref") as world:
        assert isinstance(base._awaited(Future(), world.pool("crossref")), NoAnswer)


def test_who_waits_for_an_asker_that_stops_is_stopped_too() -> None:
    flights = base.Flights()
    mine, _ = flights.board(["a", "b"])
    _, others = flights.board(["a", "b"])
    with pytest.raises(Stopping), flights.landing(mine) as answers:
        answers["b"] = Nothing()
        raise Stopping("The program is shutting down.")
    with pytest.raises(Stopping):
        others["a"].result(0)
    assert others["b"].result(0) == Nothing(), "what was answered before the end stays answered"


def test_shutdown_reaches_asker_and_waiter_alike(tmp_path: Path) -> None:
    asked, release = threading.Event(), threading.Event()

    def slow(arrival: Arrival) -> Reply:
        asked.set()
        release.wait(20)
        return Reply(404, b"")

    with outside(tmp_path, "crossref") as world, ThreadPoolExecutor(2) as threads:
        world.server.answer = slow
        client = Crossref(world.pool("crossref"), world.store, base_url=world.url)
        asker = threads.submit(client.works_by_doi, ["10.1000/a"])
        assert asked.wait(10)
        waiter = threads.submit(client.works_by_doi, ["10.1000/a"])
        assert not wait((waiter,), timeout=0.3).done
        world.stop.set()
        with pytest.raises(Stopping):
            waiter.result(5)  # although the service has not answered the asker yet
        world.network.close()
        release.set()
        with pytest.raises(Stopping):
            asker.result(10)


def test_an_address_that_the_guard_refuses_is_no_answer(tmp_path: Path) -> None:
    with outside(tmp_path, "crossref") as world:
        client = Crossref(world.pool("crossref"), world.store, base_url=world.url)
        world.server.answer = lambda arrival: Reply(302, b"", {"Location": "http://169.254.169.254/latest"})
        assert isinstance(client.works_by_doi(["10.1000/a"])["10.1000/a"], NoAnswer)
        assert not isinstance(client.search("Byron Notes"), Found)
