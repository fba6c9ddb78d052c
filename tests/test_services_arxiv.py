"""arXiv: Atom with its line breaks, its errors inside entries, and its silence about what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.model import CopyVersion, Found, NoAnswer, Nothing, Person
from dl_lit.services.arxiv import Arxiv
from httpserver import Arrival, Reply
from outside import Outside, outside, path_of, query_of

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom"><title>arXiv Query</title>'
)
ENTRY = """<entry><id>http://arxiv.org/abs/{id}v7</id><title>Attention Is
   All You $\\alpha$ Need</title><published>2017-06-12T17:57:34Z</published><summary>
   We   propose.</summary><author><name>Ashish Vaswani</name></author><author><name>Lukas van der Berg</name></author>
   <author/>{doi}<arxiv:primary_category term="cs.CL"/></entry>"""
ERROR = "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_x</id><title>Error</title><summary>bad</summary></entry>"


def feed(*entries: str) -> Reply:
    return Reply(200, (HEAD + "".join(entries) + "</feed>").encode(), {"Content-Type": "application/atom+xml"})


def entry(identifier: str, doi: str = "") -> str:
    return ENTRY.replace("{id}", identifier).replace("{doi}", f"<arxiv:doi>{doi}</arxiv:doi>" if doi else "")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Outside]:
    with outside(tmp_path, "arxiv") as made:
        yield made


@pytest.fixture
def client(world: Outside) -> Arxiv:
    return Arxiv(world.pool("arxiv"), world.store, base_url=world.url)


def test_an_entry_becomes_a_work_with_its_copy(world: Outside, client: Arxiv) -> None:
    world.server.answer = lambda arrival: feed(entry("1706.03762"))
    answer = client.works(["1706.03762"])["1706.03762"]
    assert isinstance(answer, Found)
    work = answer.value
    assert (work.title, work.year, work.abstract) == ("Attention Is All You alpha Need", 2017, "We propose.")
    assert work.authors == (Person(family="Vaswani", given="Ashish"), Person(family="van der Berg", given="Lukas"))
    assert (work.arxiv, work.doi, work.type) == ("1706.03762", "10.48550/arxiv.1706.03762", "posted-content")
    (location,) = work.locations
    assert (location.pdf_url, location.version) == (f"{world.url}/pdf/1706.03762", CopyVersion.SUBMITTED)
    assert location == client.location("1706.03762")


def test_the_doi_of_the_published_version_goes_first(world: Outside, client: Arxiv) -> None:
    world.server.answer = lambda arrival: feed(entry("hep-th/9901001", "10.1000/Pub"))
    answer = client.works(["hep-th/9901001"])["hep-th/9901001"]
    assert isinstance(answer, Found)
    assert (answer.value.arxiv, answer.value.doi) == ("hep-th/9901001", "10.1000/pub")


def test_many_ids_are_one_request_and_missing_ones_are_nothing(world: Outside, client: Arxiv) -> None:
    world.server.answer = lambda arrival: feed(
        entry("hep-th/9901001"), entry("1706.03762"), "<entry/>", entry("2001.00001")
    )
    answers = client.works(["1706.03762", "1801.00001", "hep-th/9901001"])
    assert [type(answer) for answer in answers.values()] == [Found, Nothing, Found]
    (arrival,) = world.arrivals
    assert query_of(arrival)["id_list"] == "1706.03762,1801.00001,hep-th/9901001"
    assert query_of(arrival)["max_results"] == "3"
    assert path_of(arrival) == "/api/query"


@pytest.mark.parametrize("status", [200, 400])
def test_one_malformed_id_does_not_spoil_the_others(world: Outside, client: Arxiv, status: int) -> None:
    def answer(arrival: Arrival) -> Reply:
        ids = query_of(arrival)["id_list"].split(",")
        if "0000.00000" in ids:
            return Reply(status, feed(ERROR).body, {"Content-Type": "application/atom+xml"})
        return feed(*(entry(identifier) for identifier in ids))

    world.server.answer = answer
    answers = client.works(["1706.03762", "0000.00000", "1801.00001"])
    assert [type(answer) for answer in answers.values()] == [Found, Nothing, Found]


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>down</body></html>",
        b"not xml",
        b"",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>',
        b'<?xml version="1.0" encoding="nonsense"?><feed xmlns="http://www.w3.org/2005/Atom"/>',
    ],
)
def test_what_is_no_feed_is_no_answer(world: Outside, client: Arxiv, body: bytes) -> None:
    world.server.answer = lambda arrival: Reply(200, body)
    assert isinstance(client.works(["1706.03762"])["1706.03762"], NoAnswer)


def test_a_record_that_was_damaged_in_the_cache_is_no_answer(world: Outside, client: Arxiv) -> None:
    world.store.cache_put_many("arxiv", {"id:1706.03762": "<entry", "id:1801.00001": "<entry/>"}, 60)
    answers = client.works(["1706.03762", "1801.00001"])
    assert all(isinstance(answer, NoAnswer) for answer in answers.values())
