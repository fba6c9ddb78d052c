"""Which files are kept: whole PDFs that show that they are the work."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pymupdf
import pytest

from dl_lit.config import ExtractionSettings
from dl_lit.download import first_pages
from dl_lit.download.verifier import CHECK, ProcessVerifier
from dl_lit.download.verify import Expectation, Verdict
from dl_lit.errors import ChildrenDoNotStart, Stopping
from dl_lit.model import DownloadReason, Person, Work
from dl_lit.processes.limits import Limits
from dl_lit.processes.pool import ChildPool
from download_world import DOI, TITLE, pdf
from test_download_recognition import EXPECTED, judged


def drawn(*texts: str, describe: dict[str, str] | None = None, pictures: bool = False) -> bytes:
    """A PDF with one page for each text."""
    with pymupdf.open() as document:
        for text in texts:
            page = document.new_page()
            page.insert_text((40, 60), text, fontsize=8)
            if pictures:
                page.draw_rect((50, 300, 200, 500), fill=(0, 0, 0))
        if describe:
            document.set_metadata(describe)
        return bytes(document.tobytes())


FILLER = "\n".join("A sentence of no interest stands here to fill the page with letters." for _ in range(4))


def test_a_whole_pdf_with_the_title_is_kept(tmp_path: Path) -> None:
    assert judged(tmp_path, pdf()) == Verdict(pages=3, identity="title")


def test_the_doi_is_named_too_when_it_is_printed(tmp_path: Path) -> None:
    assert judged(tmp_path, pdf(extra=f"https://doi.org/{DOI}")).identity == "title and doi"


def test_junk_before_the_header_and_after_the_end_is_forgiven(tmp_path: Path) -> None:
    assert judged(tmp_path, b"\n" * 300 + pdf() + b"\r\n" * 100).reason is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", DownloadReason.EMPTY_BODY),
        (b"<html>%%EOF</html>", DownloadReason.WRONG_TYPE),
        (b" " * 1100 + b"%PDF-1.4 %%EOF", DownloadReason.WRONG_TYPE),
        (b"%PDF-1.7\n" + b"x" * 500, DownloadReason.TRUNCATED),
        (b"%PDF-1.7\nnothing else\n%%EOF", DownloadReason.DAMAGED),
    ],
)
def test_what_is_no_whole_pdf_is_not_kept(tmp_path: Path, body: bytes, reason: DownloadReason) -> None:
    assert judged(tmp_path, body).reason is reason


def test_half_a_file_with_an_end_mark_is_damaged(tmp_path: Path) -> None:
    whole = pdf(pages=30)
    torn = whole[: len(whole) // 3] + b"\n%%EOF\n"
    assert judged(tmp_path, torn).reason is DownloadReason.DAMAGED


def test_a_repaired_file_whose_pages_are_there_is_kept(tmp_path: Path) -> None:
    assert judged(tmp_path, pdf().replace(b"startxref", b"startxxxx")).reason is None


def test_a_file_with_a_password_is_encrypted(tmp_path: Path) -> None:
    assert judged(tmp_path, pdf(password="secret")).reason is DownloadReason.ENCRYPTED


def test_one_page_of_a_longer_work_is_a_preview(tmp_path: Path) -> None:
    verdict = judged(tmp_path, pdf(pages=1))
    assert (verdict.reason, verdict.pages) == (DownloadReason.PREVIEW, 1)
    assert judged(tmp_path, pdf(pages=1), replace(EXPECTED, pages=None, type="book")).reason is DownloadReason.PREVIEW


@pytest.mark.parametrize("pages", [None, "101", "101-101", "e4375", "S12-xy", "109-101"])
def test_one_page_is_enough_where_no_more_are_known(tmp_path: Path, pages: str | None) -> None:
    one = drawn(f"{TITLE}\nAstrid Berglund\n{FILLER}")
    assert judged(tmp_path, one, replace(EXPECTED, pages=pages)).reason is None


def test_a_cover_alone_is_no_copy(tmp_path: Path) -> None:
    cover = drawn(f"{TITLE}\nAstrid Berglund\nNo more than this.")
    verdict = judged(tmp_path, cover, replace(EXPECTED, pages=None))
    assert verdict.reason is DownloadReason.PREVIEW
    assert "cover" in (verdict.detail or "")


def test_another_work_is_not_kept(tmp_path: Path) -> None:
    verdict = judged(tmp_path, pdf("A history of opera in small towns"))
    assert verdict.reason is DownloadReason.WRONG_WORK
    assert "opera" in (verdict.detail or "")


def test_a_work_that_only_cites_the_wanted_one_is_not_kept(tmp_path: Path) -> None:
    citing = drawn(f"On bees\n{FILLER}", f"{FILLER}\nReferences\nBerglund A, Oduya F. {TITLE}. 2011. doi:{DOI}")
    assert judged(tmp_path, citing).reason is DownloadReason.WRONG_WORK


@pytest.mark.parametrize("heading", ["Comment on", "Erratum:", "Reply to", "Correction to"])
def test_a_comment_on_the_work_is_another_work(tmp_path: Path, heading: str) -> None:
    comment = drawn(f"{heading} “{TITLE}”\nA. Berglund\n{FILLER}", FILLER)
    assert judged(tmp_path, comment).reason is DownloadReason.WRONG_WORK
    by_doi = drawn(f"{heading} a paper by Berglund\ndoi:{DOI}\n{FILLER}", FILLER)
    assert judged(tmp_path, by_doi).reason is DownloadReason.WRONG_WORK


def test_the_title_may_have_a_misprint_and_broken_lines(tmp_path: Path) -> None:
    broken = drawn(f"OBSERVATIONS OF GLA-\nCIERS IN THE NORTHERN VALLEY\nBerglund\n{FILLER}", FILLER)
    assert judged(tmp_path, broken).identity == "title"


def test_a_cover_page_before_the_title_is_no_obstacle(tmp_path: Path) -> None:
    assert judged(tmp_path, drawn(FILLER, f"{TITLE}\nAstrid Berglund\n{FILLER}", FILLER)).identity == "title"


def test_a_title_that_is_only_talked_about_is_not_that_of_the_file(tmp_path: Path) -> None:
    talk = f"{FILLER * 6}\nas {TITLE} has it\n{FILLER}"
    assert judged(tmp_path, drawn(f"On bees\n{talk}", talk)).reason is DownloadReason.WRONG_WORK


def test_a_title_in_large_print_counts_wherever_it_stands(tmp_path: Path) -> None:
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_text((40, 30), FILLER * 6, fontsize=6)
        page.insert_text((40, 600), TITLE, fontsize=16)
        page.insert_text((40, 630), "Femi Oduya", fontsize=9)
        document.new_page().insert_text((40, 30), FILLER, fontsize=6)
        body = bytes(document.tobytes())
    assert judged(tmp_path, body).identity == "title"


def test_an_arxiv_number_that_is_cited_is_no_stamp(tmp_path: Path) -> None:
    citing = drawn(f"On bees\nsee arXiv:2001.00012 for another view\n{FILLER}", FILLER)
    assert judged(tmp_path, citing, replace(EXPECTED, arxiv="2001.00012")).reason is DownloadReason.WRONG_WORK


def test_a_short_or_generic_title_needs_an_author_beside_it(tmp_path: Path) -> None:
    short = Expectation.of(Work(title="Introduction", authors=(Person(family="Berglund"),)))
    assert judged(tmp_path, drawn(f"Introduction\nAstrid Berglund\n{FILLER}"), short).identity == "title"
    assert judged(tmp_path, drawn(f"Introduction\nSomeone Else\n{FILLER}"), short).reason is DownloadReason.WRONG_WORK


def test_the_doi_alone_is_enough_with_an_author(tmp_path: Path) -> None:
    translated = drawn(f"Gletscherbeobachtungen\nA. Berglund\ndoi:{DOI}\n{FILLER}", FILLER)
    assert judged(tmp_path, translated).identity == "doi"
    foreign = drawn(f"Data of others\nC. Stranger\nsee doi:{DOI}\n{FILLER}", FILLER)
    assert judged(tmp_path, foreign).reason is DownloadReason.WRONG_WORK


def test_the_arxiv_stamp_is_enough(tmp_path: Path) -> None:
    stamped = drawn(f"arXiv:2001.00012v2 [physics] 3 Jan 2020\n{FILLER}", FILLER)
    assert judged(tmp_path, stamped, replace(EXPECTED, arxiv="2001.00012")).identity == "arxiv"


def test_a_scan_without_text_cannot_be_verified(tmp_path: Path) -> None:
    assert judged(tmp_path, drawn("", "", pictures=True)).reason is DownloadReason.UNVERIFIED


def test_what_a_scan_says_in_its_description_shows_nothing(tmp_path: Path) -> None:
    scan = drawn("", "", pictures=True, describe={"title": TITLE, "author": "Berglund"})
    assert judged(tmp_path, scan).reason is DownloadReason.UNVERIFIED


def test_a_title_in_another_script_is_found(tmp_path: Path) -> None:
    with pymupdf.open() as document:
        page = document.new_page()
        page.insert_text((40, 60), "Наблюдения ледников в северных долинах", fontname="hebo", fontfile=None, fontsize=8)
        page.insert_htmlbox((40, 100, 500, 300), "<p>Наблюдения ледников в северных долинах</p>" + f"<p>{FILLER}</p>")
        body = bytes(document.tobytes())
    russian = Expectation.of(Work(title="Наблюдения ледников в северных долинах"))
    assert judged(tmp_path, body, russian).identity == "title"


def test_a_work_without_title_and_identifiers_cannot_be_recognised(tmp_path: Path) -> None:
    assert judged(tmp_path, pdf(), Expectation()).reason is DownloadReason.WRONG_WORK


# ── in a process of its own ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def verifier() -> Iterator[ProcessVerifier]:
    with ProcessVerifier(ExtractionSettings(time_limit_seconds=30)) as made:
        yield made


def hanging(folder: Path) -> Path:
    """A file that no reader ever gets anything out of."""
    path = folder / "pipe.pdf"
    os.mkfifo(path)
    return path


def kill_the_checker(times: int) -> None:
    """Kills the child that waits for the pipe's writer, `times` times."""
    killed: set[int] = set()
    pause = threading.Event()
    for _ in range(1000):
        for child in psutil.Process().children(recursive=True):
            if child.pid not in killed and _waits_for_a_pipe(child):
                child.kill()
                killed.add(child.pid)
        if len(killed) == times:
            return
        pause.wait(0.02)


