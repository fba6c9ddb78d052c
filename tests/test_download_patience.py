"""When a downloader waits for a host, asks it again or leaves it for another run, and what it makes of no network."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dl_lit.config import Services, Settings
from dl_lit.download.downloader import LONGEST_PARK
from dl_lit.download.job import Park
from dl_lit.download.reachability import Reachability
from dl_lit.errors import Stopping
from dl_lit.model import DownloadReason
from download_world import (
    CHALLENGE,
    DownloadWorld,
    download_world,
    file,
    finish,
    kept_nothing,
    landing,
    outcomes,
    redirect,
    row,
)
from httpserver import Arrival, LocalServer, Reply


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DownloadWorld]:
    with download_world(tmp_path) as made:
        yield made


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


@pytest.mark.parametrize(
    "sent", [b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"\r\n%PDF-1.7"]
)
def test_what_is_no_http_shows_a_network_though_no_service_can_be_reached(tmp_path: Path, sent: bytes) -> None:
    with download_world(tmp_path) as world:
        url = world.hosts.put("2/a.pdf", Reply(raw=[sent]))
        nowhere = {name: {"base_url": "http://127.0.0.1:1"} for name in ("crossref", "openalex", "arxiv")}
        world.settings = world.settings.model_copy(update={"services": Services.model_validate(nowhere)})
        assert world.get(url).reason is DownloadReason.CONNECTION


def test_with_the_first_services_off_others_show_whether_there_is_a_network() -> None:
    with LocalServer() as server:
        off = {name: {"base_url": "http://127.0.0.1:1", "enabled": False} for name in ("crossref", "openalex", "arxiv")}
        settings = Settings.model_validate({"services": {**off, "doi": {"base_url": server.url}}})
        assert Reachability(settings).is_online(since=time.monotonic())


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
