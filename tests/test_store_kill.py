"""kill -9 at any instant: no row lost, none doubled, none in two tables."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.model import (
    Decision,
    Download,
    Enrichment,
    Evidence,
    Extraction,
    NoMetadataRow,
    PdfRow,
    Queueing,
    Reference,
    Stage,
    ToDownloadRow,
    Twin,
    WithMetadataRow,
)
from dl_lit.store import Store
from dying import die_everywhere, forked, spawned, where, work_on
from library import A_FILE, LEASE, ME, SmallLibrary, work

SAME = work("Same Work", doi="10.1000/same", arxiv="1706.03762")

# ── between any two statements ───────────────────────────────────────────────────────────────────────────


def _extract(store: Store) -> None:
    references = tuple(Reference(f"printed {i}", i) for i in range(1, 4))
    store.finish_extraction(PdfRow(4, "", None, 0), ME, Extraction(references=references))


def _merge_at_acceptance(store: Store) -> None:
    accepted = work("Same Work", doi="10.1000/same", abstract="More.")
    evidence = (Evidence("crossref", "doi", accepted, 1.0, Decision.ACCEPTED),)
    row = NoMetadataRow(4, Reference(""), 0)
    store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, accepted, evidence))


def _merge_and_revive(store: Store) -> None:
    twin = Twin("failed_downloads", 1, "title_authors_year", 0.9)
    store.finish_queueing(WithMetadataRow(2, SAME, 0), ME, Queueing(twin, 2.0))


def _keep_a_file(store: Store) -> None:
    store.finish_download(ToDownloadRow(3, work(), 0, 0.0), ME, Download(A_FILE))


def _claim(store: Store) -> None:
    store.claim(Stage.ENRICHMENT, ME, 5, LEASE)


def _take_back(store: Store) -> None:
    store.refuse(6)


def _take_back_the_last(store: Store) -> None:
    store.refuse(8)


def _swap(store: Store) -> None:
    told = store.told(6)
    assert told is not None
    store.take(6, told.candidates[-1].id)


def _part(store: Store) -> None:
    store.unmerge(7)


def _part_equal_dois(store: Store) -> None:
    store.unmerge(9)


STEPS = {
    "take a match back": _take_back,
    "take the last match back": _take_back_the_last,
    "swap a match": _swap,
    "part two works": _part,
    "part equal DOIs": _part_equal_dois,
    "extract": _extract,
    "merge at acceptance": _merge_at_acceptance,
    "merge and revive": _merge_and_revive,
    "keep a file": _keep_a_file,
    "claim": _claim,
}


def _library_before(path: Path) -> None:
    """1 has failed, 2 has metadata and is claimed, 3 is being downloaded, 4 enriched, 5 free; PDF 4 is being read.

    6 has a copy, with 7 (by its title) and 9 (by its DOI) merged into it; 8 has one of its own.
    """
    library = SmallLibrary(path)
    library.accept(work("First"))
    library.queue()
    library.fail_downloads()
    library.print_references("2", "3", "4", "5")
    rows = library.claim_references()
    accepted = (SAME, work("To Download", doi="10.1000/3"))
    for row, one in zip(rows, accepted, strict=False):
        library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, one))
    library.store.release(Stage.ENRICHMENT, ME, [5])
    _, third = library.claim_works()
    library.store.finish_queueing(third, ME, Queueing())
    library.claim_downloads()
    _with_copies(library)
    library.add_pdfs()
    library.close()


def _with_copies(library: SmallLibrary) -> None:
    library.print_references("6", "7", "8", "9")
    candidates = (work("Known", doi="10.1000/k"), work("Alone", doi="10.1000/l"))
    evidence = tuple(Evidence("crossref", "text", one, 0.9, Decision.ACCEPTED) for one in candidates)
    accepted = (candidates[0], work("Known", place="Here"), candidates[1], replace(candidates[0], publisher="Press"))
    rows = [row for row in library.claim_references() if row.id > 5]
    library.store.release(Stage.ENRICHMENT, ME, [5])
    for row in rows:
        outcome = Enrichment(Decision.ACCEPTED, accepted[row.id - 6], evidence)
        library.store.finish_enrichment(row, ME, outcome)
        twin = Twin("downloaded_references", 6, "title_authors_year", 0.9) if row.id in (7, 9) else None
        library.queue(twin)
        library.download()
    assert library.ids("downloaded_references") == [6, 8]
    assert library.ids("duplicate_references") == [7, 9]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each step, and in it what was left by the death before each statement."""
    before = tmp_path_factory.mktemp("killed") / "before.sqlite"
    _library_before(before)
    spawned(die_everywhere, before, STEPS)
    return before.parent


@pytest.mark.parametrize("step", list(STEPS))
def test_a_kill_between_any_two_statements_leaves_all_or_nothing(killed: Path, step: str) -> None:
    outcomes = [where(path) for path in sorted((killed / step).glob("*.db"), key=lambda path: int(path.stem))]
    assert len(outcomes) > 5
    untouched, done = outcomes[0], outcomes[-1]
    assert all(outcome == untouched for outcome in outcomes[:-1])
    assert set(untouched) <= set(done)


# ── at random moments of a busy process ──────────────────────────────────────────────────────────────────


def _kill_again_and_again(path: Path) -> None:
    moments = random.Random(7)
    for _ in range(12):
        worker = forked(work_on, path)
        time.sleep(moments.uniform(0.0, 0.1))  # no event to wait for: any moment will do
        worker.kill()
        worker.wait()
        where(path)
    assert forked(work_on, path).wait() == 0


def test_kills_at_random_moments_lose_and_double_nothing(tmp_path: Path) -> None:
    library = SmallLibrary(tmp_path / "literature.db")
    for i in range(6):
        library.print_references(*(f"printed {i} {j}" for j in range(100)))
    spawned(_kill_again_and_again, tmp_path / "literature.db")
    counts = library.store.counts()
    assert counts.unfinished == 0
    assert counts.references == counts.citations == 600
    works_cited = {1000 + i for i in range(1, 601) if i % 3} | {i % 10 for i in range(3, 601, 3)}
    assert counts.downloaded + counts.failed_downloads == len(works_cited)
    assert counts.duplicates == 600 - len(works_cited)
    assert library.rows("SELECT count(DISTINCT doi) FROM works") == [(len(works_cited),)]
    library.close()
