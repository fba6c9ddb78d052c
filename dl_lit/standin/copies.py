"""The copies that stand-in hosts serve: short PDFs of catalogue works, with our own filler text."""

from __future__ import annotations

import random
import threading
from functools import cache

from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.citing import Citation, Face, direct_full, runs
from dl_lit.standin.prose import Prose
from dl_lit.standin.typesetting import Block, Look, Setter, Sheet, header

PYMUPDF_LOCK = threading.Lock()  # MuPDF is not safe to call from several threads, and the stand-in serves with many

MAX_PAGES = 48  # enough for a book; of more a copy need not be
_FILLERS = 6  # different pages of text
_LONG = ("book", "dissertation")
_TEXT = Look(11, 17, first=14, align="left", hyphenate=False)
_VERSIONS = {
    "publishedVersion": "stand-in copy of the published version",
    "acceptedVersion": "stand-in copy of the accepted manuscript",
    "submittedVersion": "stand-in copy of the submitted manuscript",
}


def copy_pdf(work: CatalogueWork, *, version: str = "publishedVersion", seed: int = 0) -> bytes:
    """A whole copy, up to MAX_PAGES: title, authors and DOI on the first. The same arguments give the same bytes."""
    pages = max(2, min(work.page_count or (MAX_PAGES if work.type in _LONG else 4), MAX_PAGES))
    return _pdf(work, pages, _VERSIONS.get(version, "stand-in copy"), f"{seed}:{work.key}:{version}")


def preview_pdf(work: CatalogueWork, *, seed: int = 0) -> bytes:
    """The one page that some hosts give away instead of the work."""
    return _pdf(work, 1, "stand-in copy, preview of the first page", f"{seed}:{work.key}:preview")


def _pdf(work: CatalogueWork, pages: int, note: str, seed: str) -> bytes:
    rng = random.Random(seed)
    with PYMUPDF_LOCK:
        setter = Setter(Sheet())
        setter.new_page()
        setter.full_width(_head(work, note))
        prose = Prose(*_shelf(work), rng)
        while len(setter.pages) == 1 and setter.y < setter.sheet.height * 0.6:
            setter.pour([Block(runs(prose.paragraph([], length=6)), _TEXT)])
        del setter.pages[1:]
        offset = rng.randrange(_FILLERS)
        for page in range(1, pages):
            setter.pages.append(list(_filler(*_shelf(work), (page + offset) % _FILLERS)))
        for page in range(pages):
            header(setter, page, 800, 8.5, (note, Face.ROMAN), str(page + 1))
        return setter.finish(_metadata(work))


def _shelf(work: CatalogueWork) -> tuple[str, str]:
    return ("de", "social") if work.language == "de" else ("en", work.field or "social")


@cache
def _filler(language: str, field: str, number: int) -> tuple[str, ...]:
    """One page of text, set once for all works of a field: setting every page anew would triple the time."""
    prose = Prose(language, field, random.Random(f"{language}:{field}:{number}"))
    setter = Setter(Sheet())
    setter.new_page()
    while len(setter.pages) == 1:
        setter.pour([Block(runs(prose.paragraph([], length=6)), _TEXT)])
    return tuple(setter.pages[0])


def _head(work: CatalogueWork, note: str) -> list[Block]:
    people = work.authors or work.editors
    source = " ".join(part for part in (work.container or work.publisher, work.volume, f"({work.year})") if part)
    lines = [
        (source, Look(9, 12, align="left", after=14)),
        (Citation(work).title(), Look(16, 20, align="left", after=8, hyphenate=False)),
        (", ".join(direct_full(person) for person in people), Look(11, 14, align="left", after=6)),
        (f"https://doi.org/{work.doi}" if work.doi else "", Look(9, 12, align="left", after=2, hyphenate=False)),
        (f"arXiv:{work.arxiv}" if work.arxiv else "", Look(9, 12, align="left", after=2)),
        (f"{note}; the text below is filler", Look(8.5, 11, align="left", after=16)),
    ]
    return [Block(runs(text), look) for text, look in lines if text]


def _metadata(work: CatalogueWork) -> dict[str, str]:
    date = f"D:{work.year}0101120000Z"
    return {
        "title": work.title,
        "author": "; ".join(direct_full(person) for person in work.authors),
        "creator": "dl-lit stand-in",
        "producer": "dl-lit stand-in",
        "creationDate": date,
        "modDate": date,
    }
