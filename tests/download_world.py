"""File hosts for tests of the downloader: many loopback addresses, one real server, PDFs made on the spot."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pymupdf

from dl_lit.config import Services, Settings
from dl_lit.download.downloader import Downloader, Pauses
from dl_lit.download.job import Park
from dl_lit.download.verify import Expectation, Verdict, verify_file
from dl_lit.library import Library
from dl_lit.model import CopyVersion, Download, Location, Person, ToDownloadRow, Work
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.network import Network
from dl_lit.services.registry import ServiceSet
from httpserver import Arrival, LocalServer, Reply

TITLE = "Observations of glaciers in the northern valleys"
DOI = "10.1000/glaciers.7"
WORK = Work(
    title=TITLE,
    authors=(Person(family="Berglund", given="Astrid"), Person(family="Oduya", given="Femi")),
    year=2011,
    pages="101-109",
    type="journal-article",
    doi=DOI,
    sources=("crossref", "openalex"),
)

QUICK = Pauses(again=0.01, offline=30.0)

Handler = Reply | Callable[[Arrival], Reply]


@cache
def pdf(title: str = TITLE, *, pages: int = 3, extra: str = "", password: str | None = None) -> bytes:
    """A PDF with the title and a line of text on its first page, and some text on the others."""
    with pymupdf.open() as document:
        for number in range(pages):
            text = (
                f"{title}\nAstrid Berglund and Femi Oduya\n{extra}" if number == 0 else f"Page {number + 1} of the text"
            )
            page = document.new_page()
            page.insert_text(
                (60, 72), text + "\nMuch has been written on this, and little of it was measured before.", fontsize=9
            )
        encryption = pymupdf.PDF_ENCRYPT_AES_256  # type: ignore[attr-defined]
        options = {"encryption": encryption, "user_pw": password} if password else {}
        return bytes(document.tobytes(**options))


def html(body: str = "", *, head: str = "", heading: str = "A page", status: int = 200, **headers: str) -> Reply:
    text = f"<!DOCTYPE html><html><head><title>{heading}</title>{head}</head><body>{body}</body></html>"
    return Reply(
        status, text.encode(), {"Content-Type": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


CHALLENGE = html("<p>Checking</p>", heading="Just a moment...", status=403, cf_mitigated="challenge")


def meta(**values: str) -> str:
    return "".join(f'<meta name="{name}" content="{value}">' for name, value in values.items())


def file(body: bytes | None = None, **headers: str) -> Reply:
    return Reply(200, pdf() if body is None else body, {"Content-Type": "application/pdf", **headers})


def redirect(url: str, status: int = 302, **headers: str) -> Reply:
    return Reply(status, b"", {"Location": url, **{name.replace("_", "-"): value for name, value in headers.items()}})


@dataclass(slots=True)
class Hosts:
    """`put("5/a.pdf", …)` is what http://127.0.0.5:port/a.pdf answers; anything else is 404."""

    server: LocalServer
    handlers: dict[str, Handler] = field(default_factory=dict)

    def put(self, place: str, handler: Handler) -> str:
        self.handlers[place] = handler
        return self.url(place)

    def url(self, place: str) -> str:
        return f"http://127.0.0.{place.partition('/')[0]}:{self.server.port}/{place.partition('/')[2]}"

    def answer(self, arrival: Arrival) -> Reply:
        handler = self.handlers.get(self.place(arrival), Reply(404, b"no"))
        return handler(arrival) if callable(handler) else handler

    def place(self, arrival: Arrival) -> str:
        number = arrival.headers["host"].partition(":")[0].rpartition(".")[2]
        return f"{number}{urlsplit(arrival.path).path}"

    @property
    def visited(self) -> list[str]:
        """The places asked for, in order; robots.txt and tdmrep.json left out."""
        places = [self.place(arrival) for arrival in self.server.arrivals]
        return [place for place in places if not place.endswith(("/robots.txt", "/tdmrep.json"))]


