"""Transfers that break off: the rest is asked for, and never put to what it is not the rest of."""

from __future__ import annotations

import gzip
import hashlib
import json
import multiprocessing
import random
import re
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any

import psutil
import pymupdf
import pytest

from dl_lit.download import resuming
from dl_lit.download.downloader import Downloader
from dl_lit.download.shelf import Shelf
from dl_lit.errors import DiskFull
from dl_lit.library import Library
from dl_lit.model import Download, DownloadReason
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.network import Network
from dl_lit.processes.owners import owner_of, parts_of
from dl_lit.services.registry import ServiceSet
from download_world import (
    QUICK,
    DownloadWorld,
    download_world,
    file,
    finish,
    in_process,
    outcomes,
    pdf,
    row,
    settings_for,
)
from httpserver import Arrival, Reply

BODY = pdf(pages=12)
TORN_AT = 3000
ETAG = '"one"'
OLD = formatdate(1_000_000_000, usegmt=True)
LIMIT = 30.0  # seconds that nothing here takes


@pytest.fixture
def world(tmp_path: Path) -> Iterator[DownloadWorld]:
    with download_world(tmp_path) as made:
        yield made


@dataclass(slots=True)
class Host:
    """Serves a file by the book (RFC 9110), but breaks off the first answers at the places in `torn`."""

    body: bytes = BODY
    validators: dict[str, str] = field(default_factory=lambda: {"ETag": ETAG})
    torn: list[int] = field(default_factory=lambda: [TORN_AT])
    ranges: bool = True
    arrivals: list[Arrival] = field(default_factory=list)

    def __call__(self, arrival: Arrival) -> Reply:
        self.arrivals.append(arrival)
        wanted = re.fullmatch(r"bytes=(\d+)-", arrival.headers.get("range", "")) if self.ranges else None
        if wanted and arrival.headers.get("if-range") in self.validators.values():
            return self.part(int(wanted[1]))
        return self.answer("200 OK", self.body)

    def part(self, start: int, **headers: str) -> Reply:
        if start >= len(self.body):
            return self.answer("416 Range Not Satisfiable", b"")
        told = {"Content-Range": f"bytes {start}-{len(self.body) - 1}/{len(self.body)}", **headers}
        return self.answer("206 Partial Content", self.body[start:], start=start, **told)

    def answer(self, status: str, body: bytes, start: int = 0, **headers: str) -> Reply:
        end = self.torn.pop(0) - start if self.torn else len(body)
        date = formatdate(usegmt=True)
        told = {"Date": date, "Content-Length": str(len(body)), **self.validators, **headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value)
        return Reply(raw=[f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body[:end]])

    @property
    def asked(self) -> list[str]:
        """The ranges asked for, in order; "" for the whole."""
        return [arrival.headers.get("range", "") for arrival in self.arrivals]


def came_whole(world: DownloadWorld, download: Download, body: bytes = BODY) -> bool:
    assert download.file is not None
    assert download.file.sha256 == hashlib.sha256(body).hexdigest()
    assert download.file.bytes == len(body)
    assert [path.name for path in incoming(world.library)] in ([], ["7.json"])
    return (world.library.pdfs / download.file.file_name).read_bytes() == body


def incoming(library: Library) -> list[Path]:
    return sorted((library.pdfs / ".incoming").iterdir())


# ── going on ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("validators", [{"ETag": ETAG}, {"Last-Modified": OLD}, {"ETag": ETAG, "Last-Modified": OLD}])
def test_the_rest_of_a_torn_file_is_asked_for_within_the_run(world: DownloadWorld, validators: dict[str, str]) -> None:
    host = Host(validators=validators)
    download = world.get(world.hosts.put("2/a.pdf", host))
    assert came_whole(world, download)
    assert host.asked == ["", f"bytes={TORN_AT}-"]
    assert host.arrivals[1].headers["if-range"] == validators.get("ETag", OLD)
    assert host.arrivals[1].headers["accept-encoding"] == "identity"
    assert outcomes(download) == ["success"]


