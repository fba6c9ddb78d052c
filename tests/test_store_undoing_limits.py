"""Taking matches back: what cannot be, what is left as it was, and which accepted matches are shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dl_lit.errors import UsageError
from dl_lit.model import Decision, DownloadReason, Enrichment, EnrichmentReason, Evidence, Queueing, Twin
from dl_lit.store.decisions import Selection
from library import ME, SmallLibrary, work
from test_store_undoing import MILLS, TIDES, accept, find_again, found_by_search, parted


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def test_each_impossible_decision_names_its_cure(library: SmallLibrary) -> None:
    library.print_references("waits")
    with pytest.raises(UsageError, match=r"still waits.*process command"):
        library.store.refuse(1)
    with pytest.raises(UsageError, match=r"There is no reference 99.*review --list"):
        library.store.refuse(99)
    with pytest.raises(UsageError, match=r"There is no reference 99.*merge-log"):
        library.store.unmerge(99)
    [row] = library.claim_references()
    library.store.finish_enrichment(row, ME, Enrichment(Decision.REJECTED, reason=EnrichmentReason.NO_MATCH))
    with pytest.raises(UsageError, match="no service knows it"):
        library.store.refuse(1)
    [one] = accept(library, TIDES)
    library.store.refuse(one)
    with pytest.raises(UsageError, match="refused by you already"):
        library.store.refuse(one)


def test_a_failed_download_that_was_left_to_filters_stays_left(library: SmallLibrary) -> None:
    one, other = accept(library, TIDES, TIDES)
    [row] = library.claim_works()
    library.store.finish_queueing(row, ME, Queueing(unwanted=DownloadReason.FILTERED_OUT, detail="too old"))
    library.store.refuse(one)
    assert library.field("failed_downloads", other, "reason") == "filtered_out"


def test_accepted_matches_come_least_sure_first_without_those_that_were_looked_at(library: SmallLibrary) -> None:
    library.print_references("A", "B", "C")
    for row, score in zip(library.claim_references(), (0.9, 0.5, 0.7), strict=True):
        one = work(f"Work {row.id}", doi=f"10.1000/{row.id}")
        evidence = (Evidence("crossref", "text", one, score, Decision.ACCEPTED),)
        library.store.finish_enrichment(row, ME, Enrichment(Decision.ACCEPTED, one, evidence))
    assert library.store.accepted() == [2, 3, 1]
    library.store.confirm(3)
    assert library.store.accepted(limit=5) == [2, 1]
    assert library.store.prints_of(1) == [1]


def test_all_prints_of_a_work_are_named(library: SmallLibrary) -> None:
    one, other = accept(library, TIDES, TIDES)
    assert library.store.prints_of(one) == library.store.prints_of(other) == [one, other]
    found = found_by_search(library, MILLS)
    assert library.store.prints_of(found) == [found]


def test_a_twin_of_a_decision_made_before_is_not_taken_over(library: SmallLibrary) -> None:
    """A merge that a worker had decided on before a person parted the two."""
    one, other = parted(library)
    library.store.refuse(other)
    library.store.retry(Selection(reasons=("rejected_by_person",)))
    find_again(library, MILLS)
    [row] = library.claim_works()
    late = Twin("to_download_references", one, "title_authors_year", 0.9)
    assert library.store.finish_queueing(row, ME, Queueing(late)) == "needs_review"
