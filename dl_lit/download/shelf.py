"""Where files lie: temporary ones, kept ones, suspect ones; and the note that saves a kept file from a sudden end.

pdfs/<reference>-<slug>-<sha256…>.pdf        kept: named by reference and content, never overwritten
pdfs/.incoming/<reference>-….part            under way; left-overs of dead processes are removed at the start
pdfs/.incoming/<reference>.json              the intent: which file is being kept, written before it is renamed
quarantine/<reference>-<slug>-<sha256…>-<reason>.pdf
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
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
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import psutil
from anyascii import anyascii

from dl_lit.errors import DiskFull
from dl_lit.model import CopyVersion, DownloadReason, KeptFile

log = logging.getLogger(__name__)

_SLUG_LETTERS = 48
_HASH_LETTERS = 12
_STALE_SECONDS = 7 * 86400.0
_KEPT = re.compile(rf".*-(?P<hash>[0-9a-f]{{{_HASH_LETTERS}}})\.pdf")
_PART = re.compile(r"\d+-(?P<host>[\w.-]*)-(?P<pid>\d+)-\d+\.part")


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
        self._host = re.sub(r"[^\w.]", "_", socket.gethostname())
        with _space():
            for folder in (self._pdfs, self._quarantine, self._incoming):
                folder.mkdir(parents=True, exist_ok=True)
        # Of what another process adds from now on nothing is known here: at worst a content lies there twice.
        self._kept: defaultdict[str, list[str]] = defaultdict(list)
        for path in self._pdfs.iterdir():
            if (match := _KEPT.fullmatch(path.name)) is not None:
                self._kept[match["hash"]].append(path.name)
        self._sweep()

    @contextlib.contextmanager
    def temporary(self, reference_id: int) -> Iterator[Path]:
        """A path for bytes under way; nothing is there afterwards."""
        name = f"{reference_id}-{self._host}-{os.getpid()}-{next(self._numbers)}.part"
        path = self._incoming / name
        try:
            with _space():
                yield path
        finally:
            path.unlink(missing_ok=True)

    def keep(
        self, reference_id: int, title: str | None, part: Path, facts: KeptFile, doi: str | None = None
    ) -> KeptFile:
        """Moves a verified file to its place. `facts` is complete but for `file_name`; content that lies there
        already is not stored twice."""
        with _space(), self._lock:
            _sync(part)
            twin = self._twin(facts.sha256)
            name = twin or _name(reference_id, title, facts.sha256)
            kept = KeptFile(**{**asdict(facts), "file_name": name})
            self._note(reference_id, {**asdict(kept), "of": [title, doi]})
            if twin is None:
                part.replace(self._pdfs / name)
                _sync(self._pdfs)
                self._kept[facts.sha256[:_HASH_LETTERS]].append(name)
            return kept

    def quarantine(self, reference_id: int, title: str | None, part: Path, sha256: str, reason: DownloadReason) -> str:
        """Moves a suspect file out of the way; returns its name below the quarantine."""
        name = f"{_name(reference_id, title, sha256).removesuffix('.pdf')}-{reason.value}.pdf"
        with _space():
            part.replace(self._quarantine / name)
        return name

    def kept_before(self, reference_id: int, title: str | None, doi: str | None = None) -> KeptFile | None:
        """The file that was kept for this reference by a process that ended before it could say so.

        Not what was kept while the reference was taken for another work, which a person has refused since.
        """
        note = self._incoming / f"{reference_id}.json"
        try:
            values = json.loads(note.read_text("utf-8"))
            if values.pop("of") != [title, doi]:
                return None
            kept = _from_note(values)
            whole = _sha256(self._pdfs / kept.file_name) == kept.sha256
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

    def _twin(self, sha256: str) -> str | None:
        names = self._kept.get(sha256[:_HASH_LETTERS], ())
        return next((name for name in names if self._holds(name, sha256)), None)

    def _holds(self, name: str, sha256: str) -> bool:
        with contextlib.suppress(FileNotFoundError):  # taken away by somebody meanwhile
            return _sha256(self._pdfs / name) == sha256
        return False

    def _note(self, reference_id: int, told: dict[str, Any]) -> None:
        """Written to the end before it gets its name, so that there is never half a note."""
        draft = self._incoming / f"{reference_id}.json.{os.getpid()}"
        draft.write_text(json.dumps(told), "utf-8")
        _sync(draft)
        draft.replace(self._incoming / f"{reference_id}.json")
        _sync(self._incoming)

    def _sweep(self) -> None:
        """Removes what earlier processes left: parts whose process is gone, and everything old."""
        oldest = time.time() - _STALE_SECONDS
        for path in list(self._incoming.iterdir()):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < oldest or self._is_orphan(path.name):
                    path.unlink()

    def _is_orphan(self, name: str) -> bool:
        match = _PART.fullmatch(name)
        if match is None or match["host"] != self._host:
            return False
        pid = int(match["pid"])
        return pid != os.getpid() and not psutil.pid_exists(pid)


def slug(title: str | None) -> str:
    """A short readable part of a file name: ASCII letters, digits and hyphens only."""
    words = re.findall(r"[a-z0-9]+", anyascii(title or "").lower())
    text = ""
    for word in words:
        if len(text) + len(word) + 1 > _SLUG_LETTERS:
            break
        text = f"{text}-{word}" if text else word
    return text or (words[0][:_SLUG_LETTERS] if words else "untitled")


def _name(reference_id: int, title: str | None, sha256: str) -> str:
    return f"{reference_id}-{slug(title)}-{sha256[:_HASH_LETTERS]}.pdf"


def _from_note(values: dict[str, Any]) -> KeptFile:
    version = values["version"]
    kept = KeptFile(**{**values, "version": CopyVersion(version) if version else None})
    if Path(kept.file_name).name != kept.file_name:
        raise ValueError("a note that names a file elsewhere")
    return kept


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _space() -> Iterator[None]:
    """A full disk stops the run with its own word, not with a traceback."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull("No space left for downloads. Free some, then run the same command again.") from error
        raise
