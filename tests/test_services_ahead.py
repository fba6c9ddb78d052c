"""Lists that are filled with what will be asked for soon."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dl_lit.model import Found, Work
from dl_lit.services.ahead import Ahead
from dl_lit.services.crossref import BATCH_SIZE, Crossref
from httpserver import Arrival, Reply
from outside import Outside, as_json, outside, query_of

SECONDS = 20.0


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path, "crossref") as made:
        made.server.answer = answer
        yield made


def answer(arrival: Arrival) -> Reply:
    """The records that a list asks for."""
    items = [{"DOI": doi, "title": [doi]} for doi in listed(arrival)]
    return as_json({"status": "ok", "message-type": "work-list", "message": {"items": items, "total-results": 3}})


def listed(arrival: Arrival) -> list[str]:
    return [one.removeprefix("doi:") for one in query_of(arrival).get("filter", "").split(",") if one]


def client_of(world: Outside, *coming: str) -> Crossref:
    client = Crossref(world.pool("crossref"), world.store, base_url=world.url)
    client.take_along("doi", lambda: coming)
    return client


def test_what_comes_next_goes_along_and_is_not_asked_for_again(world: Outside) -> None:
    client = client_of(world, "10.1000/2", "10.1000/1", "10.1000/3")
    assert list(client.works_by_doi(["10.1000/1"])) == ["10.1000/1"]
    assert [listed(one) for one in world.arrivals] == [["10.1000/1", "10.1000/2", "10.1000/3"]]
    assert all(isinstance(one, Found) for one in client.works_by_doi(["10.1000/2", "10.1000/3"]).values())
    assert len(world.arrivals) == 1


def test_nothing_is_asked_for_only_because_it_comes_next(world: Outside) -> None:
    client = client_of(world, *(f"10.1000/{number}" for number in range(3 * BATCH_SIZE)))
    client.works_by_doi([f"10.1000/{number}" for number in range(BATCH_SIZE + 1)])
    assert [len(listed(one)) for one in world.arrivals] == [BATCH_SIZE, BATCH_SIZE]
    client.works_by_doi(["10.1000/1"])
    assert len(world.arrivals) == 2


def test_a_doi_of_arxiv_does_not_go_along_to_crossref(world: Outside) -> None:
    client_of(world, "10.48550/arxiv.1706.03762", "10.1000/2").works_by_doi(["10.1000/1"])
    assert [listed(one) for one in world.arrivals] == [["10.1000/1", "10.1000/2"]]


def test_works_that_went_along_are_told_of_too(world: Outside) -> None:
    told: list[Work] = []
    client = client_of(world, "10.1000/2")
    client.tell_of_works(lambda name, works: told.extend(works))
    client.works_by_doi(["10.1000/1"])
    assert sorted(work.doi or "" for work in told) == ["10.1000/1", "10.1000/2"]


def test_who_asks_for_what_is_on_its_way_waits_for_it(world: Outside) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def slowly(arrival: Arrival) -> Reply:
        begun.set()
        assert let_go.wait(SECONDS)
        return answer(arrival)

    world.server.answer = slowly
    client = client_of(world, "10.1000/2")
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(client.works_by_doi, ["10.1000/1"])
        assert begun.wait(SECONDS)
        second = threads.submit(client.works_by_doi, ["10.1000/2"])
        let_go.set()
        assert isinstance(first.result(SECONDS)["10.1000/1"], Found)
        assert isinstance(second.result(SECONDS)["10.1000/2"], Found)
    assert len(world.arrivals) == 1


def test_known_answers_are_looked_up_once_while_they_still_come() -> None:
    coming, asked = ["a", "b"], []

    def known(keys: Sequence[str]) -> Collection[str]:
        asked.append(list(keys))
        return {"a"} & set(keys)

    ahead = Ahead(lambda: coming, known)
    assert ahead.besides(["c"]) == ["b"]
    coming += ["c"]
    assert ahead.besides(["c"]) == ["b"]
    assert asked == [["a", "b"], ["b", "c"]]
