"""What a run says of a row of which a person has decided otherwise."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from dl_lit.model import Decision, Enrichment, NoMetadataRow
from dl_lit.pipeline.work import Finished, Item, Verdict
from dl_lit.queueing import Queuer
from dl_lit.stages import EnrichmentTask, QueueingTask
from dl_lit.store.decisions import Selection
from library import ME, SmallLibrary, work

TIDES = work("Tides of a Harbour", doi="10.1000/a")


class Nobody:
    """Asks no service."""

    def enrich(
        self, rows: Sequence[NoMetadataRow], stop: threading.Event
    ) -> Iterable[tuple[NoMetadataRow, Enrichment]]:
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
