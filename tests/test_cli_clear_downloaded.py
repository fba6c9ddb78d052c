"""`clear-downloaded` as a person types it: copies go aside, works are looked for anew, nothing is lost."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dl_lit.cli.main import run
from dl_lit.download.shelf import Shelf
from dl_lit.library import Library
from dl_lit.model import Download
from dl_lit.store import this_process
from download_world import WORK, pdf
from library import SmallLibrary, work
from test_library_check import OTHER, contents, downloaded, keep

Captured = pytest.CaptureFixture[str]


def test_copies_of_named_references_go_aside_and_are_looked_for_again(library: SmallLibrary, capsys: Captured) -> None:
    gone, stays = downloaded(library, WORK, OTHER)
    before = contents()
    assert run(["clear-downloaded", "1", "--yes"]) == 0
    out = capsys.readouterr().out
    assert "1 work without a copy now; 1 file moved to aside/." in out and "looks for them anew" in out
    assert (library.ids("downloaded_references"), library.ids("to_download_references")) == ([2], [1])
    assert not gone.exists() and stays.exists() and Path("library/aside", gone.name).exists()
    assert contents() == before
    story = library.store.told(1)
    assert story is not None and "clear-downloaded" in (story.events[-1].detail or "")


def test_all_copies_go_and_a_second_time_there_are_none(library: SmallLibrary, capsys: Captured) -> None:
    downloaded(library, WORK, OTHER)
    assert run(["clear-downloaded", "--all", "--yes"]) == 0
    assert library.ids("to_download_references") == [1, 2]
    assert run(["library", "check"]) == 0
    capsys.readouterr()
    assert run(["clear-downloaded", "--all"]) == 0, "nothing is asked where there is nothing to do"
    assert capsys.readouterr().out == "0 works without a copy now.\n"


def test_a_person_is_asked_first_and_no_answer_is_a_no(library: SmallLibrary, capsys: Captured) -> None:
    [path] = downloaded(library, WORK)
    assert run(["clear-downloaded", "--all"]) != 0
    assert path.exists() and library.ids("downloaded_references") == [1]


def test_a_file_that_is_another_works_copy_too_stays_where_it_is(library: SmallLibrary, capsys: Captured) -> None:
    library.accept(WORK, OTHER)
    library.queue()
    kept = keep(Shelf(Library.at(Path("library"))), 1, WORK, pdf())
    library.download(Download(file=kept))
    assert run(["clear-downloaded", "1", "--yes"]) == 0
    assert f"{kept.file_name} stays: it is another work's copy, too" in capsys.readouterr().out
    assert Path("library/pdfs", kept.file_name).exists()
    assert library.ids("downloaded_references") == [2]


def test_a_copy_whose_file_is_gone_is_let_go_of_as_well(library: SmallLibrary) -> None:
    [path] = downloaded(library, WORK)
    path.unlink()
    assert run(["clear-downloaded", "1", "--yes"]) == 0
    assert library.ids("to_download_references") == [1]


@pytest.mark.parametrize("arguments", [[], ["1", "--all"]])
def test_whose_copies_are_meant_must_be_said(library: SmallLibrary, arguments: list[str], capsys: Captured) -> None:
    assert run(["clear-downloaded", *arguments]) == 2
    assert "Say whose copies" in capsys.readouterr().err


def test_references_that_are_not_there_are_named_and_nothing_is_cleared(
    library: SmallLibrary, capsys: Captured
) -> None:
    library.accept(work())
    library.queue()
    library.download()
    assert run(["clear-downloaded", "1", "99", "--yes"]) == 2
    assert "There is no reference 99. Nothing was changed" in capsys.readouterr().err
    assert library.ids("downloaded_references") == [1]


def test_no_copy_goes_while_a_run_works_on_the_library(library: SmallLibrary, capsys: Captured) -> None:
    [path] = downloaded(library, WORK)
    library.clock.now = time.time()
    library.store.start_run(this_process(), "test", {})
    assert run(["clear-downloaded", "--all", "--yes"]) == 2
    assert "Clear copies when it has ended" in capsys.readouterr().err and path.exists()


def test_a_folder_that_cannot_be_written_is_named_with_the_cure(library: SmallLibrary, capsys: Captured) -> None:
    [path] = downloaded(library, WORK)
    Path("library/aside").write_text("a file where the folder should be")
    assert run(["clear-downloaded", "--all", "--yes"]) == 2
    assert "Make" in capsys.readouterr().err
    assert path.exists() and library.ids("downloaded_references") == [1]
