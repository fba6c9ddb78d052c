"""What a person can open for a work without a copy, and where it is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.cli.main import run
from dl_lit.clickable import address
from dl_lit.model import Attempt, Download, DownloadReason, Location, Work
from library import ME, SmallLibrary, work

DOI = "10.1000/a<1>"
PAGE = Location("unpaywall", landing_url="https://repo.test/1")
BEST = Location("openalex", pdf_url="https://pub.test/a.pdf", landing_url="https://pub.test/a", is_best=True)


def tried(url: str, outcome: DownloadReason) -> Attempt:
    return Attempt("openalex", url, None, "host.test", outcome)


def test_an_open_copy_behind_a_wall_comes_first() -> None:
    attempts = [
        tried("https://gone.test/", DownloadReason.GONE),
        tried("https://www.mdpi.com/1/pdf", DownloadReason.BLOCKED),
    ]
    assert address(Work(doi=DOI, locations=(BEST,)), attempts) == "https://www.mdpi.com/1/pdf"


def test_then_the_best_page_that_is_not_dead_then_the_doi() -> None:
    what = Work(doi=DOI, locations=(PAGE, BEST), url="https://somewhere.test/")
    gone = tried("https://pub.test/a", DownloadReason.GONE)
    assert address(what) == "https://pub.test/a"
    assert address(what, [gone]) == "https://repo.test/1"
    assert address(what, [gone, tried("https://repo.test/1", DownloadReason.CONNECTION)]) == (
        "https://doi.org/10.1000/a%3C1%3E"
    )


def test_a_page_that_only_an_index_named_and_that_shows_no_pdf_comes_before_the_doi() -> None:
    attempts = [
        tried("https://repo.test/viewer", DownloadReason.WRONG_TYPE),
        tried("https://repo.test/items/7", DownloadReason.NO_PDF_LINK),
    ]
    assert address(Work(doi=DOI), attempts) == "https://repo.test/items/7"
    assert address(Work(doi=DOI), attempts[:1]) == "https://repo.test/viewer"
    assert address(Work(doi=DOI, locations=(PAGE,)), attempts) == "https://repo.test/1"


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (Work(arxiv="1706.03762", pmid="7"), "https://arxiv.org/abs/1706.03762"),
        (Work(pmcid="PMC12", pmid="7"), "https://pmc.ncbi.nlm.nih.gov/articles/PMC12/"),
        (Work(pmid="7"), "https://pubmed.ncbi.nlm.nih.gov/7/"),
        (Work(url="https://uni.test/x"), "https://uni.test/x"),
        (Work(), "https://printed.test/"),
    ],
)
def test_without_a_doi_other_identifiers_and_addresses_lead_to_a_page(what: Work, expected: str) -> None:
    assert address(what, printed_url="https://printed.test/") == expected


@pytest.mark.parametrize("url", ["https://sci-hub.test/x", "ftp://host.test/x", "http://[bad", None])
def test_what_is_no_lawful_address_of_the_web_is_none(url: str | None) -> None:
    assert address(Work(), printed_url=url) is None


# ── where it is told ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library with a work behind a wall and one without any copy."""
    (tmp_path / "library").mkdir()
    library = SmallLibrary(tmp_path / "library" / "literature.db")
    closed = replace(work("Closed", doi="10.1000/closed"), abstract="We measured what nobody may read.")
    library.accept(work("Walled", doi="10.1000/walled"), closed)
    library.queue()
    for row in library.claim_downloads():
        walled = row.work.title == "Walled"
        attempts = (tried("https://wall.test/a.pdf", DownloadReason.BLOCKED),) if walled else ()
        reason = DownloadReason.BLOCKED if walled else DownloadReason.NO_OPEN_COPY
        library.store.finish_download(row, ME, Download(reason=reason, attempts=attempts))
    library.close()
    return tmp_path / "library"


def test_failures_why_and_exports_tell_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["failures", "--library", str(folder), "--format", "json"]) == 0
    told = {one["what"]: one["url"] for one in json.loads(capsys.readouterr().out)}
    assert told == {"Walled": "https://wall.test/a.pdf", "Closed": "https://doi.org/10.1000/closed"}
    assert run(["failures", "--library", str(folder)]) == 0
    assert "https://wall" in capsys.readouterr().out.replace("\n", "")
    assert run(["why", "10.1000/walled", "--library", str(folder)]) == 0
    assert "A person can open https://wall.test/a.pdf" in capsys.readouterr().out
    assert run(["why", "10.1000/closed", "--library", str(folder), "--format", "json"]) == 0
    assert '"https://doi.org/10.1000/closed"' in capsys.readouterr().out
    assert run(["export-bibtex", "--library", str(folder)]) == 0
    assert "url = {https://wall.test/a.pdf}" in capsys.readouterr().out


def test_of_a_work_without_a_copy_the_abstract_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["why", "10.1000/closed", "--library", str(folder)]) == 0
    assert "Abstract\n  We measured what nobody may read." in capsys.readouterr().out
    assert run(["why", "10.1000/walled", "--library", str(folder)]) == 0
    assert "Abstract" not in capsys.readouterr().out
