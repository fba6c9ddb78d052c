"""One volume of 900 pages among 49 papers: how long each waits, how deep the queues get, how much memory it takes.

The same papers are run without the volume, too: what it costs them is the difference.
"""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pymupdf
from download_bench.telling import Part, table
from pipeline_bench.measured import progress
from pipeline_bench.papers import works, write_papers
from worldtools import Outcome, rows, run, standin

from dl_lit.standin import catalogue
from dl_lit.standin.copies import PYMUPDF_LOCK

PAPERS, QUICK_PAPERS = 49, 2
REFERENCES = 12  # of a paper
PAGES, QUICK_PAGES = 900, 40
LISTED, QUICK_LISTED = 400, 20  # references of the volume
VOLUME = "aaa volume.pdf"  # the first of the folder by its name
MOST_WAIT = 1.5  # times as long as without the volume
LATENCY = ("--service-latency", "0.05", "0.1")
MB = 1e6
# What happens to a reference later, when a twin is merged into it, is no waiting.
ENDS = """
SELECT path, max(at) - (SELECT started_at FROM pipeline_runs LIMIT 1) FROM (
    SELECT p.id, p.path, min(l.at) AS at FROM source_pdfs AS p
    JOIN citations AS c ON c.source_pdf_id = p.id JOIN state_log AS l ON l.reference_id = c.original_reference_id
    WHERE l.from_table = 'no_metadata' AND l.to_table <> 'no_metadata' GROUP BY p.id, c.id
) GROUP BY id
"""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds until the last reference of each PDF was looked up, by file name, and how deep each queue was at most."""

    waits: Mapping[str, float]
    depths: Mapping[str, int]
    outcome: Outcome

    @property
    def of_papers(self) -> list[float]:
        return sorted(seconds for name, seconds in self.waits.items() if name != VOLUME)


def measured(folder: Path, quick: bool) -> Part:
    papers = QUICK_PAPERS if quick else PAPERS
    folder.mkdir(parents=True, exist_ok=True)
    listed = QUICK_LISTED if quick else LISTED
    catalogue.write(folder / "works.jsonl", works(_before(papers, listed) + 1, listed))
    write_papers(folder / "papers", papers, REFERENCES)
    alone = _run(folder, "alone", [folder / "papers"])
    (folder / "volume").mkdir()
    number = _before(papers, listed)
    write_volume(folder / "volume" / VOLUME, QUICK_PAGES if quick else PAGES, listed, number)
    among = _run(folder, "among", [folder / "volume", folder / "papers"])
    return Part(
        "One long volume among papers", tuple(_told(alone, among)), () if quick else tuple(_faults(alone, among))
    )


def _before(papers: int, listed: int) -> int:
    """The number of a paper with so long a list that cites nothing that the papers cite, but for what all cite."""
    return -(-papers * REFERENCES // listed)


def write_volume(path: Path, pages: int, references: int, number: int) -> None:
    """Pages of text and, behind them, the paper of this number with so many references."""
    tails = write_papers(path.parent / "tails", number + 1, references)
    paper = tails[number]
    with PYMUPDF_LOCK, pymupdf.open() as volume, pymupdf.open(paper) as tail:
        for number in range(pages - len(tail)):
            page = volume.new_page()
            page.insert_textbox((72, 72, 523, 770), f"{number + 1}\n\n" + TEXT * 12, fontsize=10)
        volume.insert_pdf(tail)
        volume.save(path)
    shutil.rmtree(paper.parent)


TEXT = (
    "The harbour was deepened twice in that century, and each time the town debated who should pay for it. The "
    "records of the council tell of long evenings and short tempers. What remained is a wall of grey stone. "
)


def _run(folder: Path, name: str, pdfs: Sequence[Path]) -> Run:
    library = folder / name
    settings = {"DL_LIT_NETWORK__STATE_DIR": str(folder / f"{name}_state")}
    with standin(folder / f"{name}.jsonl", "--works", str(folder / "works.jsonl"), *LATENCY) as url:
        outcome = run(pdfs, library, url, "--no-download", settings=settings)
    waits = {Path(path).name: seconds for path, seconds in rows(library, ENDS)}
    return Run(waits, _depths(library), outcome)


def _depths(library: Path) -> dict[str, int]:
    """The most rows that lay before each stage in its table and its queue."""
    depths: dict[str, int] = {}
    for line in progress(library):
        for stage, one in line["stages"].items():
            depths[stage] = max(depths.get(stage, 0), one["waiting"] + one["queued"])
    return depths


def _told(alone: Run, among: Run) -> Iterator[str]:
    papers = len(alone.of_papers)
    yield f"{papers} papers of {REFERENCES} references, alone and together with a volume of many pages and"
    yield "references that is handed in first; services with the published limits, default settings, no downloads."
    yield "A PDF's wait is the time from the start of the run until its last reference is looked up. *Before stage"
    yield "2* is the most references that lay there at once: a PDF hands over all of its own, and no other is read"
    yield "while more wait than the mark allows, of one PDF no more than half of it counting."
    yield ""
    yield from table(
        (
            *("", "run s", "median paper s", "last paper s", "volume s", "before stage 2", "before stage 3"),
            *("peak MB", "processes"),
        ),
        (_row("papers alone", alone), _row("with the volume", among)),
    )


def _row(name: str, one: Run) -> tuple[str, ...]:
    waits = one.of_papers
    volume = one.waits.get(VOLUME)
    return (
        *(name, f"{one.outcome.seconds:.0f}", f"{statistics.median(waits):.0f}", f"{waits[-1]:.0f}"),
        *(f"{volume:.0f}" if volume is not None else "–", f"{one.depths.get('no_metadata', 0)}"),
        *(f"{one.depths.get('with_metadata', 0)}", f"{one.outcome.peak_bytes / MB:.0f}"),
        f"{one.outcome.peak_processes}",
    )


def _faults(alone: Run, among: Run) -> Iterator[str]:
    if among.outcome.exit_code or alone.outcome.exit_code:
        yield f"exit {alone.outcome.exit_code}, {among.outcome.exit_code}"
    if len(among.of_papers) != len(alone.of_papers) or VOLUME not in among.waits:
        yield "not all PDFs have an end"
    if among.of_papers[-1] > MOST_WAIT * alone.of_papers[-1]:
        yield f"the last paper waits {among.of_papers[-1]:.0f} s, alone {alone.of_papers[-1]:.0f} s"