def test_the_next_run_goes_on_where_the_last_one_gave_up(world: DownloadWorld) -> None:
    host = Host(torn=[2000, 3000, 4000])
    url = world.hosts.put("2/a.pdf", host)
    assert world.get(url).reason is DownloadReason.TRUNCATED
    [part, note] = [path for path in incoming(world.library) if ".part" in path.name]
    assert part.read_bytes() == BODY[:3000]
    told = json.loads(note.read_text())
    assert (told["url"], told["etag"], told["length"]) == (url, ETAG, len(BODY))
    assert came_whole(world, world.get(url))
    assert host.asked == ["", "bytes=2000-", "bytes=3000-", "bytes=4000-"]


def large(kilobytes: int) -> bytes:
    """A PDF of some size: MuPDF reads what stands before its cross references, and nothing else is asked of it here."""
    with pymupdf.open(stream=BODY, filetype="pdf") as document:
        document.embfile_add("filling", random.Random(1).randbytes(kilobytes * 1024))
        return bytes(document.tobytes())


def test_a_large_file_over_a_bad_line_comes_on_with_each_try(world: DownloadWorld) -> None:
    body = large(800)
    places = list(range(100_000, 800_000, 100_000))
    host = Host(body=body, torn=list(places))
    download = world.get(world.hosts.put("2/a.pdf", host))
    assert came_whole(world, download, body)
    assert host.asked == ["", *(f"bytes={place}-" for place in places)]
    assert outcomes(download) == ["success"]


def test_a_file_that_is_torn_at_one_place_for_ever_comes_to_an_end(world: DownloadWorld) -> None:
    host = Host(body=large(200), ranges=False, torn=[150_000] * 100)
    download = world.get(world.hosts.put("2/a.pdf", host))
    assert download.reason is DownloadReason.TRUNCATED
    assert download.attempts[0].bytes == 150_000
    assert host.asked == ["", "bytes=150000-", "bytes=150000-"]


def test_a_part_belongs_to_its_address(world: DownloadWorld) -> None:
    first, second = Host(torn=[2000, 2000]), Host(torn=[])
    torn, whole = world.hosts.put("2/a.pdf", first), world.hosts.put("3/b.pdf", second)
    assert came_whole(world, world.get(torn, whole))
    assert second.asked == [""]


def test_a_busy_host_costs_no_bytes_that_have_come(world: DownloadWorld) -> None:
    host = Host()

    refused: list[bool] = []

    def busy(arrival: Arrival) -> Reply:
        refused.append(len(host.arrivals) == 1 and True not in refused)
        return Reply(503, b"") if refused[-1] else host(arrival)

    url = world.hosts.put("2/a.pdf", busy)
    assert world.get(url).reason is DownloadReason.BAD_STATUS
    assert came_whole(world, world.get(url))
    assert host.asked == ["", f"bytes={TORN_AT}-"]


def test_a_file_of_unknown_length_is_gone_on_with(world: DownloadWorld) -> None:
    host = Host()

    def unsized(arrival: Arrival) -> Reply:
        if host.arrivals:
            return host(arrival)
        host.arrivals.append(arrival)
        head = f"HTTP/1.1 200 OK\r\nETag: {ETAG}\r\nTransfer-Encoding: chunked\r\n\r\n{TORN_AT:x}\r\n"
        host.torn.clear()
        return Reply(raw=[head.encode() + BODY[:TORN_AT]])

    assert came_whole(world, world.get(world.hosts.put("2/a.pdf", unsized)))
    assert host.asked == ["", f"bytes={TORN_AT}-"]


# ── beginning anew ───────────────────────────────────────────────────────────────────────────────────────


def test_a_host_that_knows_no_ranges_sends_the_whole_again(world: DownloadWorld) -> None:
    host = Host(ranges=False)
    assert came_whole(world, world.get(world.hosts.put("2/a.pdf", host)))
    assert host.asked == ["", f"bytes={TORN_AT}-"]


