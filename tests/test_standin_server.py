"""The stand-in as a server: start and end, the request log, faults, latency, determinism, the catalogue's world."""

from __future__ import annotations

import errno
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from dl_lit.errors import StopRun, UsageError
from dl_lit.standin import catalogue
from dl_lit.standin.audit import audit
from dl_lit.standin.hosts import HOSTS, OBTAINABLE, Quirk
from dl_lit.standin.log import Entry, RequestLog, read_log, redact
from dl_lit.standin.server import Listener, StandIn, serve
from dl_lit.standin.settings import Fault, FaultMode, StandInSettings, parse_fault
from dl_lit.standin.world import MAX_TROUBLED, build_world
from standin_tools import POLITE, at, get, held_by, made_up_works, make_copy, running

SINGLE = "/crossref/works/10.1000/w001"


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandIn]:
    with running(tmp_path) as standin:
        yield standin


def lines(standin: StandIn, count: int) -> list[Entry]:
    """The log once it holds `count` lines: a line may be written a moment after the client has its answer."""
    deadline = time.monotonic() + 5
    while len(entries := read_log(standin.log_path)) < count and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    return entries


def raw_connection(standin: StandIn, text: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", standin.port), timeout=5)
    connection.sendall(text.encode())
    return connection


# ── start and end ────────────────────────────────────────────────────────────────────────────────────────


def test_all_addresses_share_one_port(standin: StandIn) -> None:
    assert get(f"{standin.url}{SINGLE}").status_code == 200
    for host in HOSTS[:3]:
        assert get(f"http://{host.address}:{standin.port}/robots.txt").status_code == 200


def test_ending_hangs_up_and_frees_the_port(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        idle = raw_connection(first, f"GET {SINGLE} HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(65536).startswith(b"HTTP/1.1 200 OK")
    assert idle.recv(1) == b""
    idle.close()
    with running(tmp_path, port=first.port) as second:
        assert second.port == first.port


def test_a_taken_port_is_a_clear_error(standin: StandIn) -> None:
    other = StandIn(StandInSettings(port=standin.port), works=made_up_works(3), make_copy=make_copy)
    with pytest.raises(UsageError, match=rf"Port {standin.port} is taken at 127.0.0.1.*--port"), other:
        pass


def test_any_free_port_means_free_at_every_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[tuple[str, int]] = []
    bind = Listener.server_bind

    def occupied_once(listener: Listener) -> None:
        address = listener.server_address
        if address[0] == "127.0.0.5" and not taken:
            taken.append((str(address[0]), int(address[1])))
            raise OSError(errno.EADDRINUSE, "Address already in use")
        bind(listener)

    monkeypatch.setattr(Listener, "server_bind", occupied_once)
    with running(tmp_path) as standin:
        assert taken[0][1] != standin.port


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (errno.EADDRNOTAVAIL, StopRun, r"ifconfig lo0 alias 127\.0\.0\.\$n"),
        (errno.EACCES, UsageError, "cannot listen at"),
    ],
)
def test_an_address_that_cannot_be_used_is_a_clear_error(
    monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception], text: str
) -> None:
    def refused(listener: Listener) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(Listener, "server_bind", refused)
    with pytest.raises(kind, match=text), StandIn(works=made_up_works(3), make_copy=make_copy):
        pass


def test_serving_lasts_until_it_is_stopped(tmp_path: Path) -> None:
    stop, urls = threading.Event(), []

    def ready(standin: StandIn) -> None:
        urls.append(get(f"{standin.url}/crossref/works/10.1038/nature14539").status_code)
        stop.set()

    serve(StandInSettings(log_path=tmp_path / "log"), ready=ready, stop=stop)
    assert urls == [200]


