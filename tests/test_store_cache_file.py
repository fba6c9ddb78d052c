"""The file that keeps results of extraction: bounded, shared between threads and processes, and never in the way."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from dl_lit.store.cache_file import CacheFile, CacheStats
from dl_lit.store.shared_file import remove
from library import Clock

KB = 1024
LIMIT = 512 * KB


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(tmp_path: Path, clock: Clock) -> Iterator[CacheFile]:
    with closing(CacheFile(tmp_path / "new folder" / "cache.db", LIMIT, clock=clock)) as cache:
        yield cache


def test_what_was_put_is_got_by_document_and_version(cache: CacheFile) -> None:
    cache.put("a", "1", b"one")
    cache.put("a", "2", b"two")
    assert (cache.get("a", "1"), cache.get("a", "2")) == (b"one", b"two")
    assert cache.get("a", "3") is None
    assert cache.get("b", "1") is None


def test_a_newer_payload_replaces_the_older(cache: CacheFile) -> None:
    cache.put("a", "1", b"one")
    cache.put("a", "1", b"other")
    assert cache.get("a", "1") == b"other"
    assert cache.stats().entries == 1


def test_it_outlives_the_process_that_made_it(cache: CacheFile) -> None:
    cache.put("a", "1", b"one")
    cache.close()
    with closing(CacheFile(cache.path, LIMIT)) as again:
        assert again.get("a", "1") == b"one"


def test_stats_tell_entries_hits_and_age(cache: CacheFile, clock: Clock) -> None:
    empty = cache.stats()
    assert (empty.entries, empty.hits, empty.oldest, empty.last_used) == (0, 0, None, None)
    start = clock.now
    cache.put("a", "1", b"x" * 30 * KB)
    clock.now += 10
    cache.put("b", "1", b"y")
    clock.now += 10
    assert cache.get("a", "1") and cache.get("a", "1")
    stats = cache.stats()
    assert stats == CacheStats(2, stats.bytes, 2, start, start + 20)
    assert 25 * KB <= stats.bytes - empty.bytes < 60 * KB


def test_when_it_is_full_what_was_not_asked_for_longest_goes(cache: CacheFile, clock: Clock) -> None:
    for number in range(10):
        clock.now += 1
        cache.put(f"{number}", "1", bytes([number]) * 40 * KB)
    clock.now += 1
    assert cache.get("0", "1")  # asked for, and thereby the youngest
    for number in range(10, 14):
        clock.now += 1
        cache.put(f"{number}", "1", bytes([number]) * 40 * KB)
    assert cache.stats().bytes <= LIMIT
    kept = {number for number in range(14) if cache.get(f"{number}", "1")}
    assert kept >= {0, 10, 11, 12, 13}
    assert not kept & {1, 2, 3}


def test_a_file_that_is_always_full_never_grows(cache: CacheFile) -> None:
    for number in range(200):
        cache.put(f"{number}", "1", os.urandom(20 * KB))
    cache.close()
    assert cache.path.stat().st_size < 1.2 * LIMIT


def test_an_entry_that_would_push_out_the_rest_is_not_kept(cache: CacheFile) -> None:
    cache.put("small", "1", b"s")
    cache.put("large", "1", b"l" * LIMIT)
    assert cache.get("large", "1") is None
    assert cache.get("small", "1")


def test_clearing_drops_all_and_gives_the_space_back(cache: CacheFile) -> None:
    for number in range(8):
        cache.put(f"{number}", "1", os.urandom(40 * KB))
    assert cache.clear() == 8
    assert cache.stats().entries == 0
    assert cache.path.stat().st_size < 40 * KB
    cache.put("a", "1", b"one")
    assert cache.get("a", "1") == b"one"


def test_threads_share_it(cache: CacheFile) -> None:
    def use(number: int) -> bytes | None:
        cache.put(f"{number}", "1", str(number).encode())
        return cache.get(f"{number}", "1")

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(use, range(300))) == [str(number).encode() for number in range(300)]
    assert cache.stats().entries == 300


def _use_from_a_process(path: Path, me: int, others: int, rounds: int) -> bool:
    with closing(CacheFile(path, LIMIT)) as cache:
        for number in range(rounds):
            cache.put(f"{me} {number}", "1", f"{me} {number}".encode())
            cache.put("shared", "1", b"shared")
            assert cache.get(f"{me} {number}", "1") == f"{me} {number}".encode()
            assert cache.get("shared", "1") == b"shared"
            assert cache.get(f"{(me + 1) % others} {number}", "1") in (None, f"{(me + 1) % others} {number}".encode())
    return True


def test_processes_that_begin_at_once_share_it(tmp_path: Path) -> None:
    # Not multiprocessing's Pool: it ends its workers by SIGTERM, on which coverage may wait for ever.
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        asked = [pool.submit(_use_from_a_process, tmp_path / "cache.db", me, 3, 60) for me in range(3)]
        assert all(one.result(timeout=60) for one in asked)
    with closing(CacheFile(tmp_path / "cache.db", LIMIT)) as cache:
        assert cache.stats().entries == 3 * 60 + 1


def test_a_file_that_is_no_database_is_refused_and_can_be_removed(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    path.write_bytes(b"these are some other bytes" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        CacheFile(path, LIMIT)
    remove(path)
    with closing(CacheFile(path, LIMIT)) as cache:
        assert cache.stats().entries == 0


def test_one_that_another_process_locks_is_waited_for_only_so_long(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    with closing(CacheFile(path, LIMIT, busy_seconds=0.1)) as cache, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            cache.get("a", "1")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            cache.put("a", "1", b"one")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            CacheFile(path, LIMIT, busy_seconds=0.1)
        other.rollback()
        cache.put("a", "1", b"one")
        assert cache.get("a", "1") == b"one"


def test_a_journal_that_cannot_be_changed_meanwhile_is_waited_for_only_so_long(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE t (x)")
        other.execute("INSERT INTO t VALUES (1)")
        other.execute("BEGIN")
        other.execute("SELECT x FROM t").fetchone()  # reading is enough to keep the kind of journal as it is
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            CacheFile(path, LIMIT, busy_seconds=0.2)
        other.execute("ROLLBACK")
    CacheFile(path, LIMIT).close()


def test_a_full_disk_costs_the_entry_only(tmp_path: Path) -> None:
    with closing(CacheFile(tmp_path / "cache.db", LIMIT)) as cache:
        cache.put("a", "1", b"one")
        # As many pages as there are: SQLite then fails as it does on a full disk.
        pages = cache._file._connection.execute("PRAGMA page_count").fetchone()[0]
        cache._file._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(sqlite3.OperationalError, match="full"):
            cache.put("b", "1", b"x" * 100 * KB)
        assert cache.get("a", "1") == b"one"
        assert cache.get("b", "1") is None
