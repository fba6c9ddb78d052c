"""A run works on what it was asked for, and on nothing else in the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dl_lit.model import PdfFile, PdfReason, Queueing, Reference, Stage
from dl_lit.store import run_rows
from dl_lit.store.run_table import RunTable
from library import LEASE, ME, SmallLibrary, work


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def run_on(library: SmallLibrary, *names: str) -> RunTable:
    run_id = library.store.start_run(ME, "test", {})
    library.store.add_pdfs(run_id, [PdfFile(f"/pdfs/{name}.pdf", f"sha-{name}", 100) for name in names])
    return RunTable(library.store, run_id)


def test_pdfs_of_another_run_are_not_claimed(library: SmallLibrary) -> None:
    run_on(library, "theirs")
    mine = run_on(library, "mine")
    assert (mine.backlog(Stage.EXTRACTION), library.store.backlog(Stage.EXTRACTION)) == (1, 2)
    rows = mine.claim(Stage.EXTRACTION, ME, 5, LEASE)
    assert [row.path for row in rows] == ["/pdfs/mine.pdf"]  # type: ignore[union-attr]
    assert mine.claim(Stage.EXTRACTION, ME, 5, LEASE) == []
    assert (mine.waiting(Stage.EXTRACTION).claimed, mine.waiting(Stage.EXTRACTION).claimable) == (1, 0)


def test_references_follow_the_pdfs_that_cite_them(library: SmallLibrary) -> None:
    library.print_references("one", "two")
    library.print_references("three")
    mine = run_on(library, "paper2")
    assert mine.backlog(Stage.ENRICHMENT) == 1
    (row,) = mine.claim(Stage.ENRICHMENT, ME, 5, LEASE)
    assert row.reference.raw == "three"  # type: ignore[union-attr]


def test_a_work_that_one_of_its_pdfs_cites_too_belongs_to_the_run(library: SmallLibrary) -> None:
    library.accept(work(doi="10.1/a"), work("Another", doi="10.1/b"))
    library.queue()
    library.accept(work(doi="10.1/a"))
    from_both = run_on(library, "paper2")
    before = from_both.backlog(Stage.DOWNLOAD)
    for row in library.claim_works():
        twins = library.store.find_twins(row)
        library.store.finish_queueing(row, ME, Queueing(twins[0][0]))
    assert (before, from_both.backlog(Stage.DOWNLOAD)) == (0, 1)


def test_the_same_file_in_two_runs_belongs_to_both(library: SmallLibrary) -> None:
    first, second = run_on(library, "both"), run_on(library, "both")
    assert (first.backlog(Stage.EXTRACTION), second.backlog(Stage.EXTRACTION)) == (1, 1)
    (row,) = first.claim(Stage.EXTRACTION, ME, 5, LEASE)
    assert second.claim(Stage.EXTRACTION, ME, 5, LEASE) == []
    assert first.renew(Stage.EXTRACTION, ME, [row.id], LEASE) == {row.id}
    first.postpone(Stage.EXTRACTION, row.id, ME, seconds=30.0, error="later")
    assert (second.waiting(Stage.EXTRACTION).later, second.waiting(Stage.EXTRACTION).next_attempt_at) == (
        1,
        library.clock.now + 30.0,
    )
    assert first.release(Stage.EXTRACTION, ME) == 0


def test_a_file_that_was_out_of_reach_leaves_its_run_when_it_turns_out_to_be_a_known_one(library: SmallLibrary) -> None:
    run_id = library.store.start_run(ME, "test", {})
    library.store.add_pdfs(run_id, [PdfFile("/pdfs/x.pdf", None, 0, PdfReason.UNREADABLE)])
    library.store.add_pdfs(run_id, [PdfFile("/pdfs/y.pdf", "sha", 10)])
    library.store.add_pdfs(run_id, [PdfFile("/pdfs/x.pdf", "sha", 10)])
    assert library.rows("SELECT count(*) FROM run_pdfs") == [(1,)]


def test_a_run_takes_no_more_rows_than_it_was_told(library: SmallLibrary) -> None:
    library.print_references("one", "two", "three")
    narrow = RunTable(library.store, 1, {Stage.ENRICHMENT: 2})
    assert narrow.backlog(Stage.ENRICHMENT) == 2
    assert len(narrow.claim(Stage.ENRICHMENT, ME, 5, LEASE)) == 2
    assert narrow.claim(Stage.ENRICHMENT, ME, 5, LEASE) == []
    waiting = narrow.waiting(Stage.ENRICHMENT)
    assert (waiting.claimable, waiting.claimed, waiting.later, waiting.next_attempt_at) == (0, 2, 1, None)


def test_a_row_given_back_is_not_counted_twice(library: SmallLibrary) -> None:
    library.print_references("one", "two")
    narrow = RunTable(library.store, 1, {Stage.ENRICHMENT: 2})
    [row] = narrow.claim(Stage.ENRICHMENT, ME, 1, LEASE)
    narrow.release(Stage.ENRICHMENT, ME, [row.id])
    [again] = narrow.claim(Stage.ENRICHMENT, ME, 1, LEASE)
    assert again.id == row.id
    assert narrow.backlog(Stage.ENRICHMENT) == 1


def test_the_dois_that_come_next_are_those_in_hand_and_those_of_the_run_that_wait(library: SmallLibrary) -> None:
    library.print_references(*(Reference(f"mine {n}", doi=f"10.1/{n}") for n in range(3)), "without one")
    library.print_references(Reference("theirs", doi="10.1/theirs"))
    mine = run_on(library, "paper1")
    (row,) = mine.claim(Stage.ENRICHMENT, ME, 1, LEASE)
    ahead = mine.dois_ahead(ME)
    assert ahead[0] == row.reference.doi  # type: ignore[union-attr]
    assert sorted(ahead) == ["10.1/0", "10.1/1", "10.1/2"]
    assert len(mine.dois_ahead("somebody else")) == 2


def test_no_doi_is_looked_up_for_rows_beyond_the_runs_share(library: SmallLibrary) -> None:
    library.print_references(*(Reference(f"mine {n}", doi=f"10.1/{n}") for n in range(3)))
    run_id = library.store.start_run(ME, "test", {})
    library.store.add_pdfs(run_id, [PdfFile("/pdfs/paper1.pdf", "sha-paper1", 100)])
    assert len(RunTable(library.store, run_id, {Stage.ENRICHMENT: 2}).dois_ahead(ME)) == 2


# ── a great library ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is great, here, are four rows."""
    monkeypatch.setattr(run_rows, "WINDOW", 4)


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("others", [0, 3, 4, 5, 40])
@pytest.mark.parametrize("own", [0, 1, 5, 12])
def test_a_run_takes_its_rows_in_their_order_however_many_others_wait(
    library: SmallLibrary, own: int, others: int
) -> None:
    library.print_references(*(f"older {n}" for n in range(others)))
    library.print_references(*(f"mine {n}" for n in range(own)))
    library.print_references(*(f"newer {n}" for n in range(others)))
    mine = run_on(library, "paper2")
    assert mine.backlog(Stage.ENRICHMENT, most=8) == min(own, 9)
    assert mine.backlog(Stage.ENRICHMENT) == mine.waiting(Stage.ENRICHMENT).claimable == own
    rows = mine.claim(Stage.ENRICHMENT, ME, 7, LEASE)
    assert [row.reference.raw for row in rows] == [f"mine {n}" for n in range(min(own, 7))]  # type: ignore[union-attr]
    waiting = mine.waiting(Stage.ENRICHMENT)
    assert (waiting.claimed, waiting.claimable) == (len(rows), own - len(rows))


