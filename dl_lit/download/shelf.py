"""Where files lie: temporary ones, kept ones, suspect ones; and the note that saves a kept file from a sudden end.

pdfs/<author><year>-<title>-<reference>.pdf  kept: named by its work, never overwritten
pdfs/.incoming/<reference>-<process>.part    under way; host, number and start of the process
pdfs/.incoming/<reference>-<address>.part    broke off and can be gone on with (see `resuming`)
pdfs/.incoming/<reference>.json              the intent: which file is being kept, written before it has its name
quarantine/<…>-<sha256…>-<reason>.pdf

Names of earlier versions (<reference>-<title>-<sha256…>.pdf) stay as they are: a name is what the database says.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import os
import re
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Protocol

from dl_lit.download import naming, resuming
from dl_lit.download.placing import holds, link, place, sha256_of, space, sync
from dl_lit.model import CopyVersion, DownloadReason, KeptFile, Reference, Work
from dl_lit.processes.owners import is_dead, parts_of, this_process

log = logging.getLogger(__name__)

_HASH_LETTERS = 12
_STALE_SECONDS = 7 * 86400.0
_PART = re.compile(r"(?P<reference>\d+)-(?P<host>[\w.-]*)-(?P<pid>\d+)-(?P<start>[\w.]+)-\d+\.part(\.json|\.draft)?")
_WAITING = re.compile(r"(?P<reference>\d+)-[0-9a-f]{16}\.part(\.json)?")


class Folders(Protocol):
    """The part of a library that files go to."""

    @property
    def pdfs(self) -> Path: ...

    @property
    def quarantine(self) -> Path: ...


class Shelf:
    """Safe for threads; two processes on one library do not disturb each other."""

    def __init__(self, folders: Folders) -> None:
        self._pdfs = folders.pdfs
        self._quarantine = folders.quarantine
        self._incoming = folders.pdfs / ".incoming"
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        host, pid, start = (re.sub(r"[^\w.]", "_", part) for part in parts_of(this_process()))
        self._host, self._process = host, f"{host}-{pid}-{start}"
        with space():
            for folder in (self._pdfs, self._quarantine, self._incoming):
                folder.mkdir(parents=True, exist_ok=True)
        # Of what another process adds from now on nothing is known here: at worst a content lies there twice.
        self._by_size: defaultdict[int, list[str]] = defaultdict(list)
        with os.scandir(self._pdfs) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    self._by_size[entry.stat(follow_symlinks=False).st_size].append(entry.name)
        self._sweep()

    @contextlib.contextmanager
    def temporary(self, reference_id: int, url: str | None = None) -> Iterator[Path]:
        """A path for bytes under way. With a `url`, what an earlier try has left of it may be there; afterwards nothing
        is, or it waits for a later try."""
        part = self._new_part(reference_id)
        waiting = None if url is None else self._waiting(reference_id, resuming.key_of(url))
        if waiting is not None:
            resuming.move(waiting, part)
        try:
            with space():
                yield part
        finally:
            if waiting is None or not resuming.move(part, waiting):
                resuming.forget(part)

    def _new_part(self, reference_id: int) -> Path:
        """A name of this process alone, by which the next one knows what this one has left."""
        return self._incoming / f"{reference_id}-{self._process}-{next(self._numbers)}.part"

    def _waiting(self, reference_id: int, key: str) -> Path:
        return self._incoming / f"{reference_id}-{key}.part"

    def keep(self, reference_id: int, work: Work | Reference, part: Path, facts: KeptFile) -> KeptFile:
        """Moves a verified file to its place. `facts` is complete but for `file_name`. Content that lies there already
        gets a second name; where the file system has none for it, its first one is given back."""
        with space(), self._lock:
            sync(part)
            twin = self._twin(facts.sha256, facts.bytes)
            kept = replace(facts, file_name=_free_name(self._pdfs, naming.stem(reference_id, work), facts.sha256))
            self._note(reference_id, work, kept)
            target = self._pdfs / kept.file_name
            if os.path.lexists(target):
                pass  # this very content, kept before or by another process
            elif twin is None:
                place(part, target)
            elif not link(self._pdfs / twin, target):
                kept = replace(facts, file_name=twin)
                self._note(reference_id, work, kept)
            sync(self._pdfs)
            if kept.file_name not in self._by_size[facts.bytes]:
                self._by_size[facts.bytes].append(kept.file_name)
            self._forget_parts(reference_id)
            return kept

    def quarantine(self, reference_id: int, work: Work, part: Path, sha256: str, reason: DownloadReason) -> str:
        """Moves a suspect file out of the way; returns its name below the quarantine."""
        stem = f"{naming.stem(reference_id, work)}-{sha256[:_HASH_LETTERS]}-{reason.value}"
        with space(), self._lock:
            name = _free_name(self._quarantine, stem, sha256)
            if not (self._quarantine / name).exists():
                place(part, self._quarantine / name)
        return name

    def twin(self, kept: KeptFile) -> str | None:
        """The other name in pdfs/ of a kept file's content, which is another work's copy."""
        names = [name for name in self._by_size.get(kept.bytes, ()) if name != kept.file_name]
        return next((name for name in names if holds(self._pdfs / name, kept.sha256)), None)

    def path_of(self, file: KeptFile) -> Path:
        return self._pdfs / file.file_name

    def holds(self, file: KeptFile) -> bool:
        """Whether the file is there, and what it was."""
        return holds(self.path_of(file), file.sha256)

    def restore(self, part: Path, file: KeptFile) -> None:
        """Puts a file that somebody took away back to its name. Raises FileExistsError when the name is taken."""
        with space(), self._lock:
            sync(part)
            place(part, self.path_of(file))
            sync(self._pdfs)

    def discard(self, file: KeptFile) -> None:
        """Takes a kept file away that is nobody's copy; not one that somebody has put in its place."""
        with self._lock, contextlib.suppress(OSError):
            if self.holds(file):
                self.path_of(file).unlink()

    def kept_before(self, reference_id: int, work: Work) -> KeptFile | None:
        """The file that was kept for this reference by a process that ended before it could say so.

        Not what was kept while the reference was taken for another work, which a person has refused since.
        """
        note = self._incoming / f"{reference_id}.json"
        try:
            values = json.loads(note.read_text("utf-8"))
            if values.pop("of") != [work.title, work.doi]:
                return None
            kept = _from_note(values)
            whole = sha256_of(self._pdfs / kept.file_name) == kept.sha256
        except FileNotFoundError:
            note.unlink(missing_ok=True)  # renaming was what did not happen any more
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return kept if whole else None

    def settled(self, reference_id: int) -> None:
        """The database knows the outcome; the note is not needed any more, and does no harm if it stays."""
        try:
            (self._incoming / f"{reference_id}.json").unlink(missing_ok=True)
        except OSError as error:
            log.warning("The note on a kept file could not be removed: %s", error)

    def _twin(self, sha256: str, size: int) -> str | None:
        """The name of a file with this content; only those of its size are read."""
        return next((name for name in self._by_size.get(size, ()) if holds(self._pdfs / name, sha256)), None)

    def _note(self, reference_id: int, work: Work | Reference, kept: KeptFile) -> None:
        """Written to the end before it gets its name, so that there is never half a note."""
        told = {**asdict(kept), "of": [work.title, work.doi]}
        draft = resuming.draft_beside(self._new_part(reference_id))
        draft.write_text(json.dumps(told), "utf-8")
        sync(draft)
        draft.replace(self._incoming / f"{reference_id}.json")
        sync(self._incoming)

    def _forget_parts(self, reference_id: int) -> None:
        """A work that has its copy waits for nothing."""
        for path in self._incoming.glob(f"{reference_id}-*.part*"):
            if _WAITING.fullmatch(path.name):
                path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Of what dead processes left, parts to go on with get their place; the others go, as does everything old."""
        oldest = time.time() - _STALE_SECONDS
        for path in sorted(self._incoming.iterdir()):
            with contextlib.suppress(OSError):
                match = _PART.fullmatch(path.name)
                if path.stat().st_mtime < oldest:
                    path.unlink()
                elif match is not None and self._is_orphan(match):
                    self._set_by(resuming.part_of(path), int(match["reference"]))
                elif _WAITING.fullmatch(path.name) and resuming.read(resuming.part_of(path)) is None:
                    path.unlink()

    def _set_by(self, part: Path, reference_id: int) -> None:
        begun = resuming.read(part)
        if begun is None or not resuming.move(part, self._waiting(reference_id, begun.key)):
            resuming.forget(part)

    def _is_orphan(self, match: re.Match[str]) -> bool:
        if match["host"] != self._host:
            return False
        return is_dead(f"{socket.gethostname()}:{match['pid']}:{match['start'].replace('_', '-')}")


def noted(pdfs: Path) -> dict[int, str]:
    """The files that are kept, or about to be, for references whose rows may not say so yet."""
    names = {}
    for note in (pdfs / ".incoming").glob("*.json"):
        if note.stem.isascii() and note.stem.isdigit():
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                names[int(note.stem)] = str(json.loads(note.read_text("utf-8"))["file_name"])
    return names


def free_name(folder: Path, name: str) -> str:
    """The name, or the first with a number behind its stem that nobody has in the folder."""
    path = Path(name)
    more = (f"{path.stem}_{number}{path.suffix}" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], more) if not os.path.lexists(folder / one))


def _free_name(folder: Path, stem: str, sha256: str) -> str:
    """The first of a stem's names that nobody has, or that this very content has already."""
    return next(
        name for name in naming.names(stem) if not os.path.lexists(folder / name) or holds(folder / name, sha256)
    )


def _from_note(values: dict[str, Any]) -> KeptFile:
    version = values["version"]
    kept = KeptFile(**{**values, "version": CopyVersion(version) if version else None})
    if Path(kept.file_name).name != kept.file_name:
        raise ValueError("a note that names a file elsewhere")
    return kept
