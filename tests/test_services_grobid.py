"""GROBID: what is sent to it, what each of its answers means, and how patiently it is waited for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.config import Grobid as GrobidSettings
from dl_lit.config import Settings
from dl_lit.errors import Stopping
from dl_lit.model import Found, Health, NoAnswer, Nothing
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.network import Network
from dl_lit.net.pool import ServicePool
from dl_lit.services import grobid
from dl_lit.services.base import REFUSED_SECONDS
from dl_lit.services.grobid import Grobid
from httpserver import Arrival, LocalServer, Reply
from net_world import replies, together
from reading_services import ENTITY_BOMB, TEI_TYPE, struct, tei_reply

ONE = tei_reply(struct("Quill, A. (2019). On patience."))
BUSY_AT_ONCE = Reply(503, b"busy", {"Retry-After": "0"})


class Place:
    """A GROBID at `server` and the client that asks it."""

    def __init__(self, server: LocalServer, **service: float) -> None:
        self.server = server
        self.stop = threading.Event()
        settings = Settings.model_validate({"services": {"grobid": {"base_url": server.url, **service}}})
        self.settings: GrobidSettings = settings.services.grobid
        self.network = Network(settings, MemoryLedger(), stop=self.stop)
        self.pool: ServicePool = self.network.service(grobid.NAME, grobid.limits(self.settings))
        self.client = Grobid(
            self.pool, base_url=self.settings.base_url, busy_seconds=self.settings.busy_seconds, first_pause=0.02
        )


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as made:
        yield made


@pytest.fixture
def place(server: LocalServer) -> Iterator[Place]:
    made = Place(server)
    yield made
    made.network.close()


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"%PDF-1.7 \x00\xff\r\n--not a boundary--\r\n%%EOF")
    return path


def test_the_file_is_sent_whole_and_no_consolidation_is_asked_for(place: Place, pdf: Path) -> None:
    place.server.answer = lambda arrival: ONE
    answer = place.client.references(pdf)
    assert isinstance(answer, Found)
    assert [reference.raw for reference in answer.value] == ["Quill, A. (2019). On patience."]
    (arrival,) = place.server.arrivals
    assert (arrival.method, arrival.path) == ("POST", "/api/processReferences")
    fields = fields_of(arrival)
    assert fields['name="consolidateCitations"'] == b"0"
    assert fields['name="includeRawCitations"'] == b"1"
    assert fields['name="input"; filename="input.pdf"'] == pdf.read_bytes()


def fields_of(arrival: Arrival) -> dict[str, bytes]:
    """The parts of a multipart form, by what their disposition says."""
    boundary = arrival.headers["content-type"].partition("boundary=")[2].encode()
    parts = arrival.body.split(b"--" + boundary)[1:-1]
    heads = [part.partition(b"\r\n\r\n") for part in parts]
    return {
        head.decode().partition("form-data; ")[2].splitlines()[0]: body.removesuffix(b"\r\n") for head, _, body in heads
    }


def test_busy_is_waited_for_and_counts_as_no_failure(place: Place, pdf: Path) -> None:
    place.server.answer = replies(BUSY_AT_ONCE, Reply(503), ONE)
    assert isinstance(place.client.references(pdf), Found)
    assert len(place.server.arrivals) == 3
    health = place.pool.health()
    assert (health.errors, health.health) == (0, Health.OK)


def test_retry_after_is_obeyed(place: Place, pdf: Path) -> None:
    place.server.answer = replies(Reply(503, b"", {"Retry-After": "1"}), ONE)
    assert isinstance(place.client.references(pdf), Found)
    first, second = place.server.times
    assert second - first >= 1.0


def test_busy_for_too_long_is_no_answer(server: LocalServer, pdf: Path) -> None:
    place = Place(server, busy_seconds=0.5)
    server.answer = lambda arrival: BUSY_AT_ONCE
    try:
        answer = place.client.references(pdf)
    finally:
        place.network.close()
    assert isinstance(answer, NoAnswer)
    assert "services.grobid.busy_seconds" in answer.reason
    assert 2 <= len(server.arrivals) <= 4


def test_the_last_wait_ends_with_our_patience(server: LocalServer, pdf: Path) -> None:
    place = Place(server, busy_seconds=0.6)
    place.client = Grobid(place.pool, base_url=server.url, busy_seconds=0.6, first_pause=5.0)
    begun = time.monotonic()
    server.answer = lambda arrival: Reply(503) if time.monotonic() - begun < 0.4 else ONE
    try:
        assert isinstance(place.client.references(pdf), Found)
    finally:
        place.network.close()


def test_a_wait_longer_than_our_patience_is_handed_on(place: Place, pdf: Path) -> None:
    place.server.answer = lambda arrival: Reply(503, b"", {"Retry-After": "1800"})
    answer = place.client.references(pdf)
    assert isinstance(answer, NoAnswer)
    assert answer.retry_after == 1800
    assert "asks for 1800 s more" in answer.reason
    assert len(place.server.arrivals) == 1


def test_stopping_ends_the_wait_at_once(place: Place, pdf: Path) -> None:
    def busy(arrival: Arrival) -> Reply:
        threading.Timer(0.1, place.stop.set).start()
        return Reply(503, b"", {"Retry-After": "60"})

    place.server.answer = busy
    begun = time.monotonic()
    with pytest.raises(Stopping):
        place.client.references(pdf)
    assert time.monotonic() - begun < 10


def test_no_references_is_an_answer(place: Place, pdf: Path) -> None:
    place.server.answer = replies(Reply(204), tei_reply())
    assert place.client.references(pdf) == Nothing()
    assert place.client.references(pdf) == Nothing()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500, b"[GENERAL] An exception occurred"),
        Reply(502),
        Reply(200, b"<html><p>proxy page", {"Content-Type": "text/html"}),
        Reply(200, b"", TEI_TYPE),
        Reply(200, ENTITY_BOMB, TEI_TYPE),
        Reply(404, b"not here"),
        Reply(401),
    ],
)
def test_no_answer_is_never_nothing(place: Place, pdf: Path, reply: Reply) -> None:
    place.server.answer = lambda arrival: reply
    answer = place.client.references(pdf)
    assert isinstance(answer, NoAnswer)
    assert answer.retry_after is None


@pytest.mark.parametrize("reply", [Reply(500, b"[BAD_INPUT_DATA] PDF to XML conversion failed"), Reply(400, b"bad")])
def test_a_file_that_grobid_cannot_read_is_not_sent_again_soon(place: Place, pdf: Path, reply: Reply) -> None:
    place.server.answer = lambda arrival: reply
    answer = place.client.references(pdf)
    assert isinstance(answer, NoAnswer)
    assert answer.retry_after == REFUSED_SECONDS
    assert len(place.server.arrivals) == 1


def test_five_bad_files_do_not_close_the_service(place: Place, pdf: Path) -> None:
    place.server.answer = replies(*[Reply(500, b"[TOO_MANY_TOKENS]")] * 6, ONE)
    for _ in range(6):
        assert isinstance(place.client.references(pdf), NoAnswer)
    assert isinstance(place.client.references(pdf), Found)


def test_a_hang_ends_at_grobids_own_time_limit(server: LocalServer, pdf: Path) -> None:
    place = Place(server, time_limit_seconds=1)
    server.answer = lambda arrival: (server.closing.wait(20), Reply(204))[1]
    begun = time.monotonic()
    try:
        answer = place.client.references(pdf)
    finally:
        place.network.close()
    assert isinstance(answer, NoAnswer)
    assert 0.9 <= time.monotonic() - begun < 10


def test_slow_answers_outlast_the_networks_read_timeout(server: LocalServer, pdf: Path) -> None:
    settings = Settings.model_validate(
        {"services": {"grobid": {"base_url": server.url}}, "network": {"read_timeout": 0.2, "total_timeout": 0.3}}
    )
    network = Network(settings, MemoryLedger(), stop=threading.Event())
    server.answer = lambda arrival: (server.closing.wait(0.8), ONE)[1]
    pool = network.service(grobid.NAME, grobid.limits(settings.services.grobid))
    try:
        assert isinstance(Grobid(pool, base_url=server.url).references(pdf), Found)
    finally:
        network.close()


def test_no_more_files_at_once_than_the_setting_says(server: LocalServer, pdf: Path) -> None:
    place = Place(server, concurrency=2)
    server.answer = lambda arrival: (server.closing.wait(0.2), ONE)[1]
    try:
        answers = together(lambda: place.client.references(pdf), 6)
    finally:
        place.network.close()
    assert all(isinstance(answer, Found) for answer in answers)
    assert server.most_in_flight == 2


def test_a_file_that_is_gone_or_too_large_is_not_sent(place: Place, pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = place.client.references(pdf.with_name("gone.pdf"))
    monkeypatch.setattr(grobid, "MOST_BYTES", 10)
    large = place.client.references(pdf)
    assert isinstance(gone, NoAnswer) and "cannot be read" in gone.reason
    assert isinstance(large, NoAnswer) and "larger than" in large.reason
    assert place.server.arrivals == []


def test_a_redirect_into_another_private_place_is_refused(place: Place, pdf: Path) -> None:
    with LocalServer(lambda arrival: ONE) as other:
        place.server.answer = lambda arrival: Reply(307, b"", {"Location": f"{other.url}/steal"})
        answer = place.client.references(pdf)
        assert isinstance(answer, NoAnswer)
        assert other.arrivals == []


@pytest.mark.parametrize(
    ("reply", "alive"), [(Reply(200, b"true"), True), (Reply(200, b"<html>"), False), (Reply(503), False)]
)
def test_alive_is_only_what_says_so(place: Place, reply: Reply, alive: bool) -> None:
    place.server.answer = lambda arrival: reply
    settings = Settings.model_validate({"services": {"grobid": {"base_url": place.server.url}}})
    network = Network(settings, MemoryLedger(), stop=threading.Event())
    pool = network.service(grobid.NAME, grobid.check_limits())
    try:
        assert (grobid.is_alive(pool, place.server.url) is None) is alive
    finally:
        network.close()
    assert place.server.paths == ["/api/isalive"]