def test_ctrl_c_ends_serving_quietly() -> None:
    code = (
        # A shell starts background jobs with SIGINT ignored, and children inherit that.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from dl_lit.standin.server import serve; from dl_lit.standin.settings import StandInSettings\n"
        "serve(StandInSettings(), ready=lambda standin: print(standin.url, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline().startswith("http://127.0.0.1:")
        process.send_signal(2)
        try:
            _, complaints = process.communicate(timeout=10)
        finally:
            process.kill()
    assert (process.returncode, complaints) == (0, "")


def test_a_log_without_a_place_lives_as_long_as_the_stand_in() -> None:
    with StandIn(works=made_up_works(3), make_copy=make_copy) as standin:
        get(f"{standin.url}{SINGLE}")
        assert standin.log_path.exists()
    assert not standin.log_path.exists()


def test_an_unknown_service_is_not_found(standin: StandIn) -> None:
    assert get(f"{standin.url}/nowhere/works").status_code == 404
    assert get(f"{standin.url}/").status_code == 404


def test_an_error_of_ours_is_printed_and_logged(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(name: str, request: object) -> None:
        raise LookupError("a fault of ours")

    monkeypatch.setattr(standin, "answer", broken)
    with pytest.raises(requests.ConnectionError):
        get(f"{standin.url}{SINGLE}")
    assert [(entry.status, entry.delivered) for entry in lines(standin, 1)] == [(500, False)]
    assert "a fault of ours" in capsys.readouterr().err


# ── the request log ──────────────────────────────────────────────────────────────────────────────────────


def test_a_request_is_logged_with_all_that_the_audit_needs(standin: StandIn) -> None:
    before = time.time()
    get(f"{standin.url}{SINGLE}?mailto=someone@uni-nord.de")
    _, copy = held_by(standin, Quirk.DIRECT)
    get(at(standin, copy, copy.pdf_path))
    service, host = lines(standin, 2)
    assert before - 0.01 <= service.time <= service.finished <= time.time() + 0.01
    assert (service.service, service.bucket, service.host) == ("crossref", "polite-single", "127.0.0.1")
    assert (service.method, service.path, service.status) == ("GET", f"{SINGLE}?mailto=***", 200)
    assert (service.in_flight, service.delivered, service.refused) == (1, True, None)
    assert (host.service, host.host, host.bucket) == (None, copy.host.address, None)
    assert len({service.client, host.client}) == 2


def test_secrets_are_redacted() -> None:
    assert redact("/a?api_key=K&mailto=m@n.org&x=1") == "/a?api_key=***&mailto=***&x=1"
    assert redact("/a?email=m@n.org") == "/a?email=***"
    assert redact("/a?api-key=K") == "/a?api-key=***"


def test_requests_in_flight_are_counted_by_service(tmp_path: Path) -> None:
    with running(tmp_path, service_latency=(0.6, 0.6)) as standin:
        threads = [threading.Thread(target=get, args=(f"{standin.url}/doi/10.1000/w00{n}",)) for n in range(3)]
        threads += [threading.Thread(target=get, args=(f"{standin.url}{SINGLE}",))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        entries = lines(standin, 4)
    assert sorted(entry.in_flight for entry in entries if entry.service == "doi") == [1, 2, 3]
    assert [entry.in_flight for entry in entries if entry.service == "crossref"] == [1]


def test_a_client_that_leaves_early_is_noticed_and_no_longer_in_flight(tmp_path: Path) -> None:
    with running(tmp_path, service_latency=(2, 2)) as standin:
        start = time.monotonic()
        raw_connection(standin, f"GET {SINGLE} HTTP/1.1\r\nHost: x\r\n\r\n").close()
        entry = lines(standin, 1)[0]
        assert time.monotonic() - start < 1.5
        assert standin.gauges.enter("crossref") == 1
    assert not entry.delivered


def test_a_client_that_leaves_a_dripping_file_did_not_get_it(tmp_path: Path) -> None:
    with running(tmp_path, drip_seconds=30) as standin:
        _, copy = held_by(standin, Quirk.SLOW_DRIP)
        with (
            requests.Session() as session,
            session.get(at(standin, copy, copy.pdf_path), stream=True, timeout=5) as answer,
        ):
            next(answer.iter_content(10))
        assert [entry.delivered for entry in lines(standin, 1)] == [False]


def test_a_client_that_leaves_a_large_file_did_not_get_it(tmp_path: Path) -> None:
    with running(tmp_path, works=made_up_works(300), oversized_bytes=200_000_000) as standin:
        _, copy = held_by(standin, Quirk.OVERSIZED)
        with requests.Session() as session:
            session.get(at(standin, copy, copy.pdf_path), stream=True, timeout=5).close()
        assert [entry.delivered for entry in lines(standin, 1)] == [False]


@pytest.mark.parametrize("pause", [0.0, 0.1])
def test_requests_may_follow_each_other_on_one_connection(tmp_path: Path, pause: float) -> None:
    with running(tmp_path, service_latency=(0.3, 0.3)) as standin:
        request = f"GET {SINGLE} HTTP/1.1\r\nHost: x\r\n"
        with raw_connection(standin, f"{request}\r\n") as connection:
            threading.Event().wait(pause)
            connection.sendall(f"{request}Connection: close\r\n\r\n".encode())
            received = b""
            while piece := connection.recv(65536):
                received += piece
        entries = lines(standin, 2)
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert received.count(b"Connection: close") == 1
    assert len({entry.client for entry in entries}) == 1
    assert all(entry.delivered for entry in entries)


def test_a_body_is_read_so_that_the_connection_stays_usable(standin: StandIn) -> None:
    with requests.Session() as session:
        refused = session.post(f"{standin.url}{SINGLE}", data=b"x" * 1000, headers=POLITE, timeout=5)
        after = session.get(f"{standin.url}{SINGLE}", headers=POLITE, timeout=5)
    assert (refused.status_code, after.status_code) == (405, 200)


def test_a_torn_last_line_of_a_log_is_left_out(tmp_path: Path) -> None:
    log = RequestLog(tmp_path / "deep" / "log.jsonl")
    entry = Entry(1.0, 2.0, "127.0.0.2", None, None, "GET", "/x", 200, 1, True, 5)
    log.write(entry)
    log.close()
    log.write(entry)  # after the end: nobody listens any more
    with log.path.open("a") as file:
        file.write('{"time": 1')
    assert read_log(log.path) == [entry]


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────


def test_faults_can_be_switched_while_it_runs(standin: StandIn) -> None:
    url = f"{standin.url}{SINGLE}"
    standin.faults.set("crossref", "unavailable", seconds=7)
    unavailable = get(url)
    standin.faults.set("crossref", FaultMode.HTML)
    page = get(url)
    standin.faults.set("crossref", FaultMode.TOO_MANY)
    many = get(url)
    standin.faults.clear("crossref")
    assert (unavailable.status_code, unavailable.headers["Retry-After"]) == (503, "7")
    assert (page.status_code, page.headers["Content-Type"].partition(";")[0]) == (200, "text/html")
    assert (many.status_code, many.content) == (429, b"")
    assert get(url).status_code == 200
    assert [entry.refused for entry in lines(standin, 4)] == ["fault", "fault", "fault", None]
    assert {entry.bucket for entry in read_log(standin.log_path)} == {"polite-single"}


def test_other_services_go_on_while_one_is_down(standin: StandIn) -> None:
    standin.faults.set("crossref", FaultMode.DOWN)
    with pytest.raises(requests.ConnectionError):
        get(f"{standin.url}{SINGLE}")
    assert get(f"{standin.url}/openalex/works/doi:10.1000/w001").status_code == 200
    standin.faults.clear()
    assert get(f"{standin.url}{SINGLE}").status_code == 200
    assert [(entry.status, entry.delivered) for entry in lines(standin, 3)] == [(0, False), (200, True), (200, True)]


def test_a_stalled_service_holds_the_line(standin: StandIn) -> None:
    standin.faults.set("crossref", FaultMode.STALL)
    with pytest.raises(requests.ReadTimeout):
        get(f"{standin.url}{SINGLE}", timeout=0.2)
    standin.faults.set("crossref", FaultMode.STALL, seconds=0.1)
    with pytest.raises(requests.ConnectionError):
        get(f"{standin.url}{SINGLE}")


def test_a_host_can_fail_too(standin: StandIn) -> None:
    _, copy = held_by(standin, Quirk.DIRECT)
    standin.faults.set(copy.host.address, FaultMode.UNAVAILABLE)
    assert get(at(standin, copy, copy.pdf_path)).status_code == 503


def test_a_share_of_the_requests_fails_in_the_same_places_every_time(tmp_path: Path) -> None:
    def statuses() -> list[int]:
        fault = {"doi": Fault(FaultMode.UNAVAILABLE, share=0.3)}
        with running(tmp_path, faults=fault) as standin:
            return [get(f"{standin.url}/doi/10.1000/w{n % 10:03}").status_code for n in range(40)]

    first = statuses()
    assert first == statuses()
    assert 4 <= first.count(503) <= 20


def test_the_budget_can_be_cut_while_it_runs(standin: StandIn) -> None:
    standin.faults.openalex_credits = 0
    assert get(f"{standin.url}/openalex/works?search=bees").status_code == 429
    standin.faults.openalex_credits = 1000
    assert get(f"{standin.url}/openalex/works?search=bees").status_code == 200


def test_faults_are_written_as_name_mode_and_share() -> None:
    assert parse_fault("crossref=unavailable") == ("crossref", Fault(FaultMode.UNAVAILABLE))
    assert parse_fault("127.0.0.5=too_many:0.25") == ("127.0.0.5", Fault(FaultMode.TOO_MANY, 0.25))
    for wrong in ("crossref", "crossref=sulking", "crossref=down:much", "=down", "crossref=down:2"):
        with pytest.raises(UsageError, match="Fault"):
            parse_fault(wrong)


def test_settings_that_cannot_work_are_refused() -> None:
    with pytest.raises(UsageError, match="Port 70000"):
        StandInSettings(port=70_000)
    with pytest.raises(UsageError, match="no range"):
        StandInSettings(host_latency=(2, 1))


# ── determinism, and the world of the catalogue ──────────────────────────────────────────────────────────


def test_the_same_seed_gives_the_same_answers_and_another_seed_others(tmp_path: Path) -> None:
    def answers(seed: int) -> list[str]:
        with running(tmp_path, seed=seed) as standin:
            paths = (
                "/openalex/works?filter=is_oa:true&per_page=50",
                "/crossref/works?query.bibliographic=bees 7&rows=9",
                "/unpaywall/10.1000/w005?email=a@b.org",
                "/arxiv/api/query?id_list=2001.00010",
            )
            texts = [get(f"{standin.url}{path}").text for path in paths]
            return [text.replace(f":{standin.port}", "") for text in texts]

    assert answers(1) == answers(1)
    assert answers(1) != answers(2)


def test_latency_is_drawn_from_its_range(tmp_path: Path) -> None:
    with running(tmp_path, service_latency=(0.1, 0.2)) as standin:
        start = time.perf_counter()
        get(f"{standin.url}{SINGLE}")
        assert 0.1 <= time.perf_counter() - start < 1.0


def test_the_world_of_the_catalogue_is_mostly_but_not_wholly_obtainable() -> None:
    world = build_world(catalogue.load(), seed=0)
    real = [entry for entry in world.entries if not entry.is_parasite]
    open_works = [entry for entry in real if entry.copies]
    first = sum(entry.copies[0].host.quirk in OBTAINABLE for entry in open_works)
    some = sum(any(copy.host.quirk in OBTAINABLE for copy in entry.copies) for entry in open_works)
    assert len(real) >= 400
    assert 0.35 <= len(open_works) / len(real) <= 0.7
    assert 0.6 <= first / len(open_works) <= 0.8
    assert first < some < len(open_works)
    assert any(not entry.in_crossref for entry in real)


def test_a_work_has_one_publisher_at_most() -> None:
    world = build_world(made_up_works(900), seed=0)
    assert all(sum(copy.host.is_publisher for copy in entry.copies) <= 1 for entry in world.entries)


def test_few_works_make_a_host_ask_for_patience() -> None:
    world = build_world(made_up_works(900), seed=0)
    for quirk in (Quirk.BUSY, Quirk.ON_DEMAND):
        troubled = [
            copy for entry in world.entries for copy in entry.copies if copy.host.quirk is quirk and copy.troubled
        ]
        assert len(troubled) == MAX_TROUBLED


def test_a_work_of_the_catalogue_is_found_open_and_downloaded(tmp_path: Path) -> None:
    with StandIn(StandInSettings(log_path=tmp_path / "log")) as standin:
        entry, copy = held_by(standin, Quirk.DIRECT)
        pdf = get(at(standin, copy, copy.pdf_path)).content
        assert get(f"{standin.url}/openalex/works/{entry.openalex_id}").json()["open_access"]["is_oa"]
    assert pdf.startswith(b"%PDF-")
    assert audit(tmp_path / "log") == []


def test_the_log_is_plain_json_lines(standin: StandIn) -> None:
    get(f"{standin.url}{SINGLE}")
    lines(standin, 1)
    line = json.loads(standin.log_path.read_text().splitlines()[0])
    assert {"time", "finished", "host", "service", "bucket", "method", "path", "status", "in_flight", "client"} <= set(
        line
    )
