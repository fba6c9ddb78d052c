"""What `plan` foretells of a small world, against what the run then sends."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dl_lit.cli.main import run
from dl_lit.standin import catalogue
from dl_lit.standin.catalogue import CatalogueWork
from dl_lit.standin.log import read_log
from dl_lit.standin.server import StandIn
from small_world import EMAIL, printed, works, write_pdf

pytestmark = pytest.mark.usefixtures("away_from_home")
UNKNOWN = (
    "Nobody, X. (1999). A leaflet that no index has ever heard about. Village Press, 7, 1-2.",
    "Noone, Y. (2003). Some further leaflet that is equally unheard of. Village Press, 8, 11-12.",
)


@pytest.fixture
def pdfs(tmp_path: Path) -> Path:
    """Two papers: articles with and without a DOI, one of them cited by both; books; what nobody knows."""
    folder = tmp_path / "pdfs"
    folder.mkdir()
    articles = works(20)
    lines = [printed(work, doi=number % 3 == 0) for number, work in enumerate(articles)]
    write_pdf(folder / "one.pdf", "A first paper on something", [*lines[:12], UNKNOWN[0], *map(book, books())])
    write_pdf(folder / "two.pdf", "A second paper on something else", [lines[1], *lines[12:], UNKNOWN[1]])
    return folder


def books() -> list[CatalogueWork]:
    return [w for w in catalogue.load() if w.type == "book" and w.authors and w.publisher and len(w.title) > 20][:4]


def book(work: CatalogueWork) -> str:
    names = ", ".join(f"{person.family}, {(person.given or '?')[0]}." for person in work.authors)
    return f"{names} ({work.year}). {work.title}. {work.place or 'London'}: {work.publisher}."


def foretold(world: StandIn, pdfs: Path, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    capsys.readouterr()
    asked = ["plan", str(pdfs), "--services-url", world.url, "--email", EMAIL, "--no-download", "--format", "json"]
    assert run([*asked, *options]) == 0
    made: dict[str, Any] = json.loads(capsys.readouterr().out)
    return {**made, "calls": {cost["service"]: cost["calls"] for cost in made["costs"]}}


def sent(world: StandIn, pdfs: Path, library: Path, *options: str) -> Counter[str]:
    before = Counter(entry.service for entry in read_log(world.log_path) if entry.service)
    asked = ["process-folder-concurrent", str(pdfs), "--services-url", world.url, "--email", EMAIL, "--no-download"]
    assert run([*asked, "--library", str(library), *options]) == 0
    return Counter(entry.service for entry in read_log(world.log_path) if entry.service) - before


def assert_near(made: dict[str, int], really: Counter[str]) -> None:
    """A third more or less, or two calls where there are few."""
    for service in made.keys() | really.keys():
        told, asked = made.get(service, 0), really[service]
        assert abs(told - asked) <= max(2, asked / 3), f"{service}: {told} foretold, {asked} sent"


def test_a_plan_is_near_what_a_run_sends_and_nothing_is_sent_by_it(
    world: StandIn, pdfs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = foretold(world, pdfs, capsys)
    assert read_log(world.log_path) == []
    assert (made["printed"]["repeated"], made["printed"]["local"]) == (1, 0)
    really = sent(world, pdfs, tmp_path / "library")
    assert_near(made["calls"], really)
    assert sum(really.values()) > 30


def test_a_plan_knows_what_was_fetched_for_another_library(
    world: StandIn, pdfs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = sent(world, pdfs, tmp_path / "first")
    made = foretold(world, pdfs, capsys)
    assert made["printed"]["local"] >= 20
    really = sent(world, pdfs, tmp_path / "second")
    assert_near(made["calls"], really)
    assert sum(made["calls"].values()) < sum(first.values()) / 2
    anew = foretold(world, pdfs, capsys, "--no-cache")
    assert anew["printed"]["local"] == 0


def test_a_plan_asks_catalogues_as_the_run_does(
    world: StandIn, pdfs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built = str(tmp_path / "mine.catalogue")
    records = [
        {
            "DOI": work.doi,
            "title": [work.title],
            "author": [{"family": person.family, "given": person.given} for person in work.authors],
            "issued": {"date-parts": [[work.year]]},
            "container-title": [work.container],
            "volume": work.volume,
            "page": work.pages,
            "type": work.type,
        }
        for work in works(20)
    ]
    (tmp_path / "works.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert run(["catalogue", "build", str(tmp_path / "works.jsonl"), "--output", built]) == 0
    made = foretold(world, pdfs, capsys, "--catalogue", built, "--no-cache")
    assert made["printed"]["local"] == 20
    really = sent(world, pdfs, tmp_path / "library", "--catalogue", built, "--no-cache")
    assert_near(made["calls"], really)
