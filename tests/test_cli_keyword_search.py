"""`keyword-search` as a person types it, against the stand-in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import small_world
from dl_lit.cli.main import run
from dl_lit.standin.log import read_log
from dl_lit.standin.server import StandIn
from dl_lit.store.database import Database
from dl_lit.store.store import Store
from standin_tools import running

WORKS = small_world.works(120)
QUERY = "title:(learning OR theory) NOT quantum"


@pytest.fixture(autouse=True)
def wide_screen(away_from_home: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[StandIn]:
    with running(tmp_path, works=tuple(WORKS)) as standin:
        yield standin


def searched(world: StandIn, *arguments: str) -> int:
    return run(["keyword-search", *arguments, "--services-url", world.url, "--email", small_world.EMAIL])


def read_json(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def words_of(title: str) -> set[str]:
    return set("".join(letter if letter.isalnum() else " " for letter in title.lower()).split())


def expected(world: StandIn) -> set[str | None]:
    """The DOIs of what fits the query, records about other works (reviews, supplements) left out."""
    found = set()
    for entry in world.world.entries:
        words = words_of(f"{entry.work.title} {entry.work.subtitle or ''}")
        fits = words & {"learning", "theory"} and "quantum" not in words
        if fits and entry.work.type not in ("component", "peer-review"):
            found.add(entry.doi)
    return found


def test_both_services_are_asked_and_each_work_is_shown_once(
    world: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert searched(world, QUERY, "--format", "json") == 0
    told = read_json(capsys)
    dois = [one["work"]["doi"] for one in told["results"]]
    assert len(dois) == len(set(dois)) and set(dois) == expected(world)
    assert {"openalex", "crossref", "library"} == set(told["sources"])
    assert any(one["found_by"] == ["openalex", "crossref"] for one in told["results"])


def test_a_search_is_kept_listed_and_shown_again_without_asking(
    world: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert searched(world, QUERY, "--to-year", "1990", "--format", "json") == 0
    first = read_json(capsys)
    asked = len(read_log(tmp_path / "requests.jsonl"))
    assert run(["keyword-search", "--show", "1", "--format", "json"]) == 0
    assert read_json(capsys)["results"] == first["results"]
    assert run(["keyword-search", "--saved", "--format", "json"]) == 0
    [kept] = read_json(capsys)
    assert (kept["query"], kept["options"]["to_year"]) == (QUERY, 1990)
    assert run(["keyword-search", "--saved"]) == 0
    assert "to_year=1990" in capsys.readouterr().out
    assert run(["keyword-search", "--saved", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("id,query,when,works\n1,")
    assert len(read_log(tmp_path / "requests.jsonl")) == asked


def test_csv_has_a_line_a_work(world: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert searched(world, QUERY, "--source", "crossref", "--limit", "3", "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 3
    assert {row["found_by"] for row in rows} == {"crossref"}
    assert all(row["title"] and row["doi"] and row["authors"] for row in rows)


def test_enqueued_works_wait_as_verified_ones_and_twice_is_once(
    world: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = len(expected(world))
    assert searched(world, QUERY, "--enqueue") == 0
    assert f"{number} works came into the library, 0 were there already" in capsys.readouterr().err
    assert run(["keyword-search", "--show", "1", "--enqueue"]) == 0
    assert f"0 works came into the library, {number} were there already" in capsys.readouterr().err
    with Database.open(tmp_path / "library" / "literature.db") as database:
        store = Store(database)
        assert store.problems() == []
        assert (store.counts().queueing.total, store.counts().found_works) == (number, number)


def test_a_run_on_pdfs_leaves_enqueued_works_alone_and_download_does_them(
    world: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    number = len(expected(world))
    assert searched(world, QUERY, "--enqueue") == 0
    (tmp_path / "pdfs").mkdir()
    small_world.write_pdf(tmp_path / "pdfs" / "a.pdf", "A", [small_world.printed(WORKS[0], doi=True)])
    base = ["--services-url", world.url, "--email", small_world.EMAIL]
    assert run(["process-folder-concurrent", "pdfs", "--no-panel", *base]) == 0
    capsys.readouterr()
    with Database.open(tmp_path / "library" / "literature.db") as database:
        assert Store(database).counts().queueing.total >= number - 1
    assert searched(world, "--show", "1", "--download", "--format", "json") in (0, 3)
    assert '"event": "summary"' in capsys.readouterr().out
    with Database.open(tmp_path / "library" / "literature.db") as database:
        counts = Store(database).counts()
        assert Store(database).problems() == []
    assert (counts.queueing.total, counts.downloaded + counts.failed_downloads >= number) == (0, True)


def test_the_library_is_searched_and_its_ids_are_shown_offline(
    world: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert searched(world, QUERY, "--enqueue", "--format", "json") == 0
    capsys.readouterr()
    asked = len(read_log(tmp_path / "requests.jsonl"))
    assert searched(world, QUERY, "--offline", "--format", "json") == 0
    told = read_json(capsys)
    assert {one["work"]["doi"] for one in told["results"]} == expected(world)
    assert all(one["reference_id"] for one in told["results"])
    assert list(told["sources"]) == ["library"]
    assert len(read_log(tmp_path / "requests.jsonl")) == asked
    for option, there in ((), True), (("--cited-only",), False):
        assert run(["export-bibtex", *option]) == 0
        assert (told["results"][0]["work"]["doi"] in capsys.readouterr().out) is there
    assert run(["why", told["results"][0]["work"]["doi"]]) == 0
    assert f"found by search 1: {QUERY}" in capsys.readouterr().out


def test_a_silent_service_makes_the_exit_code_3_and_the_rest_is_shown(
    world: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    world.faults.set("openalex", "unavailable")
    assert searched(world, QUERY, "--format", "json") == 3
    told = read_json(capsys)
    assert {one["work"]["doi"] for one in told["results"]} == expected(world)
    assert told["sources"]["openalex"]["silent"]


def test_nothing_fits(world: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert searched(world, "title:theory", "--author", "Nobody At All") == 0
    assert "nothing fits" in capsys.readouterr().out


def test_an_author_is_enough(world: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    family = WORKS[0].authors[0].family
    assert searched(world, "--author", str(family), "--format", "json") == 0
    told = read_json(capsys)
    assert WORKS[0].doi in {one["work"]["doi"] for one in told["results"]}
    assert told["sources"]["openalex"]["unasked"] and told["query"] == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Give a QUERY"),
        (["a", "--saved"], "one of them"),
        (["(a"], "Column 1"),
        (["NOT a"], "must not be there"),
        (["a", "--author", "..."], "--author"),
        (["--show", "9"], "no search 9"),
        (["--show", "1", "--download", "--format", "csv"], "no CSV"),
    ],
)
def test_what_makes_no_sense_is_said(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Database.open(tmp_path / "library" / "literature.db").close()
    assert run(["keyword-search", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_no_search_was_kept_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Database.open(tmp_path / "library" / "literature.db").close()
    assert run(["keyword-search", "--saved"]) == 0
    assert capsys.readouterr().out == "No search has been kept.\n"
