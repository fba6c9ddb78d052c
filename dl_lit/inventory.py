"""A library's files as the database has them, against the disk: what is missing, was changed, or is nobody's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from dl_lit.download.placing import sha256_of
from dl_lit.download.shelf import noted
from dl_lit.library import Library
from dl_lit.store.holdings import Holding
from dl_lit.store.store import Store

_FEW = 3  # files; fewer may well have been deleted one by one
_SUSPECT = re.compile(r".*-(?P<hash>[0-9a-f]{12})-[a-z_]+?(?:_\d+)?\.pdf")


class Kind(StrEnum):
    MISSING = "missing"  # in the database, not on the disk
    CHANGED = "changed"  # its content is not what was verified
    ORPHANED = "orphaned"  # on the disk, not in the database


@dataclass(slots=True)
class Finding:
    """`place` is "pdfs" or "quarantine", `name` the path below it; `done` is what was done about it, if anything."""

    kind: Kind
    place: str
    name: str
    holdings: tuple[Holding, ...] = ()
    references: tuple[int, ...] = ()
    detail: str = ""
    done: str | None = None

    @property
    def is_left(self) -> bool:
        return self.done is None


@dataclass(frozen=True, slots=True)
class Stock:
    """How many files are as they should be, those that wait or are withdrawn among them, and all that are not."""

    well: int = 0
    withdrawn: int = 0
    unfinished: int = 0  # kept by a run whose row does not say so yet
    copies: int = 0  # files that the database has as copies
    findings: list[Finding] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """Copies that are not on the disk."""
        return sum(one.kind is Kind.MISSING and one.place == "pdfs" for one in self.findings)

    @property
    def most_are_missing(self) -> bool:
        """Rather a disk that is not mounted, or a folder that was moved, than files that were lost."""
        return self.missing >= _FEW and 2 * self.missing > self.copies

    @property
    def left(self) -> int:
        return sum(finding.is_left for finding in self.findings)


def take_stock(store: Store, library: Library) -> Stock:
    """Reads every file; changes nothing."""
    holdings = _by_name(store.held_files())
    withdrawn = store.withdrawn_names()
    queued = store.queued_ids()
    unfinished = {name for reference_id, name in noted(library.pdfs).items() if reference_id in queued}
    found = list(_of_copies(library.pdfs, holdings))
    others = [name for name in _names_below(library.pdfs) if name not in holdings]
    found += [
        Finding(Kind.ORPHANED, "pdfs", name, detail="no work's copy")
        for name in others
        if name not in withdrawn and name not in unfinished
    ]
    suspects = store.suspect_names()
    found_suspects = list(_of_suspects(library.quarantine, suspects))
    bad = sum(finding.kind is not Kind.ORPHANED for finding in (*found, *found_suspects))
    return Stock(
        well=len(holdings) + len(suspects) - bad,
        withdrawn=sum(name in withdrawn for name in others),
        unfinished=sum(name in unfinished for name in others),
        copies=len(holdings),
        findings=[*found, *found_suspects],
    )


def _by_name(holdings: list[Holding]) -> dict[str, tuple[Holding, ...]]:
    """A file may be the copy of several works."""
    named: dict[str, tuple[Holding, ...]] = {}
    for one in holdings:
        named[one.file.file_name] = (*named.get(one.file.file_name, ()), one)
    return named


def _of_copies(pdfs: Path, holdings: Mapping[str, tuple[Holding, ...]]) -> Iterator[Finding]:
    for name, held in holdings.items():
        ids = tuple(one.reference_id for one in held)
        path = pdfs / name
        if (absent := _absence_of(path)) is not None:
            yield Finding(Kind.MISSING, "pdfs", name, held, ids, absent)
            continue
        wrong = _wrong_with(path, {one.file.sha256 for one in held})
        if wrong is not None:
            yield Finding(Kind.CHANGED, "pdfs", name, held, ids, wrong)


def _absence_of(path: Path) -> str | None:
    if path.is_file():
        return None
    return "it is not there" if not os.path.lexists(path) else "what has its name is no file"


def _wrong_with(path: Path, hashes: set[str]) -> str | None:
    """The hashes may be whole ones or the beginnings of them."""
    try:
        sha256 = sha256_of(path)
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    return None if all(sha256.startswith(one) for one in hashes) else "its content is not what it was"


def _of_suspects(quarantine: Path, suspects: Mapping[str, tuple[int, ...]]) -> Iterator[Finding]:
    for name, ids in suspects.items():
        path = quarantine / name
        if (absent := _absence_of(path)) is not None:
            yield Finding(Kind.MISSING, "quarantine", name, (), ids, absent)
            continue
        told = _SUSPECT.fullmatch(name)
        wrong = _wrong_with(path, {told["hash"]} if told is not None else set())
        if wrong is not None:
            yield Finding(Kind.CHANGED, "quarantine", name, (), ids, wrong)
    for name in _names_below(quarantine):
        if name not in suspects:
            yield Finding(Kind.ORPHANED, "quarantine", name, detail="no download's suspect file")


def _names_below(folder: Path) -> list[str]:
    """Paths below a folder, in order; hidden files and folders (such as .incoming, .DS_Store) are not looked at."""
    names = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        names += [Path(parent, name).relative_to(folder).as_posix() for name in files if not name.startswith(".")]
    return sorted(names)
