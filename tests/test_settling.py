"""A print that was given up before its work came in ends as one that was looked for after it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from dl_lit.enrichment.cascade import Enricher
from dl_lit.model import Decision, Enrichment, EnrichmentReason, Evidence, Found, NoMetadataRow, Person, Reference
from dl_lit.pipeline.work import Finished, Item, Verdict
from dl_lit.queueing import Queuer
from dl_lit.stages import ENRICHMENT_VERDICTS, EnrichmentTask, QueueingTask
from dl_lit.store.decisions import Selection
from enrichment_world import HERRING, HERRING_RAW, World, fake_crossref, outcomes
from library import ME, SmallLibrary

# The journal has the year, the volume and the page, and a misprint in the title that searches stumble over.
MISPRINTED = Reference(
    "Miller, A. (1999). A history of the Baltic herring trade. Fish Review 3, 7-9",
    authors=(Person("Miller", "A."),),
    title="A history of the Baltic herring trade",
    year=1999,
    container="Fish Review",
    volume="3",
    pages="7-9",
)
PRINTED = replace(MISPRINTED, raw=HERRING_RAW, doi="10.5555/fish")
GIVEN_UP = Enrichment(Decision.REJECTED, reason=EnrichmentReason.NO_CANDIDATES)
FOUND = Enrichment(Decision.ACCEPTED, HERRING)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


def enrich(library: SmallLibrary, row: NoMetadataRow, outcome: Enrichment) -> Finished:
    task = EnrichmentTask(library.store, Enricher(World(), World()))
    with library.store.database.transaction():
        return task.finish(Finished(Item(row), outcome, ENRICHMENT_VERDICTS[outcome.decision], outcome.reason), ME)


def queue(library: SmallLibrary) -> None:
    task = QueueingTask(library.store, Queuer(library.store))
    for row in library.claim_works():
        with library.store.database.transaction():
            task.finish(Finished(Item(row), None, Verdict.DONE), ME)


def give_up(library: SmallLibrary, reference: Reference = MISPRINTED) -> int:
    library.print_references(reference)
    [row] = library.claim_references()
    enrich(library, row, GIVEN_UP)
    return row.id


def find(library: SmallLibrary, reference: Reference = PRINTED, outcome: Enrichment = FOUND) -> int:
    library.print_references(reference)
    [row] = library.claim_references()
    enrich(library, row, outcome)
    queue(library)
    return row.id


def cited(library: SmallLibrary) -> list[int]:
    return [one[0] for one in library.rows("SELECT reference_id FROM citations ORDER BY id")]


def test_a_print_that_was_given_up_goes_into_its_work_when_that_comes_in(library: SmallLibrary) -> None:
    given_up = give_up(library)
    assert library.ids("failed_enrichments") == [given_up]
    found = find(library)
    assert library.ids("failed_enrichments") == []
    assert library.field("duplicate_references", given_up, "merged_into") == found
    assert cited(library) == [found, found]
    evidence = library.rows("SELECT service, query, decision FROM match_evidence WHERE reference_id = ?", given_up)
    assert evidence == [("library", "local", "accepted")]


def test_so_does_one_that_needed_a_look(library: SmallLibrary) -> None:
    library.print_references(MISPRINTED)
    [row] = library.claim_references()
    enrich(library, row, Enrichment(Decision.REVIEW, reason=EnrichmentReason.WEAK_MATCH))
    assert library.ids("needs_review") == [row.id]
    find(library)
    assert library.ids("duplicate_references") == [row.id]


def test_a_work_that_came_in_while_a_print_was_looked_for_in_vain_settles_it_too(library: SmallLibrary) -> None:
    library.print_references(MISPRINTED)
    [row] = library.claim_references()
    found = find(library)
    assert enrich(library, row, GIVEN_UP).verdict is Verdict.DUPLICATE
    assert library.field("duplicate_references", row.id, "merged_into") == found


def test_it_goes_into_the_work_that_its_own_was_merged_into(library: SmallLibrary) -> None:
    without_place = replace(HERRING, volume=None, pages=None, container=None)
    first = find(library, Reference("Herring, 1999"), Enrichment(Decision.ACCEPTED, without_place))
    given_up = give_up(library)
    assert library.ids("failed_enrichments") == [given_up]  # there is too little to know it by
    find(library)
    assert library.field("duplicate_references", given_up, "merged_into") == first
    assert set(cited(library)) == {first}


def test_another_work_settles_nothing(library: SmallLibrary) -> None:
    given_up = give_up(library)
    other = replace(HERRING, title="A history of the Baltic herring trade, part two", volume="4", pages="1-3")
    find(library, PRINTED, Enrichment(Decision.ACCEPTED, replace(other, doi="10.5555/two", year=2003)))
    assert library.ids("failed_enrichments") == [given_up]


def test_what_a_person_has_refused_stays_refused(library: SmallLibrary) -> None:
    library.print_references(MISPRINTED)
    [row] = library.claim_references()
    enrich(library, row, FOUND)
    library.store.refuse(row.id)
    find(library)
    assert library.ids("failed_enrichments") == [row.id]


def test_what_a_person_has_parted_from_the_work_stays_apart(library: SmallLibrary) -> None:
    found = find(library)
    merged = find(library, MISPRINTED, FOUND)
    library.store.unmerge(merged)
    library.store.retry(Selection(reasons=("parted_by_person", "rejected_by_person")))
    for row in library.claim_references():
        enrich(library, row, GIVEN_UP)
    assert library.ids("duplicate_references") == []
    assert cited(library) == [found, merged]


def test_references_that_a_person_has_parted_are_not_settled_by_one_another(library: SmallLibrary) -> None:
    one, other = find(library), give_up(library, Reference("Miller, 1999"))
    with library.store.database.transaction() as connection:
        connection.execute("INSERT INTO parted_references VALUES (?, ?, 0)", (one, other))
    assert not library.store.settle(other, one, Evidence("library", "local", HERRING, 0.9, Decision.ACCEPTED), ME)
    assert library.ids("failed_enrichments") == [other]


def test_a_print_that_is_tried_again_is_not_compared_meanwhile(library: SmallLibrary) -> None:
    give_up(library)
    library.store.retry(Selection())
    assert library.rows("SELECT * FROM unsettled_prints") == []


def test_a_generic_title_is_no_name(library: SmallLibrary) -> None:
    give_up(library, Reference("Editorial. 1999", title="Editorial", year=1999))
    assert "title" not in {kind for (kind,) in library.rows("SELECT kind FROM unsettled_prints")}


@pytest.mark.parametrize("order", [*permutations((MISPRINTED, PRINTED))], ids=("vain first", "vain last"))
def test_the_order_of_two_citations_of_one_work_does_not_show(
    library: SmallLibrary, order: tuple[Reference, ...]
) -> None:
    """Only one of them prints the DOI, and no search finds anything."""
    services = World(crossref=fake_crossref({"10.5555/fish": Found(HERRING)}))
    task = EnrichmentTask(library.store, Enricher(services, library.store))
    for reference in order:
        library.print_references(reference)
        rows = library.claim_references()
        for row, verdict in outcomes(Enricher(services, library.store), rows, threading.Event()):
            with library.store.database.transaction():
                task.finish(Finished(Item(row), verdict, ENRICHMENT_VERDICTS[verdict.decision], verdict.reason), ME)
        queue(library)
    assert len(library.ids("to_download_references")) == 1
    assert len(library.ids("duplicate_references")) == 1
    assert len(set(cited(library))) == 1