def test_a_file_that_changed_meanwhile_is_taken_from_its_beginning(world: DownloadWorld) -> None:
    host = Host()
    other = pdf(pages=14)

    def changing(arrival: Arrival) -> Reply:
        if host.arrivals:
            host.body, host.validators = other, {"ETag": '"two"'}
        return host(arrival)

    assert came_whole(world, world.get(world.hosts.put("2/a.pdf", changing)), other)


LIES: dict[str, Callable[[Host], Reply]] = {
    "another place": lambda host: host.part(TORN_AT, **{"Content-Range": f"bytes 0-{len(BODY) - 1}/{len(BODY)}"}),
    "another length": lambda host: host.part(
        TORN_AT, **{"Content-Range": f"bytes {TORN_AT}-{len(BODY)}/{len(BODY) + 1}"}
    ),
    "an unknown length": lambda host: host.part(TORN_AT, **{"Content-Range": f"bytes {TORN_AT}-{len(BODY) - 1}/*"}),
    "an end behind the end": lambda host: host.part(
        TORN_AT, **{"Content-Range": f"bytes {TORN_AT}-{len(BODY)}/{len(BODY)}"}
    ),
    "no range": lambda host: host.part(TORN_AT, **{"Content-Range": ""}),
    "another unit": lambda host: host.part(TORN_AT, **{"Content-Range": "pages 3-4/9"}),
    "another version": lambda host: host.part(TORN_AT, ETag='"two"'),
    "no version": lambda host: host.part(TORN_AT, ETag=""),
    "compressed": lambda host: host.part(TORN_AT, **{"Content-Encoding": "gzip"}),
    "a part of it only": lambda host: host.part(
        TORN_AT, **{"Content-Range": f"bytes {TORN_AT}-{len(BODY) - 2}/{len(BODY)}"}
    ),
    "nothing there": lambda host: host.part(len(BODY)),
    "no ranges here": lambda host: Reply(403, b"The signature covers no Range."),
}


@pytest.mark.parametrize("lie", list(LIES))
def test_what_is_not_surely_the_rest_is_asked_for_as_a_whole(world: DownloadWorld, lie: str) -> None:
    host = Host()

    def lying(arrival: Arrival) -> Reply:
        if "range" not in arrival.headers:
            return host(arrival)
        host.arrivals.append(arrival)
        return LIES[lie](host)

    download = world.get(world.hosts.put("2/a.pdf", lying))
    assert came_whole(world, download)
    assert host.asked == ["", f"bytes={TORN_AT}-", ""]
    assert outcomes(download) == ["success"]


def test_a_rest_of_other_bytes_is_found_out_and_the_whole_asked_for(world: DownloadWorld) -> None:
    host = Host()

    def lying(arrival: Arrival) -> Reply:
        if "range" not in arrival.headers:
            return host(arrival)
        host.arrivals.append(arrival)
        told = {"Content-Range": f"bytes {TORN_AT}-{len(BODY) - 1}/{len(BODY)}"}
        return host.answer("206 Partial Content", b"x" * (len(BODY) - TORN_AT), 0, **told)

    assert came_whole(world, world.get(world.hosts.put("2/a.pdf", lying)))
    assert host.asked == ["", f"bytes={TORN_AT}-", ""]


def test_a_host_that_only_lies_comes_to_an_end(world: DownloadWorld) -> None:
    host = Host(torn=[TORN_AT, TORN_AT, TORN_AT, TORN_AT, TORN_AT])

    def lying(arrival: Arrival) -> Reply:
        if "range" not in arrival.headers:
            return host(arrival)
        host.arrivals.append(arrival)
        told = {"Content-Range": f"bytes {TORN_AT}-{len(BODY) - 1}/{len(BODY)}", "ETag": ETAG}
        return Reply(206, b"x" * (len(BODY) - TORN_AT), told)

    download = world.get(world.hosts.put("2/a.pdf", lying))
    assert download.file is None
    assert len(host.arrivals) <= 4


NO_WAY_BACK: list[dict[str, str]] = [
    {},
    {"ETag": 'W/"one"'},
    {"ETag": "one"},
    {"Last-Modified": formatdate(4_000_000_000, usegmt=True)},
    {"Last-Modified": "yesterday"},
    {"ETag": ETAG, "Accept-Ranges": "none"},
]


