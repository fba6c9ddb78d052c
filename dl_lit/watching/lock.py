"""One watcher a folder: a lock that a dead process cannot hold, and that names the living one who does."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import socket
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from dl_lit.errors import UsageError
from dl_lit.processes.owners import is_dead, parts_of, this_process

NAME = ".dl-lit-watch.lock"
_LONGEST = 8192  # bytes of a lock file
_AS_IT_IS = os.O_NOFOLLOW | os.O_NONBLOCK  # where others have put a link or a pipe


@dataclass(frozen=True, slots=True)
class Holder:
    """Who watches: "host:pid:start", the folder of the library, since when (unix time)."""

    owner: str
    library: str
    since: float

    def __str__(self) -> str:
        host, pid, _ = parts_of(self.owner)
        began = time.strftime("%Y-%m-%d %H:%M", time.localtime(self.since))
        return f"process {pid} on {host}, since {began}, for the library {self.library}"


@contextmanager
def only_watcher(folder: Path, library: Path, state: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Holds the folder's locks. One lies in the folder, so that other machines see it too, where that may be written;
    one in `state`, which stays when the folder is made anew. Raises UsageError when another watches the folder."""
    me = Holder(this_process(), str(library), time.time())
    with ExitStack() as locks:
        is_in_folder = True
        try:
            locks.enter_context(_held(folder / NAME, folder, me, tell))
        except OSError:
            is_in_folder = False
            _look_at_the_lock_of_somebody_else(folder)
        place = os.fsencode(f"{socket.gethostname()}:{folder}")  # machines may share `state` and not the folder
        name = f"watch-{hashlib.sha256(place).hexdigest()[:16]}.lock"
        with suppress(OSError) if is_in_folder else nullcontext():
            state.mkdir(parents=True, exist_ok=True)
            locks.enter_context(_held(state / name, folder, me, tell))
        yield


@contextmanager
def _held(path: Path, folder: Path, me: Holder, tell: Callable[[str], None]) -> Iterator[None]:
    descriptor = _open(path)
    try:
        _acquire(descriptor, folder, tell)
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(asdict(me)).encode(), 0)
            yield
        finally:
            _remove_own(descriptor, path)
    finally:
        os.close(descriptor)


def _remove_own(descriptor: int, path: Path) -> None:
    """While it is locked: whoever has opened it meanwhile sees that it is gone. The folder may have been made anew."""
    with suppress(OSError):
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            path.unlink()


def _look_at_the_lock_of_somebody_else(folder: Path) -> None:
    """It may be read and not written; raises UsageError while it is held."""
    with suppress(OSError):
        descriptor = os.open(folder / NAME, os.O_RDONLY | _AS_IT_IS)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _taken(folder, _holder(descriptor)) from None
        finally:
            os.close(descriptor)


def _open(path: Path) -> int:
    """The file of this name, locked if it could be; not one that its holder has just removed."""
    while True:
        descriptor = _open_own(path)
        with suppress(OSError):  # `_acquire` asks again, and says what it is told
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)


def _open_own(path: Path) -> int:
    """Others may write into the folder: what they have put in the place of the lock is neither followed nor emptied."""
    if path.is_symlink():
        raise _in_the_way(path)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _AS_IT_IS, 0o644)
    is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
    # After a loss of power a file may be all zeros.
    if is_file and (_holder(descriptor) is not None or not os.pread(descriptor, _LONGEST, 0).strip(b"\0")):
        return descriptor
    os.close(descriptor)
    raise _in_the_way(path)


def _in_the_way(path: Path) -> UsageError:
    return UsageError(f"{path} is not what a watcher of this folder has left. See what it is, and remove it.")


def _acquire(descriptor: int, folder: Path, tell: Callable[[str], None]) -> None:
    holder = _holder(descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _taken(folder, holder) from None
    except OSError:
        # A network folder without locks: what the other has written must do.
        if holder is None or is_dead(holder.owner):
            return
        if holder.owner.startswith(f"{socket.gethostname()}:"):
            raise _taken(folder, holder) from None
        tell(
            f"{folder} cannot be locked, and another machine says that it watches it ({holder}). If it does, stop one."
        )


def _taken(folder: Path, holder: Holder | None) -> UsageError:
    return UsageError(
        f"{folder} is watched already ({holder or 'by a process that has not said which'}). Stop that one first, "
        "or watch another folder."
    )


def _holder(descriptor: int) -> Holder | None:
    try:
        told = json.loads(os.pread(descriptor, _LONGEST, 0))
        return Holder(str(told["owner"]), str(told["library"]), float(told["since"]))
    except (OSError, ValueError, TypeError, LookupError):
        return None
