"""Moving what is done with: over nothing, not twice, and to an end after a kill at any moment."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from dl_lit.intake import path_text
from dl_lit.model import PdfReason
from dl_lit.store.watched import HandedIn, Settled
from dl_lit.watching.looking import signature_of
from dl_lit.watching.moving import Mover, Places, finish

CONTENT = b"%PDF-1.7 a paper %%EOF"


class Record:
    """What the store is told, in its order."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, str | None]] = []

    def move_file(self, path: str, target: str | None) -> None:
        self.told.append(("aim", Path(path).name, target))

    def file_moved(self, path: str, target: str) -> None:
        self.told.append(("moved", Path(path).name, target))


class Killed(BaseException):
    pass


def put(path: Path, content: bytes = CONTENT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def settled(path: Path, reason: PdfReason | None = None) -> Settled:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Settled(path_text(path), str(signature_of(path)), sha256, reason)


def mover(root: Path, record: Record, *, killed: bool = False) -> Mover:
    def kill(target: Path) -> None:
        if killed:
            raise Killed

    return Mover(root / "in", Places(root / "completed", root / "failed"), record, before_move=kill)


def handed_in(file: Settled, target: Path) -> HandedIn:
    return HandedIn(file.path, 1, file.signature, path_text(target), file.sha256)


def test_a_file_goes_into_the_folder_of_its_kind_and_keeps_its_place_below(tmp_path: Path) -> None:
    record = Record()
    one = mover(tmp_path, record)
    assert one.move(settled(put(tmp_path / "in" / "x" / "a.pdf"))) == tmp_path / "completed" / "x" / "a.pdf"
    assert one.move(settled(put(tmp_path / "in" / "b.pdf"), PdfReason.DAMAGED)) == tmp_path / "failed" / "b.pdf"
    assert (
        one.move(settled(put(tmp_path / "in" / "c.pdf"), PdfReason.NO_REFERENCES)) == tmp_path / "completed" / "c.pdf"
    )
    assert [what for what, _, _ in record.told] == ["aim", "moved"] * 3
    assert (tmp_path / "completed" / "x" / "a.pdf").read_bytes() == CONTENT


def test_no_file_is_ever_overwritten(tmp_path: Path) -> None:
    put(tmp_path / "completed" / "a.pdf", b"older")
    (tmp_path / "completed" / "a_2.pdf").symlink_to("nowhere")
    target = mover(tmp_path, Record()).move(settled(put(tmp_path / "in" / "a.pdf")))
    assert target == tmp_path / "completed" / "a_3.pdf"
    assert (tmp_path / "completed" / "a.pdf").read_bytes() == b"older"


def test_a_name_that_is_taken_at_the_last_moment_is_left_to_its_taker(tmp_path: Path) -> None:
    taken: list[Path] = []

    def take(target: Path) -> None:
        if not taken:
            taken.append(put(target, b"quicker"))

    places = Places(tmp_path / "completed", tmp_path / "failed")
    one = Mover(tmp_path / "in", places, Record(), before_move=take)
    assert one.move(settled(put(tmp_path / "in" / "a.pdf"))) == tmp_path / "completed" / "a_2.pdf"
    assert (tmp_path / "completed" / "a.pdf").read_bytes() == b"quicker"


def test_a_file_that_was_replaced_since_it_was_handed_in_stays(tmp_path: Path) -> None:
    path, record = put(tmp_path / "in" / "a.pdf"), Record()
    file = settled(path)
    put(path, b"%PDF-1.7 another paper, just copied here %%EOF")
    assert mover(tmp_path, record).move(file) is None
    assert (path.exists(), record.told) == (True, [])


def test_a_link_is_moved_as_a_link_and_still_leads_to_its_file(tmp_path: Path) -> None:
    put(tmp_path / "papers" / "a.pdf")
    link = tmp_path / "in" / "a.pdf"
    link.parent.mkdir()
    link.symlink_to("../papers/a.pdf")
    target = mover(tmp_path, Record()).move(settled(link))
    assert target is not None and target.is_symlink() and target.read_bytes() == CONTENT
    assert (tmp_path / "papers" / "a.pdf").exists() and not os.path.lexists(link)


def another_file_system(monkeypatch: pytest.MonkeyPatch, inside: Path) -> None:
    """As if files could only be renamed within `inside`."""
    real_link, real_replace = os.link, Path.replace

    def link(source: Path, target: Path) -> None:
        if inside in source.parents and inside not in target.parents:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        real_link(source, target)

    def replace(source: Path, target: Path) -> Path:
        if inside in source.parents and inside not in target.parents:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return real_replace(source, target)

    monkeypatch.setattr(os, "link", link)
    monkeypatch.setattr(Path, "replace", replace)


def test_to_another_file_system_a_file_is_copied_whole_before_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_file_system(monkeypatch, tmp_path / "in")
    source = put(tmp_path / "in" / "a.pdf")
    target = mover(tmp_path, Record()).move(settled(source))
    assert target == tmp_path / "completed" / "a.pdf" and target.read_bytes() == CONTENT
    assert not source.exists()
    assert [path.name for path in target.parent.iterdir()] == ["a.pdf"]


def test_a_copy_that_is_not_the_file_is_thrown_away_and_the_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another_file_system(monkeypatch, tmp_path / "in")
    source = put(tmp_path / "in" / "a.pdf")
    file = Settled(path_text(source), str(signature_of(source)), "0" * 64, None)
    with pytest.raises(OSError, match="changed while it was copied"):
        mover(tmp_path, Record()).move(file)
    assert source.exists() and list((tmp_path / "completed").iterdir()) == []


def test_a_copy_does_not_follow_a_link_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    another_file_system(monkeypatch, tmp_path / "in")
    precious = put(tmp_path / "precious", b"years of work")
    put(tmp_path / "completed" / "b.pdf").with_name(".a.pdf.part").symlink_to(precious)
    target = mover(tmp_path, Record()).move(settled(put(tmp_path / "in" / "a.pdf")))
    assert target is not None and target.read_bytes() == CONTENT
    assert precious.read_bytes() == b"years of work"


def kept_where_it_is(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """As a folder does whose permissions do not show that nothing may leave it."""
    real_unlink = Path.unlink

    def unlink(one: Path, missing_ok: bool = False) -> None:
        if one == path:
            raise PermissionError(errno.EPERM, "Operation not permitted", str(one))
        real_unlink(one, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_a_file_that_cannot_leave_is_not_given_one_more_name_by_each_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_elsewhere: bool
) -> None:
    source = put(tmp_path / "in" / "a.pdf")
    if is_elsewhere:
        another_file_system(monkeypatch, tmp_path / "in")
    kept_where_it_is(monkeypatch, source)
    for _ in range(2):
        with pytest.raises(PermissionError):
            mover(tmp_path, Record()).move(settled(source))
    assert source.read_bytes() == CONTENT and list((tmp_path / "completed").iterdir()) == []


def test_a_link_that_cannot_leave_is_not_doubled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = tmp_path / "in" / "a.pdf"
    link.parent.mkdir()
    link.symlink_to(put(tmp_path / "papers" / "a.pdf"))
    kept_where_it_is(monkeypatch, link)
    with pytest.raises(PermissionError):
        mover(tmp_path, Record()).move(settled(link))
    assert list((tmp_path / "completed").iterdir()) == [] and link.is_symlink()


def test_a_file_in_a_folder_that_may_not_be_written_is_not_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = put(tmp_path / "in" / "a.pdf")
    before = signature_of(source)
    monkeypatch.setattr(os, "access", lambda path, mode: path != source.parent)
    with pytest.raises(PermissionError):
        mover(tmp_path, Record()).move(settled(source))
    assert signature_of(source) == before and not (tmp_path / "completed").exists()


def test_what_is_gone_although_that_was_to_have_failed_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = put(tmp_path / "in" / "a.pdf")
    real_unlink = Path.unlink

    def unlink(one: Path, missing_ok: bool = False) -> None:
        real_unlink(one, missing_ok)
        if one == source:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(OSError, match="Input/output"):
        mover(tmp_path, Record()).move(settled(source))
    assert (tmp_path / "completed" / "a.pdf").read_bytes() == CONTENT


def test_where_files_have_no_second_names_one_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    target = mover(tmp_path, Record()).move(settled(put(tmp_path / "in" / "a.pdf")))
    assert target is not None and target.read_bytes() == CONTENT


# ── after a kill ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_move_that_never_began_is_still_to_be_made(tmp_path: Path) -> None:
    path, record = put(tmp_path / "in" / "a.pdf"), Record()
    with pytest.raises(Killed):
        mover(tmp_path, record, killed=True).move(settled(path))
    target = tmp_path / "completed" / "a.pdf"
    assert record.told == [("aim", "a.pdf", str(target))]
    assert not finish(handed_in(settled(path), target), record)
    assert record.told[-1] == ("aim", "a.pdf", None)
    assert path.exists()


def test_a_file_that_has_both_names_loses_the_old_one(tmp_path: Path) -> None:
    path, record, target = put(tmp_path / "in" / "a.pdf"), Record(), tmp_path / "completed" / "a.pdf"
    file = settled(path)
    target.parent.mkdir()
    os.link(path, target)
    assert finish(handed_in(file, target), record)
    assert (path.exists(), target.read_bytes(), record.told) == (False, CONTENT, [("moved", "a.pdf", str(target))])


@pytest.mark.parametrize("content", [CONTENT, b""])
def test_a_file_that_has_moved_is_only_recorded(tmp_path: Path, content: bytes) -> None:
    path, record, target = put(tmp_path / "in" / "a.pdf", content), Record(), tmp_path / "completed" / "a.pdf"
    file = handed_in(settled(path), target)
    target.parent.mkdir()
    path.rename(target)
    assert finish(file, record)
    assert record.told == [("moved", "a.pdf", str(target))]


def test_a_copy_made_before_the_kill_is_not_made_again(tmp_path: Path) -> None:
    path, record = put(tmp_path / "in" / "a.pdf"), Record()
    file, target = settled(path), put(tmp_path / "completed" / "a.pdf")
    os.utime(target, ns=(path.stat().st_mtime_ns,) * 2)
    assert finish(handed_in(file, target), record)
    assert (path.exists(), target.exists()) == (False, True)


def test_another_file_under_the_name_of_the_target_is_not_taken_for_the_moved_one(tmp_path: Path) -> None:
    path, record = put(tmp_path / "in" / "a.pdf"), Record()
    target = put(tmp_path / "completed" / "a.pdf", CONTENT.upper())
    os.utime(target, ns=(path.stat().st_mtime_ns,) * 2)
    assert not finish(handed_in(settled(path), target), record)
    assert path.exists()


def test_a_new_file_that_came_in_place_of_the_moved_one_stays(tmp_path: Path) -> None:
    path, record, target = put(tmp_path / "in" / "a.pdf"), Record(), tmp_path / "completed" / "a.pdf"
    file = handed_in(settled(path), target)
    target.parent.mkdir()
    path.rename(target)
    put(path, b"a new one")
    assert finish(file, record)
    assert path.read_bytes() == b"a new one" and target.exists()


def test_a_link_to_the_file_under_the_name_of_the_target_does_not_cost_the_file(tmp_path: Path) -> None:
    path, record, target = put(tmp_path / "in" / "a.pdf"), Record(), tmp_path / "completed" / "a.pdf"
    target.parent.mkdir()
    target.symlink_to(path)
    assert not finish(handed_in(settled(path), target), record)
    assert path.exists()
