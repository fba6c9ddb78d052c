"""The works of a library, and the prints without one, as the report's table and pages show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dl_lit.exporting.selection import references
from dl_lit.identity import doi as dois
from dl_lit.identity import titles
from dl_lit.model import KeptFile, Work
from dl_lit.report.links import Files, web
from dl_lit.report.words import listed, meaning, safe, state_of
from dl_lit.store.records import LibraryWork
from dl_lit.store.reported import Citation, Standing
from dl_lit.store.store import Store
from dl_lit.ui.story import names


def entries(
    store: Store, citations: Sequence[Citation], standings: Mapping[int, Standing], files: Files, pdfs: Path
) -> list[dict[str, Any]]:
    """One object a work or unmatched print, without what is empty; `pdfs` is the folder of the kept copies."""
    citing = _citing(citations)
    return [
        _filled(_entry(one, standings.get(one.id), citing.get(one.id, []), files, pdfs))
        for one in references(store, with_unverified=True)
    ]


def _citing(citations: Sequence[Citation]) -> dict[int, list[int]]:
    """The PDFs that cite each reference, each once."""
    found: defaultdict[int, dict[int, None]] = defaultdict(dict)
    for one in citations:
        found[one.reference_id][one.pdf_id] = None
    return {reference: list(pdfs) for reference, pdfs in found.items()}


def _entry(one: LibraryWork, standing: Standing | None, citing: list[int], files: Files, pdfs: Path) -> dict[str, Any]:
    work, state = one.work, state_of(one.table)
    reason = standing.reason if standing else None
    return {
        "id": one.id,
        "state": state.value,
        "title": safe(titles.whole(work)) or safe(one.printed),
        "authors": safe(names(work.authors)),
        "year": work.year,
        "in": safe(_place(work)),
        "type": safe(work.type),
        "doi": safe(work.doi),
        "doi_url": f"https://doi.org/{dois.url_path(work.doi)}" if work.doi else None,
        "cited_by": citing,
        "cited_elsewhere": work.cited_by_count,
        "open": safe(work.oa_status),
        "sources": list(map(safe, work.sources)),
        "retracted": work.is_retracted,
        "reason": reason,
        "meaning": meaning(state, reason),
        "detail": safe(standing.detail) if standing else None,
        "url": web(one.url),
        **(_copy(one.file, files, pdfs) if one.file else {}),
    }


def _place(work: Work) -> str:
    """ "Journal 12(3), 45-67", as far as it is known."""
    issue = f"({work.issue})" if work.issue else ""
    numbered = f"{work.container or ''} {work.volume or ''}{issue}".strip()
    return listed((numbered, work.pages, work.publisher if not work.container else None))


def _copy(file: KeptFile, files: Files, pdfs: Path) -> dict[str, Any]:
    about = (
        f"{file.pages} pages",
        file.version and f"{file.version.value.removesuffix('Version')} version",
        file.licence,
        file.identity and f"shown by {file.identity}",
        f"from {file.source}" + (f" ({host})" if (host := _host(file.final_url)) else ""),
    )
    return {"file": files.to_copy(pdfs / file.file_name), "name": safe(file.file_name), "about": safe(listed(about))}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _filled(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value not in (None, "", [], False)}
