"""Finding PDFs and telling them apart by content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dl_lit.errors import DatabaseUnusable, DiskFull, UsageError
from dl_lit.intake import check_paths, find_documents, identify, path_from_text, path_text
from dl_lit.library import Library, _unusable
from dl_lit.model import PdfReason


def touch(path: Path, content: bytes = b"%PDF-1.4") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_pdfs_are_found_at_any_depth_in_order_and_once(tmp_path: Path) -> None:
    b, a, deep = touch(tmp_path / "b.pdf"), touch(tmp_path / "a.PDF"), touch(tmp_path / "x" / "y" / "c.pdf")
    touch(tmp_path / "notes.txt")
    assert list(find_documents([tmp_path, b])) == [a, b, deep]


def test_other_documents_are_found_beside_pdfs(tmp_path: Path) -> None:
    names = ("a.docx", "b.ODT", "c.epub", "d.html", "e.htm", "f.tex", "g.md", "h.pdf")
    files = [touch(tmp_path / name) for name in names]
    for name in ("~$a.docx", "f.bbl", "f.aux", "notes.txt", "picture.png", ".d.html"):
        touch(tmp_path / name)
    assert list(find_documents([tmp_path])) == files


def test_hidden_files_and_folders_are_left_alone(tmp_path: Path) -> None:
    touch(tmp_path / "._a.pdf")
    touch(tmp_path / ".git" / "b.pdf")
    assert list(find_documents([tmp_path])) == []


def test_a_file_named_outright_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    file = touch(tmp_path / "paper.dat")
    assert list(find_documents([file])) == [file]


def test_the_same_bytes_have_the_same_identity_under_any_name(tmp_path: Path) -> None:
    first, second = identify(touch(tmp_path / "a.pdf")), identify(touch(tmp_path / "مقال عن التعليم.pdf"))
    assert first.sha256 == second.sha256
    assert (first.size, first.problem) == (8, None)


def test_an_empty_file_is_a_problem_of_its_own(tmp_path: Path) -> None:
    assert identify(touch(tmp_path / "a.pdf", b"")).problem is PdfReason.EMPTY_FILE


def test_what_cannot_be_read_is_recorded_and_not_raised(tmp_path: Path) -> None:
    folder = tmp_path / "folder.pdf"
    folder.mkdir()
    dangling = tmp_path / "dangling.pdf"
    dangling.symlink_to(tmp_path / "nowhere")
    assert [identify(path).problem for path in (folder, dangling)] == [PdfReason.UNREADABLE] * 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_read_permission_is_recorded(tmp_path: Path) -> None:  # pragma: no cover - not as root
    file = touch(tmp_path / "a.pdf")
    file.chmod(0)
    assert identify(file).problem is PdfReason.UNREADABLE


def test_a_file_that_breaks_off_while_it_is_read_is_recorded() -> None:
    assert identify(Path("/proc/self/mem")).problem is PdfReason.UNREADABLE


def test_a_name_that_is_no_utf8_survives_the_way_through_text() -> None:
    path = Path(os.fsdecode(b"/x/caf\xe9 100%.pdf"))
    assert path_text(path).isascii()
    assert path_from_text(path_text(path)) == path


def test_an_ordinary_name_stays_as_it_is() -> None:
    path = Path("/x/مقال 100%.pdf")
    assert path_text(path) == str(path)
    assert path_from_text(str(path)) == path


def test_a_path_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing at"):
        check_paths([tmp_path / "nowhere"])
    check_paths([tmp_path])


def test_a_library_has_its_parts_in_one_folder_and_the_database_where_it_is_told(tmp_path: Path) -> None:
    library = Library.at(tmp_path / "lib", tmp_path / "other" / "x.db")
    library.make_folders()
    assert library.pdfs.is_dir() and library.quarantine.is_dir() and library.logs.is_dir()
    assert library.database == tmp_path / "other" / "x.db" and library.database.parent.is_dir()
    assert Library.at(tmp_path).database.name == "literature.db"


def test_a_library_where_a_file_lies_already_is_refused_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="--library"):
        Library.at(touch(tmp_path / "file")).make_folders()


def test_a_full_disk_has_its_own_error(tmp_path: Path) -> None:
    error = _unusable(tmp_path, OSError(28, "No space left on device"))
    assert isinstance(error, DiskFull)


def test_links_to_folders_are_followed_and_each_folder_is_entered_once(tmp_path: Path) -> None:
    paper = touch(tmp_path / "real" / "a.pdf")
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "mine").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "back").symlink_to(shelf)
    assert list(find_documents([shelf])) == [shelf / "mine" / "a.pdf"]
    assert paper.is_file()


def test_a_folder_that_cannot_be_entered_is_given_so_that_it_can_be_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path / "a" / "x.pdf")
    touch(tmp_path / "b" / "y.pdf")
    scandir = os.scandir

    def forbidden(path: str) -> object:
        if str(path).endswith("a"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    found = list(find_documents([tmp_path]))
    assert sorted(found) == [tmp_path / "a", tmp_path / "b" / "y.pdf"]
    assert identify(tmp_path / "a").problem is PdfReason.UNREADABLE
