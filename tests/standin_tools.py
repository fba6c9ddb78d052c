"""Works, copies and a plain client for the tests of the stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymupdf
import requests

from dl_lit.model import CopyVersion, Person
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.hosts import Quirk, with_quirk
from dl_lit.standin.server import StandIn
from dl_lit.standin.settings import StandInSettings
from dl_lit.standin.world import Copy, Entry

TOPICS = ("glaciers", "bees", "opera", "taxation", "enzymes", "bridges", "proverbs")
POLITE = {"User-Agent": "tests/1 (mailto:someone@uni-nord.de)"}


def made_up_works(count: int) -> tuple[CatalogueWork, ...]:
    """Open preprints with a DOI, a tenth of them at arXiv too."""
    return tuple(
        CatalogueWork(
            key=f"work{n:03}",
            title=f"Observations of {TOPICS[n % len(TOPICS)]}, number {n}",
            year=1980 + n % 40,
            type="posted-content",
            language="en",
            cited_by=n,
            authors=(Person(family=f"Author{n}", given="Ada"), Person(name="The Observers")),
            container="Journal of Observations",
            volume=str(n),
            pages=f"{1000 + n}-{1009 + n}",
            doi=f"10.1000/w{n:03}",
            pmid=str(7_000_000 + n),
            arxiv=f"2001.{n:05}" if n % 10 == 0 else None,
        )
        for n in range(count)
    )


def make_copy(work: CatalogueWork, *, version: CopyVersion, seed: int) -> bytes:
    """Three pages with the title and the version on each."""
    with pymupdf.open() as document:
        for _ in range(3):
            document.new_page().insert_text((72, 72), f"{work.title} {version} {seed}")
        return bytes(document.tobytes(no_new_id=True))


@contextmanager
def running(folder: Path, *, works: tuple[CatalogueWork, ...] | None = None, **settings: Any) -> Iterator[StandIn]:
    """A stand-in without latency; its log is `requests.jsonl` in the folder."""
    quick = {"service_latency": (0, 0), "host_latency": (0, 0), "log_path": folder / "requests.jsonl"}
    chosen = StandInSettings(**{**quick, **settings})
    with StandIn(chosen, works=works or made_up_works(150), make_copy=make_copy) as standin:
        yield standin


def freeze(standin: StandIn) -> None:
    """Let all requests from now on come at the same instant, so that limits do not depend on the machine's speed."""
    instant = standin.clock()
    standin.clock = lambda: instant


def get(url: str, **more: Any) -> requests.Response:
    """A GET over a connection of its own, redirects not followed."""
    more = {"headers": POLITE, "allow_redirects": False, "timeout": 20, **more}
    with requests.Session() as session:
        return session.get(url, **more)


def held_by(standin: StandIn, quirk: Quirk, *, troubled: bool = False) -> tuple[Entry, Copy]:
    """Some work that the host with this quirk holds."""
    if (host := with_quirk(quirk)).rare:
        entry = standin.world.entries[0]
        return entry, Copy(host, entry.work.key, CopyVersion.PUBLISHED, "cc-by")
    for entry in standin.world.entries:
        for copy in entry.copies:
            if copy.host.quirk is quirk and copy.troubled == troubled:
                return entry, copy
    raise LookupError(f"no work at {quirk}")


def at(standin: StandIn, copy: Copy, path: str) -> str:
    return f"http://{copy.host.address}:{standin.port}{path}"


def pages_of(pdf: bytes) -> int:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return len(document)
