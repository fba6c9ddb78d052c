"""Which files of a watched folder are seen, when they are whole and still, and what never stops a look."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dl_lit.watching.looking import Look, look, signature_of
from dl_lit.watching.settling import Settling
from dl_lit.watching.wholeness import is_whole

WHOLE = b"%PDF-1.7\n" + b"x" * 100 + b"\nstartxref\n9\n%%EOF\n"


def put(path: Path, content: bytes = WHOLE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(seen: Look, folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in seen.files)


# ── a look ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_pdfs_are_seen_in_any_case_of_their_ending_and_nothing_else(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.PDF", "c.Pdf", "notes.txt", "d.pdf.part", "e.docx", ".hidden.pdf", "._f.pdf", "~$g.pdf"):
        put(tmp_path / name)
    assert names(look(tmp_path, recursive=False), tmp_path) == ["a.pdf", "b.PDF", "c.Pdf"]


@pytest.mark.parametrize("ending", [".part", ".crdownload", ".tmp"])
def test_a_name_that_a_browser_has_reserved_is_left_until_the_download_is_over(tmp_path: Path, ending: str) -> None:
    put(tmp_path / "a.pdf", b"")
    part = put(tmp_path / f"a.pdf{ending}", b"%PDF-")
    assert names(look(tmp_path, recursive=False), tmp_path) == []
    part.replace(tmp_path / "a.pdf")
    assert names(look(tmp_path, recursive=False), tmp_path) == ["a.pdf"]


def test_folders_below_are_entered_only_when_asked_and_never_those_to_leave_alone(tmp_path: Path) -> None:
    for name in ("a.pdf", "x/b.pdf", "x/y/c.pdf", "completed/d.pdf", ".git/e.pdf"):
        put(tmp_path / name)
    (tmp_path / "x" / "again").symlink_to(tmp_path / "completed")
    assert names(look(tmp_path, recursive=False), tmp_path) == ["a.pdf"]
    deep = look(tmp_path, recursive=True, but=[tmp_path / "completed", tmp_path / "nowhere"])
    assert names(deep, tmp_path) == ["a.pdf", "x/b.pdf", "x/y/c.pdf"]


def test_rubbish_is_passed_over_and_only_what_is_no_file_is_told_of(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "itself.pdf").symlink_to("itself.pdf")
    (tmp_path / "nowhere.pdf").symlink_to("missing.pdf")
    (tmp_path / "round").symlink_to(tmp_path)
    put(tmp_path / "a.pdf")
    seen = look(tmp_path, recursive=True)
    assert (names(seen, tmp_path), seen.odd, seen.closed) == (["a.pdf"], {tmp_path / "pipe.pdf"}, {})


def test_a_folder_that_is_away_is_told_of_and_not_raised(tmp_path: Path) -> None:
    seen = look(tmp_path / "away", recursive=True)
    assert list(seen.closed) == [tmp_path / "away"] and not seen.files


# ── whole ────────────────────────────────────────────────────────────────────────────────────────────────────


def linearized(length: int) -> bytes:
    return b"%%PDF-1.5\n1 0 obj\n<< /Linearized 1 /L %d /H [1 2] >>\nendobj\n%%%%EOF\n" % length


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (WHOLE, True),
        (b"junk before\n" + WHOLE + b"\n\njunk behind", True),
        (WHOLE[:60], False),
        (WHOLE + b"\0" * 5000, False),  # room made beforehand, not filled yet
        (b"\0" * 5000, False),
        (b"", False),
        (b"<html>log in</html>%%EOF", False),
        (linearized(100_000), False),  # its first page is here, with an end mark of its own
        (linearized(60), True),
    ],
)
def test_a_file_is_whole_when_its_beginning_and_its_end_are_there(tmp_path: Path, content: bytes, whole: bool) -> None:
    assert is_whole(put(tmp_path / "a.pdf", content)) is whole


def test_what_cannot_be_opened_is_not_whole_and_a_pipe_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    assert not is_whole(tmp_path / "pipe.pdf")
    assert not is_whole(tmp_path / "missing.pdf")


# ── still ────────────────────────────────────────────────────────────────────────────────────────────────────


def ready(settling: Settling, folder: Path, now: float) -> list[str]:
    return [path.name for path in settling.ready(look(folder, recursive=False), now)]


def settling() -> Settling:
    return Settling(still=2.0, patience=600.0, whole=is_whole)


def test_a_file_is_handed_in_when_it_has_not_changed_for_a_while(tmp_path: Path) -> None:
    one = settling()
    put(tmp_path / "a.pdf", WHOLE[:50])
    assert ready(one, tmp_path, 0.0) == []
    put(tmp_path / "a.pdf")
    assert ready(one, tmp_path, 5.0) == []
    assert ready(one, tmp_path, 6.9) == []
    assert ready(one, tmp_path, 7.0) == ["a.pdf"]


def test_a_file_that_grows_for_long_is_not_handed_in(tmp_path: Path) -> None:
    one = settling()
    for minute in range(60):
        with (tmp_path / "a.pdf").open("ab") as file:
            file.write(WHOLE)
        assert ready(one, tmp_path, minute * 60.0) == []


def test_half_a_file_is_handed_in_only_after_patience(tmp_path: Path) -> None:
    one = settling()
    put(tmp_path / "half.pdf", WHOLE[:50])
    put(tmp_path / "empty.pdf", b"")
    assert [ready(one, tmp_path, now) for now in (0.0, 2.0, 599.0)] == [[], [], []]
    assert ready(one, tmp_path, 600.0) == ["empty.pdf", "half.pdf"]


def test_what_was_handed_in_is_not_again_until_it_changes_or_has_been_away(tmp_path: Path) -> None:
    one = settling()
    path = put(tmp_path / "a.pdf")
    one.recall(path, str(signature_of(path)))
    assert [ready(one, tmp_path, now) for now in (0.0, 9.0)] == [[], []]
    put(path, WHOLE + b" ")
    assert [ready(one, tmp_path, now) for now in (10.0, 12.0)] == [[], ["a.pdf"]]
    one.recall(path, str(signature_of(path)))
    kept = path.rename(tmp_path / "kept")
    assert ready(one, tmp_path, 13.0) == []
    kept.rename(path)
    assert [ready(one, tmp_path, now) for now in (14.0, 16.0)] == [[], ["a.pdf"]]


def test_what_is_remembered_goes_with_the_files_but_not_with_a_folder_that_is_away(tmp_path: Path) -> None:
    one = settling()
    for number in range(50):
        path = put(tmp_path / "in" / f"{number}.pdf")
        ready(one, tmp_path / "in", 0.0)
        path.unlink()
    ready(one, tmp_path / "in", 0.0)
    assert len(one) == 0
    put(tmp_path / "in" / "a.pdf")
    ready(one, tmp_path / "in", 0.0)
    (tmp_path / "in").rename(tmp_path / "away")
    ready(one, tmp_path / "in", 1.0)
    assert len(one) == 1


def test_a_thing_that_is_no_file_is_new_once(tmp_path: Path) -> None:
    one = settling()
    os.mkfifo(tmp_path / "pipe.pdf")
    told = [one.new_oddities(look(tmp_path, recursive=False)) for _ in range(3)]
    assert told == [[tmp_path / "pipe.pdf"], [], []]
