"""The cascade through the real clients, the real HTTP layer and the real store, against a server on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from dl_lit.config import load_settings
from dl_lit.enrichment.cascade import Enricher
from dl_lit.model import (
    Decision,
    Enrichment,
    EnrichmentReason,
    Extraction,
    NoMetadataRow,
    PdfFile,
    PdfRow,
    Reference,
    Stage,
)
from dl_lit.net.ledger import MemoryLedger
from dl_lit.net.network import Network
from dl_lit.services.crossref import Crossref
from dl_lit.services.openalex import OpenAlex
from dl_lit.services.registry import ServiceSet, build_services
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.citations import cited_by
from dl_lit.standin.log import read_log
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from enrichment_world import outcomes
from httpserver import Arrival, Reply
from outside import Outside, outside
from standin_tools import made_up_works, running

RECORD: dict[str, Any] = {
    "DOI": "10.5555/DEEP",
    "type": "journal-article",
    "title": ["Deep learning for the recognition of handwritten numerals"],
    "author": [{"given": "Yann", "family": "LeCun"}],
    "issued": {"date-parts": [[2015, 5]]},
    "container-title": ["Journal of Machine Vision"],
    "volume": "21",
    "page": "436-444",
}
PARASITE = RECORD | {
    "DOI": "10.3410/f.1.2",
    "type": "dataset",
    "title": [f"Faculty Opinions recommendation of {RECORD['title'][0]}."],
}
IN_OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.5555/deep",
    "title": RECORD["title"][0],
    "locations": [{"is_oa": True, "pdf_url": "https://repository.example/deep.pdf", "landing_page_url": None}],
}
RAW = "[3] LeCun, Y.: Deep learning for the recognition of handwritten numerals. J. Mach. Vis. 21, 436–444 (2015)"


class Indexes:
    """Crossref and OpenAlex on one server; a `fault` answers in place of both."""

    def __init__(self) -> None:
        self.fault: Reply | None = None

    def __call__(self, arrival: Arrival) -> Reply:
        path = unquote(urlsplit(arrival.path).path)
        if self.fault is not None:
            return self.fault
        if path.startswith("/works/doi:"):
            return answer(IN_OPENALEX)
        if path.startswith("/works/"):
            return answer({"status": "ok", "message": RECORD})
        asked = parse_qs(urlsplit(arrival.path).query)
        hits = [PARASITE, RECORD] if "query.bibliographic" in asked else [RECORD]
        return answer({"status": "ok", "message": {"items": hits}})


def answer(body: object) -> Reply:
    return Reply(body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})


@pytest.fixture
def indexes() -> Indexes:
    return Indexes()


@pytest.fixture
def world(tmp_path: Path, indexes: Indexes) -> Iterator[Outside]:
    with outside(tmp_path, "crossref", "openalex") as made:
        made.server.answer = indexes
        yield made


def enrich(world: Outside, *references: Reference) -> list[Enrichment]:
    services = ServiceSet(
        crossref=Crossref(world.pool("crossref"), world.store, base_url=world.url),
        openalex=OpenAlex(world.pool("openalex"), world.store, base_url=world.url),
    )
    rows = [NoMetadataRow(number, reference, 0) for number, reference in enumerate(references)]
    found = dict(outcomes(Enricher(services, world.store), rows, threading.Event()))
    return [found[row] for row in rows]


def test_a_printed_reference_becomes_a_whole_record(world: Outside) -> None:
    (found,) = enrich(world, Reference(RAW))
    assert found.decision is Decision.ACCEPTED
    assert found.work is not None
    assert (found.work.doi, found.work.openalex_id, found.work.sources) == (
        "10.5555/deep", "W1", ("crossref", "openalex"),
    )  # fmt: skip
    assert found.work.locations[0].pdf_url == "https://repository.example/deep.pdf"
    assert [evidence.decision for evidence in found.evidence] == [Decision.REJECTED, Decision.ACCEPTED]


def test_the_same_reference_again_asks_nobody(world: Outside) -> None:
    first = enrich(world, Reference(RAW))
    asked = len(world.arrivals)
    assert enrich(world, Reference(RAW), Reference(RAW))[1] == first[0]
    assert len(world.arrivals) == asked


def test_a_printed_doi_gives_the_same_record_as_the_search(world: Outside) -> None:
    searched, printed = enrich(world, Reference(RAW), replace(Reference(RAW), doi="10.5555/deep"))
    assert searched.work == printed.work
    assert not any("query.bibliographic" in path for path in world.server.paths[:2])


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Reply(status=503), EnrichmentReason.SERVICE_SILENT),
        (Reply(body=b"<html>busy</html>"), EnrichmentReason.SERVICE_SILENT),
        (Reply(status=429, headers={"Retry-After": "3600"}), EnrichmentReason.BUDGET_SPENT),
        (Reply(status=401), EnrichmentReason.ACCESS_REFUSED),
        (Reply(status=403), EnrichmentReason.ACCESS_REFUSED),
    ],
)
def test_services_that_cannot_answer_leave_the_row_for_later(
    world: Outside, indexes: Indexes, fault: Reply, reason: EnrichmentReason
) -> None:
    indexes.fault = fault
    (found,) = enrich(world, Reference(RAW))
    assert (found.decision, found.reason) == (Decision.UNANSWERED, reason)
    assert found.retry_after == (pytest.approx(3600, abs=5) if fault.status == 429 else None)


# ── all services, at a stand-in ──────────────────────────────────────────────────────────────────────────


def test_the_list_of_a_citing_paper_answers_for_all_its_references(tmp_path: Path) -> None:
    with running(tmp_path, works=made_up_works(60)) as standin:
        world = standin.world
        paper, cited = next(
            (one, list_)
            for one in world.entries
            if one.in_crossref and len(list_ := [one for one in cited_by(world, one) if one.doi]) > 8
        )
        configured = load_settings(services_url=standin.url, overrides={"contact": {"email": "someone@uni-nord.de"}})
        network = Network(configured, MemoryLedger(), stop=threading.Event())
        store = Store(Database.open(tmp_path / "literature.db", configured.store, create=True))
        try:
            store.add_pdfs(store.start_run("me", "test", {}), [PdfFile("/paper.pdf", "sha", 100)])
            [pdf] = store.claim(Stage.EXTRACTION, "me", 1, 60)
            printed = tuple(Reference(line(one.work), number) for number, one in enumerate(cited, 1))
            extraction = Extraction(pages=3, backend="test", doi=paper.doi, references=printed)
            store.finish_extraction(cast(PdfRow, pdf), "me", extraction)
            rows = [cast(NoMetadataRow, row) for row in store.claim(Stage.ENRICHMENT, "me", 100, 60)]
            enricher = Enricher(build_services(configured, network, store), store)
            found = dict(outcomes(enricher, rows, threading.Event()))
        finally:
            network.close()
            store.close()
        searches = [one for one in read_log(standin.log_path) if "query.bibliographic" in one.path]
    works = {row.reference.position: outcome.work for row, outcome in found.items()}
    assert {number: work.doi for number, work in works.items() if work} == {
        number: one.doi for number, one in enumerate(cited, 1)
    }
    assert any(one.query == "deposited" for outcome in found.values() for one in outcome.evidence)
    assert searches == []


def line(work: CatalogueWork) -> str:
    family = work.authors[0].family
    return f"{family}, A. ({work.year}). {work.title}. {work.container} {work.volume}, {work.pages}."
