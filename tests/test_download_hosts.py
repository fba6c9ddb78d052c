"""What hosts do to a downloader, and what it makes of it (apis.md §19.3): a verified file or an honest reason."""

from __future__ import annotations

import gzip
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dl_lit.download.downloader import LONGEST_PARK
from dl_lit.download.job import Park
from dl_lit.model import CopyVersion, DownloadReason, Location
from download_world import (
    CHALLENGE,
    DOI,
    TITLE,
    DownloadWorld,
    direct,
    download_world,
    file,
    finish,
    html,
    kept_nothing,
    landing,
    meta,
    outcomes,
    pdf,
    redirect,
    row,
)
from httpserver import Arrival, LocalServer, Reply

HTML = {"Content-Type": "text/html"}


def endless(piece: bytes, pause: float) -> Iterator[bytes]:
    rest = threading.Event()
    while not rest.wait(pause):
        yield piece


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DownloadWorld]:
    with download_world(tmp_path) as made:
        yield made


# ── copies that are there ────────────────────────────────────────────────────────────────────────────────


def test_a_direct_copy_is_kept_with_all_that_is_known_of_it(world: DownloadWorld) -> None:
    url = world.hosts.put("2/a.pdf", file())
    download = world.get(direct(url, CopyVersion.ACCEPTED, "cc-by-nc"))
    assert download.file is not None
    kept = download.file
    assert world.files == [kept.file_name]
    assert kept.file_name == "berglund2011-observations-of-glaciers-in-the-northern-valleys-7.pdf"
    assert (world.library.pdfs / kept.file_name).read_bytes() == pdf()
    assert (kept.source, kept.url, kept.final_url, kept.version, kept.licence) == (
        "openalex",
        url,
        url,
        CopyVersion.ACCEPTED,
        "cc-by-nc",
    )
    assert (kept.pages, kept.identity, kept.bytes) == (3, "title", len(pdf()))
    (attempt,) = download.attempts
    assert (attempt.outcome, attempt.status, attempt.host) == (DownloadReason.SUCCESS, 200, "127.0.0.2")
    assert world.left_over == []


@pytest.mark.parametrize("status", [201, 202, 203, 206, 226])
def test_a_whole_file_is_taken_under_any_status_that_is_no_refusal(world: DownloadWorld, status: int) -> None:
    assert world.get(world.hosts.put("2/a", Reply(status, pdf(), {"Content-Type": "application/pdf"}))).file is not None
    assert world.hosts.visited == ["2/a"]


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/html", "image/png"])
def test_bytes_decide_and_not_the_content_type(world: DownloadWorld, kind: str) -> None:
    url = world.hosts.put("2/a", Reply(200, pdf(), {"Content-Type": kind}))
    assert world.get(url).file is not None


def test_the_next_location_is_tried_after_a_failure_and_none_after_success(world: DownloadWorld) -> None:
    first = world.hosts.put("2/a.pdf", Reply(404, b"no"))
    second = world.hosts.put("3/a.pdf", file())
    third = world.hosts.put("4/a.pdf", file())
    download = world.get(first, second, third)
    assert outcomes(download) == ["gone", "success"]
    assert world.hosts.visited == ["2/a.pdf", "3/a.pdf"]


def test_redirects_over_several_hosts_lead_to_the_file(world: DownloadWorld) -> None:
    last = world.hosts.put("4/final.pdf", file())
    middle = world.hosts.put("3/b", redirect(last, 307))
    url = world.hosts.put("2/a", redirect(middle, 301))
    download = world.get(url)
    assert download.file is not None
    assert (download.file.url, download.file.final_url) == (url, last)
    assert len(download.attempts) == 1


def test_a_cookie_that_a_hop_insists_on_is_brought_back(world: DownloadWorld) -> None:
    def gate(arrival: Arrival) -> Reply:
        if "seen=1" in arrival.headers.get("cookie", ""):
            return file()
        return redirect(world.hosts.url("2/a.pdf?cookieSet=1"), Set_Cookie="seen=1; Path=/")

    url = world.hosts.put("2/a.pdf", gate)
    assert world.get(url).file is not None


