"""Works for a stand-in, and a library that has read papers which cite them: enrichment alone is left to do.

The papers are works of the same world, so that publishers and indexes have lists of what they cite. Each list is what
the world says the paper cites, in its order; a share of the references print their DOI, a tenth no title.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from generated_works import World as Generator

from dl_lit.config import Store as StoreSettings
from dl_lit.extraction.parsing import parse_reference
from dl_lit.intake import identify
from dl_lit.model import Extraction, PdfRow, Person, Reference, Stage, Work
from dl_lit.standin import catalogue
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.citations import cited_by
from dl_lit.standin.world import Entry, build_world
from dl_lit.store.database import Database
from dl_lit.store.store import Store

GENERATED = 1200
OWNER = "the benchmark"
NO_TITLE = 0.1


@dataclass(frozen=True, slots=True)
class Paper:
    """`cited` are the world's keys of the works, in the order of the printed references."""

    doi: str
    references: tuple[Reference, ...]
    cited: tuple[str, ...]


def works() -> tuple[CatalogueWork, ...]:
    """The stand-in's own works and generated articles."""
    return (*catalogue.load(), *generated(GENERATED, seed=5))


def generated(count: int, seed: int) -> Iterator[CatalogueWork]:
    """Articles made up; a greater `count` begins with those of a smaller one."""
    return (_generated(number, fields) for number, fields in enumerate(Generator(seed=seed).works(count)))


def _generated(number: int, fields: dict[str, Any]) -> CatalogueWork:
    return CatalogueWork(
        key=f"generated{number}",
        title=fields["title"][0],
        year=fields["issued"]["date-parts"][0][0],
        type="journal-article",
        language="en",
        cited_by=number,
        authors=tuple(Person(family=one["family"], given=one["given"]) for one in fields["author"]),
        container=fields["container-title"][0],
        volume=fields["volume"],
        issue=fields["issue"],
        pages=fields["page"],
        doi=fields["DOI"],
    )


def as_work(made: CatalogueWork) -> Work:
    """As services tell it."""
    return Work(
        title=made.title,
        authors=made.authors,
        year=made.year,
        container=made.container,
        volume=made.volume,
        issue=made.issue,
        pages=made.pages,
        type=made.type,
        doi=made.doi,
        sources=("crossref", "openalex"),
    )


def papers(chosen: Sequence[CatalogueWork], count: int, *, dois: float, seed: int = 1) -> list[Paper]:
    """Papers with `count` references in all; the part `dois` of those that have a DOI print it."""
    world, pick = build_world(chosen, 0), random.Random(seed)
    citing = [entry for entry in world.entries if entry.in_crossref and not entry.is_parasite and entry.doi]
    pick.shuffle(citing)
    found: list[Paper] = []
    quota = _Quota(dois)
    left = count
    for entry in citing:
        if left <= 0:
            break
        cited = cited_by(world, entry)[:left]
        if cited:
            found.append(_paper(entry, cited, pick, quota))
            left -= len(cited)
    return found


class _Quota:
    """Keeps the share of references that print a DOI, although not all could."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._seen = self._granted = 0

    def grants(self, entry: Entry) -> bool:
        self._seen += 1
        granted = entry.doi is not None and self._granted < self._share * self._seen
        self._granted += granted
        return granted


def _paper(entry: Entry, cited: Sequence[Entry], pick: random.Random, quota: _Quota) -> Paper:
    printed = [_printed(one.work, show_doi=quota.grants(one), show_title=pick.random() >= NO_TITLE) for one in cited]
    references = tuple(
        replace(parse_reference(raw), position=number, label=str(number)) for number, raw in enumerate(printed, 1)
    )
    return Paper(entry.doi or "", references, tuple(one.work.key for one in cited))


def _printed(work: CatalogueWork, *, show_doi: bool, show_title: bool) -> str:
    people = ", ".join(one.name or f"{one.family}, {(one.given or '?')[0]}." for one in work.authors or work.editors)
    parts = [f"{people} ({work.year})."]
    if show_title or not (work.volume and work.pages):
        parts.append(f"{work.title}: {work.subtitle}." if work.subtitle else f"{work.title}.")
    parts.extend(_place(work))
    if show_doi and work.doi:
        parts.append(f"https://doi.org/{work.doi}")
    return " ".join(parts)


def _place(work: CatalogueWork) -> Iterator[str]:
    if work.container:
        issue = f"({work.issue})" if work.issue else ""
        numbers = ", ".join(part for part in (f"{work.volume}{issue}" if work.volume else "", work.pages) if part)
        yield f"{work.container}, {numbers}." if numbers else f"{work.container}."
    if work.publisher and not work.volume:
        yield f"{work.place}: {work.publisher}." if work.place else f"{work.publisher}."


def read_papers(folder: Path, library: Path, given: Sequence[Paper], *, own_dois: bool) -> list[Path]:
    """Writes a file for each paper, and a library which has read it; with `own_dois` it also knows the paper's DOI."""
    folder.mkdir(parents=True, exist_ok=True)
    library.mkdir(parents=True, exist_ok=True)
    paths = []
    store = Store(Database.open(library / "literature.db", StoreSettings(), create=True))
    try:
        run = store.start_run(OWNER, "bench", {})
        for number, paper in enumerate(given):
            path = folder / f"paper{number:03}.pdf"
            path.write_bytes(b"%PDF-1.4\n% read already: " + str(number).encode())
            store.add_pdfs(run, [identify(path)])
            [row] = store.claim(Stage.EXTRACTION, OWNER, 1, 60)
            doi = paper.doi if own_dois else None
            extraction = Extraction(pages=9, backend="bench", doi=doi, references=paper.references)
            store.finish_extraction(cast(PdfRow, row), OWNER, extraction)
            paths.append(path)
        store.finish_run(run, {}, 0)
    finally:
        store.close()
    return paths
