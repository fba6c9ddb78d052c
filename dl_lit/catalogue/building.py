"""Writes a catalogue: works in the order they come, features sorted on disk, so that memory stays small."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from types import TracebackType

from dl_lit import __version__
from dl_lit.catalogue import format, records
from dl_lit.catalogue.catalogue import Catalogue
from dl_lit.catalogue.features import of_work
from dl_lit.errors import CatalogueUnusable, DlLitError, UsageError
from dl_lit.model import Work

_PARTS = 64  # runs that are sorted one by one; features spread evenly over them
_HELD = 1 << 22  # features kept in memory before they are put on disk (32 MB)
_A_BLOCK = 128  # features aimed at in one block of the index
# A feature of more works than this says too little to be worth its place.
_MOST_WORKS_OF_A_FEATURE = 4000


@dataclass(frozen=True, slots=True)
class Built:
    works: int
    features: int
    bytes: int
    seconds: float


class CatalogueBuilder:
    """`add` works, then `finish`; the file appears under its name only when it is whole."""

    def __init__(self, output: Path, sources: Sequence[str] = ()) -> None:
        """Raises UsageError when `output` cannot be written, or is there and no catalogue."""
        _check_replaceable(output)
        self._output = output
        self._sources = sources
        self._begun = time.monotonic()
        self._works = 0
        self._next = 0  # number of the next work; a block that is not full leaves some unused
        self._features = 0
        self._block: list[Work] = []
        self._parts = [array("Q") for _ in range(_PARTS)]
        self._held = 0
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
            self._folder = tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}.")
        except OSError as error:
            raise UsageError(f"{output} cannot be written: {error.strerror}. Choose another --output.") from error
        self._file = Path(self._folder.name) / "catalogue"
        self._connection = sqlite3.connect(self._file, isolation_level=None)
        self._connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA application_id = {format.APPLICATION_ID};"
            f"PRAGMA user_version = {format.FORMAT}; {format.SCHEMA} BEGIN;"
        )

    def __enter__(self) -> CatalogueBuilder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(sqlite3.Error):
            self._connection.close()
        self._folder.cleanup()

    def add(self, works: Iterable[Work]) -> None:
        for work in works:
            self._note(of_work(work))
            self._block.append(work)
            self._works += 1
            self._next += 1
            if len(self._block) == records.WORKS_IN_A_BLOCK:
                self._write_block()
        if self._held >= _HELD:
            self._spill()

    def add_packed(self, works: int, blocks: Sequence[bytes], features: array[int]) -> None:
        """Whole blocks that another process packed; `features` are feature << 32 | place within these blocks."""
        self._write_block()
        for one in features:
            self._parts[one >> 58].append(one + self._next)
        self._held += len(features)
        for place, block in enumerate(blocks):
            self._insert(self._next // records.WORKS_IN_A_BLOCK + place, block)
        self._next += len(blocks) * records.WORKS_IN_A_BLOCK
        self._works += works
        if self._held >= _HELD:
            self._spill()

    def finish(self) -> Built:
        self._write_block()
        self._spill()
        try:
            self._write_index()
            self._write_info()
            self._connection.execute("COMMIT")
            self._connection.close()
            self._file.replace(self._output)
        except (OSError, sqlite3.Error) as error:
            raise CatalogueUnusable(
                f"{self._output} could not be written: {error}. Is there space on its disk?", path=str(self._output)
            ) from error
        size = self._output.stat().st_size
        return Built(self._works, self._features, size, time.monotonic() - self._begun)

    def _note(self, features: Iterable[int]) -> None:
        number = self._next
        for feature in features:
            self._parts[feature >> 26].append(feature << 32 | number)
            self._held += 1

    def _write_block(self) -> None:
        if self._block:
            first = self._next - len(self._block)
            self._insert(first // records.WORKS_IN_A_BLOCK, records.pack(self._block))
            self._next = first + records.WORKS_IN_A_BLOCK
            self._block = []

    def _insert(self, block: int, data: bytes) -> None:
        self._connection.execute("INSERT INTO works (block, data) VALUES (?, ?)", (block, data))

    def _spill(self) -> None:
        for place, part in enumerate(self._parts):
            self._features += len(part)
            with self._part(place).open("ab") as file:
                part.tofile(file)
            del part[:]
        self._held = 0

    def _part(self, place: int) -> Path:
        return Path(self._folder.name) / f"part{place}"

    def _write_index(self) -> None:
        self._bits = max(6, min(format.MOST_BLOCK_BITS, (self._features // _A_BLOCK).bit_length()))
        for place in range(_PARTS):
            path = self._part(place)
            part = array("Q")
            with path.open("rb") as file:
                part.frombytes(file.read())
            path.unlink()
            self._connection.executemany(
                "INSERT INTO features (block, data) VALUES (?, ?)", _blocks(sorted(part), self._bits)
            )

    def _write_info(self) -> None:
        info = {
            "works": self._works,
            "bits": self._bits,
            "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "version": __version__,
            "sources": "\n".join(self._sources),
        }
        rows = [(name, str(value)) for name, value in info.items()]
        self._connection.executemany("INSERT INTO info (name, value) VALUES (?, ?)", rows)


def _blocks(entries: Sequence[int], bits: int) -> Iterator[tuple[int, bytes]]:
    """Sorted entries (feature << 32 | work) as blocks of the index."""
    shift = 64 - bits
    for block, members in groupby(entries, lambda entry: entry >> shift):
        remainders, works = array("H"), array("I")
        for remainder, group in groupby(members, lambda entry: format.split(entry >> 32, bits)[1]):
            found = [entry & 0xFFFFFFFF for entry in group]
            if len(found) <= _MOST_WORKS_OF_A_FEATURE:
                remainders.extend([remainder] * len(found))
                works.extend(found)
        if works:
            yield block, format.encode(remainders, works)


def _check_replaceable(output: Path) -> None:
    """Only a catalogue, or an empty file, is replaced: anything else (a library, the input) may be all there is."""
    if not output.is_file() or output.stat().st_size == 0:
        return
    try:
        Catalogue(output).close()
    except DlLitError as error:
        raise UsageError(
            f"{output} is there already and is no catalogue. Choose another --output, or move it away."
        ) from error


def build(output: Path, works: Iterable[Work], sources: Sequence[str] = ()) -> Built:
    """A catalogue of `works` at `output`, which replaces an older one when it is whole."""
    with CatalogueBuilder(output, sources) as builder:
        batch: list[Work] = []
        for work in works:
            batch.append(work)
            if len(batch) == 1000:
                builder.add(batch)
                batch = []
        builder.add(batch)
        return builder.finish()