def _waits_for_a_pipe(child: psutil.Process) -> bool:
    try:
        return "wait_for_partner" in Path(f"/proc/{child.pid}/wchan").read_text()
    except OSError:
        return False


def test_a_file_is_judged_in_a_child_process(verifier: ProcessVerifier, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf())
    assert verifier(tmp_path / "a.pdf", EXPECTED) == Verdict(pages=3, identity="title")


def test_a_vanished_file_is_a_verdict_and_no_crash(verifier: ProcessVerifier, tmp_path: Path) -> None:
    assert verifier(tmp_path / "none.pdf", EXPECTED).reason is DownloadReason.DAMAGED


def test_a_file_that_hangs_costs_its_time_limit(tmp_path: Path) -> None:
    quick = ExtractionSettings(time_limit_seconds=0.3)
    with ProcessVerifier(quick) as verifier:
        verdict = verifier(hanging(tmp_path), EXPECTED)
    assert verdict.reason is DownloadReason.DAMAGED
    assert "0.3 s" in (verdict.detail or "")


def test_closing_ends_a_check_that_is_going_on(tmp_path: Path) -> None:
    verifier = ProcessVerifier(ExtractionSettings(time_limit_seconds=30))
    timer = threading.Timer(0.2, verifier.close)
    timer.start()
    with pytest.raises(Stopping):
        verifier(hanging(tmp_path), EXPECTED)
    timer.join(10)
    with pytest.raises(Stopping):
        verifier(tmp_path / "late.pdf", EXPECTED)