@pytest.mark.parametrize("validators", NO_WAY_BACK)
def test_without_a_strong_validator_no_rest_is_asked_for(world: DownloadWorld, validators: dict[str, str]) -> None:
    host = Host(validators=validators)
    assert came_whole(world, world.get(world.hosts.put("2/a.pdf", host)))
    assert host.asked == ["", ""]


def test_a_compressed_body_is_never_gone_on_with(world: DownloadWorld) -> None:
    packed = gzip.compress(BODY, mtime=0)
    host = Host(body=packed, validators={"ETag": ETAG, "Content-Encoding": "gzip"}, torn=[len(packed) - 20])
    assert came_whole(world, world.get(world.hosts.put("2/a.pdf", host)))
    assert host.asked == ["", ""]


def test_a_file_that_is_gone_leaves_nothing(world: DownloadWorld) -> None:
    host = Host(torn=[2000, 3000])
    url = world.hosts.put("2/a.pdf", host)
    world.get(url)
    assert any(".part" in path.name for path in incoming(world.library))
    world.hosts.put("2/a.pdf", Reply(404, b"no"))
    assert world.get(url).reason is DownloadReason.GONE
    assert incoming(world.library) == []


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_limit_of_size_holds_for_the_sum(tmp_path: Path) -> None:
    with download_world(tmp_path, max_file_mb=4000 / (1 << 20)) as world:
        host = Host()

        def unsized(arrival: Arrival) -> Reply:
            if host.arrivals:
                return host(arrival)
            host.arrivals.append(arrival)
            host.torn.clear()
            head = f"HTTP/1.1 200 OK\r\nETag: {ETAG}\r\nTransfer-Encoding: chunked\r\n\r\n{TORN_AT:x}\r\n"
            return Reply(raw=[head.encode() + BODY[:TORN_AT]])

        assert world.get(world.hosts.put("2/a.pdf", unsized)).reason is DownloadReason.TOO_LARGE
        assert host.asked == ["", f"bytes={TORN_AT}-"]
        assert incoming(world.library) == []


def waiting_part(library: Library, url: str, seconds: float = 0.0, **changed: Any) -> Path:
    Shelf(library)
    part = library.pdfs / ".incoming" / f"7-{resuming.key_of(url)}.part"
    part.write_bytes(BODY[:TORN_AT])
    begun = {"key": resuming.key_of(url), "url": url, "etag": ETAG, "last_modified": None, "length": len(BODY)}
    told = begun | {"seconds": seconds, "at": part.stat().st_mtime} | changed
    resuming.beside(part).write_text(json.dumps(told))
    return part


@pytest.mark.parametrize(("seconds", "asked"), [(10.0, [f"bytes={TORN_AT}-"]), (19.5, [""]), (1e9, [""])])
def test_the_limit_of_time_holds_for_the_sum(tmp_path: Path, seconds: float, asked: list[str]) -> None:
    with download_world(tmp_path, total_timeout=20.0) as world:
        host = Host(torn=[])
        url = world.hosts.put("2/a.pdf", host)
        waiting_part(world.library, url, seconds)
        assert came_whole(world, world.get(url))
        assert host.asked == asked


def test_a_rest_has_only_the_time_that_is_left(tmp_path: Path) -> None:
    with download_world(tmp_path, read_timeout=10.0, total_timeout=20.0) as world:

        def silent(arrival: Arrival) -> Reply:
            world.hosts.server.closing.wait(LIMIT)
            return Reply(404, b"")

        url = world.hosts.put("2/a.pdf", silent)
        waiting_part(world.library, url, 18.5)
        begun = time.monotonic()
        downloader = world.downloader()
        downloader.step(downloader.start(row(url)))
        assert time.monotonic() - begun < 8.0


# ── on the disk ──────────────────────────────────────────────────────────────────────────────────────────

