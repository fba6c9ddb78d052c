"""The report of a library, read as a parser reads it: what it tells, where its links go, and that nothing gets out."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup, Tag

from dl_lit.cli.main import run
from dl_lit.model import Decision, Download, DownloadReason, Enrichment, EnrichmentReason, Evidence, KeptFile, Work
from dl_lit.report import scripts
from dl_lit.report.links import Files, web
from dl_lit.report.timeline import timeline
from library import A_FILE, ME, SmallLibrary, work

pytestmark = pytest.mark.usefixtures("away_from_home")

HOSTILE = "</script><script>alert(1)</script><!-- <script>"
BAD_URL = "javascript:alert(1)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "library" / "pdfs").mkdir(parents=True)
    return tmp_path / "library"


@pytest.fixture
def small(folder: Path) -> Iterator[SmallLibrary]:
    with closing(SmallLibrary(folder / "literature.db")) as library:
        yield library


def evidence(of: Work, decision: Decision, **more: Any) -> Evidence:
    return Evidence(service="crossref", query="doi", candidate=of, score=0.91, decision=decision, **more)


def fill(small: SmallLibrary, folder: Path) -> None:
    """Two PDFs: a work with a copy that both cite, one without a copy, one that needs a look, one nobody knows."""
    shared, alone = (
        work("A Shared Work", doi="10.1000/shared", sources=("crossref",)),
        work("Alone", doi="10.1000/alone"),
    )
    small.print_references("shared as printed", "alone as printed", "weak as printed", "unknown as printed")
    small.print_references("shared, printed otherwise")
    small.clock.now += 10
    outcomes = (
        Enrichment(Decision.ACCEPTED, shared, evidence=(evidence(shared, Decision.ACCEPTED, agreed=("doi", "title")),)),
        Enrichment(Decision.ACCEPTED, alone),
        Enrichment(
            Decision.REVIEW,
            reason=EnrichmentReason.WEAK_MATCH,
            evidence=(evidence(work("Perhaps This"), Decision.REVIEW, disagreed=("year",)),),
        ),
        Enrichment(Decision.REJECTED, reason=EnrichmentReason.NO_CANDIDATES),
        Enrichment(Decision.ACCEPTED, shared),
    )
    for row, outcome in zip(small.claim_references(), outcomes, strict=True):
        small.store.finish_enrichment(row, ME, outcome)
    small.queue()
    small.clock.now += 10
    (folder / "pdfs" / A_FILE.file_name).write_bytes(b"%PDF-1.7")
    for claimed in small.claim_downloads():
        has = claimed.work.doi == "10.1000/shared"
        small.store.finish_download(
            claimed, ME, Download(file=A_FILE) if has else Download(reason=DownloadReason.NO_OPEN_COPY)
        )


def written(folder: Path, *options: str) -> BeautifulSoup:
    assert run(["report", "--library", str(folder), *options]) == 0
    return BeautifulSoup((folder / "report.html").read_text(encoding="utf-8"), "html.parser")


def data(page: BeautifulSoup) -> Any:
    return json.loads(one(page, "#data").string or "")


def one(page: BeautifulSoup, selector: str) -> Tag:
    [found] = page.select(selector)
    return found


def by_title(page: BeautifulSoup) -> dict[str, dict[str, Any]]:
    return {entry["title"]: entry for entry in data(page)["works"]}


# ── what it tells ────────────────────────────────────────────────────────────────────────────────────────────


def test_every_work_has_its_state_its_reason_and_who_cites_it(small: SmallLibrary, folder: Path) -> None:
    fill(small, folder)
    works = by_title(written(folder))
    assert works["A Shared Work"]["state"] == "copy"
    assert works["A Shared Work"]["cited_by"] == [1, 2]
    assert (works["Alone"]["state"], works["Alone"]["reason"]) == ("no-copy", "no_open_copy")
    assert "no index knows an open copy" in works["Alone"]["meaning"]
    assert works["weak as printed"]["state"] == "review"
    assert works["unknown as printed"]["state"] == "unmatched"


def test_a_pdf_lists_its_references_as_printed_each_with_outcome_and_evidence(
    small: SmallLibrary, folder: Path
) -> None:
    fill(small, folder)
    first, second = data(written(folder))["pdfs"]
    assert [one["printed"] for one in first["references"]] == [
        "shared as printed",
        "alone as printed",
        "weak as printed",
        "unknown as printed",
    ]
    assert first["outcomes"] == {"copy": 1, "no-copy": 1, "review": 1, "unmatched": 1}
    assert first["references"][0]["evidence"]["agree"] == "doi, title"
    assert first["references"][2]["evidence"]["title"] == "Perhaps This"
    assert second["references"][0]["id"] == first["references"][0]["id"]


def test_the_overview_is_there_without_any_script(small: SmallLibrary, folder: Path) -> None:
    fill(small, folder)
    overview = one(written(folder), "#view-overview")
    told = " ".join(overview.get_text(" ").split())
    assert "2 of your PDFs read" in told and "5 references printed in them" in told
    assert "no_candidates no service knows anything like it" in told
    assert "1 work that several of your PDFs cite" in told


def test_an_empty_library_has_a_report(small: SmallLibrary, folder: Path) -> None:
    page = written(folder)
    assert "Nothing has failed." in page.get_text() and "Nothing is cited here yet." in page.get_text()
    assert page.find(id="plots") is None and page.find("table", class_="standing") is None
    assert data(page)["works"] == []


def test_a_run_that_goes_on_does_not_hinder_a_report(small: SmallLibrary, folder: Path) -> None:
    fill(small, folder)
    with small.store.database.transaction() as connection:
        connection.execute("UPDATE source_pdfs SET title = 'Half Way'")
        assert "Half Way" not in str(written(folder))


def test_the_time_of_a_run_is_told_by_stage_and_what_held_it_up(small: SmallLibrary, folder: Path) -> None:
    fill(small, folder)
    small.store.finish_run(2, {}, 0)
    told = timeline(small.store.database.reader(), ())
    assert told is not None
    finished, before = told.figures
    assert finished.rows[-1][1:] == (2, 5, 2, 2)  # PDFs read, references judged, works ranked, copies looked for
    assert before.rows[-1][1:] == (0, 0, 0, 0)
    assert "find works" in told.limits[0]


def test_a_run_with_nothing_to_do_and_a_persons_decisions_are_not_the_run_that_is_told(
    small: SmallLibrary, folder: Path
) -> None:
    fill(small, folder)
    small.store.finish_run(2, {}, 0)
    small.clock.now += 1000
    small.store.finish_run(small.store.start_run(ME, "later", {}), {}, 0)
    small.store.refuse(3)
    told = timeline(small.store.database.reader(), ())
    assert told is not None and told.when.startswith("Run 2: ")


def test_years_far_back_share_a_bar_so_that_the_others_can_be_told_apart(small: SmallLibrary, folder: Path) -> None:
    small.accept(work("Old", year=1650), *(work(f"Work {n}", year=1990 + n % 30) for n in range(60)))
    figures = {figure["key"]: figure for figure in data(written(folder))["figures"]}
    names = [row[0] for row in figures["years"]["rows"]]
    assert names[0] == "before 1990" and len(names) == 31
    assert sum(sum(row[1:]) for row in figures["years"]["rows"]) == 61


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_links_to_copies_hold_when_the_folder_is_moved(small: SmallLibrary, folder: Path, tmp_path: Path) -> None:
    fill(small, folder)
    file = by_title(written(folder))["A Shared Work"]["file"]
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere" / unquote(file)).is_file()


def test_a_report_elsewhere_leads_to_the_copies_and_the_old_one_stays(
    small: SmallLibrary, folder: Path, tmp_path: Path
) -> None:
    fill(small, folder)
    output = tmp_path / "given" / "it.html"
    assert run(["report", "--library", str(folder), "--output", str(output)]) == 0
    page = BeautifulSoup(output.read_text(encoding="utf-8"), "html.parser")
    file = by_title(page)["A Shared Work"]["file"]
    assert (output.parent / unquote(file)).resolve() == folder / "pdfs" / A_FILE.file_name
    assert not (folder / "report.html").exists()


def test_a_copy_that_is_gone_is_no_link(small: SmallLibrary, folder: Path) -> None:
    fill(small, folder)
    (folder / "pdfs" / A_FILE.file_name).unlink()
    entry = by_title(written(folder))["A Shared Work"]
    assert "file" not in entry and entry["name"] == A_FILE.file_name


def test_where_on_the_disk_your_pdfs_lie_is_not_told(small: SmallLibrary, folder: Path, tmp_path: Path) -> None:
    fill(small, folder)
    assert "/pdfs/paper1.pdf" not in str(written(folder))
    beside = tmp_path / "my papers" / "a#b?.pdf"
    beside.parent.mkdir()
    beside.touch()
    (tmp_path / "far").touch()
    links = Files(folder)
    assert links.to(beside) == "../my%20papers/a%23b%3F.pdf"
    assert links.to(Path(sys.executable)) is None


@pytest.mark.parametrize(
    "url",
    [
        BAD_URL,
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//host.test/x",
        "http:///no-host",
        "http://[broken",
        "",
    ],
)
def test_only_addresses_of_the_web_are_links(url: str) -> None:
    assert web(url) is None
    assert web("https://host.test/a?b=c") == "https://host.test/a?b=c"


# ── nothing gets out, nothing gets in ────────────────────────────────────────────────────────────────────────


def test_no_text_from_outside_becomes_part_of_the_page(small: SmallLibrary, folder: Path) -> None:
    before = len(written(folder).find_all("script"))
    small.accept(work(HOSTILE, authors=(HOSTILE,), url=BAD_URL, container=HOSTILE, type=HOSTILE), raw=HOSTILE)
    small.queue()
    small.download(Download(reason=DownloadReason.PAYWALL, detail=HOSTILE))
    page = written(folder)
    assert len(page.find_all("script")) == before
    [entry] = data(page)["works"]
    assert entry["title"] == HOSTILE and "url" not in entry
    assert BAD_URL not in str(page)
    assert not page.find_all(href=re.compile("script:", re.IGNORECASE))
    assert "<!--" not in str(one(page, "#data").string)


def test_a_name_that_turns_the_line_around_is_spelt_out(small: SmallLibrary, folder: Path) -> None:
    small.accept(work("safe \u202egnp.exe \x1b[2J and \ud800 half"))
    [entry] = data(written(folder))["works"]
    assert "\u202e" not in entry["title"] and "\x1b" not in entry["title"]


def test_the_page_asks_nothing_of_the_network_and_runs_only_its_own_scripts(small: SmallLibrary, folder: Path) -> None:
    fill(small, folder)
    page = written(folder)
    policy = str(one(page, "meta[http-equiv=Content-Security-Policy]")["content"])
    assert policy.startswith("default-src 'none'; script-src 'sha256-") and "unsafe-eval" not in policy
    own = [script for script in page.find_all("script") if script.get("type") != "application/json"]
    assert len(own) == policy.count("sha256-")
    assert all(scripts.allowed(str(script.string)) in policy for script in own)
    assert not page.select("[src]") and not page.select("link, iframe, object, embed, base, form[action]")
    assert not any(name.startswith("on") for tag in page.find_all(True) for name in tag.attrs)


@pytest.mark.parametrize("script", scripts.SCRIPTS, ids=lambda script: script.name)
def test_libraries_are_what_their_makers_published_with_their_licence(script: scripts.Script) -> None:
    text = scripts.source(script)
    assert scripts.integrity(text) == script.integrity
    assert script.version in text[:3000] or script.version in text[-3000:]
    assert "</script" not in text.lower() and "<!--" not in text
    licence = files("dl_lit.report") / "vendor" / f"{script.name.split('.')[0]}.LICENSE"
    assert "Permission" in licence.read_text(encoding="utf-8")


def test_all_libraries_together_are_small() -> None:
    assert sum(len(scripts.source(script)) for script in scripts.SCRIPTS) < 1_100_000


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_does_not_replace_a_database(small: SmallLibrary, folder: Path) -> None:
    assert run(["report", "--library", str(folder), "--output", str(folder / "literature.db")]) == 2


def test_a_report_of_no_library_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--library", str(tmp_path / "none")]) == 2
    assert "no library" in capsys.readouterr().err


def test_open_shows_it_in_the_browser(
    small: SmallLibrary, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{tmp_path}/shown"\n')
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    assert run(["report", "--library", str(folder), "--open"]) == 0
    assert (tmp_path / "shown").read_text() == (folder / "report.html").as_uri()


def test_a_kept_copy_is_told_with_its_licence_version_and_host(small: SmallLibrary, folder: Path) -> None:
    small.accept(work("Kept"))
    small.queue()
    small.download(Download(file=KeptFile("k.pdf", "e" * 64, 9, 3, "doaj", "http://a.test/x", "http://b.test/y.pdf")))
    [entry] = data(written(folder))["works"]
    assert entry["about"] == "3 pages, from doaj (b.test)"