@pytest.mark.usefixtures("narrow")
def test_downloads_of_a_run_are_found_among_many_others(library: SmallLibrary) -> None:
    library.accept(*(work(f"Theirs {n}", doi=f"10.1/t{n}") for n in range(9)))
    library.accept(work("Mine", doi="10.1/mine"))
    library.store.save_search("glaciers", {}, {}, [(work("Sought", doi="10.1000/sought"), ["openalex"])])
    library.store.enqueue_search(1)
    library.queue(priority=1.0)
    mine = run_on(library, "paper2")
    [run_id] = library.rows("SELECT max(id) FROM pipeline_runs")[0]
    library.store.adopt_search(run_id, 1)
    assert mine.waiting(Stage.DOWNLOAD).claimable == 2
    titles = {row.work.title for row in mine.claim(Stage.DOWNLOAD, ME, 5, LEASE)}  # type: ignore[union-attr]
    assert titles == {"Mine", "Sought"}


def steps(library: SmallLibrary, ask: Callable[[], object]) -> int:
    """So many hundreds of steps of SQLite's machine a question takes."""
    taken: list[int] = []
    with library.store.database.transaction() as connection:  # all are asked over this connection then
        connection.set_progress_handler(lambda: taken.append(1), 100)
        ask()
        connection.set_progress_handler(None, 100)
    return len(taken)


def test_what_waits_for_other_runs_costs_a_small_run_nothing(library: SmallLibrary) -> None:
    with library.store.database.transaction():
        for n in range(12):
            library.print_references(*(Reference(f"other {n} {i}", doi=f"10.1/{n}.{i}") for i in range(500)))
    library.print_references(*(Reference(f"mine {i}", doi=f"10.2/{i}") for i in range(20)))
    mine = run_on(library, "paper13")
    [run_id] = library.rows("SELECT max(id) FROM pipeline_runs")[0]
    asked: dict[str, Callable[[], object]] = {
        "claim": lambda: library.store.claim(Stage.ENRICHMENT, ME, 5, LEASE, run_id=run_id),
        "ahead": lambda: mine.dois_ahead(ME),
        "backlog": lambda: mine.backlog(Stage.ENRICHMENT, most=100, of_one_pdf=50),
        "waiting": lambda: mine.waiting(Stage.ENRICHMENT),
    }
    taken = {name: steps(library, ask) for name, ask in asked.items()}
    assert max(taken.values()) < 300, taken  # reading through all 6,000 rows takes 1,200 to 2,000
