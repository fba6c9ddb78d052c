"""What is reserved of text and data mining: read wherever it may be said, asked for once, and kept with the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.download.downloader import Downloader
from dl_lit.download.job import Park
from dl_lit.download.reservations import Rule, joined, of_headers, of_metas, read_rules
from dl_lit.model import Work
from download_world import (
    DOI,
    QUICK,
    TITLE,
    DownloadWorld,
    download_world,
    file,
    finish,
    html,
    in_process,
    landing,
    meta,
    pdf,
    row,
)
from httpserver import Arrival, Reply

WELL_KNOWN = ".well-known/tdmrep.json"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DownloadWorld]:
    with download_world(tmp_path) as made:
        yield made


def asked_for_rules(world: DownloadWorld) -> int:
    return sum(arrival.path.endswith(WELL_KNOWN) for arrival in world.hosts.server.arrivals)


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, None),
        ({"tdm-reservation": "0"}, None),
        ({"tdm-reservation": "1"}, "header tdm-reservation: 1"),
        (
            {"tdm-reservation": " 1", "tdm-policy": "https://p.example/tdm.json"},
            "header tdm-reservation: 1, policy https://p.example/tdm.json",
        ),
        ({"X-Robots-Tag": "noindex, nofollow"}, None),
        ({"X-Robots-Tag": "noindex, NoAI; noimageai"}, "X-Robots-Tag: noai, noimageai"),
        ({"X-Robots-Tag": "dl-lit: noai"}, "X-Robots-Tag: noai"),
        ({"X-Robots-Tag": "max-snippet: 5, noai"}, "X-Robots-Tag: noai"),
        ({"X-Robots-Tag": "otherbot: noai, noimageai"}, None),
    ],
)
def test_headers_may_reserve(headers: dict[str, str], said: str | None) -> None:
    assert joined(of_headers(headers)) == said


def test_meta_elements_may_reserve() -> None:
    assert of_metas({"tdm-reservation": ["1"], "robots": ["index", "noai"]}) == (
        "meta tdm-reservation: 1",
        "meta robots: noai",
    )
    assert of_metas({"tdm-reservation": ["0"], "robots": ["all"]}) == ()


@pytest.mark.parametrize(
    ("location", "path", "covered"),
    [
        ("/", "/a/b.pdf", True),
        ("/papers", "/papers/1.pdf", True),
        ("/papers/*", "/papers/1.pdf", True),
        ("/papers/*", "/theses/1.pdf", False),
        ("*.pdf$", "/a/b.pdf", True),
        ("*.pdf$", "/a/b.pdf.html", False),
        ("/a/*.pdf$", "/a/b.pdf/c.pdf", True),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/a/*", "/a/", True),
        ("*" * 400 + "x", "/" + "y" * 4000, False),
    ],
)
def test_a_rule_covers_the_paths_of_its_pattern(location: str, path: str, covered: bool) -> None:
    assert Rule(location, True).covers(path) is covered


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b"[1, null]", b'[{"location": 3, "tdm-reservation": 1}]', b"[" * 100_000]
)
def test_a_file_that_makes_no_sense_reserves_nothing(body: bytes) -> None:
    assert read_rules(body) == ()


def test_a_hosts_own_file_is_asked_for_once_and_its_first_rule_holds(world: DownloadWorld) -> None:
    rules = [
        {"location": "/open/*", "tdm-reservation": 0},
        {"location": "/*", "tdm-reservation": 1, "tdm-policy": "https://p.example/policy"},
    ]
    world.hosts.put(f"2/{WELL_KNOWN}", Reply(200, json.dumps(rules).encode()))
    downloader = world.downloader()
    reserved = finish(downloader, row(world.hosts.put("2/shut/a.pdf", file()), row_id=1)).file
    free = finish(downloader, row(world.hosts.put("2/open/b.pdf", file()), row_id=2)).file
    assert reserved is not None
    assert free is not None
    assert reserved.reserved == "tdmrep.json tdm-reservation: 1, policy https://p.example/policy"
    assert free.reserved is None
    assert asked_for_rules(world) == 1


def test_a_host_that_gave_no_file_is_not_asked(world: DownloadWorld) -> None:
    assert world.get(world.hosts.put("2/a.pdf", Reply(404, b"no"))).file is None
    assert asked_for_rules(world) == 0


@pytest.mark.parametrize("answer", [Reply(500, b"oops"), Reply(raw=[b""]), Reply(200, b"[" + b" " * 400_000 + b"]")])
def test_a_host_that_does_not_say_keeps_nobody_from_its_file(world: DownloadWorld, answer: Reply) -> None:
    world.hosts.put(f"2/{WELL_KNOWN}", answer)
    download = world.get(world.hosts.put("2/a.pdf", file()))
    assert download.file is not None
    assert download.file.reserved is None


def test_a_redirect_of_the_file_into_the_own_network_is_not_followed(world: DownloadWorld) -> None:
    world.hosts.put(f"2/{WELL_KNOWN}", Reply(302, b"", {"Location": "http://127.0.0.1:1/x"}))
    assert world.get(world.hosts.put("2/a.pdf", file())).file is not None


def test_what_the_landing_page_reserves_goes_with_its_file(world: DownloadWorld) -> None:
    world.hosts.put("3/a.pdf", Reply(200, pdf(), {"X-Robots-Tag": "noai"}))
    head = meta(citation_title=TITLE, citation_pdf_url=world.hosts.url("3/a.pdf"))
    head += '<meta name="tdm-reservation" content="1">'
    page = world.hosts.put("2/article", html(head=head))
    download = world.get(landing(page))
    assert download.file is not None
    assert download.file.reserved == "meta tdm-reservation: 1; X-Robots-Tag: noai"


def test_an_attempt_that_failed_tells_what_was_reserved(world: DownloadWorld) -> None:
    head = meta(citation_title="A history of opera in small towns") + '<meta name="tdm-reservation" content="1">'
    download = world.get(landing(world.hosts.put("2/article", html(head=head))))
    assert [one.reserved for one in download.attempts] == ["meta tdm-reservation: 1"]


def test_two_rows_of_one_host_ask_it_once_between_them(world: DownloadWorld) -> None:
    downloader = world.downloader()
    jobs = [
        downloader.start(row(world.hosts.put(f"2/{name}.pdf", file()), work=Work(title=TITLE, doi=DOI), row_id=number))
        for number, name in enumerate("ab", 1)
    ]
    while any(isinstance(downloader.step(job), Park) for job in jobs):
        world.stop.wait(0.01)
    assert asked_for_rules(world) == 1


def test_a_row_that_waits_for_the_hosts_word_is_not_asked_about_by_another(world: DownloadWorld) -> None:
    waiting: list[object] = []
    downloader = Downloader(world.settings, world.network, world.services, world.library, in_process, pauses=QUICK)
    first = downloader.start(row(world.hosts.put("2/a.pdf", file()), row_id=1))
    second = downloader.start(row(world.hosts.put("2/b.pdf", file(pdf(pages=4))), row_id=2))

    def slow(arrival: Arrival) -> Reply:
        waiting.append(downloader.step(second))
        return Reply(404, b"no")

    world.hosts.put(f"2/{WELL_KNOWN}", slow)
    while second.result is None:
        downloader.step(second)
        world.stop.wait(0.02)
    while isinstance(downloader.step(first), Park):
        world.stop.wait(0.02)
    assert [type(one) for one in waiting] == [Park]
    assert not isinstance(downloader.step(second), Park)
    assert asked_for_rules(world) == 1
