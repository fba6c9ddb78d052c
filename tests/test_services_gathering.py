"""Lookups of several threads that share calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dl_lit.errors import Stopping
from dl_lit.model import Answer, Found, NoAnswer
from dl_lit.services.arxiv import Arxiv
from dl_lit.services.gathering import Gathering
from httpserver import Arrival, Reply
from outside import outside

SECONDS = 10.0


class Counter:
    """Answers each key with itself; the first call waits until it is let go."""

    def __init__(self) -> None:
        self.calls: list[Sequence[str]] = []
        self.begun, self.let_go = threading.Event(), threading.Event()

    def __call__(self, keys: Sequence[str]) -> Mapping[str, Answer[str]]:
        self.calls.append(tuple(keys))
        if len(self.calls) == 1:
            self.begun.set()
            assert self.let_go.wait(SECONDS)
        return {key: Found(key) for key in keys if key != "lost"}


def running() -> None:
    """Nobody stops."""


def wait_for(gathering: Gathering, keys: int) -> None:
    """Until so many keys wait for the next call."""
    poll = threading.Event()
    ends = time.monotonic() + SECONDS
    while len(gathering._waiting) < keys:
        assert time.monotonic() < ends
        poll.wait(0.01)


def queue(gathering: Gathering, threads: ThreadPoolExecutor, asked: Counter, *groups: Sequence[str]) -> list[object]:
    """Several threads ask while a first call is under way; their answers."""
    first = threads.submit(gathering.ask, ["first"], running, asked, running)
    assert asked.begun.wait(SECONDS)
    others = [threads.submit(gathering.ask, group, running, asked, running) for group in groups]
    wait_for(gathering, sum(map(len, groups)))
    asked.let_go.set()
    assert first.result(SECONDS) == {"first": Found("first")}
    return [other.result(SECONDS) for other in others]


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as made:
        yield made


def test_a_lone_question_is_asked_at_once() -> None:
    asked = Counter()
    asked.let_go.set()
    assert Gathering().ask(["a", "b"], running, asked, running) == {"a": Found("a"), "b": Found("b")}
    assert asked.calls == [("a", "b")]


def test_questions_that_come_during_a_call_share_the_next_one(threads: ThreadPoolExecutor) -> None:
    asked = Counter()
    found = queue(Gathering(), threads, asked, ["a"], ["b", "c"], ["d"])
    assert found == [{"a": Found("a")}, {"b": Found("b"), "c": Found("c")}, {"d": Found("d")}]
    assert [sorted(call) for call in asked.calls] == [["first"], ["a", "b", "c", "d"]]


def test_questions_that_come_while_a_call_waits_for_its_turn_go_along(threads: ThreadPoolExecutor) -> None:
    gathering, asked = Gathering(), Counter()
    asked.let_go.set()
    waits, due = threading.Event(), threading.Event()

    def ready() -> None:
        waits.set()
        assert due.wait(SECONDS)

    first = threads.submit(gathering.ask, ["a"], ready, asked, running)
    assert waits.wait(SECONDS)
    other = threads.submit(gathering.ask, ["b"], ready, asked, running)
    wait_for(gathering, 2)
    due.set()
    assert first.result(SECONDS) | other.result(SECONDS) == {"a": Found("a"), "b": Found("b")}
    assert [sorted(call) for call in asked.calls] == [["a", "b"]]


def test_a_key_without_an_answer_is_no_answer(threads: ThreadPoolExecutor) -> None:
    ((lost),) = queue(Gathering(), threads, Counter(), ["lost"])
    assert isinstance(lost, dict) and isinstance(lost["lost"], NoAnswer)


def test_a_stop_stops_all_whose_keys_were_taken_along() -> None:
    gathering = Gathering()

    def stopping(keys: Sequence[str]) -> Mapping[str, Answer[str]]:
        raise Stopping("The program is stopping.")

    with pytest.raises(Stopping):
        gathering.ask(["a"], running, stopping, running)
    asked = Counter()
    asked.let_go.set()
    assert gathering.ask(["a"], running, asked, running) == {"a": Found("a")}


def test_an_error_of_the_leader_leaves_nobody_waiting(threads: ThreadPoolExecutor) -> None:
    gathering = Gathering()
    leads, others_wait = threading.Event(), threading.Event()

    def failing(keys: Sequence[str]) -> Mapping[str, Answer[str]]:
        if not leads.is_set():
            leads.set()
            assert others_wait.wait(SECONDS)
            return {}
        raise ValueError("a mistake of ours")

    first = threads.submit(gathering.ask, ["first"], running, failing, running)
    assert leads.wait(SECONDS)
    others = [threads.submit(gathering.ask, [key], running, failing, running) for key in ("a", "b")]
    wait_for(gathering, 2)
    others_wait.set()
    assert isinstance(first.result(SECONDS)["first"], NoAnswer)
    # One of the two leads for both and has the error; the other one gets no answer, and does not wait for ever.
    ended = [other.exception(SECONDS) for other in others]
    assert sorted(type(one).__name__ for one in ended) == ["NoneType", "ValueError"]


FEED = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
    "<opensearch:totalResults>0</opensearch:totalResults></feed>"
)


def test_a_slow_service_is_asked_with_fuller_lists(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def slowly(arrival: Arrival) -> Reply:
        if not begun.is_set():
            begun.set()
            let_go.wait(SECONDS)
        return Reply(body=FEED.encode(), headers={"Content-Type": "application/atom+xml"})

    with outside(tmp_path, "arxiv") as world:
        world.server.answer = slowly
        client = Arxiv(world.pool("arxiv"), world.store, base_url=world.url)
        numbers = [f"2001.{number:05}" for number in range(6)]
        first = threads.submit(client.works, numbers[:1])
        assert begun.wait(SECONDS)
        others = [threads.submit(client.works, [number]) for number in numbers[1:]]
        wait_for(client._gatherings["arxiv"], len(others))
        let_go.set()
        for future in (first, *others):
            assert len(future.result(SECONDS)) == 1
        assert len(world.arrivals) == 2