def in_process(path: Path, expectation: Expectation) -> Verdict:
    return verify_file(str(path), expectation)


@dataclass(slots=True)
class DownloadWorld:
    hosts: Hosts
    settings: Settings
    network: Network
    library: Library
    services: ServiceSet
    stop: threading.Event

    def downloader(self) -> Downloader:
        return Downloader(self.settings, self.network, self.services, self.library, in_process, pauses=QUICK)

    def get(
        self, *locations: Location | str, work: Work = WORK, printed_url: str | None = None, row_id: int = 7
    ) -> Download:
        """Runs one row to its end, waiting where the downloader says so."""
        return finish(self.downloader(), row(*locations, work=work, printed_url=printed_url, row_id=row_id))

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.library.pdfs.iterdir() if path.is_file())

    @property
    def left_over(self) -> list[str]:
        return sorted(path.name for path in (self.library.pdfs / ".incoming").glob("*.part"))

    @property
    def quarantined(self) -> list[str]:
        return sorted(path.name for path in self.library.quarantine.iterdir())


def row(
    *locations: Location | str, work: Work = WORK, printed_url: str | None = None, row_id: int = 7
) -> ToDownloadRow:
    """A queued work whose index named these copies; a bare string is the URL of a PDF."""
    copies = tuple(direct(one) if isinstance(one, str) else one for one in locations)
    values = {name: getattr(work, name) for name in work.__slots__}
    return ToDownloadRow(row_id, Work(**{**values, "locations": copies}), 0, 1.0, printed_url)


def direct(url: str, version: CopyVersion | None = CopyVersion.PUBLISHED, licence: str | None = "cc-by") -> Location:
    return Location(source="openalex", pdf_url=url, version=version, licence=licence)


def landing(url: str, version: CopyVersion | None = CopyVersion.PUBLISHED) -> Location:
    return Location(source="unpaywall", landing_url=url, version=version)


def finish(downloader: Downloader, what: ToDownloadRow, most_steps: int = 400) -> Download:
    job = downloader.start(what)
    rest = threading.Event()
    for _ in range(most_steps):
        outcome = downloader.step(job)
        if not isinstance(outcome, Park):
            return outcome
        assert outcome.seconds < 5, "a test that waits this long is wrong"
        rest.wait(outcome.seconds)
    raise AssertionError("the job does not end")


def outcomes(download: Download) -> Sequence[str]:
    return [attempt.outcome.value for attempt in download.attempts]


def kept_nothing(world: DownloadWorld) -> bool:
    """No file, no part of one, and never a page under a PDF's name."""
    return world.files == [] and world.left_over == []


@contextmanager
def download_world(
    folder: Path, services: ServiceSet | None = None, *, spacing: float = 0.01, **network: object
) -> Iterator[DownloadWorld]:
    """Hosts 127.0.0.2 to 127.0.0.9 at one port, which is the only one allowed."""
    with LocalServer(address="0.0.0.0") as server:
        hosts = Hosts(server)
        server.answer = hosts.answer
        settings = settings_for(server.port, spacing=spacing, **network)
        stop = threading.Event()
        net = Network(settings, MemoryLedger(), stop=stop)
        library = Library.at(folder / "library")
        library.make_folders()
        try:
            yield DownloadWorld(hosts, settings, net, library, services or ServiceSet(), stop)
        finally:
            net.close()


def settings_for(port: int, *, spacing: float = 0.01, **network: object) -> Settings:
    base = f"http://127.0.0.1:{port}"
    services = {name: {"base_url": f"{base}/{name}"} for name in Services.model_fields}
    values = {"allow_hosts": [f"127.0.0.{n}:{port}" for n in range(1, 10)], "connect_timeout": 2.0, **network}
    settings = Settings.model_validate({"services": services, "network": values})
    # A second between two requests at one host is for the world outside; here it would be most of the time.
    quick = settings.network.model_copy(update={"host_spacing": spacing})
    return settings.model_copy(update={"network": quick})
