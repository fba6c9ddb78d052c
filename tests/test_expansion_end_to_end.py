"""A run that goes on from what its PDFs cite to what those works cite, and to what cites them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import small_world
from dl_lit.cli.main import run as main
from dl_lit.concurrent_pipeline import ConcurrentPipelineOrchestrator, Plan, RunSummary
from dl_lit.config import load_settings
from dl_lit.library import Library
from dl_lit.standin.citations import cited_by
from dl_lit.standin.log import read_log
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
    world: StandIn,
    pdfs: Path,
    library: Path,
    *,
    download: bool = False,
    sequential: bool = False,
    queueing: dict[str, Any] | None = None,
    tell: Callable[[str], None] = lambda text: None,
    **expansion: Any,
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
            "queueing": queueing or {},
        },
    )
    plan = Plan((pdfs,), "test", download=download)
    return ConcurrentPipelineOrchestrator(settings, Library.at(library), plan, tell=tell).run()


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
    assert (result.exit_code, result.left) == (0, 0)
    wanted = {(work.doi, cited) for work in CITED for cited in cites[str(work.doi)]}
    assert edges(library) == wanted
    known = {doi for (doi,) in rows(library, "SELECT doi FROM works")}
    assert known == {work.doi for work in CITED} | {cited for _, cited in wanted}
    depths = dict(rows(library, "SELECT doi, depth FROM works JOIN found_works ON id = reference_id"))
    assert set(depths) == known - {work.doi for work in CITED}
    assert set(depths.values()) == {1}


def reached(cites: dict[str, set[str]], steps: int) -> set[str]:
    """The DOIs of all that can be reached from what the PDF cites, over reference lists, in so many steps."""
    found = {str(work.doi) for work in CITED}
    for _ in range(steps):
        found |= {other for one in found for other in cites[one]}
    return found


def test_two_steps_reach_all_that_two_reference_lists_lead_to(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    library, cites = tmp_path / "library", told(world)
    result = run(world, pdfs, library, references=2)
    assert (result.exit_code, result.left) == (0, 0)
    near = reached(cites, 1)
    assert edges(library) == {(one, other) for one in near for other in cites[one]}
    assert {doi for (doi,) in rows(library, "SELECT doi FROM works")} == reached(cites, 2)
    deep = {
        doi for (doi,) in rows(library, "SELECT doi FROM works JOIN found_works ON reference_id = id AND depth = 2")
    }
    assert deep == reached(cites, 2) - near


def test_what_cites_the_matched_works_comes_in(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    library, cites = tmp_path / "library", told(world)
    run(world, pdfs, library, citations=1, most_related=7)
    cited = {str(work.doi) for work in CITED}
    found = edges(library)
    assert found <= {(one, other) for one in cites for other in cites[one] if other in cited}
    for doi in cited:
        citing = [one for one in cites if doi in cites[one]]
        assert len([1 for _, other in found if other == doi]) >= min(7, len(citing))


def test_filters_hold_for_related_works_too(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    year = sorted(work.year for work in WORKS)[len(WORKS) // 2]
    run(world, pdfs, library, queueing={"from_year": year}, references=1, citations=1)
    found = rows(library, "SELECT year FROM works JOIN found_works ON reference_id = id")
    assert found and all(one >= year for (one,) in found)


def test_a_run_takes_in_no_more_than_it_may_and_the_next_goes_on(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    library, whole = tmp_path / "library", tmp_path / "whole"
    run(world, pdfs, whole, references=1)
    first = run(world, pdfs, library, references=1, most_expanded=5)
    assert first.exit_code == 3
    assert rows(library, "SELECT count(*) FROM found_works") == [(5,)]
    for _ in range(30):
        if run(world, pdfs, library, references=1, most_expanded=5).exit_code == 0:
            break
    assert edges(library) == edges(whole)


def test_a_run_that_was_stopped_goes_on_and_asks_nothing_twice(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    run(world, pdfs, library, references=2, most_expanded=30)
    run(world, pdfs, library, references=2)
    asked = [line.path for line in read_log(tmp_path / "requests.jsonl") if line.service == "openalex"]
    assert len(asked) > 3
    assert len(asked) == len(set(asked))


def test_a_spent_budget_leaves_expansion_waiting_and_nothing_failed(pdfs: Path, tmp_path: Path) -> None:
    with running(tmp_path, works=tuple(WORKS), openalex_credits=150) as world:
        result = run(world, pdfs, tmp_path / "library", references=1)
    assert result.exit_code == 3
    [(reason, count)] = rows(tmp_path / "library", "SELECT reason, count(*) FROM expansions GROUP BY reason")
    assert (reason, count) == ("budget_spent", len(CITED))
    [(detail,)] = rows(tmp_path / "library", "SELECT DISTINCT last_error FROM expansions")
    assert "which are kept for records" in detail
    assert rows(tmp_path / "library", "SELECT count(*) FROM works") == [(len(CITED),)]


def test_found_works_are_downloaded_after_what_the_pdfs_cite(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    run(world, pdfs, library, references=1, most_related=2)
    priorities = dict(rows(library, "SELECT id, priority FROM to_download_references"))
    found = {one for (one,) in rows(library, "SELECT reference_id FROM found_works")}
    assert max(priorities[one] for one in found) < 1 <= min(p for one, p in priorities.items() if one not in found)
    run(world, pdfs, library, references=1, most_related=2, download=True)
    assert rows(library, "SELECT count(*) FROM to_download_references") == [(0,)]


def test_expanding_again_asks_nobody_anything(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    run(world, pdfs, tmp_path / "library", references=1, citations=1)
    before = len(read_log(tmp_path / "requests.jsonl"))
    result = run(world, pdfs, tmp_path / "library", references=1, citations=1)
    assert (result.exit_code, len(read_log(tmp_path / "requests.jsonl"))) == (0, before)


def test_what_comes_in_does_not_depend_on_the_order_of_work(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    """The second PDF cites what the first one's works cite: found first or printed first, the record is the same."""
    cites = told(world)
    also = [work for work in WORKS if work.doi in cites[str(CITED[0].doi)]][:3]
    run(world, pdfs, tmp_path / "found", references=1)
    more = tmp_path / "more"
    more.mkdir()
    small_world.write_pdf(more / "b.pdf", "Another", [small_world.printed(work, doi=True) for work in also])
    run(world, more, tmp_path / "found", references=1)
    run(world, more, tmp_path / "printed", references=1)
    run(world, pdfs, tmp_path / "printed", references=1)
    fields = "doi, title, container, volume, pages, year, authors, locations, cited_by_count"
    chosen = ", ".join(f"'{work.doi}'" for work in also)
    sql = f"SELECT {fields} FROM works WHERE doi IN ({chosen}) ORDER BY doi"
    assert rows(tmp_path / "found", sql) == rows(tmp_path / "printed", sql)
    assert edges(tmp_path / "found") == edges(tmp_path / "printed")


