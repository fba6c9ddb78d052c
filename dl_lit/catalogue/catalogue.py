"""An opened catalogue: candidates for a printed reference, without a network, in a fraction of a millisecond."""

from __future__ import annotations

import heapq
import math
import sqlite3
import threading
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dl_lit.catalogue import features, format, records
from dl_lit.errors import CatalogueUnusable
from dl_lit.model import Reference, Work

# Works whose features are counted for one print: rare features come first, common ones only while there is room.
_BUDGET = 4000
_ASKED_AT_ONCE = 250  # blocks in one statement
_HELD_BLOCKS = 20_000
MOST = 8  # candidates
_LEAST_LIKENESS = 0.3  # of the likeliest's
_TABLES = ("info", "works", "features")
# What blocks, records and notes raise that cannot be read.
_SPOILT = (sqlite3.Error, zlib.error, ValueError, TypeError, LookupError, RecursionError)
_TRUST = 2.5  # in a number or dated name, against a word or some letters


@dataclass(frozen=True, slots=True)
class CatalogueInfo:
    path: Path
    works: int
    made: str
    version: str
    sources: tuple[str, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A work that could be what is printed; `likeness` compares candidates of one print, nothing else."""

    work: Work
    likeness: float


class Catalogue:
    """Read-only; may be asked by several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        info = self._read_info()
        with self._intact():
            self._works, self._bits = int(info["works"]), int(info["bits"])
        self._info = info

    def info(self) -> CatalogueInfo:
        with self._intact():
            sources = tuple(filter(None, self._info["sources"].split("\n")))
            made, version = self._info["made"], self._info["version"]
        return CatalogueInfo(self._path, self._works, made, version, sources, self._path.stat().st_size)

    def count(self, shown: Iterable[int], scores: dict[int, float], trust: float = 1.0) -> None:
        """Adds to the likeness of each work what `shown` features it has, rare ones more; `trust` weighs them all."""
        room = _BUDGET
        for works in sorted(self._postings(shown), key=len):
            room -= len(works)
            if room < 0:
                return
            weight = trust * (math.log((self._works + 1) / len(works)) + 0.5)
            for number in works:
                scores[number] = scores.get(number, 0.0) + weight

    def work(self, number: int) -> Work:
        block, line = divmod(number, records.WORKS_IN_A_BLOCK)
        with self._intact():
            (_, data) = self._rows("works", [block])[0]
            return records.from_line(records.unpack(data)[line])

    def those_with(self, may_fit: Callable[[str], bool]) -> Iterator[Work]:
        """Every work of whose record, as a line of text, this is true: the whole catalogue is read."""
        with self._intact():
            for (data,) in self._connection().execute("SELECT data FROM works ORDER BY block"):
                for line in records.unpack(data):
                    if may_fit(line):
                        yield records.from_line(line)

    @contextmanager
    def _intact(self) -> Iterator[None]:
        """What cannot be read is damage, whoever made the file."""
        try:
            yield
        except _SPOILT as error:
            raise CatalogueUnusable(
                f"{self._path} is damaged ({error}). Build it anew.", path=str(self._path)
            ) from error

    def close(self) -> None:
        """Closes this thread's connection."""
        if (connection := getattr(self._local, "connection", None)) is not None:
            connection.close()
            del self._local.connection

    def _refuse_views(self, connection: sqlite3.Connection) -> None:
        """A view in a table's place would run whatever query it was made of, for ever if it likes."""
        kinds = dict(connection.execute("SELECT name, type FROM sqlite_schema"))
        if any(kinds.get(name) != "table" for name in _TABLES):
            raise CatalogueUnusable(f"{self._path} is no catalogue, or damaged. Build it anew.", path=str(self._path))

    def _postings(self, wanted: Iterable[int]) -> list[array[int]]:
        """For each of the features that any work has, its works."""
        by_block: dict[int, list[int]] = {}
        for feature in wanted:
            block, remainder = format.split(feature, self._bits)
            by_block.setdefault(block, []).append(remainder)
        found = []
        with self._intact():
            for block, data in self._rows("features", by_block):
                remainders, works = format.decode(data)
                for remainder in by_block[block]:
                    start = bisect_left(remainders, remainder)
                    end = bisect_right(remainders, remainder, start)
                    if end > start:
                        found.append(works[start:end])
        return found

    def _rows(self, table: str, blocks: Iterable[int]) -> list[tuple[int, bytes]]:
        wanted = list(blocks)
        rows: list[tuple[int, bytes]] = []
        for start in range(0, len(wanted), _ASKED_AT_ONCE):
            some = wanted[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(some))
            rows += self._connection().execute(f"SELECT block, data FROM {table} WHERE block IN ({marks})", some)
        return rows

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = sqlite3.connect(
                f"file:{quote(str(self._path))}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            connection.execute("PRAGMA mmap_size = 2147418112")
            connection.execute("PRAGMA trusted_schema = OFF")  # it may come from anybody
        return connection

    def _read_info(self) -> dict[str, str]:
        if not self._path.is_file():
            raise CatalogueUnusable(
                f"There is no catalogue {self._path}. Make one with: dl-lit catalogue build FILE... --output "
                f"{self._path}",
                path=str(self._path),
            )
        try:
            connection = self._connection()
            kind = connection.execute("PRAGMA application_id").fetchone()[0]
            made_for = connection.execute("PRAGMA user_version").fetchone()[0]
            if kind != format.APPLICATION_ID:
                raise CatalogueUnusable(
                    f"{self._path} is no catalogue. Make one of works with: dl-lit catalogue build.",
                    path=str(self._path),
                )
            if made_for != format.FORMAT:
                raise CatalogueUnusable(
                    f"{self._path} was made by another version of dl-lit. Build it anew.", path=str(self._path)
                )
            self._refuse_views(connection)
            return dict(connection.execute("SELECT name, value FROM info"))
        except sqlite3.Error as error:
            raise CatalogueUnusable(
                f"{self._path} is no catalogue, or damaged ({error}). Build it anew.", path=str(self._path)
            ) from error


class CatalogueSet:
    """Several catalogues asked as one. Raises CatalogueUnusable when one of them cannot be opened."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._catalogues = [Catalogue(path) for path in paths]

    def __bool__(self) -> bool:
        return bool(self._catalogues)

    def helpings(self, reference: Reference) -> Iterator[list[Candidate]]:
        """Works that could be what is printed: first those with its numbers and dated names, then those with its
        words and letters too. The likeliest first, none twice."""
        shown = features.of_print(reference)
        scores: list[dict[int, float]] = [{} for _ in self._catalogues]
        seen: set[tuple[int, int]] = set()
        for wanted, trust in ((shown.sure, _TRUST), (shown.wide, 1.0)):
            for catalogue, found in zip(self._catalogues, scores, strict=True):
                catalogue.count(wanted, found, trust)
            best = _best(scores, MOST)
            fresh = [one for one in best if one[1:] not in seen and one[0] >= best[0][0] * _LEAST_LIKENESS]
            seen.update(one[1:] for one in fresh)
            yield [Candidate(self._catalogues[place].work(number), likeness) for likeness, place, number in fresh]

    def those_with(self, may_fit: Callable[[str], bool]) -> Iterator[Work]:
        """As `Catalogue.those_with`, of all of them in turn."""
        for catalogue in self._catalogues:
            yield from catalogue.those_with(may_fit)

    def close(self) -> None:
        for catalogue in self._catalogues:
            catalogue.close()


def _best(scores: Sequence[dict[int, float]], most: int) -> list[tuple[float, int, int]]:
    """Likeness, catalogue and number of the likeliest works."""
    ranked = heapq.nsmallest(
        most, [(-score, place, number) for place, found in enumerate(scores) for number, score in found.items()]
    )
    return [(-rank, place, number) for rank, place, number in ranked]
