"""Works whose copies lie where a benchmark wants them, and a library in which they wait for their download."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import cast

import pymupdf
from enrichment_bench.papers import as_work

from dl_lit.config import Services
from dl_lit.config import Store as StoreSettings
from dl_lit.intake import identify
from dl_lit.model import (
    CopyVersion,
    Decision,
    Enrichment,
    Extraction,
    Location,
    NoMetadataRow,
    PdfRow,
    Person,
    Queueing,
    Reference,
    Stage,
    WithMetadataRow,
    Work,
)
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.copies import PYMUPDF_LOCK
from dl_lit.standin.hosts import Gives, Host
from dl_lit.standin.server import StandIn
from dl_lit.standin.world import Copy, World, with_copies
from dl_lit.store.database import Database
from dl_lit.store.store import Store

OWNER = "the benchmark"
SUBJECTS = ("glaciers", "bees", "opera", "taxation", "enzymes", "bridges", "proverbs", "harbours", "violins", "maps")
PLACES = ("the north", "small towns", "two valleys", "the islands", "old archives", "a border region", "the city")


@dataclass(frozen=True, slots=True)
class Placed:
    """A work and the hosts that have it, the one that the index prefers first."""

    work: CatalogueWork
    hosts: tuple[Host, ...]

    @property
    def copies(self) -> tuple[Copy, ...]:
        """At hosts that make some wait, each third work is one of them."""
        waits = int(self.work.key.removeprefix("work")) % 3 == 0
        return tuple(Copy(host, self.work.key, CopyVersion.PUBLISHED, "cc-by", waits) for host in self.hosts)


def made_up(number: int) -> CatalogueWork:
    place = PLACES[number // len(SUBJECTS) % len(PLACES)]
    return CatalogueWork(
        key=f"work{number:04}",
        title=f"On {SUBJECTS[number % len(SUBJECTS)]} in {place}, report number {number} of the survey",
        year=1950 + number % 70,
        type="journal-article",
        language="en",
        cited_by=0,
        authors=(Person(family=f"Writer{number}", given="Ada"),),
        container="Journal of Surveys",
        volume=str(number),
        pages=f"{number + 1}-{number + 9}",
        doi=f"10.5555/survey.{number}",
    )


@cache
def small_copy(work: CatalogueWork, *, version: CopyVersion, seed: int) -> bytes:
    """Three pages; the same arguments give the same bytes."""
    head = f"{work.title}\n{work.authors[0].family}, Ada\nhttps://doi.org/{work.doi}\n"
    with PYMUPDF_LOCK, pymupdf.open() as document:
        for number in range(3):
            text = (
                f"{head if number == 0 else ''}Page {number + 1}. Much has been written on this, little was measured."
            )
            document.new_page().insert_text((60, 72), text, fontsize=9)
        return bytes(document.tobytes(no_new_id=True))


def padded_copy(size: int) -> Callable[..., bytes]:
    """Makes copies of `size` bytes: behind the file's own end stands a long comment, and its end once more."""

    @cache
    def copy(work: CatalogueWork, *, version: CopyVersion, seed: int) -> bytes:
        pdf = small_copy(work, version=version, seed=seed)
        table = pdf[pdf.rindex(b"startxref") :]
        return pdf + b"%" + b"x" * (size - len(pdf) - len(table) - 2) + b"\n" + table

    return copy


def arranged(placed: Sequence[Placed]) -> Callable[[World], World]:
    copies = {one.work.key: one.copies for one in placed}
    return lambda world: with_copies(world, copies)


def waiting_library(folder: Path, placed: Sequence[Placed], standin: StandIn) -> list[Path]:
    """A library that has read, recognised and queued the works, and the paper that cites them."""
    folder.mkdir(parents=True, exist_ok=True)
    paper = folder.with_name(f"{folder.name}.pdf")
    paper.write_bytes(b"%PDF-1.4\n% read already: " + folder.name.encode())
    store = Store(Database.open(folder / "literature.db", StoreSettings(), create=True))
    try:
        run = store.start_run(OWNER, "bench", {})
        store.add_pdfs(run, [identify(paper)])
        [row] = store.claim(Stage.EXTRACTION, OWNER, 1, 60)
        references = tuple(Reference(one.work.key, position=n) for n, one in enumerate(placed, 1))
        store.finish_extraction(cast(PdfRow, row), OWNER, Extraction(pages=9, backend="bench", references=references))
        _recognise(store, placed, standin)
        store.finish_run(run, {}, 0)
    finally:
        store.close()
    return [paper]


def _recognise(store: Store, placed: Sequence[Placed], standin: StandIn) -> None:
    works = {one.work.key: _work(one, standin) for one in placed}
    for row in store.claim(Stage.ENRICHMENT, OWNER, len(placed), 600):
        known = cast(NoMetadataRow, row)
        store.finish_enrichment(known, OWNER, Enrichment(Decision.ACCEPTED, works[known.reference.raw]))
    for row in store.claim(Stage.QUEUEING, OWNER, len(placed), 600):
        work = cast(WithMetadataRow, row)
        number = int((work.work.doi or "").rpartition(".")[2])
        store.finish_queueing(work, OWNER, Queueing(priority=-float(number)))


def _work(placed: Placed, standin: StandIn) -> Work:
    locations = tuple(location(standin, copy) for copy in placed.copies)
    return replace(as_work(placed.work), locations=locations, sources=("openalex", "unpaywall"))


def location(standin: StandIn, copy: Copy) -> Location:
    """As an index gives it; the landing page is the host's own and not doi.org, which would set the pace for all."""
    page = standin.addresses.at(copy.host, copy.landing_path)
    return Location(
        source="openalex",
        pdf_url=standin.addresses.pdf(copy),
        landing_url=page if copy.host.gives is not Gives.PDF else None,
        version=copy.version,
        licence=copy.licence,
    )


def hosts_only(folder: Path, **settings: str) -> Mapping[str, str]:
    """Settings of a run that asks file hosts and no index, and shares its politeness with no other program here."""
    indexes = [name for name in Services.model_fields if name not in ("grobid", "llm", "doi", "arxiv")]
    off = {f"DL_LIT_SERVICES__{name.upper()}__ENABLED": "false" for name in indexes}
    return {**off, "DL_LIT_NETWORK__STATE_DIR": str(folder / "state"), **settings}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