NONSENSE: list[dict[str, Any]] = [
    {"etag": None},
    {"etag": 7},
    {"key": "elsewhere"},
    {"length": "many"},
    {"length": 10},
    {"seconds": "long"},
    {"more": 1},
    {"etag": '"a"\r\nX: y'},
]


@pytest.mark.parametrize("changed", NONSENSE)
def test_a_part_whose_note_makes_no_sense_is_begun_anew(world: DownloadWorld, changed: dict[str, Any]) -> None:
    host = Host(torn=[])
    url = world.hosts.put("2/a.pdf", host)
    waiting_part(world.library, url, **changed)
    assert came_whole(world, world.get(url))
    assert host.asked == [""]


def test_only_parts_that_can_be_gone_on_with_are_left(world: DownloadWorld) -> None:
    good = waiting_part(world.library, "http://127.0.0.2/a.pdf")
    folder = good.parent
    (folder / "8-0123456789abcdef.part").write_bytes(b"%PDF-without a note")
    (folder / "9-0123456789abcdef.part.json").write_text("{}")
    process = multiprocessing.get_context("spawn").Process(target=time.monotonic)
    process.start()
    host, pid, start = (part.replace("-", "_") for part in parts_of(owner_of(psutil.Process(process.pid))))
    process.join(LIMIT)
    Shelf(world.library)
    dead = folder / f"5-{host}-{pid}-{start}-1.part"
    dead.write_bytes(b"%PDF-half")
    good.rename(dead.with_name(dead.name.replace("5-", "6-", 1)))
    resuming.beside(good).rename(resuming.beside(dead.with_name(dead.name.replace("5-", "6-", 1))))
    Shelf(world.library)
    assert [path.name for path in incoming(world.library)] == [
        good.name.replace("7-", "6-", 1),
        resuming.beside(good).name.replace("7-", "6-", 1),
    ]


def fetch_until_killed(folder: Path, port: int, url: str) -> None:
    network = Network(settings_for(port), MemoryLedger(), stop=threading.Event())
    library = Library.at(folder)
    finish(Downloader(settings_for(port), network, ServiceSet(), library, in_process, pauses=QUICK), row(url))


def test_a_killed_process_leaves_what_the_next_one_goes_on_with(world: DownloadWorld) -> None:
    host = Host(torn=[])

    def held_up(arrival: Arrival) -> Reply:
        if host.arrivals:
            return host(arrival)
        host.arrivals.append(arrival)
        head = f"HTTP/1.1 200 OK\r\nETag: {ETAG}\r\nContent-Length: {len(BODY)}\r\n\r\n"
        return Reply(raw=slowly(head.encode() + BODY[:TORN_AT]))

    def slowly(start: bytes) -> Iterator[bytes]:
        yield start
        killed.wait(LIMIT)

    killed = threading.Event()
    url = world.hosts.put("2/a.pdf", held_up)
    arguments = (world.library.folder, world.hosts.server.port, url)
    process = multiprocessing.get_context("spawn").Process(target=fetch_until_killed, args=arguments, daemon=True)
    process.start()
    wait_for_bytes(world.library, 1024)
    process.kill()
    process.join(LIMIT)
    killed.set()
    assert process.exitcode == -signal.SIGKILL
    assert came_whole(world, world.get(url))
    [first, second] = host.asked
    assert first == ""
    assert 0 < int(second.removeprefix("bytes=").removesuffix("-")) <= TORN_AT


def wait_for_bytes(library: Library, size: int) -> None:
    """Until the other process has written so much of the file."""
    end, rest = time.monotonic() + LIMIT, threading.Event()
    while time.monotonic() < end:
        if any(path.stat().st_size >= size for path in (library.pdfs / ".incoming").glob("*.part")):
            return
        rest.wait(0.02)
    raise AssertionError("nothing came")


def test_a_limit_on_file_sizes_stops_the_run_and_is_not_called_the_files_fault(world: DownloadWorld) -> None:
    """As under `ulimit -f`."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    url = world.hosts.put("2/a.pdf", file(pdf() + bytes(300_000)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        with pytest.raises(DiskFull, match="ulimit -f"):
            world.get(url)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert world.files == []
