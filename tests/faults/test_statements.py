"""kill -9 before each statement of each move that test_store_kill.py leaves out: all of it is there, or nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dl_lit.model import (
    Decision,
    Download,
    DownloadReason,
    Enrichment,
    EnrichmentReason,
    Evidence,
    Extraction,
    NoMetadataRow,
    PdfFile,
    PdfReason,
    PdfRow,
    Queueing,
    Reference,
    Stage,
    ToDownloadRow,
    WithMetadataRow,
)
from dl_lit.relations import Direction, Expansion, ExpansionRow, Reach
from dl_lit.store import Store
from dl_lit.store.decisions import Selection
from dying import Step, die_everywhere, spawned, where
from library import A_FILE, LEASE, ME, SmallLibrary, work

# The library of `library_before`: ids of references, and of PDFs.
KEPT, FAILED, UNKNOWN, QUEUED, TO_DOWNLOAD, PRINTED = 1, 2, 3, 4, 5, 6
READ_NOW = 4
REACH = Reach(references=1, citations=0, most_related=10)
RUN, SEARCH = 1, 1
FOLDER = "/watched"


def noon() -> float:
    """The only time that there is, so that what two processes do at different times is equal."""
    return 1_000_000.0


def take_in_pdfs(store: Store) -> None:
    files = [PdfFile("/pdfs/new.pdf", "sha-new", 9), PdfFile("/pdfs/moved.pdf", "sha-paper1", 9)]
    store.add_pdfs(RUN, [*files, PdfFile("/pdfs/gone.pdf", None, 0, PdfReason.UNREADABLE)])


def take_in_bibliography(store: Store) -> None:
    file = PdfFile("/bib/mine.bib", "sha-bib", 9)
    store.add_bibliography(file, [Reference("printed 0", 1), Reference("new in this file", 2)])


def hand_in(store: Store) -> None:
    store.handed_in(FOLDER, [(f"{FOLDER}/a.pdf", "9 1.0", 1), (f"{FOLDER}/b.pdf", "9 2.0", 2)])


def read_nothing(store: Store) -> None:
    store.finish_extraction(PdfRow(READ_NOW, "", None, 0), ME, Extraction(reason=PdfReason.DAMAGED, detail="no end"))


def put_off(store: Store) -> None:
    store.postpone(Stage.ENRICHMENT, PRINTED, ME, seconds=None, error="silent", reason="service_silent")


def find_nothing(store: Store) -> None:
    outcome = Enrichment(Decision.REJECTED, reason=EnrichmentReason.NO_MATCH)
    store.finish_enrichment(NoMetadataRow(PRINTED, Reference(""), 0), ME, outcome)


def accept(store: Store) -> None:
    outcome = Enrichment(Decision.ACCEPTED, work("Printed", doi="10.1000/printed"))
    store.finish_enrichment(NoMetadataRow(PRINTED, Reference(""), 0), ME, outcome)


def settle_later(store: Store) -> None:
    found = Evidence("library", "local", work("Kept", doi="10.1000/kept"), 0.9, Decision.ACCEPTED)
    assert store.settle(UNKNOWN, KEPT, found, ME)


def queue(store: Store) -> None:
    store.finish_queueing(WithMetadataRow(QUEUED, work("Queued", doi="10.1000/queued"), 0), ME, Queueing(priority=3.0))


def leave_out(store: Store) -> None:
    row = WithMetadataRow(QUEUED, work("Queued", doi="10.1000/queued"), 0)
    store.finish_queueing(row, ME, Queueing(unwanted=DownloadReason.FILTERED_OUT, detail="too old"))


def find_no_copy(store: Store) -> None:
    row = ToDownloadRow(TO_DOWNLOAD, work("To Download", doi="10.1000/download"), 0, 0.0)
    store.finish_download(row, ME, Download(reason=DownloadReason.NO_OPEN_COPY, unasked=("core",)))


def take_a_persons_file(store: Store) -> None:
    store.adopt(FAILED, A_FILE)


def lose_a_file(store: Store) -> None:
    [holding] = store.held_files()
    store.lose(holding, "not there")


def retry_all(store: Store) -> None:
    assert sum(store.retry(Selection()).values()) == 2


def bring_in_relations(store: Store) -> None:
    found = (work("Related", doi="10.1000/related"), work("Failed", doi="10.1000/failed"))
    row = ExpansionRow(1, KEPT, Direction.REFERENCES, 0, 0, "Kept", "10.1000/kept", None)
    store.finish_expansion(row, ME, Expansion(found, "openalex"), RUN, REACH)


def bring_in_a_search(store: Store) -> None:
    store.enqueue_search(SEARCH)


def give_back(store: Store) -> None:
    assert store.release(Stage.ENRICHMENT, ME)


def keep_the_lease(store: Store) -> None:
    assert store.renew(Stage.ENRICHMENT, ME, [PRINTED], 2 * LEASE)


def remember_answers(store: Store) -> None:
    store.cache_put_many("crossref", {"a": "{}", "b": None}, 60)


STEPS: dict[str, Step] = {
    step.__name__: step
    for step in (
        *(take_in_pdfs, take_in_bibliography, hand_in, read_nothing, put_off, find_nothing, accept, queue, leave_out),
        settle_later,
        *(find_no_copy, take_a_persons_file, lose_a_file, retry_all, bring_in_relations, bring_in_a_search),
        *(give_back, keep_the_lease, remember_answers),
    )
}


def library_before(path: Path) -> None:
    """One row of each kind; what a process can hold is held by ME."""
    library = SmallLibrary(path)
    store = library.store
    library.accept(work("Kept", doi="10.1000/kept"))
    library.queue()
    library.download()
    library.accept(work("Failed", doi="10.1000/failed"))
    library.queue()
    library.fail_downloads()
    library.print_references("nobody knows it", "to be queued", "to be downloaded", "printed")
    unknown, queued, to_download, _ = library.claim_references()
    store.finish_enrichment(unknown, ME, Enrichment(Decision.REJECTED, reason=EnrichmentReason.NO_MATCH))
    store.finish_enrichment(to_download, ME, Enrichment(Decision.ACCEPTED, work("To Download", doi="10.1000/download")))
    library.queue()
    store.finish_enrichment(queued, ME, Enrichment(Decision.ACCEPTED, work("Queued", doi="10.1000/queued")))
    library.claim_works()
    library.claim_downloads()
    library.add_pdfs()
    store.seed_expansion(RUN, [KEPT], REACH)
    store.claim(Stage.EXPANSION, ME, 1, LEASE)
    store.save_search("glaciers", {}, {}, [(work("Sought", doi="10.1000/sought"), ["openalex"])])
    library.close()


def everything(path: Path) -> list[str]:
    """The whole database, once it is sound."""
    where(path)
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each step, and in it what was left by the death before each statement."""
    before = tmp_path_factory.mktemp("killed") / "before.sqlite"
    library_before(before)
    spawned(die_everywhere, before, STEPS, noon)
    return before.parent


@pytest.mark.parametrize("step", list(STEPS))
def test_a_kill_before_any_statement_of_a_move_leaves_all_or_nothing(killed: Path, step: str) -> None:
    files = sorted((killed / step).glob("*.db"), key=lambda path: int(path.stem))
    assert len(files) > 3
    untouched, done = everything(files[0]), everything(files[-1])
    assert untouched != done
    assert all(everything(path) == untouched for path in files[1:-1])
