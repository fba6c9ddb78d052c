"""Unpaywall: open locations only, both kinds of 404, and the address it insists on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dl_lit.model import CopyVersion, Found, Location, NoAnswer, Nothing
from dl_lit.services import unpaywall
from dl_lit.services.fields import Node
from dl_lit.services.unpaywall import Unpaywall
from httpserver import Reply
from outside import Outside, as_json, outside, path_of, query_of

COPY = {
    "url": "https://repo.test/1.pdf",
    "url_for_pdf": "https://repo.test/1.pdf",
    "url_for_landing_page": "https://repo.test/1",
    "license": "cc-by",
    "version": "acceptedVersion",
    "host_type": "repository",
    "is_best": True,
}
LANDING = {
    "url": "https://pub.test/x",
    "url_for_pdf": None,
    "url_for_landing_page": "https://pub.test/x",
    "host_type": "publisher",
}
OPEN = {
    "doi": "10.1000/a",
    "is_oa": True,
    "oa_status": "green",
    "best_oa_location": COPY,
    "oa_locations": [COPY, LANDING, COPY],
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path, "unpaywall") as made:
        yield made


@pytest.fixture
def client(world: Outside) -> Unpaywall:
    return Unpaywall(world.pool("unpaywall"), world.store, base_url=world.url, email="me@uni.test")


def test_open_locations_come_with_version_and_licence(world: Outside, client: Unpaywall) -> None:
    world.server.answer = lambda arrival: as_json(OPEN)
    answer = client.locations("10.1000/a(1)")
    assert isinstance(answer, Found)
    assert answer.value == (
        Location(
            source="unpaywall",
            pdf_url="https://repo.test/1.pdf",
            landing_url="https://repo.test/1",
            version=CopyVersion.ACCEPTED,
            licence="cc-by",
            host_type="repository",
            is_best=True,
        ),
        Location(source="unpaywall", landing_url="https://pub.test/x", host_type="publisher"),
    )
    assert path_of(world.arrivals[0]) == "/10.1000/a(1)"
    assert query_of(world.arrivals[0]) == {"email": "me@uni.test"}


def test_copies_under_embargo_come_with_the_day_on_which_it_ends() -> None:
    (one,) = unpaywall.parse_locations(
        Node({"oa_locations": [], "oa_locations_embargoed": [{**COPY, "oa_date": "2031-05-01"}]})
    )
    assert (one.pdf_url, one.open_from, one.is_best) == ("https://repo.test/1.pdf", "2031-05-01", False)


@pytest.mark.parametrize("day", [None, "", "soon", 7])
def test_a_copy_under_an_embargo_without_an_end_is_none(day: Any) -> None:
    record = {"oa_locations": [], "oa_locations_embargoed": [{**COPY, "oa_date": day}]}
    assert unpaywall.parse_locations(Node(record)) == ()


def test_the_best_location_stands_in_for_a_missing_list() -> None:
    (location,) = unpaywall.parse_locations(Node({"best_oa_location": {"url": "https://old.test/landing"}}))
    assert (location.pdf_url, location.landing_url) == (None, "https://old.test/landing")


@pytest.mark.parametrize("odd", [None, {}, {"oa_locations": [None, {}, {"url": 3}, "x"]}, {"oa_locations": {}}])
def test_no_record_is_too_odd_to_be_read(odd: Any) -> None:
    assert unpaywall.parse_locations(Node(odd)) == ()


def test_a_closed_work_has_nothing(world: Outside, client: Unpaywall) -> None:
    world.server.answer = lambda arrival: as_json({"doi": "10.1000/a", "is_oa": False, "oa_locations": []})
    assert client.locations("10.1000/a") == Nothing()
    assert client.locations("10.1000/a") == Nothing(cached=True)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, b"<html>not here</html>", {"Content-Type": "text/html"}),
        as_json({"HTTP_status_code": 404, "error": True, "message": "'10.1000/x' isn't in Unpaywall."}, 404),
    ],
)
def test_both_kinds_of_404_are_a_definite_no(world: Outside, client: Unpaywall, reply: Reply) -> None:
    world.server.answer = lambda arrival: reply
    assert client.locations("10.1000/x") == Nothing()


def test_dois_of_arxiv_are_not_asked_for(world: Outside, client: Unpaywall) -> None:
    assert client.locations("10.48550/arxiv.1706.03762") == Nothing()
    assert world.arrivals == []


@pytest.mark.parametrize("reply", [Reply(200, b"<html>"), as_json({"error": True}), as_json([1]), Reply(500, b"")])
def test_no_answer_is_never_nothing(world: Outside, client: Unpaywall, reply: Reply) -> None:
    world.server.answer = lambda arrival: reply
    assert isinstance(client.locations("10.1000/a"), NoAnswer)


def test_a_refused_address_is_named_and_not_sent_again(world: Outside, client: Unpaywall) -> None:
    world.server.answer = lambda arrival: as_json({"message": "Please use your own email address"}, 422)
    answer = client.locations("10.1000/a")
    assert isinstance(answer, NoAnswer)
    assert "contact.email" in answer.reason
    assert isinstance(client.locations("10.1000/b"), NoAnswer)
    assert len(world.arrivals) == 1
