"""What a run says and does of a row of which a person, or another process, has decided otherwise."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.download.shelf import Shelf
from dl_lit.errors import LeaseLost
from dl_lit.model import Decision, Enrichment, KeptFile, NoMetadataRow
from dl_lit.pipeline.work import Finished, Item, Parked, Verdict
from dl_lit.queueing import Queuer
from dl_lit.stages import DownloadTask, EnrichmentTask, QueueingTask
from dl_lit.store.decisions import Selection
from download_world import WORK, DownloadWorld, direct, download_world, file, pdf
from library import ME, SmallLibrary, work

TIDES = work("Tides of a Harbour", doi="10.1000/a")


class Nobody:
    """Asks no service."""

    def groups(
        self, rows: Sequence[NoMetadataRow], stop: threading.Event
    ) -> Iterable[Iterable[tuple[NoMetadataRow, Enrichment]]]:
        return ()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def parted(library: SmallLibrary) -> tuple[int, int]:
    """Two references without a work that a person has parted, waiting to be looked for again."""
    [one] = library.accept(work("Tides of a Harbour"))
    library.queue()
    [other] = library.accept(work("Tides of a Harbour", place="Here"))
    queuer = Queuer(library.store)
    for row in library.claim_works():
        library.store.finish_queueing(row, ME, queuer.decide(row))
    library.store.unmerge(other)
    library.store.refuse(one)
    library.store.refuse(other)
    library.store.retry(Selection(reasons=("rejected_by_person",)))
    return one, other


def found(library: SmallLibrary, task: EnrichmentTask) -> list[Finished]:
    outcome = Enrichment(Decision.ACCEPTED, TIDES)
    rows = library.claim_references()
    return [task.finish(Finished(Item(row), outcome, Verdict.DONE), ME) for row in rows]


def test_a_refused_work_that_is_found_again_is_a_failure(library: SmallLibrary) -> None:
    [one] = library.accept(TIDES)
    library.store.refuse(one)
    library.store.retry(Selection(reasons=("rejected_by_person",)))
    [finished] = found(library, EnrichmentTask(library.store, Nobody()))
    assert (finished.verdict, finished.reason) == (Verdict.FAILED, "rejected_by_person")


def test_one_work_for_parted_references_needs_a_look(library: SmallLibrary) -> None:
    parted(library)
    first, second = found(library, EnrichmentTask(library.store, Nobody()))
    assert first.verdict is Verdict.DONE
    assert (second.verdict, second.reason) == (Verdict.REVIEW, "parted_by_person")


def test_one_work_for_parted_references_needs_a_look_in_stage_3_too(library: SmallLibrary) -> None:
    one, other = parted(library)
    enrichment = EnrichmentTask(library.store, Nobody())
    queueing = QueueingTask(library.store, Queuer(library.store))
    verdicts = {}
    for row in library.claim_references():
        enrichment.finish(Finished(Item(row), Enrichment(Decision.ACCEPTED, TIDES), Verdict.DONE), ME)
        for work_row in library.claim_works():
            verdicts[row.id] = queueing.finish(Finished(Item(work_row), None, Verdict.DONE), ME).verdict
    assert verdicts == {one: Verdict.DONE, other: Verdict.REVIEW}


def fetched(world: DownloadWorld, library: SmallLibrary, task: DownloadTask) -> Finished:
    """The outcome for the only work, whose file lies in its place, before the database has it."""
    place = direct(world.hosts.put("2/a.pdf", file()))
    library.accept(replace(WORK, locations=(place,)))
    library.queue()
    [row] = library.claim_downloads()
    item = Item(row)
    while isinstance(step := next(iter(task.run([item], world.stop))), Parked):
        item = step.item
    assert isinstance(step, Finished)
    return step


def imported(world: DownloadWorld, library: SmallLibrary, reference_id: int, body: bytes) -> KeptFile:
    shelf, sha256 = Shelf(world.library), hashlib.sha256(body).hexdigest()
    with shelf.temporary(reference_id) as part:
        part.write_bytes(body)
        facts = KeptFile("", sha256, len(body), 3, "import", "file:///mine.pdf", "file:///mine.pdf", identity="title")
        kept = shelf.keep(reference_id, WORK, part, facts)
    library.store.adopt(reference_id, kept)
    shelf.settled(reference_id)
    return kept


@pytest.mark.parametrize("body", [pdf(extra="with notes of mine"), pdf()])
def test_a_file_that_came_while_a_copy_was_imported_does_not_stay_beside_it(
    tmp_path: Path, library: SmallLibrary, body: bytes
) -> None:
    with download_world(tmp_path) as world:
        task = DownloadTask(library.store, world.downloader())
        finished = fetched(world, library, task)
        kept = imported(world, library, finished.item.row.id, body)
        with pytest.raises(LeaseLost):
            task.finish(finished, ME)
        assert world.files == [kept.file_name]
        assert not list((world.library.pdfs / ".incoming").glob("*.json"))
        assert library.field("downloaded_references", finished.item.row.id, "file_source") == "import"


def test_a_file_whose_row_another_process_has_stays_for_it(tmp_path: Path, library: SmallLibrary) -> None:
    with download_world(tmp_path) as world:
        task = DownloadTask(library.store, world.downloader())
        finished = fetched(world, library, task)
        with pytest.raises(LeaseLost):
            task.finish(finished, "another")
        assert len(world.files) == 1
