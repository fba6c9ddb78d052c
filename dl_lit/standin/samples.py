"""The sample PDFs of the stand-in world, and the truth about every reference printed in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dl_lit.standin.composing import compose
from dl_lit.standin.copies import PYMUPDF_LOCK, copy_pdf, preview_pdf
from dl_lit.standin.papers import PAPERS
from dl_lit.standin.reference_lists import reference_list

__all__ = ["SampleReference", "copy_pdf", "preview_pdf", "sample_truth", "write_samples"]


@dataclass(frozen=True, slots=True)
class SampleReference:
    """A reference as a sample prints it: `position` counts from 1, `work_key` is None outside the catalogue.

    `printed` is without the label and without line breaks.
    """

    source_pdf: str
    position: int
    work_key: str | None
    printed: str
    label: str = ""


def write_samples(folder: Path, seed: int = 0) -> list[Path]:
    """Writes all sample PDFs into `folder`; the same seed gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for paper in PAPERS:
        with PYMUPDF_LOCK:
            data = compose(paper, reference_list(paper, seed), seed)
        path = folder / paper.file
        path.write_bytes(data)
        paths.append(path)
    return paths


@cache
def sample_truth(seed: int = 0) -> tuple[SampleReference, ...]:
    return tuple(
        SampleReference(paper.file, position, entry.work_key, entry.printed, entry.label)
        for paper in PAPERS
        for position, entry in enumerate(reference_list(paper, seed), 1)
    )
