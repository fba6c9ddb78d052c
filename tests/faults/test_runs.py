"""The machinery of a run while the database, our own code or the clock fails: the rows are those of a calm run."""

from __future__ import annotations

import itertools
import sqlite3
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from dl_lit.errors import DatabaseUnusable, DiskFull
from dl_lit.store.connection import Connection, connect
from engine import Engine

PAPERS = ("one", "bad two", "three", "four")
UNKNOWN = {"one number 2", "four number 1"}
MANY = 40
HOUR = 3600.0
ERRORS = (ValueError, KeyError, MemoryError, RecursionError, StopIteration, UnicodeError, OSError, AssertionError)
STAGES = ("reader", "finder", "fetcher")
ENDS = (SystemExit, KeyboardInterrupt, GeneratorExit)
TABLES = ("failed_enrichments", "needs_review", "failed_downloads", "downloaded_references")


def engine_on(folder: Path, *, per_pdf: int = 3, **sizes: Any) -> Engine:
    engine = Engine(folder, **sizes)
    engine.reader.per_pdf = per_pdf
    engine.finder.unknown = set(UNKNOWN)
    return engine


def final_rows(engine: Engine) -> list[tuple[Any, ...]]:
    """Every citation with the table its reference is in, every PDF with its state; nothing may be open or claimed."""
    assert engine.store.problems() == []
    assert engine.store.counts().unfinished == engine.claimed() == 0
    reader = engine.store.database.reader()
    rows = [
        tuple(row)
        for table in TABLES
        for row in reader.all(
            f"SELECT path, c.position, c.raw, '{table}', t.reason FROM citations c"
            f" JOIN {table} t ON t.id = c.reference_id JOIN source_pdfs p ON p.id = c.source_pdf_id"
        )
    ]
    return sorted([*rows, *map(tuple, reader.all("SELECT path, state, reason FROM source_pdfs"))], key=repr)


def times_finished(engine: Engine) -> Counter[int]:
    logged = engine.store.database.reader().all(
        "SELECT reference_id FROM state_log WHERE to_table IN ('failed_enrichments', 'failed_downloads')"
    )
    return Counter(row[0] for row in logged)


def calm_rows(folder: Path, per_pdf: int) -> list[tuple[Any, ...]]:
    engine = engine_on(folder, per_pdf=per_pdf)
    engine.add(*PAPERS)
    engine.run()
    rows = final_rows(engine)
    engine.close()
    return rows


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    return calm_rows(tmp_path_factory.mktemp("calm"), 3)


@pytest.fixture(scope="module")
def much(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    """Of so many references that the database must grow."""
    return calm_rows(tmp_path_factory.mktemp("much"), MANY)


def carried_on(folder: Path, per_pdf: int = 3) -> list[tuple[Any, ...]]:
    """The final rows, after another run has brought the library to its end; nothing was done twice."""
    engine = engine_on(folder, per_pdf=per_pdf)
    engine.store.free_stale_claims("")
    engine.store.make_due()
    engine.run()
    rows = final_rows(engine)
    assert set(times_finished(engine).values()) == {1}
    engine.close()
    return rows


# ── the database ─────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def small_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """All connections that were opened within it, and are opened later, share a disk with so many pages in all."""
    most: list[int] = []
    opened: list[Connection] = []

    def limited(*arguments: Any, **options: Any) -> Connection:
        opened.append(connect(*arguments, **options))
        if most:
            limit(opened[-1])
        return opened[-1]

    def limit(connection: Connection) -> None:
        connection.execute(f"PRAGMA max_page_count = {most[0]}")

    def leave(pages: int) -> None:
        most.append(pages)
        for connection in opened:
            limit(connection)

    monkeypatch.setitem(sys.modules["dl_lit.store.database"].__dict__, "connect", limited)
    yield leave
    most.clear()


@pytest.mark.parametrize("pages", [0, 5, 15])
def test_a_disk_that_is_full_ends_the_run_and_the_next_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, much: list[tuple[Any, ...]], pages: int
) -> None:
    with small_disk(monkeypatch) as leave:
        engine = engine_on(tmp_path, per_pdf=MANY)
        engine.add(*PAPERS)
        leave(engine.store.database.reader().value("PRAGMA page_count") + pages)
        engine.run()
        assert isinstance(engine.shutdown.error, DiskFull)
        assert engine.store.problems() == []
        engine.close()
    assert carried_on(tmp_path, MANY) == much


@pytest.mark.parametrize("seconds", [0.2, 1.0])
def test_a_database_locked_by_another_program_costs_no_row(
    tmp_path: Path, calm: list[tuple[Any, ...]], seconds: float
) -> None:
    """For less than a run is ready to wait, and for more: then it ends with the cure, and the next one goes on."""
    engine = engine_on(tmp_path, lease=1.0)
    engine.store.database.settings = engine.store.database.settings.model_copy(update={"busy_timeout": 0.1})
    engine.add(*PAPERS)
    with locked_at_first(engine, tmp_path / "literature.db", seconds):
        engine.run()
    assert engine.shutdown.error is None or isinstance(engine.shutdown.error, DatabaseUnusable)
    engine.close()
    assert carried_on(tmp_path) == calm


@contextmanager
def locked_at_first(engine: Engine, path: Path, seconds: float) -> Iterator[None]:
    """Another program takes the write lock in the middle of the first search."""
    begun, held = threading.Event(), threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as other:
            assert begun.wait(20)
            other.execute("BEGIN IMMEDIATE")
            held.set()
            threading.Event().wait(seconds)
            other.execute("ROLLBACK")

    def wait_for_it(row: object) -> None:
        begun.set()
        assert held.wait(20)

    engine.finder.before = wait_for_it
    holder = threading.Thread(target=hold)
    holder.start()
    try:
        yield
    finally:
        begun.set()
        holder.join()


# ── our own code ─────────────────────────────────────────────────────────────────────────────────────────


def once(error: type[BaseException]) -> Callable[[object], None]:
    """Raises at its first call, in whatever thread that is."""
    left = [error]
    lock = threading.Lock()

    def strike(row: object) -> None:
        with lock:
            strikes = left.pop() if left else None
        if strikes is not None:
            raise strikes("made for this test")

    return strike


@pytest.mark.parametrize(
    ("stage", "error"),
    [*zip(itertools.cycle(STAGES), ERRORS, strict=False), *itertools.product(STAGES, ENDS)],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_worker_that_raises_anything_costs_no_row(
    tmp_path: Path, calm: list[tuple[Any, ...]], stage: str, error: type[BaseException]
) -> None:
    engine = engine_on(tmp_path)
    engine.add(*PAPERS)
    getattr(engine, stage).before = once(error)
    engine.run()
    assert (engine.shutdown.error is None) == issubclass(error, Exception)
    engine.close()
    assert carried_on(tmp_path) == calm


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_a_clock_that_is_set_costs_no_row_and_no_request(
    tmp_path: Path, calm: list[tuple[Any, ...]], ahead: float
) -> None:
    engine, clock = engine_on(tmp_path, lease=60.0), Clock()
    engine.store._clock = clock
    asked: Counter[str] = Counter()

    def set_it(row: Any) -> None:
        asked[row.reference.raw] += 1
        clock.ahead = ahead
        engine.runners[1].feed()  # its claim looks for leases that are over

    engine.finder.before = set_it
    engine.add(*PAPERS)
    engine.run()
    assert engine.shutdown.error is None
    assert set(asked.values()) == {1}
    assert final_rows(engine) == calm
    engine.close()
