"""schema.sql and the list of columns say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from dl_lit.model import CopyVersion, Decision, Evidence, KeptFile, Location, Person, Reference, Stage, Work
from dl_lit.store import columns
from library import SmallLibrary

ROOT = Path(__file__).parent.parent
FULL_WORK = Work(
    title="Über Tests",
    subtitle="Teil 2",
    authors=(Person("Smith", "J."), Person(name="Institute")),
    editors=(Person("Roe"),),
    year=2001,
    container="Journal",
    volume="0",
    issue="2",
    pages="1-9",
    publisher="Press",
    place="Wien",
    type="journal-article",
    doi="10.1000/x",
    openalex_id="W1",
    arxiv="1706.03762",
    pmid="1",
    pmcid="PMC1",
    isbn="9783161484100",
    issn="0028-0836",
    url="http://host.test",
    language="de",
    abstract="Lang.",
    cited_by_count=0,
    is_oa=False,
    oa_status="closed",
    is_retracted=True,
    locations=(
        Location("unpaywall", "http://a.test/a.pdf", None, CopyVersion.ACCEPTED, "cc-by", "repository", True),
        Location("arxiv", landing_url="http://b.test"),
    ),
    sources=("crossref", "openalex"),
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[SmallLibrary]:
    library = SmallLibrary(tmp_path / "literature.db")
    yield library
    library.close()


@pytest.mark.parametrize("table", list(columns.TABLES))
def test_the_list_of_columns_is_that_of_the_table(library: SmallLibrary, table: str) -> None:
    in_schema = {row[1] for row in library.rows(f"PRAGMA table_info({table})")}
    constant = {"pdf_available"}  # says the same in all rows of its table
    assert in_schema - constant == {"id", *columns.TABLES[table]}


@pytest.mark.parametrize("stage", list(Stage))
def test_the_state_of_a_row_is_on_the_row(library: SmallLibrary, stage: Stage) -> None:
    names = {row[1] for row in library.rows(f"PRAGMA table_info({stage})")}
    assert names >= {
        *("attempts", "next_attempt_at", "claimed_by", "claimed_until", "last_error", "reason"),
        *("created_at", "stage_entered_at", "finished_at"),
    }


def test_every_field_of_the_model_but_the_edition_has_a_column() -> None:
    assert set(columns.TABLES["no_metadata"]) >= {field.name for field in fields(Reference)}
    assert set(columns.TABLES["with_metadata"]) >= {field.name for field in fields(Work)} - {"edition"}
    assert (
        *("file_name", "file_sha256", "file_bytes", "file_pages", "file_source", "file_url", "file_final_url"),
        *("file_version", "file_licence", "file_identity", "file_reserved"),
    ) == columns.FILE
    assert len(columns.FILE) == len(fields(KeptFile))


def test_the_packaged_schema_is_the_one_at_the_top() -> None:
    packaged = ROOT / "dl_lit" / "store" / "schema.sql"
    assert packaged.read_bytes() == (ROOT / "schema.sql").read_bytes()


def test_a_lookup_by_identifier_uses_an_index_in_every_table(library: SmallLibrary) -> None:
    for condition in (
        "id = 1",
        "doi = 'x'",
        *(f"{n} = 'x' AND doi IS NULL" for n in ("openalex_id", "arxiv", "pmid", "pmcid")),
    ):
        plan = [row[3] for row in library.rows(f"EXPLAIN QUERY PLAN SELECT * FROM works WHERE {condition}")]
        assert [step for step in plan if step.startswith("SCAN")] == []


@pytest.mark.parametrize("work", [FULL_WORK, Work()])
def test_a_work_survives_json(work: Work) -> None:
    assert columns.work_from_json(columns.work_to_json(work)) == work


def test_evidence_keeps_its_candidate() -> None:
    evidence = Evidence("crossref", "bibliographic", FULL_WORK, 0.5, Decision.REVIEW, ("title",), ("year",), ("type",))
    values = columns.evidence_to_values(3, evidence, 1.0)
    assert (values["candidate_doi"], values["candidate_title"]) == ("10.1000/x", "Über Tests")
    assert (values["agreed"], values["disagreed"], values["vetoes"]) == ('["title"]', '["year"]', '["type"]')
