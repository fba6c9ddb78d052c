"""Files into a catalogue on all cores: children read lines and pack works, this process only puts them on disk."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dl_lit.catalogue import records
from dl_lit.catalogue.building import CatalogueBuilder
from dl_lit.catalogue.features import of_work
from dl_lit.catalogue.reading import BadRecord, RawLines, parts, works_in
from dl_lit.errors import ChildFailed, UsageError
from dl_lit.model import Work
from dl_lit.processes.limits import Limits
from dl_lit.processes.ordered import in_order
from dl_lit.processes.pool import ChildPool

TASK = "dl_lit.catalogue.packing:pack_lines"
_LIMITS = Limits(seconds=600.0, memory_bytes=2 << 30)
_NAMED = 20  # bad records of a file that are told one by one


@dataclass(frozen=True, slots=True)
class Unread:
    """The rest of a file that cannot be read, and why."""

    problem: str


Part = Work | BadRecord | RawLines | Unread
Done = Work | BadRecord | Unread


@dataclass(slots=True)
class Tally:
    """What was read so far, and how many files not, or not to their ends; `tell` is given a line for a person."""

    tell: Callable[[str], None]
    works: int = 0
    bad: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Packed:
    """Works as blocks of a catalogue; `features` are feature << 32 | place of the work in these blocks."""

    works: int
    blocks: tuple[bytes, ...]
    features: array[int]
    bad: tuple[BadRecord, ...] = ()


def add_files(builder: CatalogueBuilder, files: Sequence[Path], jobs: int, tally: Tally) -> None:
    """Adds the works of `files`, in their order. What cannot be read is told of and costs itself only."""
    with ChildPool(TASK, _LIMITS, jobs) as pool:
        for path in files:
            before = tally.bad
            for part in in_order(lambda one: _packed(pool, one), _parts(path), jobs, pool.interrupt):
                _add(builder, part, path, tally, tally.bad - before)
            if tally.bad - before > _NAMED:
                tally.tell(f"{path}: {tally.bad - before - _NAMED} more records without a work.")


def _parts(path: Path) -> Iterator[Part]:
    try:
        yield from parts(path)
    except UsageError as error:
        yield Unread(error.message)


def _packed(pool: ChildPool, part: Part) -> Done | Packed:
    """Lines packed by a child; when it fails on them, line by line, so that one line costs itself only."""
    if not isinstance(part, RawLines):
        return part
    try:
        packed: Packed = pool.run(part)
        return packed
    except ChildFailed as error:
        if len(part.lines) == 1:
            return BadRecord(part.first, f"could not be read: {error.message}")
    singles = [_packed(pool, RawLines(part.first + place, (line,))) for place, line in enumerate(part.lines)]
    return _together(singles)


def _together(parts: Sequence[Done | Packed]) -> Packed:
    blocks: list[bytes] = []
    features = array("Q")
    for one in (part for part in parts if isinstance(part, Packed)):
        shift = len(blocks) * records.WORKS_IN_A_BLOCK
        features.extend([feature + shift for feature in one.features])
        blocks += one.blocks
    packed = [part for part in parts if isinstance(part, Packed)]
    bad = [part for part in parts if isinstance(part, BadRecord)] + [one for part in packed for one in part.bad]
    return Packed(sum(part.works for part in packed), tuple(blocks), features, tuple(bad))


def _add(builder: CatalogueBuilder, part: Done | Packed, path: Path, tally: Tally, bad_before: int) -> None:
    if isinstance(part, Work):
        builder.add([part])
        tally.works += 1
        return
    if isinstance(part, Unread):
        tally.unread += 1
        tally.tell(part.problem)
        return
    bad = part.bad if isinstance(part, Packed) else (part,)
    for place, one in enumerate(bad, bad_before):
        if place < _NAMED:
            tally.tell(f"{path}, {one.place}: {one.problem}.")
    tally.bad += len(bad)
    if isinstance(part, Packed):
        builder.add_packed(part.works, part.blocks, part.features)
        tally.works += part.works


def pack_lines(lines: RawLines, limits: Limits) -> Packed:
    """The works of some lines, packed. Runs in a child process."""
    bad: list[BadRecord] = []
    works = list(_works(lines, bad))
    features = array("Q")
    for place, work in enumerate(works):
        features.extend([feature << 32 | place for feature in of_work(work)])
    size = records.WORKS_IN_A_BLOCK
    blocks = tuple(records.pack(works[start : start + size]) for start in range(0, len(works), size))
    return Packed(len(works), blocks, features, tuple(bad))


def _works(lines: RawLines, bad: list[BadRecord]) -> Iterator[Work]:
    for one in works_in(lines):
        if isinstance(one, Work):
            yield one
        else:
            bad.append(one)