def test_a_host_that_sends_us_back_for_a_cookie_that_we_have_brought_wants_a_browser(world: DownloadWorld) -> None:
    url = world.hosts.put("2/a.pdf", lambda arrival: redirect(arrival.path, Set_Cookie="seen=1; Path=/"))
    assert world.get(url).reason is DownloadReason.BLOCKED_COOKIE


def test_a_file_that_is_not_ready_is_asked_for_once_more(world: DownloadWorld) -> None:
    replies = iter([Reply(202, b"", {"Retry-After": "0"}), file()])
    url = world.hosts.put("2/a.pdf", lambda arrival: next(replies))
    download = world.get(url)
    assert download.file is not None
    assert len(world.hosts.visited) == 2


def test_a_host_that_names_a_short_time_is_given_it(world: DownloadWorld) -> None:
    replies = iter([Reply(429, b"", {"Retry-After": "1"}), file()])
    url = world.hosts.put("2/a.pdf", lambda arrival: next(replies))
    assert world.get(url).file is not None
    first, second, *_ = world.hosts.server.times
    assert second - first >= 1


def test_a_torn_file_is_asked_for_once_more(world: DownloadWorld) -> None:
    replies = iter([file(pdf()[: len(pdf()) // 2]), file()])
    url = world.hosts.put("2/a.pdf", lambda arrival: next(replies))
    assert world.get(url).file is not None


# ── landing pages ────────────────────────────────────────────────────────────────────────────────────────


def test_a_landing_page_leads_to_its_file(world: DownloadWorld) -> None:
    world.hosts.put("3/files/7.pdf", file())
    head = meta(citation_title=TITLE, citation_doi=DOI, citation_pdf_url=world.hosts.url("3/files/7.pdf"))
    page = world.hosts.put("2/article", html(head=head))
    download = world.get(landing(page))
    assert download.file is not None
    assert (download.file.source, download.file.url) == ("unpaywall", world.hosts.url("3/files/7.pdf"))
    assert world.hosts.visited == ["2/article", "3/files/7.pdf"]


def test_a_viewer_where_the_file_was_promised_leads_on_to_it(world: DownloadWorld) -> None:
    url = world.hosts.put("2/index.php/j/article/view/1/7", html("<p>viewer</p>"))
    world.hosts.put("2/index.php/j/article/download/1/7", file())
    assert world.get(url).file is not None


def test_a_page_about_another_work_is_not_followed(world: DownloadWorld) -> None:
    head = meta(citation_title="A history of opera", citation_doi="10.1000/opera", citation_pdf_url="/opera.pdf")
    world.hosts.put("2/opera.pdf", file(pdf("A history of opera in small towns")))
    download = world.get(landing(world.hosts.put("2/article", html(head=head))))
    assert outcomes(download) == ["wrong_work"]
    assert world.hosts.visited == ["2/article"]


def test_a_page_that_names_another_doi_and_no_title_is_not_followed(world: DownloadWorld) -> None:
    world.hosts.put("2/a.pdf", file())
    head = meta(citation_doi="10.1000/another", citation_pdf_url="/a.pdf")
    download = world.get(landing(world.hosts.put("2/article", html(head=head))))
    assert [(one.outcome, one.detail) for one in download.attempts] == [("wrong_work", "a page about 10.1000/another")]
    assert world.hosts.visited == ["2/article"]


def test_a_page_that_names_the_file_of_another_article_gives_no_file(world: DownloadWorld) -> None:
    world.hosts.put("2/other.pdf", file(pdf("A history of opera in small towns")))
    head = meta(citation_title=TITLE, citation_pdf_url="other.pdf")
    download = world.get(landing(world.hosts.put("2/article", html(head=head))))
    assert download.reason is DownloadReason.WRONG_WORK
    assert world.files == []
    assert world.quarantined == [download.attempts[0].quarantined_as]


def test_a_page_without_a_link_says_so(world: DownloadWorld) -> None:
    download = world.get(landing(world.hosts.put("2/article", html("<a href='/about'>About</a>", heading="Glaciers"))))
    assert download.reason is DownloadReason.NO_PDF_LINK
    assert "Glaciers" in (download.detail or "")


def test_pages_that_lead_to_pages_come_to_an_end(world: DownloadWorld) -> None:
    for number in range(6):
        link = f"<a id='pdfDownloadLink' href='/step/{number + 1}'>PDF</a>"
        world.hosts.put(f"2/step/{number}", html(link))
    download = world.get(landing(world.hosts.url("2/step/0")))
    assert download.reason is DownloadReason.WRONG_TYPE
    assert len(world.hosts.visited) == 3


def test_robots_txt_keeps_us_from_landing_pages_but_not_from_named_files(world: DownloadWorld) -> None:
    world.hosts.put("2/robots.txt", Reply(200, b"User-agent: *\nDisallow: /"))
    page = world.hosts.put("2/article", html(head=meta(citation_pdf_url="/a.pdf")))
    assert world.get(landing(page)).reason is DownloadReason.FORBIDDEN_BY_ROBOTS
    assert world.hosts.visited == []
    assert world.get(world.hosts.put("2/a.pdf", file())).file is not None


@pytest.mark.parametrize(
    "page",
    [
        Reply(200, b"<p>The document has moved <a href='/b.pdf'>here</a>.", HTML),
        Reply(300, b"<h1>Multiple Choices</h1><a href='/b.pdf'>PDF</a>", HTML),
        Reply(200, b"<p>One moment", {**HTML, "Refresh": "0;url=/b.pdf"}),
        Reply(200, "<html><a href='/b.pdf'>PDF</a>".encode("utf-16"), HTML),
    ],
    ids=["sloppy", "a choice", "a header", "two bytes a letter"],
)
def test_a_page_in_place_of_a_file_leads_on_to_it(world: DownloadWorld, page: Reply) -> None:
    world.hosts.put("2/b.pdf", file())
    assert outcomes(world.get(world.hosts.put("2/a.pdf", page))) == ["success"]


def test_robots_txt_is_read_once_for_all_pages_of_a_host(world: DownloadWorld) -> None:
    world.hosts.put("2/robots.txt", Reply(200, b"User-agent: *\nDisallow: /private"))
    pages = [landing(world.hosts.put(f"2/{name}", html())) for name in ("one", "two", "private/three")]
    world.get(*pages)
    asked = [arrival.path for arrival in world.hosts.server.arrivals].count("/robots.txt")
    assert world.hosts.visited == ["2/one", "2/two"]
    assert asked <= 2  # once for the rules, once to see that a refusal is meant


def test_a_host_whose_robots_txt_fails_is_down_and_forbids_nothing(world: DownloadWorld) -> None:
    world.hosts.put("2/robots.txt", Reply(500, b"oops"))
    download = world.get(landing(world.hosts.put("2/article", html())))
    assert download.reason is DownloadReason.BAD_STATUS


@pytest.mark.parametrize("first", [Reply(503), Reply(429), Reply(200, raw=[])])
def test_a_robots_txt_that_is_silent_once_costs_no_copy(
    world: DownloadWorld, monkeypatch: pytest.MonkeyPatch, first: Reply
) -> None:
    monkeypatch.setattr("dl_lit.net.robots._SOON", 0.0)
    answers = iter([first, Reply(404)])
    world.hosts.put("2/robots.txt", lambda arrival: next(answers))
    world.hosts.put("2/a.pdf", file())
    page = world.hosts.put("2/article", html(head=meta(citation_pdf_url="/a.pdf")))
    assert world.get(landing(page)).file is not None
    assert next(answers, "asked twice") == "asked twice"


def test_a_robots_txt_that_drips_has_forbidden_nothing_and_holds_one_worker_only(
    world: DownloadWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dl_lit.net.robots._SECONDS", 1.0)
    asked = threading.Event()

    def drips(arrival: Arrival) -> Reply:
        asked.set()
        return Reply(200, endless(b"User-agent: *\n", pause=0.1))

    world.hosts.put("2/robots.txt", drips)
    downloader = world.downloader()
    rows = [row(landing(world.hosts.put(f"2/article{n}", html())), row_id=n) for n in (1, 2)]
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(finish, downloader, rows[0])
        assert asked.wait(10)
        begun = time.monotonic()
        assert isinstance(downloader.step(downloader.start(rows[1])), Park)
        assert time.monotonic() - begun < 0.5
    download = first.result(10)
    assert download.reason is DownloadReason.TIMEOUT
    assert "its robots.txt gave no answer" in (download.detail or "")
    assert world.hosts.visited == []


def test_the_longest_crawl_delay_keeps_a_page_waiting_and_does_not_send_it_back(world: DownloadWorld) -> None:
    world.hosts.put("2/robots.txt", Reply(200, b"User-agent: *\nCrawl-delay: 3600"))
    downloader = world.downloader()
    job = downloader.start(row(landing(world.hosts.put("2/article", html()))))
    for _ in range(3):
        outcome = downloader.step(job)
    assert isinstance(outcome, Park) and 54 < outcome.seconds <= LONGEST_PARK
    assert job.attempts == []


# ── walls and failures ───────────────────────────────────────────────────────────────────────────────────

STUB = html("<script src='/_fs-ch-1/script.js'></script><p>A part could not load.</p>", heading="Client Challenge")
POW = html("<script>const POW_CHALLENGE='x'</script>reCAPTCHA", heading="Preparing to download ...")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (CHALLENGE, "blocked"),
        (STUB, "blocked"),
        (Reply(429, b"", {"x-vercel-mitigated": "challenge"}), "blocked"),
        (POW, "blocked"),
        (Reply(403, b"Forbidden"), "blocked"),
        (html(heading="Human Verification", status=405, x_amzn_waf_action="captcha"), "blocked"),
        (html(heading="Method not allowed", status=405), "bad_status"),
        (Reply(202, b""), "blocked"),
        (Reply(401, b"who are you"), "paywall"),
        (html("<form><input type='password'></form>", heading="Welcome"), "paywall"),
        (html("Sign in to read", heading="Sign in"), "paywall"),
        (html("<p>Your browser does not accept cookies.</p>", heading="Oops"), "blocked_cookie"),
        (Reply(200, b"<title>Cookies</title>Your browser does not accept cookies", HTML), "blocked_cookie"),
        (Reply(404, b"no"), "gone"),
        (html("<p>Sorry.</p>", heading="404: page not found"), "gone"),
        (html("gone", status=410), "gone"),
        (Reply(400, b"token missing"), "bad_status"),
        (Reply(500, b"oops"), "bad_status"),
        (Reply(304, b""), "bad_status"),
        (Reply(200, b""), "empty_body"),
        (Reply(204, b""), "empty_body"),
        (html("<h1>Thank you for your interest</h1>"), "wrong_type"),
        (Reply(200, b"PK\x03\x04 a zip"), "wrong_type"),
        (file(pdf()[: len(pdf()) // 2]), "truncated"),
        (Reply(200, b"\x1f\x8b\x08" + b"nonsense" * 10, {"Content-Encoding": "gzip"}), "damaged"),
        (Reply(200, pdf()[:400], {"Content-Encoding": "gzip"}), "truncated"),
        (file(b"%PDF-1.7\nnothing\n%%EOF"), "damaged"),
        (file(pdf(password="secret")), "encrypted"),
        (file(pdf(pages=1)), "preview"),
        (file(pdf("A history of opera in small towns")), "wrong_work"),
        (file(gzip.compress(b"%PDF-1.7\n" + bytes(30_000_000)), **{"Content-Encoding": "gzip"}), "too_large"),
        (Reply(raw=[b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + pdf()[:500]]), "truncated"),
        (Reply(raw=[b""]), "connection"),
    ],
)
def test_what_a_host_does_has_its_own_reason(tmp_path: Path, reply: Reply, outcome: str) -> None:
    with download_world(tmp_path, max_file_mb=20) as world:
        download = world.get(world.hosts.put("2/a.pdf", reply))
        assert (download.file, download.reason) == (None, DownloadReason(outcome))
        assert set(outcomes(download)) == {outcome}
        assert kept_nothing(world)
        for name in world.quarantined:
            assert (world.library.quarantine / name).read_bytes().startswith(b"%PDF-")


def test_files_that_are_pages_with_links_to_each_other_are_not_said_to_have_no_open_copy(world: DownloadWorld) -> None:
    links = "<a href='/a.pdf'>PDF</a><a href='/b.pdf'>PDF</a>"
    for place in ("2/a.pdf", "2/b.pdf"):
        world.hosts.put(place, html(links, heading="A viewer"))
    page = world.hosts.put("2/a", html(links, head=meta(citation_title=TITLE)))
    download = world.get(landing(page))
    assert (download.reason, outcomes(download)) == (DownloadReason.WRONG_TYPE, ["wrong_type", "wrong_type"])


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://sci-hub.se/10.1000/x.pdf", "is no lawful source"),
        ("https://api.elsevier.com/content/x.pdf", "answers only with a key"),
    ],
)
def test_a_page_leads_to_no_host_that_is_not_asked(world: DownloadWorld, url: str, why: str) -> None:
    page = world.hosts.put("2/a", html(head=meta(citation_title=TITLE, citation_pdf_url=url)))
    download = world.get(landing(page))
    assert (download.reason, download.attempts[0].detail) == (DownloadReason.SKIPPED_HOST, why)


def test_a_page_that_links_to_arxiv_leads_to_the_export_host(world: DownloadWorld) -> None:
    url = world.hosts.put("1/arxiv/pdf/1706.03762v5", file())
    head = meta(citation_title=TITLE, citation_pdf_url="https://arxiv.org/pdf/1706.03762v5.pdf")
    download = world.get(landing(world.hosts.put("2/a", html(head=head))))
    assert download.file is not None and download.file.final_url == url


def test_a_slow_host_costs_the_time_limit_and_no_more(tmp_path: Path) -> None:
    with download_world(tmp_path, read_timeout=0.2, total_timeout=0.6) as world:

        def silent(arrival: Arrival) -> Reply:
            world.hosts.server.closing.wait(2)
            return file()

        download = world.get(world.hosts.put("2/a.pdf", silent))
        assert download.reason is DownloadReason.TIMEOUT
        assert kept_nothing(world)


def test_a_login_that_a_redirect_leads_to_is_a_paywall_and_is_not_visited(world: DownloadWorld) -> None:
    login = world.hosts.put("3/login?TARGET=x&SAMLRequest=y", html())
    download = world.get(world.hosts.put("2/a.pdf", redirect(login)))
    assert download.reason is DownloadReason.PAYWALL
    assert world.hosts.visited == ["2/a.pdf"]


def test_a_redirect_to_what_is_no_url_costs_that_copy_only(world: DownloadWorld) -> None:
    broken = world.hosts.put("2/a.pdf", redirect("http://[x"))
    download = world.get(broken, world.hosts.put("3/b.pdf", file()))
    assert download.file is not None
    assert outcomes(download) == ["bad_status", "success"]


def test_circles_end(world: DownloadWorld) -> None:
    here = world.hosts.put("2/a.pdf", redirect(world.hosts.url("2/a.pdf")))
    assert world.get(here).reason is DownloadReason.REDIRECT_LOOP
    there, back = world.hosts.url("3/there"), world.hosts.url("4/back")
    world.hosts.put("3/there", redirect(back))
    world.hosts.put("4/back", redirect(there))
    assert world.get(there).reason is DownloadReason.REDIRECT_LOOP
    assert len(world.hosts.visited) < 30


def test_a_circle_of_cookies_is_a_cookie_wall(world: DownloadWorld) -> None:
    def circle(arrival: Arrival) -> Reply:
        step = "0" if "cookieSet=1" in arrival.path else "1"
        return redirect(world.hosts.url(f"2/a.pdf?cookieSet={step}"), Set_Cookie=f"s={step}; Path=/")

    assert world.get(world.hosts.put("2/a.pdf", circle)).reason is DownloadReason.BLOCKED_COOKIE


@pytest.mark.parametrize(
    "inside",
    [
        "http://127.0.0.1:1/admin.pdf",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/file.pdf",
        "http://[::1]:1/x.pdf",
        "http://localhost:1/x.pdf",
        "file:///etc/hostname",
    ],
)
def test_no_redirect_leads_into_the_own_network(world: DownloadWorld, inside: str) -> None:
    download = world.get(world.hosts.put("2/a.pdf", redirect(inside)))
    assert download.reason is DownloadReason.ADDRESS_REFUSED
    assert kept_nothing(world)
    assert world.hosts.visited == ["2/a.pdf"]


@pytest.mark.parametrize("inside", ["http://127.0.0.1:1/a.pdf", "http://169.254.169.254/a", "http://192.168.0.1/a.pdf"])
def test_no_location_leads_into_the_own_network(world: DownloadWorld, inside: str) -> None:
    download = world.get(inside, landing(inside + "/page"))
    assert set(outcomes(download)) == {"address_refused"}


def test_a_link_into_the_own_network_is_refused(world: DownloadWorld) -> None:
    with LocalServer(lambda arrival: file()) as secret:
        head = meta(citation_title=TITLE, citation_pdf_url=f"{secret.url}/a.pdf")
        download = world.get(landing(world.hosts.put("2/article", html(head=head))))
        assert download.reason is DownloadReason.ADDRESS_REFUSED
        assert secret.arrivals == []


def test_hosts_that_want_a_token_are_not_asked(world: DownloadWorld) -> None:
    download = world.get(
        "https://api.elsevier.com/content/article/PII:S1", "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/pdf/"
    )
    assert outcomes(download) == ["skipped_host", "skipped_host"]
    assert download.reason is DownloadReason.SKIPPED_HOST
    moved = world.get(world.hosts.put("2/a.pdf", redirect("https://api.wiley.com/x")))
    assert moved.reason is DownloadReason.SKIPPED_HOST


def test_without_any_location_there_is_no_open_copy(world: DownloadWorld) -> None:
    download = world.get()
    assert (download.reason, download.attempts) == (DownloadReason.NO_OPEN_COPY, ())


def test_the_most_telling_reason_is_given(world: DownloadWorld) -> None:
    gone = world.hosts.put("2/a.pdf", Reply(404, b"no"))
    blocked = world.hosts.put("3/a.pdf", CHALLENGE)
    torn = world.hosts.put("4/a.pdf", file(b"%PDF-1.7\nnothing"))
    assert world.get(gone, blocked, torn).reason is DownloadReason.BLOCKED


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_an_error(world: DownloadWorld) -> None:
    world.library.quarantine.rmdir()
    world.library.folder.chmod(0o500)
    try:
        with pytest.raises(OSError, match="quarantine"):
            world.downloader()
    finally:
        world.library.folder.chmod(0o700)


def test_a_source_is_named_in_every_attempt(world: DownloadWorld) -> None:
    copies = [Location(source=name, pdf_url=world.hosts.url(f"2/{name}.pdf")) for name in ("openalex", "unpaywall")]
    assert [attempt.source for attempt in world.get(*copies).attempts] == ["openalex", "unpaywall"]


def test_a_landing_page_of_a_dead_host_is_a_connection_that_failed(world: DownloadWorld) -> None:
    world.hosts.put("2/robots.txt", Reply(raw=[b""]))
    world.hosts.put("2/article", Reply(raw=[b""]))
    download = world.get(landing(world.hosts.url("2/article")))
    assert download.reason is DownloadReason.CONNECTION
    assert world.hosts.visited == []


def test_robots_txt_that_leads_into_the_own_network_is_not_followed(world: DownloadWorld) -> None:
    world.hosts.put("2/robots.txt", redirect("http://169.254.169.254/robots.txt"))
    download = world.get(landing(world.hosts.put("2/article", html())))
    assert download.file is None
    assert kept_nothing(world)


def test_a_page_without_end_is_read_to_its_links_and_no_further(world: DownloadWorld) -> None:
    world.hosts.put("2/a.pdf", file())
    head = html(head=meta(citation_title=TITLE, citation_pdf_url="/a.pdf")).body
    assert isinstance(head, bytes)
    endless = [head[:-14], *[b"<p>and so on</p>" * 4096] * 80]
    download = world.get(landing(world.hosts.put("2/article", Reply(200, endless, {"Content-Type": "text/html"}))))
    assert download.file is not None


def test_pages_that_send_the_reader_to_each_other_are_no_word_of_the_indexes(world: DownloadWorld) -> None:
    world.hosts.put("2/b", html(head='<meta http-equiv="refresh" content="0;url=/a">'))
    page = world.hosts.put("2/a", html(head='<meta http-equiv="refresh" content="0;url=/b">'))
    download = world.get(landing(page))
    assert download.reason is DownloadReason.WRONG_TYPE and world.hosts.visited == ["2/a", "2/b"]


def test_a_link_with_a_script_in_its_place_is_no_link(world: DownloadWorld) -> None:
    body = "<a id='pdfDownloadLink' href='javascript:open()'>PDF</a><a class='download' href='file:///etc/passwd'>x</a>"
    download = world.get(landing(world.hosts.put("2/article", html(body))))
    assert download.reason is DownloadReason.NO_PDF_LINK
