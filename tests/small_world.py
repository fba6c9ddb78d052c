"""A small stand-in world and PDFs that cite its works, for tests from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pymupdf

from dl_lit.concurrent_pipeline import ConcurrentPipelineOrchestrator, Plan, RunSummary
from dl_lit.config import Settings, load_settings
from dl_lit.library import Library
from dl_lit.model import Person
from dl_lit.standin import catalogue
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.store.database import Database
from dl_lit.store.records import LibraryCounts
from dl_lit.store.store import Store

EMAIL = "tester@small-world.invalid"
LINE = 100  # characters of a printed line


def works(number: int, *, kind: str = "journal-article") -> list[CatalogueWork]:
    """The first works of the catalogue that have a DOI, authors, volume and pages."""
    fit = [w for w in catalogue.load() if w.doi and w.authors and w.pages and w.volume and w.type == kind]
    return [w for w in fit if len(w.title) > 25 and w.language == "en"][:number]


def name_of(person: Person) -> str:
    if not person.family:
        return person.name or ""
    initials = " ".join(f"{part[0]}." for part in (person.given or "").split())
    return f"{person.family}, {initials}".strip(", ")


def printed(work: CatalogueWork, *, doi: bool) -> str:
    """The work as a reference in a common author-year form."""
    authors = ", ".join(name_of(person) for person in work.authors[:6])
    issue = f"({work.issue})" if work.issue else ""
    title = f"{work.title}: {work.subtitle}" if work.subtitle else work.title
    text = f"{authors} ({work.year}). {title}. {work.container}, {work.volume}{issue}, {work.pages}."
    return f"{text} https://doi.org/{work.doi}" if doi else text


def write_pdf(path: Path, title: str, references: Sequence[str]) -> Path:
    """A one-column paper with a numbered list."""
    document = pymupdf.open()
    page = document.new_page()
    lines = [title, "", "This paper was written for a test. It cites what is listed below.", "", "References", ""]
    for number, reference in enumerate(references, 1):
        text = f"[{number}] {reference}"
        while text:
            cut = text.rfind(" ", 0, LINE) if len(text) > LINE else len(text)
            cut = cut if cut > 0 else LINE
            lines.append(text[:cut])
            text = text[cut:].strip()
    at = 72.0
    for line in lines:
        if at > 760:
            page, at = document.new_page(), 72.0
        page.insert_text((60, at), line, fontsize=9, fontname="tiro")
        at += 13
    document.save(path)
    document.close()
    return path


def settings(url: str, *, fetched: bool = False, **pipeline: Any) -> Settings:
    """Settings for a run against the stand-in at `url`, quick to give up waiting. Unless `fetched`, runs of one test
    know nothing of each other."""
    return load_settings(
        services_url=url,
        overrides={
            "contact": {"email": EMAIL},
            "catalogue": {"fetched": fetched},
            "pipeline": {"patience_seconds": 0.0, "poll_seconds": 0.1, "extraction_workers": 1, **pipeline},
        },
    )


def run(url: str, pdfs: Path, library: Path, **pipeline: Any) -> RunSummary:
    plan = Plan((pdfs,), "test")
    return ConcurrentPipelineOrchestrator(settings(url, **pipeline), Library.at(library), plan).run()


def counts(library: Path) -> LibraryCounts:
    with Database.open(Library.at(library).database) as database:
        return Store(database).counts()
