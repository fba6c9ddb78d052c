"""A library of given works, and commands on it whose words nobody reads: for checks of what goes out and comes in."""

from __future__ import annotations

import contextlib
import io

from dl_lit.cli.main import run
from dl_lit.library import Library
from dl_lit.model import Decision, Enrichment, Extraction, NoMetadataRow, PdfFile, PdfRow, Reference, Stage, Work
from dl_lit.store.database import Database
from dl_lit.store.store import Store

OWNER = "the check"
ENDINGS = {"bibtex": "bib", "biblatex": "bib", "ris": "ris", "csl-json": "json", "json": "json"}  # by format


def quietly(command: list[str]) -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run(command)
    if code:
        raise SystemExit(f"dl-lit {' '.join(command)} ended with {code}: {said.getvalue()}")


def fill(library: Library, works: list[Work]) -> None:
    """A library that has all these works verified, cited by one PDF."""
    library.make_folders()
    store = Store(Database.open(library.database, create=True))
    try:
        run_id = store.start_run(OWNER, "check", {})
        store.add_pdfs(run_id, [PdfFile("/pdfs/all.pdf", "0" * 64, 1000)])
        [pdf] = store.claim(Stage.EXTRACTION, OWNER, 1, 600.0)
        references = tuple(Reference(raw=f"work {n}", position=n) for n, _ in enumerate(works, 1))
        assert isinstance(pdf, PdfRow)
        store.finish_extraction(pdf, OWNER, Extraction(pages=1, backend="check", references=references))
        rows = store.claim(Stage.ENRICHMENT, OWNER, len(works), 600.0)
        with store.database.transaction():
            for row in sorted(rows, key=lambda one: one.id):
                assert isinstance(row, NoMetadataRow)
                work = works[(row.reference.position or 1) - 1]
                store.finish_enrichment(row, OWNER, Enrichment(Decision.ACCEPTED, work))
    finally:
        store.close()
