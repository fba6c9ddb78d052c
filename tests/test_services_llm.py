"""The language model's client: what it is sent, what it may cost, and what becomes of answers of every kind."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from dl_lit.config import LanguageModel, Settings
from dl_lit.errors import Stopping
from dl_lit.model import Found, NoAnswer, Nothing, Person
from dl_lit.net.http import HttpResponse
from dl_lit.net.ledger import MemoryLedger, utc_day
from dl_lit.net.network import Network
from dl_lit.services import llm
from dl_lit.services.base import REFUSED_SECONDS, MemoryCache
from dl_lit.services.fields import Node
from dl_lit.services.llm import Llm, cut, items_of
from httpserver import Arrival, LocalServer, Reply
from net_world import replies, together
from reading_services import chat, claim, model_that_claims, text_of

KEY = "sk-hush-hush-0123456789"
LINES = ["Quill, A. (2019). On patience. Journal of Waiting 3.", "Ruhe, B. (1998). Queues at home. Bern: Slow Press."]


class Place:
    """A server that plays the model, and the client that asks it."""

    def __init__(self, server: LocalServer, *, budget: int | None = None, **service: Any) -> None:
        self.server = server
        self.stop = threading.Event()
        values = {"base_url": f"{server.url}/v1", "model": "tiny-1", "api_key": KEY, **service}
        settings = Settings.model_validate({"services": {"llm": values}})
        self.settings: LanguageModel = settings.services.llm
        self.ledger = MemoryLedger()
        self.network = Network(settings, self.ledger, stop=self.stop)
        self.said: list[str] = []
        self.cache = MemoryCache()
        pool = self.network.service(llm.Llm.name, llm.limits(self.settings, budget), classify_429=llm.classify_429)
        self.client = Llm(pool, self.cache, settings=self.settings, tell=self.said.append)

    @property
    def spent(self) -> float:
        account = self.ledger.budget(self.network.account("llm"), utc_day())
        return account.spent if account else 0.0


class Places:
    def __init__(self) -> None:
        self.made: list[Place] = []

    def __call__(self, answer: Any, **options: Any) -> Place:
        self.made.append(Place(LocalServer(answer).__enter__(), **options))
        return self.made[-1]


@pytest.fixture
def at() -> Iterator[Places]:
    places = Places()
    yield places
    for place in places.made:
        place.network.close()
        place.server.__exit__(None, None, None)


def test_the_lines_are_sent_with_key_model_and_schema(at: Places) -> None:
    place = at(model_that_claims(claim(LINES[0], title="On patience", authors=[{"family": "Quill", "given": "A."}])))
    answer = place.client.read(LINES)
    assert isinstance(answer, Found)
    (reference,) = answer.value.references
    assert (reference.raw, reference.title) == (LINES[0], "On patience")
    assert reference.authors == (Person(family="Quill", given="A."),)
    (arrival,) = place.server.arrivals
    assert (arrival.path, arrival.headers["authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
    body = json.loads(arrival.body)
    assert (body["model"], body["temperature"]) == ("tiny-1", 0)
    assert body["response_format"]["json_schema"]["schema"] == llm.SCHEMA
    assert text_of(arrival) == "\n".join(LINES)


@pytest.mark.parametrize(("form", "sent"), [("json_object", {"type": "json_object"}), ("text", None)])
def test_servers_without_schemas_get_it_in_the_prompt(at: Places, form: str, sent: Any) -> None:
    place = at(model_that_claims(claim(LINES[0])), response_format=form)
    assert isinstance(place.client.read(LINES), Found)
    body = json.loads(place.server.arrivals[0].body)
    assert body.get("response_format") == sent
    assert '"additionalProperties"' in body["messages"][0]["content"]


def test_a_server_without_a_key_gets_none(at: Places) -> None:
    place = at(model_that_claims(claim(LINES[0])), api_key=None)
    assert isinstance(place.client.read(LINES), Found)
    assert "authorization" not in place.server.arrivals[0].headers


def test_no_text_is_paid_for_twice(at: Places) -> None:
    place = at(model_that_claims(claim(LINES[0])))
    assert place.client.read(LINES) == place.client.read(LINES)
    assert len(place.server.arrivals) == 1


def test_an_empty_list_is_an_answer(at: Places) -> None:
    assert at(model_that_claims()).client.read(LINES) == Nothing()
    assert at(model_that_claims()).client.read([]) == Nothing()


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"references": [claim(LINES[0])]}),
        f"```json\n{json.dumps({'references': [claim(LINES[0])]})}\n```",
        f"Here you are:\n```\n{json.dumps([claim(LINES[0])])}\n```\nAnything else?",
        f"<think>hm</think> {json.dumps({'references': [claim(LINES[0])]})} Done.",
    ],
)
def test_json_is_found_in_whatever_the_model_wraps_it(content: str) -> None:
    items = items_of(Node(content))
    assert items is not None
    assert items[0]["raw"] == LINES[0]


@pytest.mark.parametrize(
    "content", [None, "", "I cannot do that.", '{"references": 3}', '{"references": [', "[" * 9999, 7]
)
def test_what_is_no_list_is_none(content: Any) -> None:
    assert items_of(Node(content)) is None


def test_an_answer_that_is_no_json_is_asked_for_once_more(at: Places) -> None:
    place = at(replies(chat("Sorry!"), chat([claim(LINES[0])])))
    answer = place.client.read(LINES)
    assert isinstance(answer, Found)
    assert answer.value.unusable == 0
    assert len(place.server.arrivals) == 2


def test_rubbish_twice_is_no_answer(at: Places) -> None:
    place = at(lambda arrival: chat("Sorry!"))
    answer = place.client.read(LINES)
    assert isinstance(answer, NoAnswer)
    assert "tiny-1 did not answer in the form asked for" in answer.reason
    assert len(place.server.arrivals) == 2


def test_one_part_without_a_usable_answer_does_not_cost_the_others(at: Places) -> None:
    lines = [f"{name} (2001). {'A long title of a work ' * 12}" for name in ("Quill", "Ruhe", "Amt")]

    def sulky(arrival: Arrival) -> Reply:
        return chat("No.") if "Ruhe" in text_of(arrival) else chat([claim(text_of(arrival))])

    answer = at(sulky, chunk_characters=500).client.read(lines)
    assert isinstance(answer, Found)
    assert (answer.value.parts, answer.value.unusable) == (3, 1)
    assert [one.raw.split()[0] for one in answer.value.references] == ["Quill", "Amt"]


def test_an_answer_cut_off_by_its_length_is_asked_for_in_halves(at: Places) -> None:
    lines = [f"Quill, A. ({year}). A title. Journal of Waiting 3." for year in range(1990, 2010)]

    def short_of_breath(arrival: Arrival) -> Reply:
        got = text_of(arrival).split("\n")
        if len(got) > 13:
            return chat('{"references": [{"raw": "Quil', finish="length")
        return chat([claim(line) for line in got])

    place = at(short_of_breath)
    answer = place.client.read(lines)
    assert isinstance(answer, Found)
    assert {one.raw for one in answer.value.references} == set(lines)
    assert len(place.server.arrivals) == 3


def test_a_model_that_never_finishes_is_not_asked_for_ever(at: Places) -> None:
    place = at(lambda arrival: chat("{", finish="length"))
    assert isinstance(place.client.read(LINES * 4), NoAnswer)
    assert len(place.server.arrivals) < 10


@pytest.mark.parametrize(
    "item", [None, 3, "text", {}, {"raw": None}, {"raw": ""}, {"raw": ["x"]}, {"title": "no raw"}, {"raw": "\ud800"}]
)
def test_odd_items_are_passed_over(at: Places, item: Any) -> None:
    good = claim(LINES[0], authors=["Quill, A.", 3, None, {}], title=7)
    answer = at(model_that_claims(item, good)).client.read(LINES)
    assert isinstance(answer, Found)
    (reference,) = answer.value.references
    assert (reference.authors, reference.title) == ((Person(name="Quill, A."),), "7")


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────


def test_at_most_two_are_asked_at_once(at: Places) -> None:
    place = at(None)
    place.server.answer = lambda arrival: (place.server.closing.wait(0.2), chat([claim(LINES[0])]))[1]
    numbers = iter(range(100))
    lock = threading.Lock()

    def read() -> object:
        with lock:
            number = next(numbers)
        return place.client.read([*LINES, f"Line {number}"])

    assert all(isinstance(answer, Found) for answer in together(read, 6))
    assert place.server.most_in_flight == 2


def test_a_429_is_waited_for(at: Places) -> None:
    place = at(replies(Reply(429, b"", {"Retry-After": "1"}), chat([claim(LINES[0])])))
    assert isinstance(place.client.read(LINES), Found)
    first, second = place.server.times
    assert second - first >= 1.0


def test_an_empty_account_is_not_waited_for(at: Places) -> None:
    body = json.dumps({"error": {"code": "insufficient_quota", "message": "You exceeded your quota"}}).encode()
    place = at(lambda arrival: Reply(429, body))
    assert isinstance(place.client.read(LINES), NoAnswer)
    assert isinstance(place.client.read(LINES * 2), NoAnswer)
    assert len(place.server.arrivals) == 1
    assert len(place.said) == 1


def test_a_429_of_another_kind_is_left_to_the_pool() -> None:

    assert (
        llm.classify_429(HttpResponse(429, {}, b'{"error": {"code": "rate_limit_exceeded"}}', "http://x.test")) is None
    )
    assert llm.classify_429(HttpResponse(429, {}, b"<html>", "http://x.test")) is None


def test_a_hang_ends_at_the_models_own_time_limit(at: Places) -> None:
    place = at(None, time_limit_seconds=1)
    place.server.answer = lambda arrival: (place.server.closing.wait(20), Reply(200))[1]
    begun = time.monotonic()
    assert isinstance(place.client.read(LINES), NoAnswer)
    assert time.monotonic() - begun < 10


def test_what_an_answer_says_it_cost_is_what_is_booked(at: Places) -> None:
    place = at(lambda arrival: chat([claim(LINES[0])], tokens=1234), budget=100_000)
    place.client.read(LINES)
    assert place.spent == 1234


@pytest.mark.parametrize("tokens", [None, -5, 10**15, "many", True])
def test_without_a_plain_figure_the_estimate_stays_booked(at: Places, tokens: Any) -> None:
    place = at(lambda arrival: chat([claim(LINES[0])], tokens=tokens), budget=100_000)
    place.client.read(LINES)
    assert 500 < place.spent < 5000


def test_a_spent_budget_is_said_once_and_nothing_is_sent(at: Places) -> None:
    place = at(lambda arrival: chat([claim(LINES[0])], tokens=2900), budget=3000)
    assert isinstance(place.client.read(LINES), Found)
    for number in range(3):
        answer = place.client.read([*LINES, str(number)])
        assert isinstance(answer, NoAnswer)
        assert answer.retry_after is None  # the limit is ours: a person may raise it and start again
    assert len(place.server.arrivals) == 1
    assert len(place.said) == 1 and "extraction.llm_token_budget" in place.said[0]
    assert isinstance(place.client.read(LINES), Found)  # what was paid for is still known


def test_stopping_is_not_an_answer(at: Places) -> None:
    place = at(model_that_claims())
    place.stop.set()
    with pytest.raises(Stopping):
        place.client.read(LINES)


# ── refusals and secrets ─────────────────────────────────────────────────────────────────────────────────


def test_a_wrong_key_is_refused_once_and_shown_nowhere(at: Places, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    place = at(lambda arrival: Reply(401, f"Incorrect API key provided: {KEY}".encode()))
    for number in range(3):
        answer = place.client.read([*LINES, str(number)])
        assert isinstance(answer, NoAnswer)
        assert "refuses the key (401): put a valid one into services.llm.api_key" in answer.reason
        assert KEY not in answer.reason
    assert len(place.server.arrivals) == 1
    assert KEY not in caplog.text


def test_a_server_that_wants_a_key_says_where_to_put_it(at: Places) -> None:
    answer = at(lambda arrival: Reply(401), api_key=None).client.read(LINES)
    assert isinstance(answer, NoAnswer)
    assert "asks for a key (401): put a valid one into services.llm.api_key" in answer.reason


def test_a_refused_request_names_the_settings_and_hides_the_key(at: Places, caplog: pytest.LogCaptureFixture) -> None:
    place = at(lambda arrival: Reply(400, f"no response_format here, {KEY} of me@uni.test".encode()))
    answer = place.client.read(LINES)
    assert isinstance(answer, NoAnswer)
    assert answer.retry_after == REFUSED_SECONDS
    assert "services.llm.response_format" in answer.reason
    assert KEY not in answer.reason + caplog.text
    assert "me@uni.test" not in answer.reason + caplog.text


@pytest.mark.parametrize(
    "reply", [Reply(500), Reply(302), Reply(200, b"<html>"), Reply(200, b"[]"), Reply(200, b'{"choices": []}')]
)
def test_no_answer_is_never_nothing(at: Places, reply: Reply) -> None:
    assert isinstance(at(lambda arrival: reply).client.read(LINES), NoAnswer)


def test_the_version_names_what_decides_the_answer(at: Places) -> None:
    ways: list[dict[str, Any]] = [{}, {"model": "tiny-2"}, {"chunk_characters": 900}, {"api_key": "other"}]
    versions = {at(None, **way).client.version for way in ways}
    assert len(versions) == 3
    assert not any("other" in version or KEY in version for version in versions)


# ── cutting ──────────────────────────────────────────────────────────────────────────────────────────────


def test_parts_hold_all_lines_and_none_is_too_long() -> None:
    lines = [f"line {number} " + "x" * (number % 90) for number in range(400)]
    parts = cut(lines, 1000)
    assert all(len(part) <= 1000 for part in parts)
    assert set("\n".join(parts).split("\n")) == set(lines)
    for part, following in pairwise(parts):
        assert following.split("\n")[0] in part.split("\n")  # each begins inside the one before


@pytest.mark.parametrize("lines", [["x" * 5000], ["", ""], [], ["a"] * 3, ["y" * 999, "z" * 999, "w" * 999]])
def test_cutting_always_comes_to_an_end(lines: list[str]) -> None:
    parts = cut(lines, 700)
    assert all(len(part) <= 700 for part in parts)
    assert "".join(lines).replace("\n", "") == "".join(parts).replace("\n", "")
