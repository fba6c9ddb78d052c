"""The file of what services sent: found by name and by print, fresh only, bounded, shared, each world for itself."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dl_lit.catalogue.features import of_print, sure_of_work
from dl_lit.model import CopyVersion, Location, Reference, Work
from dl_lit.store.fetched_file import Described, FetchedFile
from enrichment_world import HERRING, HERRING_RAW, NUMERALS, RAW
from library import Clock

MB = 1 << 20
DAY = 86_400.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(tmp_path: Path, clock: Clock) -> Iterator[FetchedFile]:
    with closing(FetchedFile(tmp_path / "new" / "fetched.db", "world", MB, clock=clock)) as kept:
        yield kept


def described(work: Work, rank: int = 0) -> Described:
    return Described(f"doi:{work.doi}", work, rank, frozenset(sure_of_work(work)))


def found(kept: FetchedFile, raw: str) -> list[Work]:
    return [one.work for one in kept.likely(of_print(Reference(raw)).sure, 8)]


def test_a_record_is_got_by_the_key_under_which_it_was_sent(kept: FetchedFile) -> None:
    kept.keep_records("crossref", {"doi:10.1000/ä": '{"title": "Ä"}'}, DAY)
    assert kept.records("crossref", ["doi:10.1000/ä", "doi:10.1000/b"]) == {"doi:10.1000/ä": '{"title": "Ä"}'}
    assert kept.records("openalex", ["doi:10.1000/ä"]) == {}


def test_a_work_is_found_by_what_is_printed_and_comes_back_whole(kept: FetchedFile) -> None:
    place = Location("openalex", pdf_url="https://repository.example/deep.pdf", version=CopyVersion.ACCEPTED)
    whole = replace(NUMERALS, abstract="About numerals.", locations=(place,))
    kept.keep_works([described(whole), described(HERRING)], DAY)
    assert found(kept, RAW) == [whole]
    assert found(kept, HERRING_RAW) == [HERRING]
    assert found(kept, "Nobody, N. (1950). Another thing. Elsewhere 90, 91-92.") == []


def test_what_has_more_of_the_print_comes_first(kept: FetchedFile) -> None:
    namesake = replace(NUMERALS, doi="10.5555/other", volume="5", pages="1-2", title="Other numerals")
    kept.keep_works([described(namesake), described(NUMERALS)], DAY)
    assert found(kept, RAW) == [NUMERALS, namesake]


def test_the_better_record_of_a_work_stands(kept: FetchedFile) -> None:
    poorer = replace(NUMERALS, publisher="as OpenAlex has it")
    kept.keep_works([described(poorer, rank=4)], DAY)
    kept.keep_works([described(NUMERALS, rank=0)], DAY)
    kept.keep_works([described(poorer, rank=4)], DAY)
    assert found(kept, RAW) == [NUMERALS]


def test_what_has_expired_is_not_there_and_gives_way_to_any_fresh_record(kept: FetchedFile, clock: Clock) -> None:
    kept.keep_works([described(NUMERALS)], DAY)
    kept.keep_records("crossref", {"doi:10.5555/deep": "{}"}, DAY)
    clock.now += DAY + 1
    assert found(kept, RAW) == []
    assert kept.records("crossref", ["doi:10.5555/deep"]) == {}
    assert kept.stats().expired == 2
    fresh = replace(NUMERALS, publisher="as OpenAlex has it")
    kept.keep_works([described(fresh, rank=4)], DAY)
    assert found(kept, RAW) == [fresh]


def test_another_world_knows_nothing_of_it(kept: FetchedFile) -> None:
    kept.keep_works([described(NUMERALS)], DAY)
    kept.keep_records("crossref", {"doi:10.5555/deep": "{}"}, DAY)
    with closing(FetchedFile(kept.path, "a stand-in", MB)) as other:
        other.keep_works([described(replace(NUMERALS, publisher="nobody"))], DAY)
        other.keep_records("crossref", {"doi:10.5555/deep": "{1}"}, DAY)
    assert found(kept, RAW) == [NUMERALS]
    assert kept.records("crossref", ["doi:10.5555/deep"]) == {"doi:10.5555/deep": "{}"}


def test_a_file_that_is_always_full_never_grows_and_drops_what_was_not_used_longest(tmp_path: Path) -> None:
    clock = Clock()
    with closing(FetchedFile(tmp_path / "fetched.db", "world", MB, clock=clock)) as kept:
        for number in range(2000):
            clock.now += DAY
            numbered = replace(
                HERRING, doi=f"10.5555/{number}", volume=str(number + 10), abstract=os.urandom(600).hex()
            )
            kept.keep_works([described(numbered)], 10_000 * DAY)
            if number % 20 == 0:
                kept.keep_works([described(NUMERALS)], 10_000 * DAY)
        assert kept.stats().bytes < 1.3 * MB
        assert 100 < kept.stats().works < 2000
        assert found(kept, RAW) == [NUMERALS]
        features = kept._file._connection.execute(
            "SELECT count(*) FROM features WHERE entry NOT IN (SELECT id FROM entries)"
        )
        assert features.fetchone() == (0,)


def test_use_keeps_an_entry_and_is_written_down_once_a_day(kept: FetchedFile, clock: Clock) -> None:
    kept.keep_records("crossref", {"doi:10.5555/deep": "{}"}, 10 * DAY)
    began = clock.now
    clock.now += DAY / 2
    kept.records("crossref", ["doi:10.5555/deep"])
    assert kept.stats().last_used == began
    clock.now += DAY
    kept.records("crossref", ["doi:10.5555/deep"])
    assert kept.stats().last_used == clock.now


def test_clearing_drops_all_and_gives_the_space_back(kept: FetchedFile) -> None:
    kept.keep_works([described(NUMERALS), described(HERRING)], DAY)
    kept.keep_records("crossref", {f"doi:{number}": "x" * 500 for number in range(900)}, DAY)
    assert (kept.stats().works, kept.stats().records) == (2, 900)
    assert kept.clear() == 902
    assert (kept.stats().works, kept.stats().records) == (0, 0)
    assert kept.path.stat().st_size < 100_000
    assert found(kept, RAW) == []


def test_threads_share_it(kept: FetchedFile) -> None:
    def use(number: int) -> dict[str, str]:
        kept.keep_records("crossref", {f"doi:{number}": str(number)}, DAY)
        kept.keep_works([described(NUMERALS)], DAY)
        return kept.records("crossref", [f"doi:{number}"])

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(use, range(100))) == [{f"doi:{number}": str(number)} for number in range(100)]
    assert kept.stats().works == 1


def _use_from_a_process(path: Path, me: int, rounds: int) -> bool:
    with closing(FetchedFile(path, "world", 8 * MB)) as kept:
        for number in range(rounds):
            kept.keep_records("crossref", {f"doi:{me}/{number}": f"{me}"}, DAY)
            kept.keep_works([described(NUMERALS), described(replace(HERRING, doi=f"10.5555/{me}.{number}"))], DAY)
            assert kept.records("crossref", [f"doi:{me}/{number}"]) == {f"doi:{me}/{number}": f"{me}"}
            assert found(kept, RAW) == [NUMERALS]
    return True


def test_processes_that_begin_at_once_share_it(tmp_path: Path) -> None:
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        asked = [pool.submit(_use_from_a_process, tmp_path / "fetched.db", me, 40) for me in range(3)]
        assert all(one.result(timeout=60) for one in asked)
    with closing(FetchedFile(tmp_path / "fetched.db", "world", MB)) as kept:
        assert (kept.stats().works, kept.stats().records) == (3 * 40 + 1, 3 * 40)


def test_one_that_another_process_locks_is_waited_for_only_so_long(tmp_path: Path) -> None:
    path = tmp_path / "fetched.db"
    with (
        closing(FetchedFile(path, "world", MB, busy_seconds=0.1)) as kept,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        assert found(kept, RAW) == []  # a writer stops no reader
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            kept.keep_works([described(NUMERALS)], DAY)
        other.execute("ROLLBACK")
        kept.keep_works([described(NUMERALS)], DAY)
        assert found(kept, RAW) == [NUMERALS]
