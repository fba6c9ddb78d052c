"""Works as CSV for spreadsheets, and as JSON with all that the library knows of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dl_lit.exporting.keys import Keyed
from dl_lit.identity import titles
from dl_lit.identity.names import inverted
from dl_lit.rows import as_csv
from dl_lit.store.columns import work_to_json

COLUMNS = (
    *("key", "id", "title", "authors", "editors", "year", "container", "volume", "issue", "pages", "publisher"),
    *("place", "type", "doi", "arxiv", "pmid", "pmcid", "isbn", "issn", "openalex_id", "url", "language"),
    *("cited_by_count", "cited_by_pdfs", "stage", "oa_status", "is_retracted", "file", "version", "licence"),
    *("abstract", "printed"),
)


def as_table(works: Iterable[Keyed], pdfs: Path) -> str:
    """CSV, a line a work; several people are parted by "; "."""
    rows = [_row(one, pdfs) for one in works]
    return as_csv(COLUMNS, [[row[name] for name in COLUMNS] for row in rows])


def as_json(works: Iterable[Keyed], pdfs: Path) -> str:
    """A list with the whole record of each work, its open-access locations, and its file."""
    return json.dumps([_record(one, pdfs) for one in works], ensure_ascii=False, indent=2) + "\n"


def _row(one: Keyed, pdfs: Path) -> dict[str, Any]:
    work, file = one.work, one.entry.file
    same = {name: getattr(work, name) for name in COLUMNS if hasattr(work, name)}
    return same | {
        "key": one.key,
        "id": one.entry.id,
        "title": titles.whole(work),
        "authors": "; ".join(map(inverted, work.authors)),
        "editors": "; ".join(map(inverted, work.editors)),
        "cited_by_pdfs": one.entry.cited_by_pdfs,
        "stage": one.entry.table,
        "printed": one.entry.printed,
        "file": file and str(pdfs / file.file_name),
        "version": file and file.version,
        "licence": file and file.licence,
    }


def _record(one: Keyed, pdfs: Path) -> dict[str, Any]:
    file = one.entry.file
    about = {"key": one.key, "id": one.entry.id, "stage": one.entry.table, "cited_by_pdfs": one.entry.cited_by_pdfs}
    kept = {**asdict(file), "path": str(pdfs / file.file_name)} if file else None
    return {**about, "printed": one.entry.printed, "work": json.loads(work_to_json(one.work)), "file": kept}
