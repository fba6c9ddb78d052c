"""One watcher a folder, whoever it is, and no lock that outlives its holder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dl_lit.errors import UsageError
from dl_lit.watching.lock import NAME, only_watcher

HOLD = """
import sys
from pathlib import Path
from dl_lit.watching.lock import only_watcher
with only_watcher(Path(sys.argv[1]), Path("/a/library"), Path(sys.argv[2]), print):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path, state: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate(timeout=20)


def lock(folder: Path, state: Path) -> None:
    with only_watcher(folder, Path("/my/library"), state, print):
        assert [path.name for path in folder.iterdir()] == [NAME]


def test_the_second_watcher_is_told_who_the_first_is(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    process = holder(folder, tmp_path)
    try:
        with pytest.raises(UsageError, match=rf"process {process.pid} on .* for the library /a/library"):
            lock(folder, tmp_path)
    finally:
        end(process)


def test_the_lock_of_a_killed_watcher_is_free_at_once_and_a_clean_end_leaves_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    end(holder(folder, tmp_path))
    assert (folder / NAME).exists()
    lock(folder, tmp_path)
    assert list(folder.iterdir()) == []
    lock(folder, tmp_path)


def test_the_lock_of_another_user_is_respected_while_it_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    process = holder(folder, tmp_path)
    may_not_write(folder, monkeypatch)
    try:
        with pytest.raises(UsageError, match=f"process {process.pid}"):
            lock(folder, tmp_path)
    finally:
        end(process)


def test_a_folder_that_may_not_be_written_is_locked_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    may_not_write(folder, monkeypatch)
    with only_watcher(folder, Path("/my/library"), tmp_path / "state", print):
        assert [path.name[:6] for path in (tmp_path / "state").iterdir()] == ["watch-"]
        with (
            pytest.raises(UsageError, match="is watched already"),
            only_watcher(folder, folder, tmp_path / "state", print),
        ):
            raise AssertionError("two have the lock")


def may_not_write(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As permissions would, which root does not have."""
    real = os.open

    def guarded(path: object, flags: int, *rest: int, **more: int) -> int:
        if Path(str(path)).parent == folder and flags & os.O_RDWR:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, flags, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", guarded)


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As some network folders are."""

    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", unsupported)


def test_where_locks_do_not_work_a_living_process_of_this_machine_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    process = holder(folder, tmp_path)

    without_locks(monkeypatch)
    try:
        with pytest.raises(UsageError, match=f"process {process.pid}"):
            lock(folder, tmp_path)
    finally:
        end(process)
    lock(folder, tmp_path)  # it is dead now


def test_where_locks_do_not_work_another_machine_is_told_of_and_not_believed_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / NAME).write_text('{"owner": "elsewhere:7:1.0", "library": "/its/library", "since": 0}', "utf-8")

    without_locks(monkeypatch)
    told: list[str] = []
    with only_watcher(tmp_path, tmp_path, tmp_path, told.append):
        pass
    assert len(told) == 1 and "process 7 on elsewhere" in told[0]


def link_to(precious: Path, place: Path) -> None:
    place.symlink_to(precious)


def second_name_of(precious: Path, place: Path) -> None:
    os.link(precious, place)


def pipe(precious: Path, place: Path) -> None:
    os.mkfifo(place)


@pytest.mark.parametrize("put", [link_to, second_name_of, pipe])
def test_what_others_put_in_the_place_of_the_lock_is_not_written_to(
    tmp_path: Path, put: Callable[[Path, Path], None]
) -> None:
    precious, folder = tmp_path / "thesis.txt", tmp_path / "in"
    precious.write_text("years of work", "utf-8")
    folder.mkdir()
    put(precious, folder / NAME)
    with pytest.raises(UsageError, match="remove it"):
        lock(folder, tmp_path)
    assert precious.read_text("utf-8") == "years of work"


def test_a_lock_that_a_loss_of_power_has_emptied_is_no_lock(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / NAME).write_bytes(bytes(100))
    lock(folder, tmp_path)


def test_a_folder_that_is_made_anew_is_still_watched_by_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    process = holder(folder, tmp_path / "state")
    try:
        (folder / NAME).unlink()
        folder.rmdir()
        folder.mkdir()
        with pytest.raises(UsageError, match=f"process {process.pid}"):
            lock(folder, tmp_path / "state")
        assert list(folder.iterdir()) == []
    finally:
        end(process)


def test_a_state_folder_that_cannot_be_made_keeps_nobody_from_watching(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "state").write_text("a file", "utf-8")
    lock(folder, tmp_path / "state")
    assert list(folder.iterdir()) == []


def test_a_pipe_in_the_place_of_the_lock_of_a_folder_of_others_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    os.mkfifo(folder / NAME)
    may_not_write(folder, monkeypatch)
    with ThreadPoolExecutor(1) as threads:
        locked = threads.submit(lock, folder, tmp_path / "state")
        try:
            locked.result(timeout=20)
        except TimeoutError:
            os.close(os.open(folder / NAME, os.O_WRONLY))  # lets it go on, so that the test can end
            raise
