"""The file hosts of the stand-in: each quirk as a client meets it, and the plain world with the quirks switched off."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from dl_lit.model import CopyVersion
from dl_lit.standin.context import Copies
from dl_lit.standin.hosts import HOSTS, OBTAINABLE, Gives, Quirk, with_quirk
from dl_lit.standin.quirks import bomb
from dl_lit.standin.server import StandIn
from dl_lit.standin.world import Copy, Entry
from standin_tools import at, get, held_by, made_up_works, make_copy, pages_of, running

QUICK: dict[str, Any] = {
    "drip_seconds": 0.4,
    "oversized_bytes": 3_000_000,
    "patience_seconds": 1,
    "trickle_seconds": 1.0,
}
BAD = [quirk for quirk in Quirk if quirk not in OBTAINABLE]


@pytest.fixture(scope="module")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with running(tmp_path_factory.mktemp("hosts"), works=made_up_works(600), **QUICK) as standin:
        yield standin


def whole_pdf(answer: requests.Response) -> bool:
    return answer.status_code == 200 and answer.content.startswith(b"%PDF-") and b"%%EOF" in answer.content[-64:]


def pdf_of(standin: StandIn, quirk: Quirk) -> requests.Response:
    return get(pdf_url(standin, quirk)[0])


def pdf_url(standin: StandIn, quirk: Quirk) -> tuple[str, Entry, Copy]:
    entry, copy = held_by(standin, quirk)
    return at(standin, copy, copy.pdf_path), entry, copy


def landing_of(standin: StandIn, quirk: Quirk) -> requests.Response:
    _, copy = held_by(standin, quirk)
    return get(at(standin, copy, copy.landing_path))


def meta_pdf(page: requests.Response) -> str:
    return page.text.partition('name="citation_pdf_url" content="')[2].partition('"')[0]


# ── hosts that give the file ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "quirk",
    [
        Quirk.DIRECT,
        Quirk.SIGNPOSTING,
        Quirk.META_ABSOLUTE,
        Quirk.META_RELATIVE,
        Quirk.PAGE_LINK,
        Quirk.WRONG_TYPE,
        Quirk.CRAWL_DELAY,
        Quirk.ARXIV,
        Quirk.ON_DEMAND,
        Quirk.BUSY,
        Quirk.SLOW_DRIP,
        Quirk.TDM_RESERVED,
        Quirk.NOAI,
    ],
)
def test_good_hosts_give_the_right_pdf(standin: StandIn, quirk: Quirk) -> None:
    url, entry, copy = pdf_url(standin, quirk)
    answer = get(url)
    assert whole_pdf(answer)
    assert answer.content == make_copy(entry.work, version=copy.version, seed=0)


def test_signposting_names_the_pdf_in_a_header_only(standin: StandIn) -> None:
    page = landing_of(standin, Quirk.SIGNPOSTING)
    link = page.links["item"]
    assert link["type"] == "application/pdf"
    assert page.links["cite-as"]["url"].startswith("https://doi.org/10.1000/")
    assert meta_pdf(page) == ""
    assert whole_pdf(get(link["url"]))


@pytest.mark.parametrize("quirk", [Quirk.META_ABSOLUTE, Quirk.META_RELATIVE])
def test_a_meta_element_names_the_pdf(standin: StandIn, quirk: Quirk) -> None:
    page = landing_of(standin, quirk)
    relative = urlsplit(meta_pdf(page)).scheme == ""
    assert relative == (quirk is Quirk.META_RELATIVE)
    assert whole_pdf(get(requests.compat.urljoin(page.url, meta_pdf(page))))
    assert 'name="citation_doi"' in page.text


def test_ojs_shows_a_viewer_and_keeps_the_file_at_download(standin: StandIn) -> None:
    viewer = pdf_of(standin, Quirk.OJS)
    page = landing_of(standin, Quirk.OJS)
    assert viewer.headers["Content-Type"].startswith("text/html")
    assert "obj_galley_link pdf" in page.text
    assert whole_pdf(get(viewer.url.replace("/article/view/", "/article/download/")))


def test_an_ordinary_link_may_be_the_only_way(standin: StandIn) -> None:
    page = landing_of(standin, Quirk.PAGE_LINK)
    link = page.text.partition('id="pdfDownloadLink" href="')[2].partition('"')[0]
    assert whole_pdf(get(requests.compat.urljoin(page.url, link)))


def test_a_whole_pdf_may_call_itself_something_else(standin: StandIn) -> None:
    kinds = set()
    for entry in standin.world.entries:
        for copy in entry.copies:
            if copy.host.quirk is Quirk.WRONG_TYPE:
                kinds.add(get(at(standin, copy, copy.pdf_path)).headers["Content-Type"].partition(";")[0])
    assert kinds == {"application/octet-stream", "text/html"}


def test_troubled_works_ask_for_patience_and_then_come(standin: StandIn) -> None:
    copies = [held_by(standin, quirk, troubled=True)[1] for quirk in (Quirk.ON_DEMAND, Quirk.BUSY)]
    first = [get(at(standin, copy, copy.pdf_path)) for copy in copies]
    assert [(answer.status_code, answer.headers["Retry-After"]) for answer in first] == [(202, "1"), (429, "1")]
    time.sleep(1)
    assert all(whole_pdf(get(answer.url)) for answer in first)


def test_a_cookie_is_needed_and_then_the_file_comes(standin: StandIn) -> None:
    url = pdf_url(standin, Quirk.COOKIE)[0]
    with requests.Session() as session:
        assert whole_pdf(session.get(url, timeout=5))
    first = get(url)
    second = get(first.headers["Location"])
    assert first.status_code == 302 and "session=open" in first.headers["Set-Cookie"]
    assert second.headers["Location"].endswith("/cookieAbsent")
    assert "cookies" in get(second.headers["Location"]).text


def test_a_chain_of_redirects_ends_at_the_file(standin: StandIn) -> None:
    with requests.Session() as session:
        answer = session.get(pdf_url(standin, Quirk.CHAIN)[0], timeout=5)
    assert [hop.status_code for hop in answer.history] == [301, 302, 307]
    assert whole_pdf(answer)


def test_the_slow_host_takes_its_time(standin: StandIn) -> None:
    start = time.perf_counter()
    assert whole_pdf(pdf_of(standin, Quirk.SLOW_DRIP))
    assert time.perf_counter() - start > 0.3


def test_a_reservation_is_declared_in_header_and_file(standin: StandIn) -> None:
    host = with_quirk(Quirk.TDM_RESERVED)
    answer = pdf_of(standin, Quirk.TDM_RESERVED)
    declared = get(f"http://{host.address}:{standin.port}/.well-known/tdmrep.json")
    assert answer.headers["tdm-reservation"] == "1"
    assert declared.json()[0]["tdm-reservation"] == 1
    assert get(f"http://127.0.0.7:{standin.port}/.well-known/tdmrep.json").status_code == 404


def test_the_rest_of_a_file_can_be_asked_for(standin: StandIn) -> None:
    url, entry, copy = pdf_url(standin, Quirk.DIRECT)
    whole = make_copy(entry.work, version=copy.version, seed=0)
    rest = get(url, headers={"Range": "bytes=100-"})
    beyond = get(url, headers={"Range": "bytes=99999999-"})
    assert (rest.status_code, rest.content) == (206, whole[100:])
    assert rest.headers["Content-Range"] == f"bytes 100-{len(whole) - 1}/{len(whole)}"
    assert beyond.status_code == 416


# ── hosts that do not ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("quirk", "status", "sign"),
    [
        (Quirk.CHALLENGE, 403, "Just a moment"),
        (Quirk.STUB, 200, "Client Challenge"),
        (Quirk.PROOF_OF_WORK, 200, "Preparing to download"),
        (Quirk.BROKEN, 500, "Internal Server Error"),
    ],
)
def test_walls_answer_with_html(standin: StandIn, quirk: Quirk, status: int, sign: str) -> None:
    answer = pdf_of(standin, quirk)
    assert (answer.status_code, sign in answer.text) == (status, True)


def test_the_challenge_names_itself_in_a_header(standin: StandIn) -> None:
    assert pdf_of(standin, Quirk.CHALLENGE).headers["cf-mitigated"] == "challenge"
    assert 2_000 < len(pdf_of(standin, Quirk.STUB).content) < 6_000


def test_the_cookie_wall_goes_round_in_a_circle(standin: StandIn) -> None:
    with requests.Session() as session:
        session.max_redirects = 6
        with pytest.raises(requests.TooManyRedirects):
            session.get(pdf_url(standin, Quirk.COOKIE_LOOP)[0], timeout=5)


def test_the_members_host_sends_to_its_login_form(standin: StandIn) -> None:
    answer = pdf_of(standin, Quirk.LOGIN)
    form = get(answer.headers["Location"])
    assert "SAMLRequest=" in answer.headers["Location"]
    assert (form.status_code, "password" in form.text) == (200, True)


def test_a_preview_has_one_page(standin: StandIn) -> None:
    assert pages_of(pdf_of(standin, Quirk.PREVIEW).content) == 1


def test_a_torn_file_is_cut_with_or_without_warning(standin: StandIn) -> None:
    outcomes: set[object] = set()
    for entry in standin.world.entries:
        for copy in entry.copies:
            if copy.host.quirk is Quirk.TRUNCATED:
                try:
                    outcomes.add(b"%%EOF" in get(at(standin, copy, copy.pdf_path)).content)
                except requests.exceptions.ChunkedEncodingError:
                    outcomes.add("broken off")
    assert outcomes == {False, "broken off"}


def test_some_hosts_mix_works_up(standin: StandIn) -> None:
    url, entry, copy = pdf_url(standin, Quirk.WRONG_WORK)
    page = landing_of(standin, Quirk.WRONG_META)
    wrong = get(url)
    assert whole_pdf(wrong)
    assert wrong.content != make_copy(entry.work, version=copy.version, seed=0)
    assert urlsplit(meta_pdf(page)).path.removesuffix(".pdf") != urlsplit(page.url).path
    assert whole_pdf(get(meta_pdf(page)))


def test_an_oversized_file_says_so_and_does_not_end_soon(standin: StandIn) -> None:
    with (
        requests.Session() as session,
        session.get(pdf_url(standin, Quirk.OVERSIZED)[0], stream=True, timeout=5) as answer,
    ):
        assert int(answer.headers["Content-Length"]) > 2_900_000
        assert next(answer.iter_content(8)) == b"%PDF-1.7"
    assert len(pdf_of(standin, Quirk.OVERSIZED).content) == int(answer.headers["Content-Length"])


def test_a_gzip_bomb_is_small_on_the_wire(standin: StandIn) -> None:
    url = pdf_url(standin, Quirk.GZIP_BOMB)[0]
    with requests.Session() as session, session.get(url, stream=True, timeout=5) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert int(answer.headers["Content-Length"]) == len(bomb()) < 2_000_000
        unpacked = sum(len(piece) for _, piece in zip(range(100), answer.iter_content(1_000_000), strict=False))
    assert unpacked > 50_000_000
    assert gzip.decompress(bomb()[:29]) == b"%PDF-1.7\n"


def test_the_inward_host_redirects_to_addresses_that_nobody_should_follow(standin: StandIn) -> None:
    targets = {
        get(at(standin, copy, copy.pdf_path)).headers["Location"]
        for entry in standin.world.entries
        for copy in entry.copies
        if copy.host.quirk is Quirk.INWARD
    }
    allowed = f":{standin.port}/"
    assert len(targets) >= 2
    assert not any(allowed in target for target in targets)


def test_the_former_server_is_gone_in_both_ways(standin: StandIn) -> None:
    statuses = {
        get(at(standin, copy, copy.pdf_path)).status_code
        for entry in standin.world.entries
        for copy in entry.copies
        if copy.host.quirk is Quirk.GONE
    }
    assert statuses == {404, 410}


def test_an_empty_body_is_a_200_all_the_same(standin: StandIn) -> None:
    answer = pdf_of(standin, Quirk.EMPTY)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_unplugged_server_answers_nothing(standin: StandIn) -> None:
    for path in (held_by(standin, Quirk.UNREACHABLE)[1].pdf_path, "/robots.txt"):
        with pytest.raises(requests.ConnectionError):
            get(at(standin, held_by(standin, Quirk.UNREACHABLE)[1], path))


def test_robots_files_say_what_the_hosts_want(standin: StandIn) -> None:
    def robots(quirk: Quirk) -> requests.Response:
        return get(f"http://{with_quirk(quirk).address}:{standin.port}/robots.txt")

    assert "Disallow: /\n" in robots(Quirk.ROBOTS).text
    assert "Crawl-delay: 2" in robots(Quirk.CRAWL_DELAY).text
    assert robots(Quirk.DIRECT).text.endswith("Disallow:\n")
    assert robots(Quirk.GONE).status_code == 404
    assert robots(Quirk.BROKEN).status_code == 500


@pytest.mark.parametrize(
    ("quirk", "status", "start"),
    [
        (Quirk.ACCEPTED, 202, b""),
        (Quirk.TOKEN, 400, b'{"error"'),
        (Quirk.NOT_PDF, 200, b"PK"),
        (Quirk.DAMAGED, 200, b"%PDF-1.7"),
        (Quirk.ENCRYPTED, 200, b"%PDF-"),
        (Quirk.PREFIXED, 200, b"HTTP-Proxy"),
    ],
)
def test_rare_hosts_answer_in_their_own_way(standin: StandIn, quirk: Quirk, status: int, start: bytes) -> None:
    answer = pdf_of(standin, quirk)
    assert (answer.status_code, answer.content[: len(start)]) == (status, start)


def test_the_maze_leads_ever_further(standin: StandIn) -> None:
    first = pdf_of(standin, Quirk.MAZE).headers["Location"]
    second = get(first).headers["Location"]
    assert (first[-2:], second[-2:]) == ("=1", "=2")


def test_the_endless_body_has_no_length_and_no_end(standin: StandIn) -> None:
    url = pdf_url(standin, Quirk.ENDLESS)[0]
    with requests.Session() as session, session.get(url, stream=True, timeout=5) as answer:
        assert "Content-Length" not in answer.headers
        assert (
            sum(len(piece) for _, piece in zip(range(40), answer.iter_content(1_000_000), strict=False)) >= 20_000_000
        )


def test_a_reservation_may_be_a_word_to_robots(standin: StandIn) -> None:
    assert "noai" in pdf_of(standin, Quirk.NOAI).headers["X-Robots-Tag"]


def test_no_index_names_a_rare_host(standin: StandIn) -> None:
    assert not any(copy.host.rare for entry in standin.world.entries for copy in entry.copies)


def test_every_file_may_take_its_time(tmp_path: Path) -> None:
    with running(tmp_path, works=made_up_works(600), body_seconds=0.4) as standin:
        start = time.perf_counter()
        assert whole_pdf(pdf_of(standin, Quirk.DIRECT))
        assert time.perf_counter() - start > 0.3


def test_the_rest_of_a_file_is_the_whole_one_when_it_has_changed(standin: StandIn) -> None:
    url, *_ = pdf_url(standin, Quirk.DIRECT)
    tag = get(url).headers["ETag"]
    assert get(url, headers={"Range": "bytes=100-", "If-Range": tag}).status_code == 206
    assert get(url, headers={"Range": "bytes=100-", "If-Range": '"other"'}).status_code == 200


# ── in general ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.quirk)
def test_a_host_knows_only_its_own_works(standin: StandIn, host: object) -> None:
    address = getattr(host, "address", "")
    quirk = getattr(host, "quirk", "")
    if quirk is not Quirk.UNREACHABLE:
        assert get(f"http://{address}:{standin.port}/nothing/of/the/kind").status_code == 404
        assert get(f"http://{address}:{standin.port}/articles/nothing.pdf").status_code == 404


@pytest.mark.parametrize("quirk", [quirk for quirk in Quirk if quirk not in (Quirk.UNREACHABLE, Quirk.ARXIV)])
def test_every_landing_page_but_a_walls_shows_the_work(standin: StandIn, quirk: Quirk) -> None:
    entry, copy = held_by(standin, quirk)
    page = get(at(standin, copy, copy.landing_path))
    walls = (Quirk.CHALLENGE, Quirk.COOKIE_LOOP, Quirk.GONE, Quirk.BROKEN)
    assert (entry.work.title in page.text) == (quirk not in walls)


def test_without_quirks_every_host_gives_its_files(tmp_path: Path) -> None:
    with running(tmp_path, works=made_up_works(600), host_quirks=False) as standin:
        assert all(whole_pdf(pdf_of(standin, quirk)) for quirk in Quirk)
        standin.faults.host_quirks = True
        assert not any(whole_pdf(pdf_of(standin, quirk)) for quirk in BAD if quirk in (Quirk.CHALLENGE, Quirk.STUB))


def test_the_indexes_give_what_they_know_of_a_host(standin: StandIn) -> None:
    for quirk, has_pdf in ((Quirk.DIRECT, True), (Quirk.SIGNPOSTING, False), (Quirk.OJS, True)):
        entry, copy = held_by(standin, quirk)
        record = get(f"{standin.url}/openalex/works/doi:{entry.doi}").json()
        location = record["locations"][entry.copies.index(copy)]
        assert (location["pdf_url"] is not None) == has_pdf == (copy.host.gives is not Gives.LANDING)


def test_copies_are_kept_only_while_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def make(work: object, *, version: CopyVersion, seed: int) -> bytes:
        made.append(getattr(work, "key", ""))
        return b"x" * 600

    monkeypatch.setattr("dl_lit.standin.context.CACHED_BYTES", 1000)
    copies = Copies(0, make)
    first, second, *_ = made_up_works(2)
    for work in (first, first, second, first):
        copies.get(work, None)
    assert made == [first.key, second.key, first.key]