@pytest.mark.skipif(not Path("/proc/self/wchan").exists(), reason="only Linux tells what a process waits for")
def test_a_file_that_ends_its_checker_twice_is_damaged(tmp_path: Path) -> None:
    killer = threading.Thread(target=kill_the_checker, args=(2,))
    with ProcessVerifier(ExtractionSettings(time_limit_seconds=20)) as verifier:
        killer.start()
        verdict = verifier(hanging(tmp_path), EXPECTED)
    killer.join(10)
    assert verdict.reason is DownloadReason.DAMAGED
    assert "ended" in (verdict.detail or "")


def test_closing_twice_is_closing_once(tmp_path: Path) -> None:
    verifier = ProcessVerifier(ExtractionSettings())
    (tmp_path / "a.pdf").write_bytes(pdf())
    assert verifier(tmp_path / "a.pdf", EXPECTED).identity == "title"
    threads = [threading.Thread(target=verifier.close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    verifier.close()
    with pytest.raises(Stopping):
        verifier(tmp_path / "a.pdf", EXPECTED)


def test_a_memory_bomb_costs_itself_only(tmp_path: Path) -> None:
    with ProcessVerifier(ExtractionSettings(memory_limit_mb=128), task="child_tasks:check") as verifier:
        verdict = verifier(tmp_path / "bomb", EXPECTED)
        assert verdict.reason is DownloadReason.DAMAGED
        assert "memory" in (verdict.detail or "")
        assert verifier(tmp_path / "next", EXPECTED).reason is None


def test_a_broken_installation_is_not_the_files_fault(tmp_path: Path) -> None:
    verifier = ProcessVerifier(ExtractionSettings(), task="no_such_module:check")
    with verifier, pytest.raises(ChildrenDoNotStart, match="No module named 'no_such_module'"):
        verifier(tmp_path / "a.pdf", EXPECTED)


def test_a_child_that_checks_files_loads_nothing_that_it_does_not_need() -> None:
    with ChildPool("child_tasks:modules_with", Limits(), 1) as pool:
        loaded = pool.run(CHECK.partition(":")[0])
    assert "pymupdf" in loaded
    assert not loaded & {"click", "rich", "requests", "urllib3", "pydantic", "dl_lit.config", "dl_lit.store"}


@pytest.mark.parametrize("text", ["\n" * 30_000, " " * 30_000, "references" + " " * 30_000 + "x", "I" * 30_000])
def test_a_heading_is_looked_for_in_linear_time(text: str) -> None:
    begun = time.monotonic()
    assert first_pages.REFERENCES.search(text) is None
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("line", ["References", "  7. Bibliography :", "IV Literatur", "7\nReferences"])
def test_headings_of_a_list_of_references_are_known(line: str) -> None:
    assert first_pages.REFERENCES.search(f"Text.\n\n{line}\nByron")
