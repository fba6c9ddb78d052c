"""The user's PDFs, each with its reference list in the order of the print."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dl_lit.exporting.selection import State
from dl_lit.model import Decision, Stage
from dl_lit.report.links import Files
from dl_lit.report.words import safe
from dl_lit.store.reported import Citation, SourcePdf, Verdict
from dl_lit.ui.wording import asked, explain, signal


def pdf_pages(
    pdfs: Sequence[SourcePdf],
    citations: Sequence[Citation],
    verdicts: Mapping[int, Verdict],
    states: Mapping[int, str],
    files: Files,
) -> list[dict[str, Any]]:
    """One object a PDF: what it is, how its references stand (`outcomes`: state to count), and the list itself."""
    printed: defaultdict[int, list[Citation]] = defaultdict(list)
    for one in citations:
        printed[one.pdf_id].append(one)
    return [_filled(_page(pdf, printed[pdf.id], verdicts, states, files)) for pdf in pdfs]


def _page(
    pdf: SourcePdf,
    printed: Sequence[Citation],
    verdicts: Mapping[int, Verdict],
    states: Mapping[int, str],
    files: Files,
) -> dict[str, Any]:
    counted = Counter(states.get(one.reference_id, State.UNTRIED.value) for one in printed)
    return {
        "id": pdf.id,
        "name": safe(Path(pdf.path).name),
        "file": files.to(Path(pdf.path)),
        "title": safe(pdf.title),
        "authors": [safe(name) for name in pdf.authors],
        "year": pdf.year,
        "doi": safe(pdf.doi),
        "state": pdf.state,
        "reason": pdf.reason,
        "meaning": explain(Stage.EXTRACTION, pdf.reason),
        "detail": safe(pdf.detail),
        "outcomes": {state.value: counted[state.value] for state in State if counted[state.value]},
        "references": [_filled(_reference(one, verdicts.get(one.original_id))) for one in printed],
    }


def _reference(one: Citation, verdict: Verdict | None) -> dict[str, Any]:
    return {
        "number": one.position,
        "label": safe(one.label),
        "page": one.page,
        "printed": safe(one.raw),
        "id": one.reference_id,
        "was": one.original_id if one.original_id != one.reference_id else None,
        "evidence": _evidence(verdict) if verdict else None,
    }


def _evidence(verdict: Verdict) -> dict[str, Any]:
    """The candidate's title only where it was not taken: else it is the work's."""
    taken = verdict.decision is Decision.ACCEPTED
    return _filled(
        {
            "by": safe(asked(verdict.service, verdict.query)),
            "score": round(verdict.score, 2),
            "decision": verdict.decision.value,
            "agree": ", ".join(map(signal, verdict.agreed)),
            "differ": safe(", ".join(map(signal, verdict.disagreed))),
            "forbid": safe(", ".join(verdict.vetoes)),
            "title": None if taken else safe(verdict.title),
        }
    )


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
