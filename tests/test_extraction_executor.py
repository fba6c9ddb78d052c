"""What one bad file may cost when PDFs are read in child processes: itself, with its reason, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dl_lit.config import ExtractionSettings
from dl_lit.errors import ChildrenDoNotStart, Stopping
from dl_lit.extraction.executor import EXTRACT, ParserPool
from dl_lit.model import PdfReason
from dl_lit.processes.limits import Limits
from dl_lit.processes.pool import ChildPool
from pdf_pages import AUTHOR_YEAR, article, hanging

TASK = "child_tasks:read"
SETTINGS = ExtractionSettings(time_limit_seconds=1.0, memory_limit_mb=256, max_file_mb=2)


@pytest.fixture
def pool() -> Iterator[ParserPool]:
    with ParserPool(SETTINGS, 1, task=TASK) as pool:
        yield pool


def test_a_real_pdf_with_an_arabic_name_and_spaces_is_read_in_a_child(tmp_path: Path) -> None:
    path = hanging(article(), AUTHOR_YEAR).save(tmp_path / "بحث عن الوقت والعمل.pdf")
    with ParserPool(ExtractionSettings(), 1) as pool:
        extraction = pool.extract(path)
    assert len(extraction.references) == len(AUTHOR_YEAR)
    assert extraction.seconds > 0


def test_the_task_gets_the_path_and_the_limits() -> None:
    with ParserPool(SETTINGS, 1, task="child_tasks:greet") as pool:
        extraction = pool.extract(Path("some file.pdf"))
    assert extraction.detail == "some file.pdf 1 2000000"
    assert extraction.seconds == 0.5


def test_a_hanging_file_is_given_up_at_the_time_limit(pool: ParserPool, tmp_path: Path) -> None:
    begun = time.monotonic()
    extraction = pool.extract(tmp_path / "hang")
    assert extraction.reason is PdfReason.TIMED_OUT
    assert extraction.detail is not None and "1 s (extraction.time_limit_seconds)" in extraction.detail
    assert 1 <= extraction.seconds <= time.monotonic() - begun < 10
    assert pool.extract("next").pages == 7


def test_a_memory_bomb_is_stopped_at_its_limit() -> None:
    with ParserPool(ExtractionSettings(memory_limit_mb=128), 1, task=TASK) as pool:
        extraction = pool.extract("bomb")
        assert extraction.reason is PdfReason.OUT_OF_MEMORY
        assert extraction.detail is not None and "128 MB (extraction.memory_limit_mb)" in extraction.detail
        assert pool.extract("next").pages == 7


def test_a_crash_costs_its_file_and_tells_how(pool: ParserPool) -> None:
    extraction = pool.extract("segfault")
    assert extraction.reason is PdfReason.CRASHED
    assert extraction.detail is not None and "SIGSEGV" in extraction.detail
    assert pool.extract("next").pages == 7


def test_an_unexpected_error_is_recorded(pool: ParserPool) -> None:
    extraction = pool.extract("raise")
    assert extraction.reason is PdfReason.DAMAGED
    assert extraction.detail == "ZeroDivisionError: a page without a width"


def test_a_broken_installation_is_not_the_files_fault() -> None:
    with ParserPool(SETTINGS, 1, task="no_such_module:nothing") as pool, pytest.raises(ChildrenDoNotStart):
        pool.extract("next")


def test_two_workers_are_two_processes_and_closing_stops_them() -> None:
    with ParserPool(SETTINGS, 2, task=TASK) as pool, ThreadPoolExecutor(8) as threads:
        assert {extraction.pages for extraction in threads.map(pool.extract, ["next"] * 20)} == {7}
        assert 1 <= len(pool.processes()) <= 2
    with pytest.raises(Stopping):
        pool.extract("next")


def test_a_child_that_reads_pdfs_loads_nothing_that_it_does_not_need() -> None:
    with ChildPool("child_tasks:modules_with", Limits(), 1) as pool:
        loaded = pool.run(EXTRACT.partition(":")[0])
    assert "pymupdf" in loaded
    assert not loaded & {"click", "rich", "requests", "urllib3", "pydantic", "dl_lit.config", "dl_lit.store"}
