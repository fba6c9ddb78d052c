"""What hosts do to a downloader, and what it makes of it (apis.md §19.3): a verified file or an honest reason."""

from __future__ import annotations

import gzip
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dl_lit.config import Settings
from dl_lit.download.downloader import LONGEST_PARK
from dl_lit.download.job import Park
from dl_lit.download.reachability import Reachability
from dl_lit.errors import Stopping
from dl_lit.model import CopyVersion, DownloadReason, Location
from download_world import (
    DOI,
    TITLE,
    DownloadWorld,
    direct,
    download_world,
    file,
    finish,
    html,
    landing,
    meta,
    outcomes,
    pdf,
    redirect,
    row,
)
from httpserver import Arrival, LocalServer, Reply


def endless(piece: bytes, pause: float) -> Iterator[bytes]:
    rest = threading.Event()
    while not rest.wait(pause):
        yield piece


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DownloadWorld]:
    with download_world(tmp_path) as made:
        yield made


def kept_nothing(world: DownloadWorld) -> bool:
    """No file, no part of one, and never a page under a PDF's name."""
    return world.files == [] and world.left_over == []


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

CHALLENGE = html("<p>Checking</p>", heading="Just a moment...", status=403, cf_mitigated="challenge")
STUB = html("<script src='/_fs-ch-1/script.js'></script><p>A part could not load.</p>", heading="Client Challenge")
POW = html("<script>const POW_CHALLENGE='x'</script>reCAPTCHA", heading="Preparing to download ...")


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (CHALLENGE, "blocked"),
        (STUB, "blocked"),
        (POW, "blocked"),
        (Reply(403, b"Forbidden"), "blocked"),
        (Reply(202, b""), "blocked"),
        (Reply(401, b"who are you"), "paywall"),
        (html("<form><input type='password'></form>", heading="Welcome"), "paywall"),
        (html("Sign in to read", heading="Sign in"), "paywall"),
        (html("<p>Your browser does not accept cookies.</p>", heading="Oops"), "blocked_cookie"),
        (Reply(404, b"no"), "gone"),
        (html("gone", status=410), "gone"),
        (Reply(400, b"token missing"), "bad_status"),
        (Reply(500, b"oops"), "bad_status"),
        (Reply(304, b""), "bad_status"),
        (Reply(200, b""), "empty_body"),
        (Reply(204, b""), "empty_body"),
        (html("<h1>Thank you for your interest</h1>"), "wrong_type"),
        (Reply(200, b"PK\x03\x04 a zip"), "wrong_type"),
        (file(pdf()[: len(pdf()) // 2]), "truncated"),
        (Reply(200, pdf()[:400], {"Content-Encoding": "gzip"}), "damaged"),
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


# ── patience ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_host_that_asks_for_long_sends_the_row_back(world: DownloadWorld) -> None:
    busy = world.hosts.put("2/a.pdf", Reply(503, b"", {"Retry-After": "900"}))
    gone = world.hosts.put("3/a.pdf", Reply(404, b""))
    download = world.get(busy, gone)
    assert download.reason is DownloadReason.RETRY_LATER
    assert download.retry_after == pytest.approx(900, abs=5)
    assert outcomes(download) == ["retry_later", "gone"]
    # The next row at this host is not even sent.
    assert world.get(busy).reason is DownloadReason.RETRY_LATER


def test_two_rows_of_one_downloader_do_not_ask_a_busy_host_twice(world: DownloadWorld) -> None:
    busy = world.hosts.put("2/a.pdf", Reply(429, b"", {"Retry-After": "300"}))
    downloader = world.downloader()
    downloads = [finish(downloader, row(busy, row_id=number)) for number in (1, 2)]
    assert [download.reason for download in downloads] == [DownloadReason.RETRY_LATER] * 2
    assert all((download.retry_after or 0) > LONGEST_PARK for download in downloads)
    assert len(world.hosts.visited) == 1


def test_a_host_that_asks_for_more_than_an_hour_is_left_for_another_run(world: DownloadWorld) -> None:
    busy = world.hosts.put("2/a.pdf", Reply(429, b"", {"Retry-After": "7200"}))
    downloader = world.downloader()
    downloads = [finish(downloader, row(busy, row_id=number)) for number in (1, 2)]
    assert [download.reason for download in downloads] == [DownloadReason.RETRY_LATER] * 2
    assert (downloads[1].retry_after or 0) > 3600


def test_more_than_five_failures_in_a_row_end_a_host_and_what_was_not_asked_waits(world: DownloadWorld) -> None:
    downloader = world.downloader()
    urls = [world.hosts.put(f"2/{number}.pdf", CHALLENGE) for number in range(9)]
    downloads = [finish(downloader, row(url, row_id=number)) for number, url in enumerate(urls)]
    assert len(world.hosts.visited) == 6
    reasons = [download.reason for download in downloads]
    assert reasons == [DownloadReason.BLOCKED] * 6 + [DownloadReason.HOST_ENDED] * 3
    assert downloads[-1].detail == "the host 127.0.0.2 failed too often in a row (blocked): the next run asks it"
    assert outcomes(downloads[-1]) == ["host_ended"]


def test_a_place_at_another_host_is_asked_when_the_first_one_has_ended(world: DownloadWorld) -> None:
    downloader = world.downloader()
    for number in range(6):
        finish(downloader, row(world.hosts.put(f"2/{number}.pdf", Reply(403)), row_id=number))
    download = finish(downloader, row(world.hosts.put("2/9.pdf", file()), world.hosts.put("3/9.pdf", file()), row_id=9))
    assert download.file is not None and download.file.url == world.hosts.url("3/9.pdf")


def test_a_file_that_was_asked_for_once_does_not_wait_for_its_host_that_ended_before_the_second_time(
    world: DownloadWorld,
) -> None:
    downloader = world.downloader()
    jobs = [downloader.start(row(world.hosts.put(f"2/{n}.pdf", Reply(500)), row_id=n)) for n in range(7)]
    for asked, job in enumerate(jobs[:6]):  # all once, before any of them is asked again
        while len(world.hosts.visited) == asked:
            downloader.step(job)
    results = []
    for job in jobs:
        while isinstance(outcome := downloader.step(job), Park):
            assert outcome.seconds < 1
        results.append(outcome.reason)
    assert results == [DownloadReason.BAD_STATUS] * 6 + [DownloadReason.HOST_ENDED]


def test_a_host_that_only_sends_us_round_ends_too(world: DownloadWorld) -> None:
    world.hosts.put("2/b.pdf", redirect(world.hosts.url("2/a.pdf")))
    url = world.hosts.put("2/a.pdf", redirect(world.hosts.url("2/b.pdf")))
    downloader = world.downloader()
    downloads = [finish(downloader, row(f"{url}?{number}", row_id=number)) for number in range(1, 9)]
    assert [outcomes(download) for download in downloads[5:]] == [["redirect_loop"], ["host_ended"], ["host_ended"]]
    assert [download.reason for download in downloads[6:]] == [DownloadReason.HOST_ENDED] * 2


def test_missing_files_do_not_end_a_host(world: DownloadWorld) -> None:
    downloader = world.downloader()
    for number in range(8):
        finish(downloader, row(world.hosts.url(f"2/{number}.pdf"), row_id=number))
    assert len(world.hosts.visited) == 8


def test_a_row_waits_for_its_host_without_sleeping(tmp_path: Path) -> None:
    with download_world(tmp_path, spacing=30.0) as world:
        downloader = world.downloader()
        first = downloader.start(row(world.hosts.put("2/a.pdf", file()), row_id=1))
        assert isinstance(downloader.step(first), Park)
        assert first.result is not None
        parked = downloader.step(downloader.start(row(world.hosts.url("2/b.pdf"), row_id=2)))
        assert isinstance(parked, Park)
        assert 20 < parked.seconds < 40


def test_a_redirect_within_a_slow_host_holds_no_worker_and_keeps_its_turn(tmp_path: Path) -> None:
    with download_world(tmp_path, spacing=20.0) as world:
        downloader = world.downloader()
        url = world.hosts.put("2/a", redirect(world.hosts.put("2/a.pdf", file())))
        job, begun = downloader.start(row(url, row_id=1)), time.monotonic()
        parks = [downloader.step(job), downloader.step(job)]
        later = downloader.step(downloader.start(row(world.hosts.url("2/b.pdf"), row_id=2)))
        assert time.monotonic() - begun < 10
        assert world.hosts.visited == ["2/a"]
        assert isinstance(parks[1], Park)
        assert 10 < parks[1].seconds < 25
        assert isinstance(later, Park)
        assert later.seconds > parks[1].seconds + 15, "who comes later comes after the redirect"


def test_shutting_down_leaves_nothing_behind(world: DownloadWorld) -> None:
    def interrupted(arrival: Arrival) -> Reply:
        world.stop.set()
        return redirect(world.hosts.url("2/b.pdf"))

    downloader = world.downloader()
    job = downloader.start(row(world.hosts.put("2/a.pdf", interrupted)))
    with pytest.raises(Stopping):
        while isinstance(downloader.step(job), Park):
            """The redirect waits for its turn."""
    with pytest.raises(Stopping):
        downloader.step(job)
    assert kept_nothing(world)


# ── no network ───────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_network_nothing_is_marked_as_failed(tmp_path: Path) -> None:
    with download_world(tmp_path) as world:
        url = world.hosts.put("2/a.pdf", file())
        world.hosts.server.__exit__(None, None, None)
        download = world.get(url)
        assert (download.reason, download.retry_after) == (DownloadReason.RETRY_LATER, 30.0)
        assert download.detail == "there is no network" or download.attempts[0].detail == "there is no network"
        assert kept_nothing(world)


def test_behind_a_proxy_its_door_is_the_one_to_knock_at(monkeypatch: pytest.MonkeyPatch) -> None:
    services = {name: {"base_url": f"https://{name}.invalid"} for name in ("crossref", "openalex", "arxiv")}
    settings = Settings.model_validate({"services": services})
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with LocalServer() as proxy:
        assert not Reachability(settings).is_online(since=time.monotonic())
        for spelling in (proxy.url, proxy.url.removeprefix("http://")):
            monkeypatch.setenv("https_proxy", spelling)
            assert Reachability(settings).is_online(since=time.monotonic())
        monkeypatch.setenv("no_proxy", "*")
        assert not Reachability(settings).is_online(since=time.monotonic())


def test_a_host_that_is_down_while_others_answer_has_failed(world: DownloadWorld) -> None:
    world.hosts.put("2/a.pdf", Reply(raw=[b""]))
    download = world.get(world.hosts.url("2/a.pdf"))
    assert download.reason is DownloadReason.CONNECTION
    assert len(world.hosts.visited) >= 2  # it had a second chance


@pytest.mark.parametrize(("error", "outcome"), [(socket.EAI_NONAME, "gone"), (socket.EAI_AGAIN, "connection")])
def test_a_host_whose_name_is_no_more_is_gone_and_one_that_cannot_be_looked_up_is_not(
    world: DownloadWorld, monkeypatch: pytest.MonkeyPatch, error: int, outcome: str
) -> None:
    real = socket.getaddrinfo

    def look_up(host: str, *args: Any, **kwargs: Any) -> Any:
        if host == "old.faculty.example":
            raise socket.gaierror(error, "no answer")
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    download = world.get(landing("http://old.faculty.example/a"), "http://old.faculty.example/a.pdf")
    assert outcomes(download) == [outcome, outcome]


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


def test_a_link_with_a_script_in_its_place_is_no_link(world: DownloadWorld) -> None:
    body = "<a id='pdfDownloadLink' href='javascript:open()'>PDF</a><a class='download' href='file:///etc/passwd'>x</a>"
    download = world.get(landing(world.hosts.put("2/article", html(body))))
    assert download.reason is DownloadReason.NO_PDF_LINK
