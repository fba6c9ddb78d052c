"""A run that goes on from what its PDFs cite to what those works cite, and to what cites them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import small_world
from dl_lit.concurrent_pipeline import ConcurrentPipelineOrchestrator, Plan, RunSummary
from dl_lit.config import load_settings
from dl_lit.library import Library
from dl_lit.standin.server import StandIn
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from standin_tools import running

WORKS = small_world.works(60)
CITED = WORKS[20:24]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[StandIn]:
    with running(tmp_path, works=tuple(WORKS)) as standin:
        yield standin


@pytest.fixture
def pdfs(tmp_path: Path) -> Path:
    folder = tmp_path / "pdfs"
    folder.mkdir()
    small_world.write_pdf(folder / "a.pdf", "A study", [small_world.printed(work, doi=True) for work in CITED])
    return folder


def run(
    world: StandIn, pdfs: Path, library: Path, *, download: bool = False, sequential: bool = False, **expansion: Any
) -> RunSummary:
    settings = load_settings(
        services_url=world.url,
        overrides={
            "contact": {"email": small_world.EMAIL},
            "pipeline": {
                "patience_seconds": 0.0,
                "poll_seconds": 0.1,
                "extraction_workers": 1,
                "sequential": sequential,
            },
            "expansion": expansion,
        },
    )
    plan = Plan((pdfs,), "test", download=download)
    return ConcurrentPipelineOrchestrator(settings, Library.at(library), plan).run()


def rows(library: Path, sql: str) -> list[tuple[Any, ...]]:
    with Database.open(Library.at(library).database) as database:
        assert Store(database).problems() == []
        return [tuple(row) for row in database.reader().all(sql)]


def edges(library: Path) -> set[tuple[str, str]]:
    """By DOI."""
    sql = "SELECT a.doi, b.doi FROM citation_edges JOIN works a ON a.id = citing_id JOIN works b ON b.id = cited_id"
    return set(rows(library, sql))


def told(world: StandIn) -> dict[str, set[str]]:
    """What each work cites, as the stand-in's OpenAlex tells it, by DOI."""
    from dl_lit.standin.citations import cited_by

    entries = [entry for entry in world.world.entries if entry.in_openalex and entry.doi]
    found: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        found[str(entry.doi)] = {str(one.doi) for one in cited_by(world.world, entry) if one.in_openalex}
    return found


def test_nothing_is_expanded_unless_it_is_asked_for(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    run(world, pdfs, tmp_path / "library")
    assert rows(tmp_path / "library", "SELECT count(*) FROM works") == [(len(CITED),)]
    assert rows(tmp_path / "library", "SELECT count(*) FROM expansions") == [(0,)]


@pytest.mark.parametrize("sequential", [False, True])
def test_what_the_cited_works_cite_comes_in_once_and_with_who_cites_it(
    world: StandIn, pdfs: Path, tmp_path: Path, sequential: bool
) -> None:
    library, cites = tmp_path / "library", told(world)
    result = run(world, pdfs, library, references=1, sequential=sequential)
    assert result.exit_code == 3 or result.exit_code == 0
    wanted = {(work.doi, cited) for work in CITED for cited in cites[str(work.doi)]}
    assert edges(library) == wanted
    known = {doi for (doi,) in rows(library, "SELECT doi FROM works")}
    assert known == {work.doi for work in CITED} | {cited for _, cited in wanted}
    depths = dict(rows(library, "SELECT doi, depth FROM works JOIN found_works ON id = reference_id"))
    assert set(depths) == known - {work.doi for work in CITED}
    assert set(depths.values()) == {1}
