"""What becomes of a work whose only copy is at each host of the stand-in, and of redirects to where none may lead."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from urllib3.util.connection import create_connection

from dl_lit.download import resuming
from dl_lit.download.downloader import Downloader
from dl_lit.library import Library
from dl_lit.model import CopyVersion, Download, DownloadReason, Location, Work
from dl_lit.net import connections
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.network import Network
from dl_lit.services.registry import ServiceSet
from dl_lit.standin import quirks
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.hosts import HOSTS, Gives, Host, Quirk, with_quirk
from dl_lit.standin.quirks import inward_forms
from dl_lit.standin.server import StandIn
from dl_lit.standin.settings import StandInSettings
from dl_lit.standin.visits import Visit
from dl_lit.standin.wire import Reply, redirect
from dl_lit.standin.world import Copy, World, with_copies
from download_world import QUICK, finish, in_process, pdf, row, settings_for
from standin_tools import made_up_works

OUTCOMES = {
    Quirk.CHALLENGE: "blocked",
    Quirk.STUB: "blocked",
    Quirk.PROOF_OF_WORK: "blocked",
    Quirk.COOKIE_LOOP: "blocked_cookie",
    Quirk.LOGIN: "paywall",
    Quirk.PREVIEW: "preview",
    Quirk.TRUNCATED: "truncated",
    Quirk.WRONG_WORK: "wrong_work",
    Quirk.WRONG_META: "wrong_work",
    Quirk.OVERSIZED: "too_large",
    Quirk.GZIP_BOMB: "too_large",
    Quirk.INWARD: "address_refused",
    Quirk.GONE: "gone",
    Quirk.ROBOTS: "forbidden_by_robots",
    Quirk.EMPTY: "empty_body",
    Quirk.BROKEN: "bad_status",
    Quirk.UNREACHABLE: "connection",
    Quirk.ACCEPTED: "blocked",
    Quirk.TOKEN: "bad_status",
    Quirk.NOT_PDF: "wrong_type",
    Quirk.DAMAGED: "damaged",
    Quirk.ENCRYPTED: "encrypted",
    Quirk.MAZE: "redirect_loop",
    Quirk.ENDLESS: "too_large",
    Quirk.TRICKLE: "timeout",
    Quirk.QUEUE: "blocked",
    Quirk.GATE: "blocked",
    Quirk.SOFT_GONE: "gone",
}


ALLOWED = StandInSettings(
    service_latency=(0, 0),
    host_latency=(0, 0),
    drip_seconds=0.2,
    trickle_seconds=60.0,
    patience_seconds=1,
    oversized_bytes=30_000_000,
)
PEOPLE = made_up_works(12)


@dataclass(slots=True)
class Meeting:
    """A downloader, and a stand-in whose hosts have every work."""

    standin: StandIn
    downloader: Downloader
    library: Library

    def get(self, host: Host, number: int = 0, query: str = "") -> Download:
        work = PEOPLE[number]
        copy = Copy(host, work.key, CopyVersion.PUBLISHED, None)
        at = self.standin.addresses.at
        place = Location(
            source="openalex",
            pdf_url=None if host.gives is Gives.LANDING else at(host, copy.pdf_path) + query,
            landing_url=at(host, copy.landing_path) if host.gives is Gives.LANDING else None,
        )
        known = Work(title=work.title, authors=work.authors, year=work.year, pages=work.pages, doi=work.doi)
        return finish(self.downloader, row(place, work=known, row_id=number + 1))

    @property
    def left_over(self) -> list[str]:
        return sorted(path.name for path in (self.library.pdfs / ".incoming").iterdir() if ".part" in path.name)


def everywhere(world: World) -> World:
    """Each work at each host, half of the time at those that ask for patience."""
    copies = [Copy(host, "{}", CopyVersion.PUBLISHED, "cc-by", troubled=True) for host in HOSTS]
    return with_copies(
        world, {work.key: [replace(copy, slug=copy.slug.format(work.key)) for copy in copies] for work in PEOPLE}
    )


@pytest.fixture(scope="module")
def standin() -> Iterator[StandIn]:
    with StandIn(ALLOWED, works=PEOPLE, make_copy=titled_copy, arrange=everywhere) as standin:
        yield standin


def titled_copy(work: CatalogueWork, *, version: CopyVersion, seed: int) -> bytes:
    return pdf(work.title, extra=f"https://doi.org/{work.doi}")


@pytest.fixture
def meeting(standin: StandIn, tmp_path: Path) -> Iterator[Meeting]:
    settings = settings_for(
        standin.port,
        allow_hosts=[f"{host.address}:{standin.port}" for host in HOSTS],
        max_file_mb=20,
        total_timeout=2.0,
        read_timeout=1.5,
    )
    network = Network(settings, MemoryLedger(), stop=threading.Event())
    library = Library.at(tmp_path / "library")
    library.make_folders()
    services = ServiceSet()
    downloader = Downloader(settings, network, services, library, in_process, pauses=QUICK)
    yield Meeting(standin, downloader, library)
    network.close()


@pytest.mark.parametrize("host", [host for host in HOSTS if host.quirk not in OUTCOMES], ids=lambda host: host.quirk)
def test_a_patient_client_gets_its_copy(meeting: Meeting, host: Host) -> None:
    download = meeting.get(host)
    assert download.file is not None
    assert [attempt.outcome for attempt in download.attempts] == [DownloadReason.SUCCESS]
    assert meeting.left_over == []


@pytest.mark.parametrize("quirk", OUTCOMES, ids=str)
def test_what_a_host_does_is_recorded_in_one_row_with_its_word(meeting: Meeting, quirk: Quirk) -> None:
    download = meeting.get(with_quirk(quirk))
    assert (download.file, download.reason) == (None, DownloadReason(OUTCOMES[quirk]))
    assert [attempt.outcome.value for attempt in download.attempts] == [OUTCOMES[quirk]]
    assert list(meeting.library.pdfs.glob("*.pdf")) == []
    for name in meeting.left_over:
        assert resuming.read(resuming.part_of(meeting.library.pdfs / ".incoming" / name)) is not None


@pytest.mark.parametrize(
    ("quirk", "said"),
    [
        (Quirk.TDM_RESERVED, "header tdm-reservation: 1; tdmrep.json tdm-reservation: 1"),
        (Quirk.NOAI, "X-Robots-Tag: noai, noimageai"),
        (Quirk.DIRECT, None),
    ],
)
def test_what_a_host_reserves_is_noted_with_the_attempt_and_the_file(
    meeting: Meeting, quirk: Quirk, said: str | None
) -> None:
    download = meeting.get(with_quirk(quirk))
    assert download.file is not None
    assert download.file.reserved == download.attempts[-1].reserved == said


# Names that exist nowhere, and a path of the very host that sent it: nothing inside is dialled for either.
HARMLESS = {"１": ("gone", "connection"), "①": ("gone", "connection"), "\\": ("gone",)}


@pytest.mark.parametrize("number", range(len(inward_forms(1))), ids=[ascii(form) for form in inward_forms(1)])
def test_no_way_to_write_an_inner_address_gets_past_the_guard(
    meeting: Meeting, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled: list[str] = []
    real = create_connection

    def watched(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
        dialled.append(address[0])
        return real(address, *args, **kwargs)

    monkeypatch.setattr(connections, "create_connection", watched)
    expected = next((word for sign, word in HARMLESS.items() if sign in inward_forms(1)[number]), ("address_refused",))
    download = meeting.get(with_quirk(Quirk.INWARD), query=f"?form={number}")
    [attempt] = download.attempts
    assert attempt.outcome.value in expected
    assert set(dialled) == {with_quirk(Quirk.INWARD).address}


@pytest.mark.parametrize("inner", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1"])
@pytest.mark.parametrize("harmless_answers", [0, 1])
def test_a_name_that_resolves_inside_is_refused_at_its_second_look_up_too(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch, inner: str, harmless_answers: int
) -> None:
    """The look-ups are one at the redirect and one at the dialling, and it is the second's address that is dialled."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *args: Any, **kwargs: Any) -> Any:
        if host != "rebinding.example":
            return real(host, *args, **kwargs)
        asked.append(host)
        return real("93.184.215.14" if len(asked) <= harmless_answers else inner, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    host = with_quirk(Quirk.DIRECT)
    sent = SendsTo(f"http://rebinding.example:{meeting.standin.port}/a.pdf")
    monkeypatch.setitem(quirks.BEHAVIOURS, Quirk.DIRECT, sent)
    download = meeting.get(host)
    assert [attempt.outcome.value for attempt in download.attempts] == ["address_refused"]
    assert len(asked) == harmless_answers + 1


@dataclass(frozen=True, slots=True)
class SendsTo:
    target: str

    def __call__(self, visit: Visit) -> Reply:
        return redirect(self.target)
