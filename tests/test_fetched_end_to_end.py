"""A second library of works that a first one cites: the same ends with far fewer calls, also side by side."""

from __future__ import annotations

import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from dl_lit.cli.main import run as run_command
from dl_lit.concurrent_pipeline import ConcurrentPipelineOrchestrator, Plan, RunSummary
from dl_lit.library import Library
from dl_lit.standin.log import read_log
from dl_lit.standin.server import StandIn
from small_world import EMAIL, printed, settings, works, write_pdf

pytestmark = pytest.mark.usefixtures("away_from_home")
UNKNOWN = "Nobody, X. (1999). A leaflet that no index has ever heard about. Village Press, 7, 1-2."


@pytest.fixture
def pdfs(tmp_path: Path) -> Path:
    folder = tmp_path / "pdfs"
    folder.mkdir()
    cited = works(8)
    lines = [printed(work, doi=number % 2 == 0) for number, work in enumerate(cited)]
    write_pdf(folder / "one.pdf", "A first paper on something", [*lines, UNKNOWN])
    return folder


def run(url: str, pdfs: Path, library: Path) -> RunSummary:
    plan = Plan((pdfs,), "test", download=False)
    return ConcurrentPipelineOrchestrator(settings(url, fetched=True), Library.at(library), plan).run()


def calls(world: StandIn) -> Counter[str]:
    return Counter(entry.service for entry in read_log(world.log_path) if entry.service is not None)


def matches(library: Path) -> list[tuple[str, str | None]]:
    with closing(sqlite3.connect(library / "literature.db")) as database:
        return sorted(
            database.execute(
                "SELECT c.raw, w.doi FROM citations c LEFT JOIN works w ON w.id = c.reference_id"
            ).fetchall(),
            key=repr,
        )


def sources(library: Path) -> Counter[str]:
    with closing(sqlite3.connect(library / "literature.db")) as database:
        return Counter(
            service for (service,) in database.execute("SELECT service FROM match_evidence WHERE decision = 'accepted'")
        )


def test_the_second_library_asks_for_what_the_first_did_not_find_only(
    world: StandIn, pdfs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(world.url, pdfs, tmp_path / "first")
    first = calls(world)
    run(world.url, pdfs, tmp_path / "second")
    second = calls(world) - first
    assert second["crossref"] == 1  # the search for what nobody knows
    assert sum(second.values()) * 2 < sum(first.values())
    assert matches(tmp_path / "second") == matches(tmp_path / "first")
    assert sum(doi is not None for _, doi in matches(tmp_path / "second")) == 8
    assert sources(tmp_path / "second") == {"fetched": 8}
    assert run_command(["why", works(1)[0].doi or "", "--library", str(tmp_path / "second")]) == 0
    assert "kept answers, text" in capsys.readouterr().out


def test_without_the_cache_nothing_is_used_and_nothing_kept(
    world: StandIn, pdfs: Path, tmp_path: Path, cache_of_this_test: Path
) -> None:
    asked = ["process-folder", str(pdfs), "--services-url", world.url, "--email", EMAIL, "--no-download", "--no-cache"]
    assert run_command([*asked, "--library", str(tmp_path / "first")]) == 0
    first = calls(world)
    assert run_command([*asked, "--library", str(tmp_path / "second")]) == 0
    assert calls(world) - first == first
    assert not cache_of_this_test.exists()


def test_two_runs_side_by_side_share_it(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    libraries = [tmp_path / name for name in ("one", "two", "three")]
    with ThreadPoolExecutor(3) as threads:
        ended = list(threads.map(lambda library: run(world.url, pdfs, library), libraries[:2]))
    assert [one.exit_code for one in ended] == [0, 0]
    assert matches(libraries[0]) == matches(libraries[1])
    before = calls(world)
    run(world.url, pdfs, libraries[2])
    assert (calls(world) - before)["crossref"] == 1


def test_a_keyword_search_feeds_it(world: StandIn, pdfs: Path, tmp_path: Path) -> None:
    word = max(works(1)[0].title.split(), key=len)
    asked = ["keyword-search", f"title:{word}", "--services-url", world.url, "--email", EMAIL]
    assert run_command([*asked, "--library", str(tmp_path / "searched")]) == 0
    run(world.url, pdfs, tmp_path / "library")
    assert sources(tmp_path / "library")["fetched"] >= 1