def test_the_options_of_the_command_reach_the_run(
    world: StandIn, pdfs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.toml").touch()
    monkeypatch.setenv("DL_LIT_CONFIG", str(tmp_path / "empty.toml"))
    command = ["process-folder-concurrent", str(pdfs), "--no-download", "--services-url", world.url, "--no-panel"]
    options = ["--expand-references", "1", "--most-related", "2", "--most-expanded", "3"]
    assert main([*command, "--email", small_world.EMAIL, *options]) == 3
    assert "of these found with others or by a search" in capsys.readouterr().out
    assert rows(tmp_path / "library", "SELECT count(*) FROM found_works") == [(3,)]
    assert main([*command, "--expand-references", "4"]) == 2


def test_without_openalex_it_is_said_what_is_missing(
    world: StandIn, pdfs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setenv("DL_LIT_SERVICES__OPENALEX__ENABLED", "false")
    monkeypatch.setenv("DL_LIT_SERVICES__SEMANTICSCHOLAR__ENABLED", "false")
    result = run(world, pdfs, tmp_path / "library", tell=said.append, references=1, citations=1)
    assert any("OpenAlex is off" in one for one in said)
    assert result.exit_code == 0
    assert {one for (one,) in rows(tmp_path / "library", "SELECT DISTINCT source FROM citation_edges")} <= {
        "opencitations"
    }
    assert rows(tmp_path / "library", "SELECT count(*) > 0 FROM found_works") == [(1,)]
    assert rows(tmp_path / "library", "SELECT DISTINCT direction FROM expansions") == [("references",)]
